"""What the sandbox was asked, for tests that count."""

import threading
from collections import Counter, deque
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

# A burst of pushes or a large backfill stays countable; only the oldest entries are forgotten.
MOST_ENTRIES = 50_000


@dataclass(slots=True)
class Entry:
    """One call; `status` is 0 while it is under way or when the connection was cut."""

    operation: str
    mailbox: str
    target: str = ""
    query: Mapping[str, list[str]] = field(default_factory=dict)
    status: int = 0


class RequestLog:
    def __init__(self) -> None:
        self.entries: deque[Entry] = deque(maxlen=MOST_ENTRIES)
        self._under_way: Counter[str] = Counter()
        self._most: Counter[str] = Counter()
        self._lock = threading.Lock()

    @contextmanager
    def entry(
        self,
        operation: str,
        mailbox: str,
        target: str = "",
        query: Mapping[str, list[str]] | None = None,
    ) -> Iterator[Entry]:
        """The call is under way inside of the block."""
        entry = Entry(operation, mailbox, target, query or {})
        with self._lock:
            self.entries.append(entry)
            self._under_way[mailbox] += 1
            self._most[mailbox] = max(self._most[mailbox], self._under_way[mailbox])
        try:
            yield entry
        finally:
            with self._lock:
                self._under_way[mailbox] -= 1

    def counts(self, mailbox: str = "") -> Counter[str]:
        """How often each operation was asked for, by one mailbox or by all."""
        with self._lock:
            found = [one for one in self.entries if mailbox in ("", one.mailbox)]
        return Counter(one.operation for one in found)

    def most_at_once(self, mailbox: str) -> int:
        """The most calls of this mailbox that were under way at the same time."""
        with self._lock:
            return self._most[mailbox]

    def under_way(self, mailbox: str) -> int:
        """How many calls of this mailbox are under way now."""
        with self._lock:
            return self._under_way[mailbox]

    def clear(self) -> None:
        with self._lock:
            self.entries.clear()
            self._most.clear()
