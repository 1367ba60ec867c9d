"""Why a mail is where it is: each copy's stored decision, told in sentences (W1)."""

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from activities.matching.decision import Decision, Taken
from activities.matching.sentences import Sentence, headline, sentences
from activities.matching.words import Kind, State
from activities.models import Entry, Sighting
from activities.selectors.visible import Sight
from contacts.models import Company, Contact, Project


@dataclass(frozen=True, slots=True)
class Person:
    """One address on the mail and what it was taken for; `kind` is the engine's word."""

    address: str
    kind: str
    by: str
    name: str


@dataclass(frozen=True, slots=True)
class Why:
    """The decision on one copy, for one reader."""

    source: str
    outcome: str
    headline: str
    steps: tuple[Sentence, ...]
    people: tuple[Person, ...]
    owner: str
    mine: bool

    @property
    def passed(self) -> tuple[Sentence, ...]:
        """The rules that were asked before and let the mail pass."""
        return tuple(step for step in self.steps if step.state is State.PASSED)

    @property
    def telling(self) -> tuple[Sentence, ...]:
        """The steps that made the outcome what it is."""
        return tuple(step for step in self.steps if step.state is not State.PASSED)


def why_of(sight: Sight, copies: Iterable[Sighting]) -> list[Why]:
    """Explain the copies of one mail, the reader's own first. Three queries."""
    rows = sorted(copies, key=lambda copy: copy.owner_id != sight.member_id)
    names = names_in(sight, [copy.decision for copy in rows])
    return [
        explain(
            copy.decision,
            names,
            owner=copy.owner.name if copy.owner else "",
            mine=copy.owner_id == sight.member_id,
        )
        for copy in rows
    ]


def why_of_decision(sight: Sight, decision: Mapping[str, Any]) -> Why:
    """Explain one stored decision, such as a private row's. Three queries."""
    return explain(decision, names_in(sight, [decision]), owner="", mine=True)


def explain(data: Mapping[str, Any], names: Mapping[str, str], *, owner: str, mine: bool) -> Why:
    """Tell a stored decision with these names at hand."""
    decision = Decision.from_json(data)
    return Why(
        source=decision.source.value,
        outcome=decision.outcome.value,
        headline=headline(decision, dict(names)),
        steps=tuple(sentences(decision, dict(names))),
        people=tuple(_person(one, names) for one in decision.participants),
        owner=owner,
        mine=mine,
    )


def _person(taken: Taken, names: Mapping[str, str]) -> Person:
    # Whom another member's own entry names is that member's affair.
    if taken.entry_id is not None and str(taken.entry_id) not in names:
        return Person(taken.address, Kind.UNKNOWN.value, "", "")
    name = names.get(str(taken.contact_id or taken.company_id), "")
    return Person(taken.address, taken.kind.value, taken.by, name)


def names_in(sight: Sight, decisions: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    """The names behind the ids of these decisions, as far as the reader may know them.

    Projects that the reader does not see and other members' own entries stay without a name.
    """
    found = list(decisions)
    ids = {one for decision in found for one in _ids(decision)}
    names: dict[str, str] = {}
    projects = Project.objects.filter(
        workspace_id=sight.workspace_id, id__in=ids & sight.project_ids
    )
    names |= {str(row_id): name for row_id, name in projects.values_list("id", "name")}
    companies = Company.objects.filter(workspace_id=sight.workspace_id, id__in=ids)
    names |= {str(row_id): name for row_id, name in companies.values_list("id", "name")}
    contacts = Contact.objects.filter(workspace_id=sight.workspace_id, id__in=ids)
    names |= {str(row_id): name for row_id, name in contacts.values_list("id", "name") if name}
    entries = Entry.objects.filter(
        Q(member=None) | Q(member_id=sight.member_id),
        workspace_id=sight.workspace_id,
        id__in=ids,
    )
    names |= {str(row_id): value for row_id, value in entries.values_list("id", "value")}
    return names


def scrubbed(sight: Sight, decision: Mapping[str, Any]) -> dict[str, Any]:
    """The stored decision without the ids of projects and entries that the reader may not know."""
    ids = set(_ids(decision))
    projects = Project.objects.filter(workspace_id=sight.workspace_id, id__in=ids)
    hidden = {str(one) for one in projects.values_list("id", flat=True)}
    hidden -= {str(one) for one in sight.project_ids}
    entries = Entry.objects.filter(workspace_id=sight.workspace_id, id__in=ids)
    foreign = entries.exclude(member=None).exclude(member_id=sight.member_id)
    hidden |= {str(one) for one in foreign.values_list("id", flat=True)}
    kept: dict[str, Any] = _without(dict(decision), hidden)
    return kept


def _without(value: Any, hidden: set[str]) -> Any:
    if isinstance(value, dict):
        told = {key: _without(one, hidden) for key, one in value.items()}
        if "kind" in told and value.get("entry_id") in hidden:
            told |= {"kind": Kind.UNKNOWN.value, "by": ""}
        return told
    if isinstance(value, list):
        return [_without(one, hidden) for one in value]
    return None if isinstance(value, str) and value in hidden else value


def _ids(value: Any) -> Iterable[uuid.UUID]:
    if isinstance(value, dict):
        value = value.values()
    if isinstance(value, str):
        try:
            yield uuid.UUID(value)
        except ValueError:
            return
    elif not isinstance(value, bool | int | float | type(None)):
        for one in value:
            yield from _ids(one)
