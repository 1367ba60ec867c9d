"""A body as lines without quote marks, and the odds and ends that transports leave. Pure.

Everything is one pass over at most 200,000 characters: what a stranger sends costs no more.
"""

import re
import unicodedata
from typing import NamedTuple

from activities.mail.plain import plain_text

TEXT_LIMIT = 200_000
LINES_LIMIT = 3_000
LINE_LIMIT = 10_000
_CELLS = 4

# Marks of direction and blanks that nobody sees; Outlook and Apple Mail put them around fields
# in right-to-left languages.
UNSEEN: dict[int, str | None] = dict.fromkeys(
    [
        *(0x200B, 0x200C, 0x200D, 0x200E, 0x200F, 0x2060, 0xFEFF, 0x61C, 0xAD),
        *range(0x202A, 0x202F),
        *range(0x2066, 0x206A),
    ]
)
UNSEEN |= dict.fromkeys([0xA0, 0x202F, 0x2007, 0x3000, 0x09], " ")

# What is left of quoted-printable where a gateway took off the encoding's name (RFC 2045, 6.7).
_LEFTOVERS = (("=20", " "), ("=C2=A0", " "), ("=3D", "="), ("=46rom", "From"), ("=09", " "))


# Accents stand alone or in pairs; putting a long run of them in order costs its length squared.
_RUN_OF_MARKS = re.compile(r"[^\w\s\x00-\x7f]{17,}")


_QUOTE = re.compile(r"<blockquote\b[^>]*+>")
_MOST_DEPTH = 10


class Line(NamedTuple):
    """One line: how deep it is quoted, and what it says without the marks."""

    depth: int
    text: str


def read_lines(text: str) -> list[Line]:
    """The lines of a body, bounded, each with the depth of its quotation."""
    text = text[:TEXT_LIMIT]
    encoded = "=20" in text or "=3D" in text or "=C2=A0" in text or "=46rom" in text
    if encoded:
        text = text.replace("=\r\n", "").replace("=\n", "")
    rows = _RUN_OF_MARKS.sub(_without_marks, text.translate(UNSEEN)).splitlines()[:LINES_LIMIT]
    if encoded:
        rows = [_decoded(row) for row in rows]
    return [_line(row[:LINE_LIMIT]) for row in rows]


def text_of(html: str) -> str:
    """The text of sanitised HTML, with the marks of its quotations."""
    if "<blockquote" not in html:
        return plain_text(html)
    html = _QUOTE.sub(lambda tag: f"{tag[0]}<p>\x04</p>", html)
    rows, depth = [], 0
    for row in plain_text(html.replace("</blockquote>", "<p>\x05</p></blockquote>")).split("\n"):
        if row in {"\x04", "\x05"}:
            depth = max(depth + (1 if row == "\x04" else -1), 0)
        else:
            rows.append(f"{'> ' * min(depth, _MOST_DEPTH)}{row}")
    return "\n".join(rows)


def _without_marks(run: re.Match[str]) -> str:
    return "".join(letter for letter in run[0] if not unicodedata.combining(letter))


def _decoded(row: str) -> str:
    for code, meant in _LEFTOVERS:
        row = row.replace(code, meant)
    return row


def _line(row: str) -> Line:
    cells = row.split("|") if row.endswith("|") and row.startswith("|") else []
    if len(cells) == _CELLS and cells[1].strip():
        # A header drawn as a table (NetEase): | From | Jane |
        return Line(0, f"{cells[1].strip()}: {cells[2].strip()}")
    depth = at = 0
    for place, letter in enumerate(row):
        if letter in ">|":
            depth, at = depth + 1, place + 1
        elif letter != " ":
            break
    return Line(depth, row[at:].strip())
