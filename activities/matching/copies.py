"""Several copies of one message: what they add up to (R12)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from activities.matching.decision import Ambiguous, Decision, Recorded
from activities.matching.engine import decide
from activities.matching.facts import Copy, Past, World
from activities.matching.words import Id, Outcome


def decide_together(copies: Sequence[Copy], world: World) -> list[Decision]:
    """Judge the copies of one message: each for itself, and then those who still wait once more.

    A participant whom one copy recorded in a candidate of another is not ambiguous there (R12).
    """
    decisions = [decide(copy, world) for copy in copies]
    if len(decisions) == 1 or not any(decision.ambiguous for decision in decisions):
        return decisions
    earned = tuple(
        Past(one.address, one.project_id, one.contact_id, one.company_id, here=False)
        for decision in decisions
        for one in decision.recorded
    )
    if not earned:
        return decisions
    return [
        decide(replace(copy, past=copy.past + earned), world) if decision.ambiguous else decision
        for copy, decision in zip(copies, decisions, strict=True)
    ]


@dataclass(frozen=True, slots=True)
class Sum:
    """What the copies of one message add up to."""

    outcome: Outcome
    recorded: tuple[Recorded, ...]
    ambiguous: tuple[Ambiguous, ...]


_WEIGHT = (
    Outcome.LOGGED,
    Outcome.NEEDS_PROJECT,
    Outcome.UNASSIGNED,
    Outcome.NOT_LOGGED,
    Outcome.HELD,
    Outcome.BLOCKED,
)


def add_up(decisions: Iterable[Decision]) -> Sum:
    """Add the decisions on the copies of one message: no copy takes away what another earned.

    Of two records for one participant in one project, the one with the contact stands.
    """
    decisions = list(decisions)
    records: dict[tuple[Id, str], Recorded] = {}
    for decision in decisions:
        for one in decision.recorded:
            known = records.get((one.project_id, one.address))
            if known is None or (known.contact_id is None and one.contact_id is not None):
                records[one.project_id, one.address] = one
    settled: set[Id] = {one.address for one in records.values()}
    settled.update(one.contact_id for one in records.values() if one.contact_id is not None)
    waiting = {one.address: one for decision in decisions for one in decision.ambiguous}
    outcomes = [decision.outcome for decision in decisions]
    return Sum(
        min(outcomes, key=_WEIGHT.index, default=Outcome.NOT_LOGGED),
        tuple(records.values()),
        tuple(
            one
            for address, one in waiting.items()
            if address not in settled and one.contact_id not in settled
        ),
    )
