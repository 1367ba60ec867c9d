"""One thread for one reader: its mail, the choices people made, and where it may go (R8)."""

import uuid
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext as _

from activities.models import (
    Activity,
    Assignment,
    Participant,
    PendingParticipant,
    PrivateMessage,
    PrivateParticipant,
    Thread,
    ThreadChoice,
)
from activities.selectors.lines import title_of
from activities.selectors.visible import Sight, seen
from contacts import directory
from contacts.addresses import domain_of, suffixes, without_tag
from contacts.models import Project


@dataclass(frozen=True, slots=True)
class Place:
    """A project as a place for a thread: who is matched there, and what people chose.

    `contacts` have a profile in it (R5), `companies` are in it and somebody is at their domain
    (R6). `chosen` is True where a person added the thread, False where one took it out, None
    otherwise. `recorded` says that mail of the thread stands in it, `waits` that somebody on the
    thread waits for just this choice.
    """

    project: Project
    contacts: tuple[str, ...]
    companies: tuple[str, ...]
    chosen: bool | None
    recorded: bool
    waits: bool

    @property
    def people(self) -> tuple[str, ...]:
        return tuple(sorted({*self.contacts, *self.companies}))

    @property
    def is_in(self) -> bool:
        return self.recorded or bool(self.chosen)


@dataclass(frozen=True, slots=True)
class Places:
    """The projects as the building icon shows them: where the thread is, and three bands."""

    inside: tuple[Place, ...]
    fitting: tuple[Place, ...]
    suggested: tuple[Place, ...]
    empty: tuple[Place, ...]

    @classmethod
    def of(cls, places: Iterable[Place]) -> "Places":
        bands: dict[str, list[Place]] = defaultdict(list)
        for place in places:
            bands[_band(place)].append(place)
        return cls(*(tuple(bands[name]) for name in ("inside", "fitting", "suggested", "empty")))

    @property
    def addable(self) -> bool:
        return bool(self.fitting or self.suggested)


def _band(place: Place) -> str:
    if place.is_in:
        return "inside"
    if place.contacts:
        return "fitting"
    return "suggested" if place.companies else "empty"


def thread_of(workspace_id: uuid.UUID, thread_id: uuid.UUID) -> Thread | None:
    """The root of the thread with this id; joined threads are one."""
    row = Thread.objects.filter(workspace_id=workspace_id, id=thread_id).select_related("root")
    found = row.first()
    return found.root if found else None


def family(workspace_id: uuid.UUID, root_id: uuid.UUID) -> list[uuid.UUID]:
    """The ids of a thread and of those that were joined to it."""
    rows = Thread.objects.filter(workspace_id=workspace_id, root_id=root_id)
    return list(rows.values_list("id", flat=True))


def shared_mail(sight: Sight, threads: Iterable[uuid.UUID]) -> QuerySet[Activity]:
    """The thread's activities that the reader may see."""
    return seen(sight).filter(thread_id__in=list(threads)).order_by("occurred_at", "id")


def private_mail(sight: Sight, threads: Iterable[uuid.UUID]) -> QuerySet[PrivateMessage]:
    """The reader's own unlogged copies in the thread."""
    rows = PrivateMessage.objects.filter(
        workspace_id=sight.workspace_id, owner_id=sight.member_id, thread_id__in=list(threads)
    )
    return rows.order_by("received_at", "id")


def subject_of(sight: Sight, threads: list[uuid.UUID]) -> str | None:
    """What the thread is called for the reader; None where they may see nothing of it."""
    shared = shared_mail(sight, threads).select_related("message").first()
    if shared is not None:
        return title_of(shared)
    alone = private_mail(sight, threads).first()
    return None if alone is None else alone.subject or _("No subject")


def own_private(sight: Sight, private_id: uuid.UUID) -> PrivateMessage | None:
    """One of the reader's own unlogged copies."""
    rows = PrivateMessage.objects.filter(
        workspace_id=sight.workspace_id, owner_id=sight.member_id, id=private_id
    )
    return rows.select_related("thread", "channel").first()


