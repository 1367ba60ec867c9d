"""The ways in which the judging of one copy ends."""

from activities.matching.case import Case
from activities.matching.decision import Ambiguous, Decision, Recorded, Step
from activities.matching.entries import Entry
from activities.matching.words import Id, Kind, Outcome, State

_LOGGED, _NEEDS_PROJECT = Outcome.LOGGED, Outcome.NEEDS_PROJECT


def record(
    case: Case,
    recorded: list[Recorded],
    ambiguous: list[Ambiguous],
    notes: list[Step],
) -> Decision:
    """Log the copy; who fits several projects waits, beside those who are recorded."""
    return Decision(
        case.copy.source,
        _LOGGED,
        recorded[0].rule,
        tuple(recorded),
        tuple(ambiguous),
        case.takens(),
        case.passed + tuple(notes) if notes else case.passed,
        case.kept,
    )


def ask(case: Case, ambiguous: list[Ambiguous], notes: list[Step]) -> Decision:
    """Leave the choice of a project to the copy's owner."""
    return Decision(
        case.copy.source,
        _LOGGED if case.kept else _NEEDS_PROJECT,
        "R7",
        (),
        tuple(ambiguous),
        case.takens(),
        case.passed + tuple(notes) if notes else case.passed,
        case.kept,
    )


def leave(
    case: Case,
    rule: str,
    code: str,
    args: tuple[Id, ...] = (),
    *,
    entry: Entry | None = None,
    banner: str = "",
    more: tuple[Step, ...] = (),
) -> Decision:
    """Record nothing: sync leaves the copy private, the other sources keep it as unassigned.

    What the copy has on record stays there: the engine never takes away (C1).
    """
    outcome = Outcome.NOT_LOGGED if case.from_sync else Outcome.UNASSIGNED
    if case.kept:
        outcome = _LOGGED
    if not banner and not case.from_sync and _has_somebody_erased(case):
        banner = "erased"
    return Decision(
        case.copy.source,
        outcome,
        rule if not case.kept else "C1",
        (),
        (),
        case.takens(),
        (*case.passed, Step(rule, State.FAILED, code, args), *more),
        case.kept,
        entry.id if entry is not None else None,
        banner,
    )


def block(case: Case, entry: Entry) -> Decision:
    """Refuse the copy. The decision names the entry and nobody who stands on the message."""
    return Decision(
        case.copy.source,
        Outcome.BLOCKED,
        "R3",
        steps=(*case.passed, Step("R3", State.FAILED, "blocked", (entry.id,))),
        entry_id=entry.id,
    )


def hold(case: Case, code: str) -> Decision:
    """Keep the copy aside until an admin has looked at its sender; it counts for nothing yet."""
    return Decision(
        case.copy.source,
        Outcome.HELD,
        "B2",
        participants=case.takens(),
        steps=(*case.passed, Step("B2", State.FAILED, code)),
    )


def withdraw(case: Case) -> Decision:
    """Let the copy count no longer, because its owner took it back; nothing of it is kept."""
    return Decision(
        case.copy.source,
        Outcome.NOT_LOGGED,
        "V2",
        participants=case.takens(),
        steps=(*case.passed, Step("V2", State.FAILED, "taken_back")),
    )


def _has_somebody_erased(case: Case) -> bool:
    return any(known.taken.kind is Kind.ERASED for known in case.externals)
