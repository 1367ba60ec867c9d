"""One line instead of a header: who wrote, and when. Pure.

The Windows Mail of Outlook 2019 forwards so (outlook_2019_*_body.txt of
github.com/crisp-oss/email-forward-parser: `On 27/10/2021 11:50, "Jane" <j@x.example> wrote:`), and
Yandex below its marker (`12.02.2019, 01:54, "Jane" <j@x.example>:`). Answers look nearly the same,
so without a marker the subject must say forward, the name must stand in quotation marks as that
program writes it, and what follows must not be quoted.
"""

import re
from collections.abc import Sequence

from activities.mail.forward import Original, Sureness
from activities.mail.quotes import is_attribution
from bcc_inbound.forwarded.dates import looks_dated
from bcc_inbound.forwarded.labels import TO, label_of, split_label
from bcc_inbound.forwarded.lines import Line
from bcc_inbound.forwarded.people import addresses_in, writer_in
from bcc_inbound.forwarded.subjects import Says

LIMIT = 400

_NAMED = re.compile(r"[\"«„“]([^\"«»„“”<>]{1,120})[\"»”“]\s?[<\[]")
# Notes 5, below "Forwarded by": `Jane <j@x.example> on 03/03/2025 10:00:00 AM`.
_NOTES = re.compile(
    r"(?P<writer>[^<>]*<?[^<>\s@]+@[^<>\s@]+>?) on "
    r"(?P<date>\d{1,2}[/.-]\d{1,2}[/.-]\d{2,4} \d{1,2}:\d{2}(:\d{2})?( [AP]M)?)$"
)
_ALONE = re.compile(r"[^<>@:]{1,120}<[^<>\s@]+@[^<>\s@]+>\Z")
_DATED = re.compile(r"\d{1,2}[:.]\d{2}")


def read_attribution(lines: Sequence[Line], says: Says | None) -> Original | None:
    """The writer that a line of attribution names; `says` None means that a marker stands above.

    Without a marker only the first such line counts, and only outside of any quotation.
    """
    for at, line in enumerate(lines):
        if says is None and (notes := _NOTES.match(line.text[:LIMIT])):
            return _of_notes(notes)
        if not line.text.endswith((":", "：")) or "@" not in line.text:
            continue
        if says is None:
            return _original(line.text)
        if is_attribution(line.text):
            plain = line.depth == 0 and not _is_quoted(lines, at + 1)
            return _original(line.text) if plain and says.forward and not says.answer else None
    return None


def read_notes(lines: Sequence[Line]) -> Original | None:
    """The heading of Notes 6 and later, below "Forwarded by": the writer, the date, and then To,
    with or without a colon; nothing else is one."""
    rows = [line.text for line in lines if line.text][:3]
    if len(rows) < 3 or not _ALONE.match(rows[0]) or not looks_dated(rows[1], surely=True):
        return None
    meanings, _value = label_of(rows[2] if split_label(rows[2])[0] else f"{rows[2]}: ")
    sureness, sender, name = writer_in(rows[0])
    if not sender or not any(kind == TO for _language, kind in meanings):
        return None
    return Original(sender=sender, name=name, date=rows[1], sureness=sureness, client="notes")


def _original(text: str) -> Original | None:
    name = _NAMED.search(text[:LIMIT])
    addresses = addresses_in(text[:LIMIT])
    if len(text) > LIMIT or name is None or len(addresses) != 1 or not _DATED.search(text):
        return None
    return Original(
        sender=addresses[0],
        name=name[1].strip(),
        date=text[: name.start()].strip(" ,"),
        sureness=Sureness.SURE,
        client="outlook-2019",
    )


def _of_notes(found: re.Match[str]) -> Original | None:
    sureness, sender, name = writer_in(found["writer"])
    if not sender:
        return None
    return Original(sender=sender, name=name, date=found["date"], sureness=sureness, client="notes")


def _is_quoted(lines: Sequence[Line], start: int) -> bool:
    below = next((line for line in lines[start:] if line.text), None)
    return below is None or below.depth > 0
