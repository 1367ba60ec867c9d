"""A header block cut into fields in one linear, bounded pass. Pure.

The standard library's parser is not used: on hostile headers it recurses without end or takes
time that grows with the square of the length.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from activities.mail.charsets import decode_text
from activities.mail.message import Problem

MAX_HEADER_BYTES = 64 * 1024
MAX_HEADER_LINES = 1_000

# All repeats are possessive: a line that has matched is never tried again.
_BLOCK = re.compile(rb"(?:[!-9;-~]*+[ \t]*+:[^\n]*+(?:\n[ \t][^\n]*+)*+(?:\n|\Z))*+")
_FIELD = re.compile(r"^([!-9;-~]++)[ \t]*+:(.*+(?:\n[ \t].*+)*+)", re.MULTILINE)
_PREAMBLE = re.compile(rb"(?:\xef\xbb\xbf)?[\r\n]*+(?:>?From [^\n]*+\n)?")
_BLANK_LINE = re.compile(rb"\r?\n")


@dataclass(frozen=True, slots=True)
class HeaderBlock:
    """Fields by lower-case name, unfolded but not decoded; `body_start` is an offset in bytes."""

    fields: dict[str, list[str]] = field(default_factory=dict)
    body_start: int = 0
    problem: Problem = Problem.NONE

    def first(self, name: str) -> str:
        """The first value of a field, or ""."""
        values = self.fields.get(name)
        return values[0] if values else ""

    def every(self, name: str) -> list[str]:
        """All values of a field, in order."""
        return self.fields.get(name, [])


def with_line_feeds(raw: bytes) -> bytes:
    """The mail itself, unless its header lines end in a lone CR: then with LF for every CR."""
    window = raw[:MAX_HEADER_BYTES]
    if b"\r" in window and b"\n" not in window:
        return raw.replace(b"\r", b"\n")
    return raw


def header_bytes(pairs: Iterable[tuple[str, str]]) -> bytes:
    """A header block from the name and value pairs that a provider's API hands out."""
    lines = (f"{name}: {' '.join(value.split())}\r\n" for name, value in pairs)
    return "".join(lines).encode("utf-8", "replace") + b"\r\n"


def read_header(raw: bytes, start: int = 0, end: int | None = None) -> HeaderBlock:
    """Read the header that begins at `start`; a line that is no field ends it, as does `end`.

    Fields beyond 64 KB or 1,000 lines are not read, and `problem` says so.
    """
    limit = len(raw) if end is None else end
    if start == 0 and (preamble := _PREAMBLE.match(raw)):
        start = preamble.end()
    window = min(limit, start + MAX_HEADER_BYTES + 1)
    match = _BLOCK.match(raw, start, window)
    stop = match.end() if match else start
    problem = Problem.NONE
    if stop - start > MAX_HEADER_BYTES:
        problem = Problem.HEADERS_TOO_LARGE
    elif raw.count(b"\n", start, stop) > MAX_HEADER_LINES:
        problem = Problem.TOO_MANY_HEADERS
    blank = _BLANK_LINE.match(raw, stop, limit)
    return HeaderBlock(_fields(raw[start:stop]), blank.end() if blank else stop, problem)


def _fields(block: bytes) -> dict[str, list[str]]:
    text = _letters(block)
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", " ")
    fields: dict[str, list[str]] = {}
    for name, value in _FIELD.findall(text)[:MAX_HEADER_LINES]:
        # Folding adds a line break before a blank that belongs to the value.
        fields.setdefault(name.lower(), []).append(value.replace("\n", "").strip())
    return fields


def _letters(block: bytes) -> str:
    """Headers of raw letters are UTF-8 (RFC 6532) or, line by line, whatever it may be."""
    try:
        return block.decode("utf-8")
    except UnicodeDecodeError:
        return "\n".join(decode_text(line) for line in block.split(b"\n"))