def choices(workspace_id: uuid.UUID, threads: Iterable[uuid.UUID]) -> dict[uuid.UUID, ThreadChoice]:
    """The last act of a person in each project."""
    rows = ThreadChoice.objects.filter(workspace_id=workspace_id, thread_id__in=list(threads))
    return {
        row.project_id: row for row in rows.select_related("member").order_by("chosen_at", "id")
    }


def places(sight: Sight, threads: list[uuid.UUID]) -> list[Place]:
    """Every project of the reader's as a place for the thread, the fitting ones first.

    Who is on the thread is asked of the mail that the reader may see. A constant number of
    queries.
    """
    contacts, companies = _matched(sight, threads)
    made = choices(sight.workspace_id, threads)
    wait = PendingParticipant.objects.filter(
        workspace_id=sight.workspace_id, thread_id__in=threads
    ).values_list("candidates", flat=True)
    waiting = {project_id for candidates in wait for project_id in candidates}
    recorded = _recorded(sight, threads)
    found = [
        Place(
            project,
            tuple(sorted(contacts.get(project.id, ()))),
            tuple(sorted(companies.get(project.id, ()))),
            made[project.id].added if project.id in made else None,
            project.id in recorded,
            project.id in waiting,
        )
        for project in Project.objects.filter(
            workspace_id=sight.workspace_id, id__in=sight.project_ids
        ).order_by("name", "id")
    ]
    return sorted(found, key=lambda place: (not place.waits, not place.people))


def matched_people(sight: Sight, threads: list[uuid.UUID]) -> dict[uuid.UUID, set[str]]:
    """The names of those on the thread who are matched in each project (R5, R6)."""
    contacts, companies = _matched(sight, threads)
    return {
        project_id: contacts.get(project_id, set()) | companies.get(project_id, set())
        for project_id in {*contacts, *companies}
    }


_Names = dict[uuid.UUID, set[str]]


def _matched(sight: Sight, threads: list[uuid.UUID]) -> tuple[_Names, _Names]:
    """By project the contacts with a profile in it, and the companies that somebody is at."""
    bases = _addresses(sight, threads)
    workspace_id = sight.workspace_id
    internal = directory.internal_domains(workspace_id)
    outside = {one for one in bases if not internal.intersection(suffixes(domain_of(one)))}
    known_contacts = directory.contacts_by_address(workspace_id, outside)
    domains = {parent for one in outside for parent in suffixes(domain_of(one))}
    known, companies = directory.companies_by_domain(workspace_id, domains)
    by_contact: _Names = defaultdict(set)
    by_company: _Names = defaultdict(set)
    for address in outside:
        contact = known_contacts.get(address)
        for project_id in contact.projects if contact else ():
            by_contact[project_id].add(contact.name or address)  # type: ignore[union-attr]
        if contact is not None and contact.profiles_chosen:
            continue
        owner = next((known[one] for one in suffixes(domain_of(address)) if one in known), None)
        if owner and len(owner.company_ids) == 1 and not owner.shared and not owner.public:
            company = companies[owner.company_ids[0]]
            for project_id in company.projects:
                by_company[project_id].add(company.name)
    return by_contact, by_company


def _recorded(sight: Sight, threads: list[uuid.UUID]) -> set[uuid.UUID]:
    """The projects in which mail of the thread stands, as far as the reader sees them."""
    rows = Assignment.objects.filter(
        workspace_id=sight.workspace_id,
        activity__thread_id__in=threads,
        project_id__in=sight.project_ids,
    )
    return set(rows.values_list("project_id", flat=True))


def _addresses(sight: Sight, threads: list[uuid.UUID]) -> set[str]:
    mail = seen(sight).filter(thread_id__in=threads, message=OuterRef("message"))
    shared = Participant.objects.filter(
        Exists(mail), workspace_id=sight.workspace_id, message__thread_id__in=threads
    ).values_list("address", flat=True)
    own = PrivateParticipant.objects.filter(
        workspace_id=sight.workspace_id,
        owner_id=sight.member_id,
        private_message__thread_id__in=threads,
    ).values_list("base", flat=True)
    found = {*shared[:5000], *own[:5000]}
    return found | {without_tag(address) for address in found}
