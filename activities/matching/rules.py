"""The rules about mail. Their order for each source stands in engine.py.

A rule says nothing (None) or ends the judging. Its docstring is what the user reads under Why?.
"""

from collections.abc import Callable
from dataclasses import dataclass

from activities.matching.automated import automated_classes
from activities.matching.case import Case, Match
from activities.matching.decision import Decision, Step
from activities.matching.endings import ask, block, hold, leave, record, withdraw
from activities.matching.hits import strongest
from activities.matching.projects import add, match_by_choice, match_by_participants
from activities.matching.words import Effect, Id, Kind, Outcome, Verdict

MOST_ADDRESSES = 500
"""A message to more addresses than this is not judged by its participants (B6)."""

Judge = Callable[[Case], Decision | None]


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: its id in the documentation, its name, the sentence for the user, and the test."""

    id: str
    name: str
    sentence: str
    judge: Judge


def rule(rule_id: str) -> Callable[[Judge], Rule]:
    """Make a rule of a function that has a sentence for a name and one for its user."""

    def make(judge: Judge) -> Rule:
        sentence = " ".join((judge.__doc__ or "").split())
        return Rule(rule_id, judge.__name__, sentence, judge)

    return make


@rule("R1")
def it_is_out_of_scope(case: Case) -> Decision | None:
    """Sync looks at the folders selected for the mailbox from its start date on, and never at
    drafts, spam or trash."""
    reason = case.copy.out_of_scope
    if reason is None or case.kept or case.copy.before is Outcome.LOGGED:
        return None
    return leave(case, "R1", reason.value)


@rule("R3")
def it_is_blocked(case: Case) -> Decision | None:
    """Nothing is stored of new mail with somebody on it whom a blocked entry matches."""
    if not case.hits or case.copy.redecision:
        return None
    entry = strongest(case.hits)
    return block(case, entry) if entry is not None and entry.effect is Effect.BLOCK else None


@rule("B2")
def its_sender_is_not_accepted(case: Case) -> Decision | None:
    """Mail to an inbound address has to come from one member who may write, with a sender that
    was authenticated, or be an authenticated answer to mail that is kept."""
    copy = case.copy
    if copy.verdict is not Verdict.HELD:
        return None
    return hold(case, copy.held_because.value if copy.held_because else "held")


@rule("R3")
def it_is_ignored(case: Case) -> Decision | None:
    """Mail with somebody on it whom an ignored or blocked entry matches is never recorded."""
    hits = case.hits or case.original_hits
    entry = strongest(hits) if hits else None
    if entry is None:
        return None
    code = "ignored" if entry.effect is Effect.IGNORE else "blocked_later"
    if not case.hits:
        code = "original_sender_ignored"
    banner = "blocked" if entry.effect is Effect.BLOCK else "ignored"
    return leave(case, "R3", code, (entry.id,), entry=entry, banner=banner)


@rule("B6")
def it_cannot_be_judged(case: Case) -> Decision | None:
    """Mail that is too large, cannot be read or has more than 500 addresses is not matched."""
    defect = case.copy.defect
    if defect is not None:
        return leave(case, "B6", defect.value, banner=defect.value)
    if len(case.knowns) > MOST_ADDRESSES:
        return leave(case, "B6", "too_many_addresses", banner="too_many_addresses")
    return None


@rule("R4")
def nobody_outside_is_on_it(case: Case) -> Decision | None:
    """Mail between colleagues only is not about a customer, whatever its thread."""
    if case.externals or case.original is not None:
        return None
    return leave(case, "R4", "internal_only")


@rule("V2")
def its_owner_took_it_back(case: Case) -> Decision | None:
    """A member who takes a mail back takes back every copy of theirs, until they send it to us
    or assign it again."""
    copy = case.copy
    if copy.taken_back_at is None or case.acted_after(copy.taken_back_at):
        return None
    if copy.owner_acted_at is not None and copy.owner_acted_at > copy.taken_back_at:
        return None
    return withdraw(case)


@rule("U2")
def it_was_dismissed(case: Case) -> Decision | None:
    """Mail that somebody dismissed as not about a customer comes back only by hand."""
    if case.copy.dismissed_at is None or match_by_choice(case):
        return None
    return leave(case, "U2", "dismissed")


@rule("R8")
def its_thread_was_added(case: Case) -> Decision | None:
    """Where a member added the thread to a project, its mail is recorded there for everybody who
    is matched in that project."""
    chosen = match_by_choice(case) if case.thread.choices else []
    if not chosen:
        return None
    if case.copy.dismissed_at is not None or _counts_as_automated(case) or _stays_private(case):
        return record(case, chosen, [], [])
    found = _match(case)
    for one in found.recorded:
        add(chosen, one)
    return record(case, chosen, found.ambiguous, found.failures)


@rule("R8")
def its_thread_was_taken_out(case: Case) -> Decision | None:
    """What somebody took out of a project stays out of it, until a person puts it back."""
    if not case.thread.choices and not case.copy.taken_out:
        return None
    found = _match(case)
    if found.recorded or found.ambiguous or not found.taken_out:
        return None
    projects: tuple[Id, ...] = tuple(dict.fromkeys(found.taken_out))
    return leave(case, "R8", "taken_out", projects, more=tuple(found.failures))


@rule("R11")
def a_machine_wrote_it(case: Case) -> Decision | None:
    """Delivery reports, automatic and calendar replies and bulk mail are not logged by sync,
    unless a contact stands in From or an admin lets the class through."""
    if not _counts_as_automated(case):
        return None
    kept_out = _classes_kept_out(case)
    return leave(case, "R11", kept_out[0], kept_out)


@rule("C1")
def its_mailbox_does_not_look_back(case: Case) -> Decision | None:
    """A later change logs earlier private mail only where the mailbox is set to look back."""
    if not _stays_private(case):
        return None
    found = _match(case)
    return leave(case, "C1", "no_look_back") if found.recorded or found.ambiguous else None


@rule("R5")
def somebody_is_recognised(case: Case) -> Decision | None:
    """Mail is recorded for every contact, and everybody at a company's domain, who fits exactly
    one project in scope or whose thread is placed in a project."""
    found = _match(case)
    if not found.recorded:
        return None
    return record(case, found.recorded, found.ambiguous, found.failures)


@rule("R7")
def somebody_fits_several_projects(case: Case) -> Decision | None:
    """Who fits several projects waits in Needs project until the owner of the mail has picked."""
    found = _match(case)
    if not found.ambiguous:
        return None
    if case.copy.owner_id is None:
        candidates = found.ambiguous[0].candidates
        return leave(case, "R7", "nobody_to_ask", (found.ambiguous[0].address, *candidates))
    return ask(case, found.ambiguous, found.failures)


@rule("R6")
def its_company_creates_no_contacts(case: Case) -> Decision | None:
    """Sync goes by a company's domain only in projects that create contacts from it."""
    return _leave_for(case, "R6")


