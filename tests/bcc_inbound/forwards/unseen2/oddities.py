"""What people, servers and other programs do to a forward."""

import html
import re
from collections.abc import Callable
from dataclasses import dataclass

from tests.bcc_inbound.forwards.unseen2.mails import Mail

Change = Callable[[str, Mail], str]
_ANA = "-- \nAna Alder | Ours Ltd.\nTel: +43 1 234 56\nMail: ana.office@ours.example"
_INNER = (
    "\n\n---------- Forwarded message ---------\nFrom: Omar Oak <omar@globex.example>\n"
    "Date: Sun, Mar 2, 2025 at 9:00 AM\nSubject: Old news\nTo: Marta <m@supplier.example>\n\nOld."
)
_INNER_PLAIN = (
    "\n\nFrom: Omar Oak <omar@globex.example>\nSent: Sunday, March 2, 2025 9:00 AM\n"
    "To: Marta <m@supplier.example>\nSubject: Old news\n\nOld."
)
_OUTER = (
    "---------- Forwarded message ---------\nFrom: Ben Birch <ben@ours.example>\n"
    "Date: Tue, Mar 4, 2025 at 8:00 AM\nSubject: {}\nTo: Ana Alder <ana@ours.example>\n\n\n"
    "Ana, for you.\n"
)
_BANNER = (
    "CAUTION: This email originated from outside of the organization. Do not click links unless "
    "you know the sender. Questions: helpdesk@ours.example\n\n"
)
_ADDRESS = re.compile(r"<([^<>@\s]+@[^<>\s]+)>")


@dataclass(frozen=True)
class Odd:
    """`fields` says that it touches the lines of the header, `outer` whom it makes the sender."""

    name: str
    change: Change
    fields: bool = False
    outer: str = ""


def _lines(change: Callable[[str], str]) -> Change:
    return lambda text, mail: "\n".join(change(line) for line in text.strip("\n").split("\n"))


def _above(note: str) -> Change:
    return lambda text, mail: f"{note}\n\n{text}"


def _below(more: str) -> Change:
    return lambda text, mail: f"{text.rstrip()}{more}\n"


def _wrapped(text: str, mail: Mail) -> str:
    """Lines over 76 letters go on in the next, as servers do it."""
    return "\n".join(_fold(line) for line in text.split("\n"))


def _fold(line: str) -> str:
    done = ""
    while len(line) > 76 and " " in line[20:76]:
        at = line.rfind(" ", 20, 76)
        done += f"{line[:at]}\n"
        line = line[at + 1 :]
    return done + line


def _spaced(text: str, mail: Mail) -> str:
    return re.sub(r"\n+", "\n\n", text)


def _starred(text: str, mail: Mail) -> str:
    """Bold labels, as a program leaves them that makes text of HTML."""
    return re.sub(r"(?m)^( *)([^\s:<>@-][^:<>@\n]{0,24}[:៖])(?=[ \t])", r"\1*\2*", text, count=5)


def _isolated(text: str, mail: Mail) -> str:
    return _ADDRESS.sub("\u2068<\\1>\u2069", text)


def _mailto(text: str, mail: Mail) -> str:
    return _ADDRESS.sub(r"<\1 <mailto:\1>>", text)


def _as_markdown(text: str, mail: Mail) -> str:
    return _ADDRESS.sub(r"<[\1](mailto:\1)>", text)


def _same_inside(text: str, mail: Mail) -> str:
    """The same program forwarded to her what she forwards."""
    address = mail.address
    other = text.replace(address, "omar@globex.example") if address else text
    return f"{text.rstrip()}\n\n{other.strip()}\n"


def _forwarded_again(text: str, mail: Mail) -> str:
    return _OUTER.format(mail.subject) + text


