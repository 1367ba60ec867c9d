"""Where reading a Gmail mailbox stands: the cursor's JSON as values.

`history` is the id since when changes are asked for. It stays text, since it is a 64-bit number
that JSON may spoil, and moves only when the last page of a round was read; `until` is where it will
move then: the id that the round's first page told, so that nothing between two pages is skipped.
"""

import zlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any, Self

from mailsync.providers.base import Cursor
from mailsync.providers.errors import Transient

MOST_TOKEN = 4000
CIRCLE = "Gmail's pages lead back to one that was read already. Threadwell tries again by itself."


@dataclass(frozen=True, slots=True)
class Path:
    """The page token to ask with, and what notices that tokens go round in a circle.

    By Brent's rule: a token is remembered, and the remembered one renewed after 1, 2, 4 ... steps.
    """

    token: str = ""
    mark: int = 0
    steps: int = 0
    stride: int = 1

    def following(self, token: Any) -> Self:
        """The path one page further; raises Transient where it was there before."""
        if not isinstance(token, str) or not token:
            return type(self)()
        digest = zlib.crc32(token.encode()) or 1
        if self.mark == digest or token == self.token or len(token) > MOST_TOKEN:
            raise Transient(CIRCLE)
        if not self.mark or self.steps + 1 >= self.stride:
            return type(self)(token, digest, 0, self.stride * 2)
        return type(self)(token, self.mark, self.steps + 1, self.stride)


@dataclass(frozen=True, slots=True)
class LabelPlace:
    """The backfill of one label. `last` is the last message given from the page at `path`."""

    since: int | None = None
    path: Path = field(default_factory=Path)
    last: str = ""
    read: bool = False

    @classmethod
    def of(cls, facts: Mapping[str, Any]) -> Self:
        return cls(facts["since"], Path(**facts["path"]), facts["last"], facts["read"])


@dataclass(frozen=True, slots=True)
class Place:
    """The whole cursor. `total` is how many messages the account had when it was taken."""

    history: str
    labels: dict[str, LabelPlace]
    until: str = ""
    path: Path = field(default_factory=Path)
    turn: int = 0
    total: int = 0

    @classmethod
    def of(cls, cursor: Cursor) -> Self:
        labels = {key: LabelPlace.of(facts) for key, facts in cursor["labels"].items()}
        path = Path(**cursor["path"])
        return cls(
            cursor["history"], labels, cursor["until"], path, cursor["turn"], cursor["total"]
        )

    def cursor(self) -> Cursor:
        return asdict(self)

    def with_label(self, name: str, label: LabelPlace) -> Self:
        return replace(self, labels=self.labels | {name: label}, turn=self.turn + 1)


def later(first: str, second: Any) -> str:
    """The later of two history ids, the second as it came: text or number."""
    text = str(second) if isinstance(second, int | str) and not isinstance(second, bool) else ""
    if not (text.isascii() and text.isdecimal() and len(text) <= 20):
        return first
    return text if int(text) > int(first or 0) else first
