"""Address headers cut into names and addresses in linear time, whatever they contain. Pure.

RFC 5322 with its obsolete forms (routes, comments as names, groups), and what is written in its
place: semicolons as commas, addresses without brackets behind a name, two addresses without a
comma. Encoded words are read after the cut, so that an encoded comma cuts nothing.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

_TOKEN = re.compile(
    r'"((?:[^"\\]|\\.)*+)"'  # 1 quoted text
    r"|<([^<>]*+)>"  # 2 address in brackets
    r"|([(])"  # 3 a comment begins
    r"|([,;:])"  # 4 separator
    r'|([^\s"(),:;<>]++)'  # 5 word
    r"|\s++"
    r"|(.)",  # 6 a character without its partner
    re.DOTALL,
)
_BRACKET = re.compile(r"[()\\]")
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
_ROUTE = re.compile(r"@[^:]*+:")


@dataclass(slots=True)
class _Entry:
    words: list[str] = field(default_factory=list)
    bracketed: str | None = None
    comment: str = ""
    quoted_last: bool = False

    def __bool__(self) -> bool:
        return bool(self.words) or self.bracketed is not None


def split_addresses(value: str) -> Iterator[tuple[str, str]]:
    """Yield (name, address) for every entry, both undecoded; the address may be malformed or "".

    Group names and empty groups yield nothing.
    """
    entry = _Entry()
    at, length = 0, len(value)
    while at < length:
        match = _TOKEN.match(value, at)
        if match is None:
            break
        at = match.end()
        kind = match.lastindex
        if kind == 3:
            closed, comment = _comment(value, at)
            if closed:
                entry.comment, at = comment, closed
            else:
                # Nothing closes it, so brackets mean nothing from here on.
                value, at = value[at:].replace("(", " "), 0
                length = len(value)
        elif kind == 6:
            if match[6] == '"':
                value, at = value[at:].replace('"', " "), 0
                length = len(value)
        elif kind == 4 or (kind == 2 and entry.bracketed is not None):
            # A colon ends a group's name, which is nobody.
            if entry and match[0] != ":":
                yield _read(entry)
            entry = _Entry(bracketed=match[2])
        elif kind is not None:
            _add(entry, kind, match)
    if entry:
        yield _read(entry)


def _add(entry: _Entry, kind: int, match: "re.Match[str]") -> None:
    if kind == 2:
        entry.bracketed = match[2]
    elif kind == 1:
        entry.words.append(_ESCAPED.sub(r"\1", match[1]))
        entry.quoted_last = True
    elif entry.quoted_last and match[5].startswith("@") and entry.bracketed is None:
        entry.bracketed = f'"{entry.words.pop()}"{match[5]}'
    else:
        entry.words.append(match[5])
        entry.quoted_last = False


def _comment(value: str, start: int) -> tuple[int, str]:
    """Where the comment that began before `start` ends, and its text; 0 when it never ends."""
    depth, skip = 1, -1
    for match in _BRACKET.finditer(value, start):
        if match.start() == skip:
            continue
        if match[0] == "\\":
            skip = match.end()
            continue
        depth += 1 if match[0] == "(" else -1
        if depth == 0:
            return match.end(), value[start : match.start()]
    return 0, ""


def _read(entry: _Entry) -> tuple[str, str]:
    if entry.bracketed is not None:
        return " ".join(entry.words) or entry.comment, _bare(entry.bracketed)
    with_at = [word for word in entry.words if "@" in word]
    if len(with_at) != 1:
        return " ".join(entry.words), ""
    if with_at[0].strip("@") != with_at[0]:
        # "jane @ example.com" is the obsolete form with blanks.
        return entry.comment, "".join(entry.words)
    names = [word for word in entry.words if word is not with_at[0]]
    return " ".join(names) or entry.comment, _bare(with_at[0])


def _bare(address: str) -> str:
    """The address without a source route, a mailto: and stray blanks."""
    address = address.strip()
    if address.startswith("@"):
        address = _ROUTE.sub("", address, count=1)
    if address[:7].lower() == "mailto:":
        address = address[7:]
    return address if '"' in address else "".join(address.split())
