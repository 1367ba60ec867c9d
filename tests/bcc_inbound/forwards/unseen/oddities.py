"""What people and servers do to a forward before it arrives."""

import html
import re
from collections.abc import Callable
from dataclasses import dataclass, replace

from tests.bcc_inbound.forwards.shapes import Sample, Written
from tests.bcc_inbound.forwards.unseen.shapes import Program

_FIELD = re.compile(
    r"^(?P<mark>>? ?)(?P<label>[^\s:：>][^:：]{0,24}?)(?P<colon> ?[:：])(?P<rest>.*)$"
)
_WIDEST = 76
_CJK = ("ja", "ko", "zh")


@dataclass(frozen=True)
class Oddity:
    name: str
    change: Callable[[str, Sample], str]
    fits: Callable[[Program], bool] = lambda program: True
    codes: tuple[str, ...] = ()


def _parts(text: str) -> tuple[list[str], list[str], list[str]]:
    """What stands above the header, the header, and what stands below it."""
    rows = text.split("\n")
    for start in range(len(rows) - 1):
        if _FIELD.match(rows[start]) and _FIELD.match(rows[start + 1]):
            end = start
            while end < len(rows) and _FIELD.match(rows[end]):
                end += 1
            return rows[:start], rows[start:end], rows[end:]
    return rows, [], []


def _header(change: Callable[[list[str], Sample], list[str]]) -> Callable[[str, Sample], str]:
    def odd(text: str, mail: Sample) -> str:
        above, header, below = _parts(text)
        return "\n".join(above + change(header, mail) + below)

    return odd


def _each(pattern: str) -> Callable[[str, Sample], str]:
    """Every field written anew: `pattern` may use mark, label, colon and rest."""

    def field(row: str) -> str:
        match = _FIELD.match(row)
        return pattern.format(**match.groupdict()) if match else row

    return _header(lambda header, _mail: [field(row) for row in header])


def _above(comment: str) -> Callable[[str, Sample], str]:
    return lambda text, _mail: f"{comment}\n\n{text}"


def _below(more: str) -> Callable[[str, Sample], str]:
    return lambda text, _mail: f"{text}\n{more}\n"


def _folded(header: list[str], mail: Sample) -> list[str]:
    folded = []
    for row in header:
        while len(row) > _WIDEST and (cut := row.rfind(" ", 1, _WIDEST)) > 0:
            folded.append(row[:cut])
            row = f"\t{row[cut + 1 :]}"
        folded.append(row)
    return folded


def _sender_last(header: list[str], mail: Sample) -> list[str]:
    mine = [row for row in header if mail.address in row][:1]
    return [row for row in header if row not in mine] + mine


def _without_a_reader(header: list[str], mail: Sample) -> list[str]:
    return [row for row in header if mail.address in row or "@ours" not in row]


def _with_links(text: str, mail: Sample) -> str:
    return text.replace(f"<{mail.address}>", f"<{mail.address}<mailto:{mail.address}>>", 1)


def _with_mailto(text: str, mail: Sample) -> str:
    return text.replace(f"<{mail.address}>", f"[mailto:{mail.address}]", 1)


def _with_a_link_alone(text: str, mail: Sample) -> str:
    return text.replace(f"<{mail.address}>", f"<mailto:{mail.address}>", 1)


def _indented(text: str, mail: Sample) -> str:
    return "\n".join(f"> {row}".rstrip() for row in text.splitlines())


def _far_in(text: str, mail: Sample) -> str:
    return "\n".join(f"    {row}".rstrip() for row in text.splitlines())


_NESTED = (
    "\n\n-------- Original Message --------\nSubject: Inner\nDate: Sun, 2 Mar 2025 09:00:00 +0100\n"
    "From: Omar <omar@globex.example>\nTo: Marta <marta@supplier.example>\n\nInner text\n"
)
_REPLY = "\n\nAm 2. März 2025 um 18:00 schrieb Omar <omar@globex.example>:\n\n> Und?\n>\n> Omar\n"


def _free(program: Program) -> bool:
    return not program.plain


def _free_and_marked(program: Program) -> bool:
    return program.marked and not program.plain


TEXT = (
    Oddity("as it is", lambda text, _mail: text),
    Oddity("indented", _indented, _free),
    Oddity("set in", _far_in, _free),
    Oddity("bold labels", _each("{mark}*{label}{colon}*{rest}"), _free),
    Oddity("bold before the colon", _each("{mark}*{label}*{colon}{rest}"), _free),
    Oddity("hard blanks", _each("{mark}{label}{colon}\u00a0{rest}"), _free),
    Oddity("tabs", _each("{mark}{label}{colon}\t{rest}"), _free),
    Oddity("full-width colons", _each("{mark}{label}：{rest}"), _free, _CJK),
    Oddity("folded readers", _header(_folded), _free),
    Oddity("sender last", _header(_sender_last), _free),
    Oddity("no readers", _header(_without_a_reader), _free_and_marked),
    Oddity("an address and its link", _with_links),
    Oddity("an address as mailto in brackets", _with_mailto),
    Oddity("an address only as a link", _with_a_link_alone),
    Oddity("a comment that names another", _above(
        "Omar (omar@globex.example) asked for this.\nCould you file it? Thanks, Ana")),
    Oddity("a signature above", _above(
        "FYI\n\n--\nAna Alder\nTel: +49 30 1234\nMail: ana@ours.example\nWeb: www.ours.example")),
    Oddity("a warning of the gateway", _above(
        "[EXTERNAL] Caution: this message came from outside. Report to abuse@ours.example.")),
    Oddity("a footer with an address", _below(
        "\n-- \nAna Alder | Ours Ltd.\nMail: ana@ours.example\nFrom Berlin with care")),
    Oddity("a forward inside", _below(_NESTED)),
    Oddity("an answer inside", _below(_REPLY)),
    Oddity("windows line ends", lambda text, _mail: text.replace("\n", "\r\n")),
)  # fmt: skip


def _as_rows(text: str) -> str:
    return "".join(f"<div>{html.escape(row) or '<br>'}</div>" for row in text.split("\n"))


def _as_breaks(text: str) -> str:
    return f"<p>{'<br>'.join(html.escape(row) for row in text.split(chr(10)))}</p>"


def _as_table(text: str) -> str:
    above, header, below = _parts(text)
    cells = ""
    for row in header:
        match = _FIELD.match(row)
        label, value = f"{match['label']}{match['colon']}", match["rest"]
        cells += f"<tr><th>{html.escape(label)}</th><td>{html.escape(value.strip())}</td></tr>"
    return f"{_as_rows(chr(10).join(above))}<table>{cells}</table>{_as_rows(chr(10).join(below))}"


def _as_bold(text: str) -> str:
    above, header, below = _parts(text)
    rows = "".join(
        "<div><b>{}</b> {}</div>".format(
            html.escape(f"{match['label']}{match['colon']}"), html.escape(match["rest"].strip())
        )
        for match in map(_FIELD.match, header)
        if match
    )
    whole = f"{rows}{_as_rows(chr(10).join(below))}"
    return f"{_as_rows(chr(10).join(above))}<blockquote>{whole}</blockquote>"


HTML: dict[str, Callable[[str], str]] = {
    "html in rows": _as_rows,
    "html in breaks": _as_breaks,
    "html in a table": _as_table,
    "html with bold labels in a quote": _as_bold,
}


def in_html(written: Written, form: Callable[[str], str]) -> Written:
    return replace(written, text="", html=form(written.text))
