"""Which entries keep which activities out of the record, asked of the one predicate (R3)."""

import uuid
from collections import defaultdict
from collections.abc import Collection
from typing import Any

from django.db.models import Q

from activities.matching.entries import Book
from activities.matching.entries import Entry as Rule
from activities.matching.words import Effect, EntryKind
from activities.models import Activity, Entry, Participant, Sighting


def entries_on(
    workspace_id: uuid.UUID, activities: Collection[Activity]
) -> dict[uuid.UUID, list[Entry]]:
    """Return the entries that match somebody on each of these emails. Three queries.

    A member's own entries hold for their copies only, so they count where all copies are theirs.
    Who was internal when a copy was judged heeds only an entry that is exactly their address.
    """
    message_of = {one.message_id: one.id for one in activities if one.message_id is not None}
    owners: dict[uuid.UUID, set[uuid.UUID | None]] = defaultdict(set)
    internal: dict[uuid.UUID, set[str]] = defaultdict(set)
    for copy in Sighting.objects.filter(
        workspace_id=workspace_id, message_id__in=message_of, counts=True
    ):
        owners[copy.message_id].add(copy.owner_id)
        internal[copy.message_id] |= _internal(copy.decision)
    everyone = {owner for found in owners.values() for owner in found}
    entries = Entry.objects.filter(
        Q(member=None) | Q(member__in=everyone), workspace_id=workspace_id
    )
    books = _books(list(entries))
    if not books:
        return {}
    by_id = {entry.id: entry for entry in entries}
    hits: dict[uuid.UUID, dict[uuid.UUID, Entry]] = defaultdict(dict)
    people = Participant.objects.filter(workspace_id=workspace_id, message_id__in=message_of)
    for message_id, address in people.values_list("message_id", "address"):
        ours = address in internal[message_id]
        for member_id, book in books.items():
            if member_id is not None and owners[message_id] != {member_id}:
                continue
            rule = book.hit_exactly(address) if ours else book.hit(address)
            if rule is not None:
                found = by_id[uuid.UUID(str(rule.id))]
                hits[message_of[message_id]][found.id] = found
    return {activity_id: list(found.values()) for activity_id, found in hits.items()}


def as_rule(entry: Entry) -> Rule:
    """The entry as the engine's predicate takes it."""
    return Rule(
        id=entry.id,
        effect=Effect(entry.effect),
        kind=EntryKind(entry.kind),
        value=entry.value,
        subdomains=entry.subdomains,
        member_id=entry.member_id,
    )


def _books(entries: list[Entry]) -> dict[uuid.UUID | None, Book]:
    grouped: dict[uuid.UUID | None, list[Rule]] = defaultdict(list)
    for entry in entries:
        grouped[entry.member_id].append(as_rule(entry))
    return {member_id: Book.of(rules) for member_id, rules in grouped.items()}


def _internal(decision: dict[str, Any]) -> set[str]:
    people = decision.get("participants", ())
    return {one["address"] for one in people if one.get("kind") == "internal"}
