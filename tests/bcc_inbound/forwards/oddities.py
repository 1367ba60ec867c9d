"""What happens to a forward on its way, or what its sender does to it."""

from collections.abc import Callable
from dataclasses import replace

from tests.bcc_inbound.forwards.shapes import Language, Sample, Written

Oddity = Callable[[Written, Sample, Language], Written]

_SIGNATURE = "Please file this.\n\n-- \nAna Alder\nOurs Ltd.\nFrom: Berlin\nana@ours.example\n\n"


def _text(change: Callable[[str], str]) -> Oddity:
    def odd(written: Written, _mail: Sample, _language: Language) -> Written:
        return replace(written, text=change(written.text)) if written.text else written

    return odd


def _with_comment(written: Written, _mail: Sample, _language: Language) -> Written:
    if not written.text:
        return replace(written, html=f"<p>Please file this.<br>ana@ours.example</p>{written.html}")
    return replace(written, text=_SIGNATURE + written.text)


def _marked_for_direction(text: str) -> str:
    return "\n".join(f"\u200e{line}" if ":" in line else line for line in text.splitlines())


def _with_hard_blanks(text: str) -> str:
    return text.replace(": ", ":\u00a0").replace(" :", "\u00a0:")


def _with_leftovers(text: str) -> str:
    return "\n".join(f"{line}=20" if line else line for line in text.splitlines())


def _with_nested(written: Written, _mail: Sample, _language: Language) -> Written:
    nested = (
        "\n\n---------- Forwarded message ---------\nFrom: Omar <omar@globex.example>\n"
        "Date: Sun, Mar 2, 2025 at 9:00 AM\nSubject: Inner\nTo: Jane <jane@client.example>\n\nHi\n"
    )
    return replace(written, text=written.text + nested) if written.text else written


def _quoted(text: str) -> str:
    return "\n".join(f"> {line}".rstrip() for line in text.splitlines())


def _both_forms(written: Written, _mail: Sample, _language: Language) -> Written:
    """The text is there, and the HTML says the same."""
    if not written.text:
        return written
    return replace(written, html=f"<pre>{written.text.replace('<', '&lt;')}</pre>")


ODDITIES: dict[str, Oddity] = {
    "as it is": lambda written, _mail, _language: written,
    "with a comment and a signature": _with_comment,
    "with windows line ends": _text(lambda text: text.replace("\n", "\r\n")),
    "with blanks at the ends": _text(lambda text: text.replace("\n", "  \n")),
    "with marks of direction": _text(_marked_for_direction),
    "with hard blanks": _text(_with_hard_blanks),
    "with what quoted-printable left": _text(_with_leftovers),
    "with a forward inside": _with_nested,
    "with a byte order mark": _text(lambda text: "\ufeff" + text),
    "in both forms": _both_forms,
}

# Windows Mail's one line is only believed where nothing quotes it.
QUOTING: dict[str, Oddity] = {"quoted once more": _text(_quoted)}