@rule("R7")
def it_belongs_to_other_projects(case: Case) -> Decision | None:
    """Contacts and companies are matched only in the projects that this mail may go to."""
    return _leave_for(case, "R7")


@rule("V4")
def its_people_were_erased(case: Case) -> Decision | None:
    """An address that was erased on request matches nobody."""
    erased = [known for known in case.externals if known.taken.kind is Kind.ERASED]
    if not erased:
        return None
    return leave(case, "V4", "erased", tuple(known.taken.address for known in erased))


@rule("R9")
def nobody_is_recognised(case: Case) -> Decision | None:
    """Mail with nobody on it who is a contact or at a company's domain has nowhere to go."""
    return leave(case, "R9", "nobody_recognised")


def _match(case: Case) -> Match:
    if case.match is None:
        case.match = match_by_participants(case)
    return case.match


def _counts_as_automated(case: Case) -> bool:
    return case.from_sync and bool(_classes_kept_out(case)) and not case.sender_is_a_contact()


def _classes_kept_out(case: Case) -> tuple[str, ...]:
    if not case.copy.automated:
        return ()
    let_through = case.world.let_through
    classes = automated_classes(case.copy, case.world)
    return tuple(name.value for name in classes if name not in let_through)


def _stays_private(case: Case) -> bool:
    """Tell whether the change that asks is no reason to log this earlier private mail (C1)."""
    copy = case.copy
    if not copy.redecision or copy.looks_back or not case.from_sync:
        return False
    return copy.before not in (Outcome.LOGGED, Outcome.NEEDS_PROJECT)


def _leave_for(case: Case, rule_id: str) -> Decision | None:
    failures = _match(case).failures
    headline = next((step for step in failures if step.rule == rule_id), None)
    if headline is None:
        return None
    more: tuple[Step, ...] = tuple(step for step in failures if step is not headline)
    return leave(case, rule_id, headline.code, headline.args, more=more)
