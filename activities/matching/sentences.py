"""A decision in plain English: what was asked, what decided, and what would change it (W1)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from activities.matching.decision import Ambiguous, Decision, Recorded, Step
from activities.matching.engine import RULES
from activities.matching.facts import Past
from activities.matching.reasons import REASONS, REMEDIES, UNKNOWN_REASON, Reason
from activities.matching.words import Id, Outcome, State

Names = Mapping[Id, str]


@dataclass(frozen=True, slots=True)
class Sentence:
    """One step for the page. `remedy` is the code of the button that would change the outcome,
    with its sentence; both are empty where nothing is to be changed."""

    rule: str
    state: State
    text: str
    remedy: str = ""
    remedy_text: str = ""


_RULE_SENTENCES = {rule.name: rule.sentence for rules in RULES.values() for rule in rules}

_OPENINGS = {
    Outcome.LOGGED: "Logged.",
    Outcome.NEEDS_PROJECT: "Waiting for a project.",
    Outcome.UNASSIGNED: "Kept as unassigned.",
    Outcome.NOT_LOGGED: "Not logged.",
    Outcome.BLOCKED: "Blocked.",
    Outcome.HELD: "Held.",
}


def sentences(decision: Decision, names: Names) -> list[Sentence]:
    """Tell the steps of a decision, in the order in which they were taken.

    `names` gives the names of the projects, companies and entries that the reader may know; the
    others are spoken of without their name. Ids may be given as they are or as text.
    """
    names = {str(identity): name for identity, name in names.items()}
    passed = [step for step in decision.steps if step.state is State.PASSED]
    failed = [step for step in decision.steps if step.state is not State.PASSED]
    told = [
        Sentence(step.rule, State.PASSED, _RULE_SENTENCES.get(step.code, "")) for step in passed
    ]
    if decision.recorded or decision.ambiguous:
        told.extend(_tell_recorded(one, names) for one in decision.recorded)
        told.extend(_tell_ambiguous(one, names) for one in decision.ambiguous)
        told.extend(_tell_kept(one, names) for one in decision.kept)
        told.extend(_tell_failed(step, names) for step in failed)
    else:
        told.extend(_tell_failed(step, names) for step in failed)
        told.extend(_tell_kept(one, names) for one in decision.kept)
    return [sentence for sentence in told if sentence.text]


def headline(decision: Decision, names: Names) -> str:
    """Say in one breath what became of the mail and why."""
    spoken = [one for one in sentences(decision, names) if one.state is not State.PASSED]
    if decision.outcome is Outcome.LOGGED:
        spoken = [one for one in spoken if one.state is State.DECIDED] or spoken
    opening = _OPENINGS[decision.outcome]
    return f"{opening} {spoken[0].text}" if spoken else opening


def _tell_recorded(one: Recorded, names: Names) -> Sentence:
    project = names.get(str(one.project_id), "a project")
    company = names.get(str(one.company_id), "a company")
    who = {
        "R5": f"{one.address} is a contact in {project}",
        "R6": f"{one.address} is at a domain of {company}, which is in {project}",
        "R7": f"The thread of this mail belongs to {project}, where {one.address} is matched",
        "R8": f"A member added the thread to {project}, where {one.address} is matched",
        "R12": f"Another copy of this mail is logged in {project} for {one.address}",
        "B4": f"{one.address} wrote the forwarded mail and is a contact in {project}",
    }.get(one.rule, f"{one.address} is matched in {project}")
    return Sentence(one.rule, State.DECIDED, f"{who}, so it is logged {_target(one, company)}.")


def _target(one: Recorded, company: str) -> str:
    if one.refines:
        return "on the contact's profile, where it stood on the company alone before"
    if one.creates_contact:
        return "on the profile of a contact made for this address"
    if one.creates_profile:
        return "on a profile made for this contact"
    if one.contact_id is None:
        return f"on {company} alone"
    return "on the contact's profile"


def _tell_ambiguous(one: Ambiguous, names: Names) -> Sentence:
    projects = _listed([names.get(str(each), "another project") for each in one.candidates], "or")
    text = f"{one.address} fits {projects}, so the owner of the mail picks."
    if len(one.candidates) == 1:
        text = f"{one.address} fits several projects, of which {projects} is open; its owner picks."
    return Sentence("R7", State.DECIDED, text, "pick_project", REMEDIES["pick_project"])


def _tell_kept(one: Past, names: Names) -> Sentence:
    project = names.get(str(one.project_id), "a project")
    about = f" for {one.address}" if one.address else ""
    return Sentence("C1", State.DECIDED, f"It is on record in {project}{about} and stays there.")


def _tell_failed(step: Step, names: Names) -> Sentence:
    reason = REASONS.get(step.code, UNKNOWN_REASON)
    remedy = reason.remedy
    text = reason.text.format(**_arguments(reason, step, names))
    return Sentence(step.rule, step.state, text, remedy, REMEDIES.get(remedy, ""))


def _arguments(reason: Reason, step: Step, names: Names) -> dict[str, str]:
    """Fill the words of a reason: the last kind takes all arguments that are left."""
    found: dict[str, str] = {}
    for place, kind in enumerate(reason.arguments):
        is_last = place == len(reason.arguments) - 1
        values = step.args[place:] if is_last else step.args[place : place + 1]
        found[kind] = _listed(list(dict.fromkeys(_named(kind, one, names) for one in values)))
    return found


_UNNAMED = {
    "entry": "an entry of its owner",
    "company": "a company",
    "project": "a project",
    "projects": "other projects",
}


def _named(kind: str, value: Id, names: Names) -> str:
    if kind in _UNNAMED:
        return names.get(str(value), _UNNAMED[kind])
    return str(value).replace("_", " ") if kind == "classes" else str(value)


def _listed(words: Iterable[str], last: str = "and") -> str:
    *first, final = list(words) or [""]
    return f"{', '.join(first)} {last} {final}" if first else final
