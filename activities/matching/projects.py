"""Where the participants of one copy are recorded (R5-R8)."""

from activities.matching.automated import automated_classes
from activities.matching.case import Case, Match
from activities.matching.decision import Ambiguous, Recorded, Step
from activities.matching.facts import Past, ProjectFact
from activities.matching.recognition import Known
from activities.matching.words import Id, State, Verdict
from contacts.addresses import is_no_reply

MOST_OUTSIDERS_TO_CREATE = 25
"""A message with more outsiders than this creates nobody (R6)."""


def match_by_choice(case: Case) -> list[Recorded]:
    """Record everybody who is matched in a project that a member added the thread to (R8)."""
    recorded: list[Recorded] = []
    for project_id in case.chosen_projects() if case.thread.choices else ():
        project = case.world.projects.get(project_id)
        if project is None:
            continue
        for known in case.externals:
            if _fits(known, project, case) and not _stands_there(case, known, project_id):
                add(recorded, _record(case, known, project, "R8"))
    return recorded


def match_by_participants(case: Case) -> Match:
    """Record each linked participant in the one project that fits, or ask for a choice (R5-R7).

    Who has something on record through this copy is not looked at again (C1).
    """
    found = Match()
    removed = case.removed()
    all_projects = case.world.projects
    in_scope = [all_projects[each] for each in case.scope if each in all_projects]
    for known in case.externals if case.original is None else [*case.externals, case.original]:
        if known.contact is None and known.company is None:
            continue
        if case.copy.past and _has_a_record(case, known):
            _refine(case, known, found)
            continue
        candidates = _candidates(case, known, in_scope)
        if not candidates:
            found.failures.append(_why_nowhere(case, known))
            continue
        chosen, rule = _settle(case, known, candidates)
        if not chosen:
            _ask(known, candidates, removed, found)
        for project in chosen:
            if project.id in removed:
                found.taken_out.append(project.id)
            else:
                add(found.recorded, _record(case, known, project, rule))
    return found


def _candidates(case: Case, known: Known, in_scope: list[ProjectFact]) -> list[ProjectFact]:
    contact = known.contact
    if known is case.original and contact is not None:
        # A forward goes by profiles only, so that it never makes one (B4).
        return [project for project in in_scope if project.id in contact.projects]
    if case.copy.profile is not None and _was_written_from_its_profile(case, known):
        return in_scope
    return [project for project in in_scope if _fits(known, project, case)]


def _fits(known: Known, project: ProjectFact, case: Case) -> bool:
    """Tell whether somebody is matched in a project: by a profile, else by the company there.

    Sync asks for a company only where the project creates contacts from its domain (R6).
    """
    contact, company = known.contact, known.company
    if contact is not None and project.id in contact.projects:
        return True
    if company is None or project.id not in company.projects:
        return False
    return project.creates_contacts or not case.from_sync


def _was_written_from_its_profile(case: Case, known: Known) -> bool:
    profile, contact = case.copy.profile, known.contact
    return profile is not None and contact is not None and contact.id == profile.contact_id


def _settle(
    case: Case, known: Known, candidates: list[ProjectFact]
) -> tuple[list[ProjectFact], str]:
    """Choose among the candidates: the only one, those that the thread is placed in, or those
    that another copy of this message was recorded in (R12)."""
    if len(candidates) == 1:
        return candidates, _rule_of(case, known, candidates[0])
    placed = case.placed()
    settled = [project for project in candidates if project.id in placed]
    if settled:
        return settled, "R7" if known is not case.original else "B4"
    earned = {past.project_id for past in case.copy.past if _is_about(past, known)}
    return [project for project in candidates if project.id in earned], "R12"


def _rule_of(case: Case, known: Known, project: ProjectFact) -> str:
    if known is case.original:
        return "B4"
    if case.copy.profile is not None and _was_written_from_its_profile(case, known):
        return "R7"
    return "R5" if known.contact is not None and project.id in known.contact.projects else "R6"