TEXT = (
    Odd("quoted", _lines(lambda line: f"> {line}".rstrip())),
    Odd("quoted without a blank", _lines(lambda line: f">{line}")),
    Odd("quoted twice", _lines(lambda line: f"> > {line}")),
    Odd("quoted with bars", _lines(lambda line: f"| {line}")),
    Odd("set in by four", _lines(lambda line: f"    {line}")),
    Odd("a note above", _above("Ben, can you take this?\n\nAna")),
    Odd("a note and a signature above", _above(f"See below.\n\n{_ANA}")),
    Odd("sent from a phone", _above("Sent from my iPhone")),
    Odd("a note with an address", _above("Please answer omar@globex.example, not me.\nAna")),
    Odd("a note with a colon", _above("From: what I hear, he is new.\nTo: do: call him.")),
    Odd("a warning of the server above", _above(_BANNER)),
    Odd("a warning of the server inside", lambda text, mail: text.replace(
        mail.body, _BANNER + mail.body)),
    Odd("a disclaimer below", _below(
        "\n\nThis mail is confidential. If you are not the addressee, tell legal@ours.example.")),
    Odd("the footer of a list below", _below(
        "\n_______________________________________________\nUsers mailing list\n"
        "users@lists.ours.example\nhttps://lists.ours.example/listinfo/users")),
    Odd("a forward inside", _below(_INNER)),
    Odd("a forward of Outlook inside", _below(_INNER_PLAIN)),
    Odd("a forward of the same program inside", _same_inside),
    Odd("a reply inside", _below(
        "\n\nOn Sun, Mar 2, 2025 at 9:00 AM Omar Oak <omar@globex.example> wrote:\n\n> Well?\n")),
    Odd("forwarded again", _forwarded_again, outer="ben@ours.example"),
    Odd("windows line ends", lambda text, mail: text.replace("\n", "\r\n")),
    Odd("wrapped", _wrapped, fields=True),
    Odd("a blank line between all lines", _spaced, fields=True),
    Odd("blanks at the ends", _lines(lambda line: f"{line} \t")),
    Odd("tabs for blanks", lambda text, mail: re.sub(r"(?<=[:៖]) ", "\t", text), fields=True),
    Odd("hard blanks", lambda text, mail: text.replace(": ", ":\xa0"), fields=True),
    Odd("labels in stars", _starred, fields=True),
    Odd("addresses set apart for direction", _isolated, fields=True),
    Odd("marks of direction", _lines(lambda line: f"\u200f{line}\u200f" if line else "")),
    Odd("addresses with a link", _mailto, fields=True),
    Odd("addresses in markdown", _as_markdown, fields=True),
)  # fmt: skip


def _in_a_quote(markup: str) -> str:
    return f'<div>See below.</div><blockquote type="cite">{markup}</blockquote>'


def _below_a_note(markup: str) -> str:
    note = "Ben, can you take this? Write to <b>omar@globex.example</b>.<br>"
    return f'<html><body><div dir="auto">{note}<br>-- <br>Ana Alder</div>{markup}</body></html>'


def _with_a_forward_inside(markup: str) -> str:
    inner = html.escape(_INNER, quote=False).replace("\n", "<br>")
    return f"{markup}<blockquote>{inner}</blockquote>"


def _with_a_reply_inside(markup: str) -> str:
    return (
        f'{markup}<div class="gmail_quote"><div class="gmail_attr">On Sun, Mar 2, 2025, Omar Oak '
        '&lt;<a href="mailto:omar@globex.example">omar@globex.example</a>&gt; wrote:</div>'
        "<blockquote>Well?</blockquote></div>"
    )


def _with_styles(markup: str) -> str:
    return f"<style>p {{ margin: 0 }} /* From: nobody@else.example */</style><!-- x -->{markup}"


def _in_a_table(markup: str) -> str:
    """A program that sets each mail in a table of its own width."""
    return (
        '<table width="600"><tbody><tr><td style="background:#fee">External mail: ask '
        f"helpdesk@ours.example</td></tr><tr><td>{markup}</td></tr></tbody></table>"
    )


def _with_spans(markup: str) -> str:
    return re.sub(r"<(b|th[^>]*)>([^<]+)</(b|th)>", r"<\1><span lang=X><font>\2</font></span></\3>",
                  markup)  # fmt: skip


HTML: dict[str, Callable[[str], str]] = {
    "in a quote": _in_a_quote,
    "below a note and a signature": _below_a_note,
    "a forward inside": _with_a_forward_inside,
    "a reply inside": _with_a_reply_inside,
    "styles and comments": _with_styles,
    "in a table with a warning": _in_a_table,
    "spans around the labels": _with_spans,
}


def _pre(text: str) -> str:
    return f"<pre>{html.escape(text, quote=False)}</pre>"


def _divs(text: str) -> str:
    rows = "".join(f"<div>{html.escape(row, quote=False) or '<br>'}</div>"
                   for row in text.split("\n"))  # fmt: skip
    return f'<div dir="auto">{rows}</div>'


def _paragraph(text: str) -> str:
    return f"<p>{html.escape(text, quote=False)}</p>".replace("\n", "<br/>\n")


SET = {"set with pre": _pre, "set in divs": _divs, "set in one paragraph": _paragraph}
