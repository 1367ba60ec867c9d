"""What an ignored or blocked entry matches. Everybody who asks that asks here (R3)."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from activities.matching.words import Effect, EntryKind, Id
from contacts.addresses import domain_of, suffixes, without_tag


@dataclass(frozen=True, slots=True)
class Entry:
    """An address, a domain or a pattern such as *@news.example.com, in normal form.

    `member_id` is None for an entry of the workspace. `subdomains` counts for domains only.
    """

    id: Id
    effect: Effect
    kind: EntryKind
    value: str
    subdomains: bool = True
    member_id: Id | None = None


def matches(entry: Entry, address: str) -> bool:
    """Tell whether an entry matches an external address, also without its +tag."""
    return Book.of([entry]).hit(address) is not None


def matches_internal(entry: Entry, address: str) -> bool:
    """Tell whether an entry matches an internal address: only one that is exactly it does."""
    return Book.of([entry]).hit_exactly(address) is not None


@dataclass(slots=True)
class _Shelf:
    """The entries of one effect, laid out so that a look-up costs a few dictionary reads."""

    addresses: dict[str, Entry] = field(default_factory=dict)
    domains: dict[str, Entry] = field(default_factory=dict)
    patterns_by_domain: dict[str, list[tuple[str, Entry]]] = field(default_factory=dict)
    patterns: list[tuple[str, str, Entry]] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.addresses or self.domains or self.patterns_by_domain or self.patterns)

    def add(self, entry: Entry) -> None:
        if entry.kind is EntryKind.ADDRESS:
            self.addresses.setdefault(entry.value, entry)
        elif entry.kind is EntryKind.DOMAIN:
            known = self.domains.get(entry.value)
            if known is None or (entry.subdomains and not known.subdomains):
                self.domains[entry.value] = entry
        else:
            # A pattern without an @ speaks of domains: *.example.com is *@*.example.com.
            local, _, domain = entry.value.rpartition("@")
            local = local or "*"
            if "*" in domain:
                self.patterns.append((local, domain, entry))
            else:
                self.patterns_by_domain.setdefault(domain, []).append((local, entry))

    def find(self, address: str) -> Entry | None:
        exact = self.find_exactly(address)
        if exact is not None:
            return exact
        domain = domain_of(address)
        if self.patterns_by_domain or self.patterns:
            found = self._find_pattern(address, domain)
            if found is None and "+" in address:
                found = self._find_pattern(without_tag(address), domain)
            if found is not None:
                return found
        return self._find_domain(domain) if self.domains else None

    def find_exactly(self, address: str) -> Entry | None:
        if not self.addresses:
            return None
        found = self.addresses.get(address)
        if found is None and "+" in address:
            found = self.addresses.get(without_tag(address))
        return found

    def _find_pattern(self, address: str, domain: str) -> Entry | None:
        local = address[: -len(domain) - 1]
        for pattern, entry in self.patterns_by_domain.get(domain, ()):
            if _fits(pattern, local):
                return entry
        for pattern, domain_pattern, entry in self.patterns:
            if _fits(domain_pattern, domain) and _fits(pattern, local):
                return entry
        return None

    def _find_domain(self, domain: str) -> Entry | None:
        own = self.domains.get(domain)
        if own is not None:
            return own
        for parent in suffixes(domain):
            found = self.domains.get(parent)
            if found is not None and found.subdomains:
                return found
        return None


@dataclass(frozen=True, slots=True)
class Book:
    """The entries of the workspace, or of one member, compiled once for many look-ups."""

    block: _Shelf = field(default_factory=_Shelf)
    ignore: _Shelf = field(default_factory=_Shelf)
    by_id: dict[Id, Entry] = field(default_factory=dict)

    @classmethod
    def of(cls, entries: Iterable[Entry]) -> "Book":
        """Compile entries; of two that say the same, the wider or the first holds."""
        book = cls()
        for entry in entries:
            book.by_id[entry.id] = entry
            (book.block if entry.effect is Effect.BLOCK else book.ignore).add(entry)
        return book

    def without(self, ids: frozenset[Id]) -> "Book":
        """The same book without some of its entries: those set aside for one message."""
        if ids.isdisjoint(self.by_id):
            return self
        return Book.of(entry for entry in self.by_id.values() if entry.id not in ids)

    def hit(self, address: str) -> Entry | None:
        """The entry that matches an external address; block wins, then the most exact one."""
        return self.block.find(address) or self.ignore.find(address)

    def hit_exactly(self, address: str) -> Entry | None:
        """The entry that is exactly this address: the only kind that internal people heed."""
        return self.block.find_exactly(address) or self.ignore.find_exactly(address)


NO_ENTRIES = Book()


def _fits(pattern: str, text: str) -> bool:
    """Match a pattern whose stars stand for anything, in one pass: no input makes it slow."""
    first, *rest = pattern.split("*")
    if not rest:
        return text == pattern
    *middle, last = rest
    if len(text) < len(first) + len(last) or not text.startswith(first) or not text.endswith(last):
        return False
    position, end = len(first), len(text) - len(last)
    for part in middle:
        found = text.find(part, position, end)
        if found < 0:
            return False
        position = found + len(part)
    return True