def _ask(known: Known, candidates: list[ProjectFact], removed: frozenset[Id], found: Match) -> None:
    """Leave the choice to a person. A project that one was taken out of is not offered again,
    and is no hint for the others."""
    open_ids = tuple(project.id for project in candidates if project.id not in removed)
    if not open_ids:
        found.taken_out.extend(project.id for project in candidates)
        return
    contact_id = known.contact.id if known.contact else None
    if contact_id is None or all(contact_id != other.contact_id for other in found.ambiguous):
        taken = known.taken
        found.ambiguous.append(Ambiguous(taken.address, contact_id, taken.company_id, open_ids))


def _record(case: Case, known: Known, project: ProjectFact, rule: str) -> Recorded:
    taken, contact = known.taken, known.contact
    contact_id = contact.id if contact is not None else None
    company_id = taken.company_id
    makes_contact = makes_profile = False
    has_profile = contact is not None and project.id in contact.projects
    if not has_profile and not _was_written_from_its_profile(case, known):
        if project.creates_contacts and _may_create(case) and not is_no_reply(taken.address):
            makes_contact, makes_profile = contact is None, True
        else:
            # The company that the domain names is the target, and nobody's profile.
            contact_id = None
            company_id = known.company.id if known.company is not None else company_id
    return Recorded(
        taken.address,
        project.id,
        contact_id,
        company_id,
        makes_contact,
        makes_profile,
        project.interaction_type,
        rule,
        bool(case.copy.past) and contact_id is not None and _refines(case, known, project.id),
    )


def _may_create(case: Case) -> bool:
    """A mass mail, a machine's mail and a customer's accepted answer create nobody (R6, B2)."""
    copy = case.copy
    return (
        len(case.externals) <= MOST_OUTSIDERS_TO_CREATE
        and copy.verdict is not Verdict.REPLY
        and not automated_classes(copy, case.world)
    )


def add(recorded: list[Recorded], one: Recorded) -> None:
    """Two addresses of one contact are one record."""
    for other in recorded:
        if other.project_id == one.project_id and (
            other.address == one.address
            or (one.contact_id is not None and other.contact_id == one.contact_id)
        ):
            return
    recorded.append(one)


def _has_a_record(case: Case, known: Known) -> bool:
    redecision = case.copy.redecision
    return any(
        _is_about(past, known) and (past.here or (redecision and past.by_person))
        for past in case.copy.past
    )


def _stands_there(case: Case, known: Known, project_id: Id) -> bool:
    return any(
        past.here
        and past.project_id == project_id
        and _is_about(past, known)
        and not _refines(case, known, project_id)
        for past in case.copy.past
    )


def _is_about(past: Past, known: Known) -> bool:
    contact = known.contact
    return past.address == known.taken.address or (
        contact is not None and past.contact_id == contact.id
    )


def _refine(case: Case, known: Known, found: Match) -> None:
    """Turn what the engine recorded on a company alone into its contact's (R6)."""
    for past in case.copy.past:
        project = case.world.projects.get(past.project_id)
        if project is not None and _refines(case, known, project.id):
            add(found.recorded, _record(case, known, project, "R6"))


def _refines(case: Case, known: Known, project_id: Id) -> bool:
    contact = known.contact
    if contact is None or project_id not in contact.projects:
        return False
    mine = [past for past in case.copy.past if past.project_id == project_id]
    return any(
        past.contact_id is None and not past.by_person and past.address == known.taken.address
        for past in mine
    ) and all(past.contact_id != contact.id for past in mine)


def _why_nowhere(case: Case, known: Known) -> Step:
    """Say why a known participant is matched in no project in scope."""
    address, contact, company = known.taken.address, known.contact, known.company
    if company is not None:
        for project_id in case.scope:
            if project_id in company.projects and project_id in case.world.projects:
                return Step(
                    "R6", State.FAILED, "creates_no_contacts", (address, company.id, project_id)
                )
    elsewhere: set[Id] = set(contact.projects) if contact is not None else set()
    if company is not None:
        elsewhere.update(company.projects)
    if not elsewhere:
        return Step("R7", State.FAILED, "in_no_project", (address,))
    return Step("R7", State.FAILED, "in_other_projects", (address, *sorted(elsewhere, key=str)))
