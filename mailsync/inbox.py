"""A member's own mail, folder by folder: what is logged and what only they see, in one list."""

import heapq
import uuid
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest

from accounts import keyset
from activities.mail.message import ParsedMessage, Role
from activities.models import (
    Activity,
    Assignment,
    PendingParticipant,
    PrivateMessage,
    Sighting,
    Thread,
)
from activities.selectors.visible import Sight
from activities.selectors.why import explain, names_in
from contacts.models import Project
from mailsync.models import Folder, Mailbox

SHOWN = ("all", "logged", "needs_project", "not_logged")
PAGE = 50

Row = PrivateMessage | Sighting


@dataclass(frozen=True, slots=True)
class MailLine:
    """One mail of a folder. `activity_id` is None for a mail that only its owner sees.

    `projects` are those that the reader sees it in, `candidates` those that it waits for.
    """

    id: uuid.UUID
    activity_id: uuid.UUID | None
    thread_id: uuid.UUID
    who: str
    address: str
    subject: str
    at: datetime
    unread: bool
    outgoing: bool
    outcome: str
    reason: str
    projects: tuple[Project, ...]
    candidates: tuple[Project, ...]


@dataclass(frozen=True, slots=True)
class MailPage:
    lines: list[MailLine]
    next_url: str


def mail_page(
    request: HttpRequest, sight: Sight, mailbox: Mailbox, folder: Folder | None, show: str
) -> MailPage:
    """One page of a folder (None: all of an imported mailbox), newest first.

    A constant number of queries. Two copies of a mail in two folders are two lines, one in each.
    """
    private, shared = _rows(sight, mailbox, folder, show)
    first = keyset.page(request, private, by="received_at", size=PAGE)
    second = keyset.page(request, shared, by="received_at", size=PAGE)
    both: list[list[Any]] = [list(first.rows), list(second.rows)]
    merged = heapq.merge(*both, key=lambda row: (row.received_at, row.id), reverse=True)
    rows = list(islice(merged, PAGE))
    more = bool(first.next_url or second.next_url) or sum(map(len, both)) > PAGE
    next_url = keyset.url_after(request, rows[-1], by="received_at") if rows and more else ""
    return MailPage(_lines(sight, rows), next_url)


def private_mail_of(sight: Sight, private_id: uuid.UUID) -> PrivateMessage | None:
    """One unlogged mail of the member's own, or None."""
    rows = PrivateMessage.objects.filter(
        workspace_id=sight.workspace_id, owner_id=sight.member_id, id=private_id
    )
    return rows.select_related("thread", "channel").first()


def _rows(
    sight: Sight, mailbox: Mailbox, folder: Folder | None, show: str
) -> tuple[QuerySet[PrivateMessage], QuerySet[Sighting]]:
    way = {
        "workspace_id": sight.workspace_id,
        "channel_id": mailbox.channel_id,
        "owner_id": sight.member_id,
    }
    private = PrivateMessage.objects.filter(**way)
    shared = Sighting.objects.filter(**way, gone_at=None).select_related("message")
    if folder is not None:
        private = private.filter(scopes__contains=[folder.provider_id])
        shared = shared.filter(scopes__contains=[folder.provider_id])
    if show == "needs_project":
        return private.filter(outcome=show), shared.filter(outcome=show)
    if show == "not_logged":
        return private.filter(outcome=show), shared.none()
    if show == "logged":
        return private.none(), shared.exclude(outcome="needs_project")
    return private, shared


def _lines(sight: Sight, rows: list[Row]) -> list[MailLine]:
    shared = [row.message_id for row in rows if isinstance(row, Sighting)]
    activities = dict(
        Activity.objects.filter(workspace_id=sight.workspace_id, message_id__in=shared).values_list(
            "message_id", "id"
        )
    )
    projects = _projects(sight, activities.values())
    roots, candidates = _waiting(sight, {_thread_id(row) for row in rows})
    names = names_in(sight, [row.decision for row in rows])
    return [_line(row, activities, projects, roots, candidates, names) for row in rows]


def _line(
    row: Row,
    activities: dict[uuid.UUID, uuid.UUID],
    projects: dict[uuid.UUID, tuple[Project, ...]],
    roots: dict[uuid.UUID, uuid.UUID],
    candidates: dict[uuid.UUID, tuple[Project, ...]],
    names: dict[str, str],
) -> MailLine:
    headers = row.message.headers if isinstance(row, Sighting) else row.headers
    activity_id = activities.get(row.message_id) if isinstance(row, Sighting) else None
    outgoing = row.direction == Sighting.Direction.OUT
    who, address = writer(ParsedMessage.from_json(headers), outgoing=outgoing)
    root = roots.get(_thread_id(row), _thread_id(row))
    return MailLine(
        id=row.id,
        activity_id=activity_id,
        thread_id=root,
        who=who,
        address=address,
        subject=row.message.subject if isinstance(row, Sighting) else row.subject,
        at=row.received_at,
        unread="seen" not in row.flags and not outgoing,
        outgoing=outgoing,
        outcome=row.outcome,
        reason=explain(row.decision, names, owner="", mine=True).headline,
        projects=projects.get(activity_id, ()) if activity_id else (),
        candidates=candidates.get(root, ()),
    )


def writer(message: ParsedMessage, *, outgoing: bool) -> tuple[str, str]:
    """Name and address of who wrote; of the first who was written to for mail of one's own."""
    people = message.with_role(Role.TO, Role.CC) if outgoing else message.with_role(Role.FROM)
    first = next(iter(people or message.participants), None)
    if first is None:
        return "", ""
    return first.name or first.address, first.address if first.name else ""


def _thread_id(row: Row) -> uuid.UUID:
    return row.message.thread_id if isinstance(row, Sighting) else row.thread_id


def _projects(
    sight: Sight, activity_ids: Iterable[uuid.UUID]
) -> dict[uuid.UUID, tuple[Project, ...]]:
    found: dict[uuid.UUID, dict[uuid.UUID, Project]] = defaultdict(dict)
    rows = Assignment.objects.filter(
        workspace_id=sight.workspace_id,
        activity_id__in=list(activity_ids),
        project_id__in=sight.project_ids,
    )
    for row in rows.select_related("project").order_by("project__name", "id"):
        found[row.activity_id][row.project_id] = row.project
    return {activity_id: tuple(some.values()) for activity_id, some in found.items()}


def _waiting(
    sight: Sight, thread_ids: set[uuid.UUID]
) -> tuple[dict[uuid.UUID, uuid.UUID], dict[uuid.UUID, tuple[Project, ...]]]:
    """The root of each thread, and by root the projects that the member is asked about."""
    threads = Thread.objects.filter(workspace_id=sight.workspace_id, id__in=thread_ids)
    roots = dict(threads.values_list("id", "root_id"))
    waiting = PendingParticipant.objects.filter(
        workspace_id=sight.workspace_id,
        owner_id=sight.member_id,
        thread__root_id__in=set(roots.values()),
    ).values_list("thread__root_id", "candidates")
    asked: dict[uuid.UUID, set[uuid.UUID]] = defaultdict(set)
    for root, some in waiting:
        asked[root].update(some)
    wanted = {one for some in asked.values() for one in some} & sight.project_ids
    projects = Project.objects.filter(workspace_id=sight.workspace_id, id__in=wanted)
    ordered = list(projects.order_by("name", "id"))
    return roots, {
        root: tuple(project for project in ordered if project.id in some)
        for root, some in asked.items()
    }
