"""The two queues: Unassigned (nobody known) and Needs project (known, several fit)."""

import uuid
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet

from activities.models import Activity, Participant, PendingParticipant
from activities.selectors.lines import Line, title_of, writer_of
from activities.selectors.queue_filters import Filters, narrowed
from activities.selectors.visible import Sight, seen, waiting
from contacts.addresses import is_public_mail_domain
from contacts.models import Company, CompanyDomain, Project

MOST_COUNTED = 99
IN_A_GROUP = 4


@dataclass(frozen=True, slots=True)
class Group:
    """The waiting mail of one domain. `companies` use the domain; several share it."""

    domain: str
    lines: tuple[Line, ...]
    ids: tuple[uuid.UUID, ...]
    companies: tuple[Company, ...]
    public: bool

    @property
    def count(self) -> int:
        return len(self.ids)

    @property
    def hidden(self) -> int:
        return self.count - len(self.lines)


@dataclass(frozen=True, slots=True)
class Waiting:
    """One thread in Needs project, and the projects that somebody on it fits."""

    thread_id: uuid.UUID
    activity: Activity | None
    at: datetime
    subject: str
    who: str
    addresses: tuple[str, ...]
    candidates: tuple[Project, ...]
    mine: bool


def unassigned(sight: Sight, filters: Filters) -> QuerySet[Activity]:
    """What waits in Unassigned for this member, narrowed by the filters of the page."""
    return narrowed(waiting(sight), sight, filters)


def groups_of(
    workspace_id: uuid.UUID, lines: Sequence[Line], *, most: int = IN_A_GROUP
) -> list[Group]:
    """The rows of a page by domain, ordered by their newest; nobody outside comes last."""
    by_domain: dict[str, list[Line]] = defaultdict(list)
    for line in lines:
        by_domain[line.group_domain].append(line)
    owners = _companies(workspace_id, by_domain.keys())
    groups = [
        Group(
            domain,
            tuple(found[:most]),
            tuple(line.id for line in found),
            tuple(owners.get(domain, ())),
            is_public_mail_domain(domain),
        )
        for domain, found in by_domain.items()
    ]
    return sorted(groups, key=lambda group: not group.domain)


def needs_project(sight: Sight) -> QuerySet[PendingParticipant]:
    """The newest waiting participant of each thread that the member may see, one a thread.

    The owner's own threads, and those of which a message is an activity that the member sees.
    """
    visible = _visible_pending(sight)
    newer = visible.filter(thread__root=OuterRef("thread__root")).filter(
        Q(occurred_at__gt=OuterRef("occurred_at"))
        | Q(occurred_at=OuterRef("occurred_at"), id__gt=OuterRef("id"))
    )
    rows = visible.filter(~Exists(newer))
    return rows.select_related(
        "thread", "activity__message", "private_message", "contact", "company"
    )


def waiting_threads(sight: Sight, heads: Iterable[PendingParticipant]) -> list[Waiting]:
    """What each row of Needs project shows. Four queries, whatever the rows."""
    rows = list(heads)
    roots = {row.thread.root_id for row in rows}
    everybody = defaultdict(list)
    for one in _visible_pending(sight).filter(thread__root__in=roots).select_related("thread"):
        everybody[one.thread.root_id].append(one)
    activities = {
        one.id: one
        for one in seen(sight)
        .filter(id__in=[row.activity_id for row in rows if row.activity_id])
        .select_related("message")
        .prefetch_related(
            Prefetch(
                "message__participants",
                Participant.objects.filter(
                    workspace_id=sight.workspace_id, position__lt=5
                ).order_by("position"),
            )
        )
    }
    projects = {
        one.id: one
        for one in Project.objects.filter(workspace_id=sight.workspace_id, id__in=sight.project_ids)
    }
    return [
        _waiting(sight, row, everybody[row.thread.root_id], activities, projects) for row in rows
    ]


def count_unassigned(sight: Sight) -> int:
    """How many wait, counted no further than anybody reads."""
    return len(waiting(sight).values_list("id", flat=True)[: MOST_COUNTED + 1])


def count_needs_project(sight: Sight) -> int:
    """How many threads wait for the member's own choice, as far as anybody reads."""
    rows = PendingParticipant.objects.filter(
        workspace_id=sight.workspace_id, owner_id=sight.member_id
    )
    return len(rows.order_by().values_list("thread__root_id").distinct()[: MOST_COUNTED + 1])


def _visible_pending(sight: Sight) -> QuerySet[PendingParticipant]:
    shared = seen(sight).filter(pk=OuterRef("activity"))
    return PendingParticipant.objects.filter(
        Q(owner_id=sight.member_id) | Q(Exists(shared)), workspace_id=sight.workspace_id
    )


def _waiting(
    sight: Sight,
    row: PendingParticipant,
    everybody: list[PendingParticipant],
    activities: dict[uuid.UUID, Activity],
    projects: dict[uuid.UUID, Project],
) -> Waiting:
    activity = activities.get(row.activity_id) if row.activity_id else None
    subject, who = "", ""
    if activity is not None and activity.message is not None:
        subject, who = title_of(activity), writer_of(activity)[0]
    elif row.private_message is not None:
        subject = row.private_message.subject
        who = _writer(row.private_message.headers)
    ids = dict.fromkeys(project_id for one in everybody for project_id in one.candidates)
    found = [projects[project_id] for project_id in ids if project_id in projects]
    return Waiting(
        thread_id=row.thread.root_id,
        activity=activity,
        at=row.occurred_at,
        subject=subject,
        who=who or row.address,
        addresses=tuple(dict.fromkeys(one.address for one in everybody)),
        candidates=tuple(sorted(found, key=lambda project: project.name.lower())),
        mine=any(one.owner_id == sight.member_id for one in everybody),
    )


def _writer(headers: dict[str, list[list[str]]]) -> str:
    for role, address, name in headers.get("participants", ()):
        if role == "from":
            return name or address
    return ""


def _companies(workspace_id: uuid.UUID, domains: Iterable[str]) -> dict[str, list[Company]]:
    rows = CompanyDomain.objects.filter(workspace_id=workspace_id, domain__in=list(domains))
    found: dict[str, list[Company]] = defaultdict(list)
    for row in rows.select_related("company").order_by("company__name", "id"):
        found[row.domain].append(row.company)
    return found
