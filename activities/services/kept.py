"""A shared message of a batch with its copies, and how openly they share it."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from activities.matching.words import Source
from activities.services.judge import Judged

_MOST_OPEN_FIRST = ("everything", "subject", "metadata")


@dataclass(slots=True)
class Kept:
    """One shared message of the batch with its copies."""

    message_id: str
    activity_id: str
    is_new: bool
    copies: list[Judged] = field(default_factory=list)


def sharing_of(copies: Sequence[Judged]) -> str:
    """Of several copies that are logged the most open level holds (V2)."""
    levels = {
        one.channel.sharing if one.copy.source is Source.SYNC else "everything" for one in copies
    }
    return next(level for level in _MOST_OPEN_FIRST if level in levels)


def sharing_with(kept: Kept) -> str:
    before = kept.copies[0].known or {}
    logged = [one for one in kept.copies if one.decision.recorded or one.decision.kept]
    levels = {before.get("sharing") or "metadata", sharing_of(logged or kept.copies)}
    if all(one.before is not None and one.before.sighting_id for one in kept.copies):
        levels = {before.get("sharing") or "metadata"}
    return next(level for level in _MOST_OPEN_FIRST if level in levels)
