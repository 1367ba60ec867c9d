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
    behind: list[str] = field(default_factory=list)
    bracketed: str | None = None
    comment: str = ""
    quoted_last: bool = False

    def __bool__(self) -> bool:
        return bool(self.words) or self.bracketed is not None


def split_addresses(value: str) -> Iterator[tuple[str, str]]:
    """Yield (name, address) for every entry, both undecoded; the address may be malformed or "".

    Group names and empty groups yield nothing.
    """
    cutter = _Cutter(value)
    while cutter.at < len(cutter.value):
        finished = cutter.step()
        if finished:
            yield _read(finished)
    if cutter.entry:
        yield _read(cutter.entry)


class _Cutter:
    """Walks over a header value once, token by token."""

    def __init__(self, value: str) -> None:
        self.value = value
        self.at = 0
        self.entry = _Entry()

    def step(self) -> _Entry | None:
        """Read one token; return the entry that it ends, if it ends one."""
        match = _TOKEN.match(self.value, self.at)
        if match is None:
            self.at = len(self.value)
            return None
        self.at = match.end()
        kind = match.lastindex
        if kind == 5:
            self._add_word(match[5])
        elif kind == 1:
            self._add_word(_ESCAPED.sub(r"\1", match[1]))
            self.entry.quoted_last = True
        elif kind == 2:
            return self._add_bracketed(match[2])
        elif kind == 4:
            # A colon ends a group's name, which is nobody.
            finished, self.entry = self.entry, _Entry()
            return None if match[4] == ":" else finished
        elif kind == 3:
            self._add_comment()
        elif match[0] == '"':
            self._ignore_from_here('"')
        return None

    def _add_word(self, word: str) -> None:
        entry = self.entry
        if entry.bracketed is not None:
            entry.behind.append(word)
        elif entry.quoted_last and word.startswith("@"):
            entry.bracketed = f'"{entry.words.pop()}"{word}'
        else:
            entry.words.append(word)
        entry.quoted_last = False

    def _add_bracketed(self, address: str) -> _Entry | None:
        """A second address in brackets begins a new entry: somebody forgot a comma."""
        finished = None
        if self.entry.bracketed is not None:
            finished, self.entry = self.entry, _Entry(words=self.entry.behind)
        self.entry.bracketed = address
        return finished

    def _add_comment(self) -> None:
        depth, skip = 1, -1
        for match in _BRACKET.finditer(self.value, self.at):
            if match.start() == skip:
                continue
            if match[0] == "\\":
                skip = match.end()
                continue
            depth += 1 if match[0] == "(" else -1
            if depth == 0:
                self.entry.comment = self.value[self.at : match.start()]
                self.at = match.end()
                return
        self._ignore_from_here("(")

    def _ignore_from_here(self, mark: str) -> None:
        """Nothing closes this mark: it means nothing in the rest, which is scanned only once."""
        self.value, self.at = self.value[self.at :].replace(mark, " "), 0


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
