"""Which entries hit which addresses of one copy (R3)."""

from collections.abc import Mapping

from activities.matching.entries import Book, Entry
from activities.matching.facts import Copy
from activities.matching.recognition import Known
from activities.matching.words import Effect, Insider
from contacts.addresses import without_tag


def hits_of(
    knowns: Mapping[str, Known], copy: Copy, workspace: Book, members: Book
) -> dict[str, Entry]:
    """Return the entry that holds for each address that one hits, the strongest where several do.

    The workspace's entries hold for every copy, `members` only for copies of their owner. Entries
    that were set aside for this message (`copy.excepted`) hit nobody.
    """
    books = (workspace.without(copy.excepted), members.without(copy.excepted))
    hits: dict[str, Entry] = {}
    for address, known in knowns.items():
        found = _strongest_at(address, known, copy, books)
        if found is not None:
            hits[address] = found
    return hits


def strongest(hits: Mapping[str, Entry]) -> Entry | None:
    """The entry that holds: any block before any ignore, of two alike the workspace's."""
    return min(hits.values(), key=_rank) if hits else None


def _strongest_at(address: str, known: Known, copy: Copy, books: tuple[Book, Book]) -> Entry | None:
    if known.external:
        found = [book.hit(address) for book in books]
    elif _is_never_hit(address, known, copy):
        return None
    else:
        found = [book.hit_exactly(address) for book in books]
    return min((entry for entry in found if entry is not None), key=_rank, default=None)


def _is_never_hit(address: str, known: Known, copy: Copy) -> bool:
    own = copy.own_addresses
    return known.taken.by == Insider.INBOUND or address in own or without_tag(address) in own


def _rank(entry: Entry) -> tuple[bool, bool]:
    return entry.effect is not Effect.BLOCK, entry.member_id is not None
