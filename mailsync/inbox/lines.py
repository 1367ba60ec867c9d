"""What each thread of a list shows: its people, its count, where it stands and why."""

import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import F, QuerySet, Window
from django.db.models.functions import RowNumber
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from activities.mail.message import ParsedMessage, Role
from activities.matching.words import State
from activities.models import (
    PrivateMessage,
    Sighting,
    Thread,
)
from activities.selectors.visible import Sight
from activities.selectors.why import Why, explain, names_in
from contacts.models import Project
from mailsync.inbox.listing import THREADS, Wanted, private_rows, shared_rows
from mailsync.inbox.places import activities_of, candidates_of, projects_of
from mailsync.inbox.twins import Twin, twins_of
from mailsync.models import Mailbox

EACH = 30
FIRST_PEOPLE = 3

Row = PrivateMessage | Sighting


@dataclass(frozen=True, slots=True, order=True)
class Head:
    """The mail that stands for its thread in a list: the newest one that is wanted."""

    received_at: datetime
    id: uuid.UUID
    root_id: uuid.UUID


@dataclass(frozen=True, slots=True)
class ThreadLine:
    """One thread of a mailbox, of which the reader sees their own copies.

    `state` is logged, ask, kept or only; `mark` is the picture and `label` the word for it.
    `projects` are those that the reader sees it in, `candidates` those that it waits for. `alone`
    is the newest unlogged mail, `activity_id` the newest logged one.
    """

    root_id: uuid.UUID
    people: str
    first: str
    address: str
    subject: str
    count: int
    more: bool
    at: datetime
    unread: bool
    state: str
    mark: str
    label: str
    reason: str
    projects: tuple[Project, ...]
    candidates: tuple[Project, ...]
    alone: uuid.UUID | None
    activity_id: uuid.UUID | None


@dataclass(frozen=True, slots=True)
class _Facts:
    activities: dict[uuid.UUID, uuid.UUID]
    twins: dict[uuid.UUID, Twin]
    projects: dict[uuid.UUID, tuple[Project, ...]]
    candidates: dict[uuid.UUID, tuple[Project, ...]]
    names: dict[str, str]


def lines_of(sight: Sight, mailbox: Mailbox, heads: Sequence[Head]) -> list[ThreadLine]:
    """The lines of the threads that these mails stand for, in their order.

    Fourteen queries, whatever the mails; of a long thread the newest ones speak.
    """
    chosen = _whole(sight, heads)
    mail: dict[uuid.UUID, list[Row]] = defaultdict(list)
    family = family_of(sight, [head.root_id for head in heads])
    wanted = Wanted(sight, mailbox, threads=tuple(family))
    for found in (private_rows(wanted), shared_rows(wanted).select_related("message")):
        for row in _newest(found, mailbox):
            mail[family[_thread_id(row)]].append(row)
    for rows in mail.values():
        rows.sort(key=lambda row: (row.received_at, row.id))
    there = [head for head in heads if head.id in chosen and mail[head.root_id]]
    told = {head.id: _speaker(mail[head.root_id], chosen[head.id]) for head in there}
    facts = _facts(sight, mail, told.values())
    return [
        _line(head, chosen[head.id], mail[head.root_id], told[head.id], facts) for head in there
    ]


def family_of(sight: Sight, roots: Iterable[uuid.UUID]) -> dict[uuid.UUID, uuid.UUID]:
    """The threads that were joined to these roots, each with its root."""
    rows = Thread.objects.filter(workspace_id=sight.workspace_id, root_id__in=set(roots))
    return dict(rows.values_list("id", "root_id"))


def _whole(sight: Sight, heads: Sequence[Head]) -> dict[uuid.UUID, Row]:
    ids = [head.id for head in heads]
    own = {"workspace_id": sight.workspace_id, "owner_id": sight.member_id, "id__in": ids}
    alone = PrivateMessage.objects.filter(**own)
    logged = Sighting.objects.filter(**own).select_related("message")
    rows: list[Row] = [*alone, *logged]
    return {row.id: row for row in rows}


def _newest(rows: QuerySet[Any], mailbox: Mailbox) -> Iterable[Row]:
    """The newest mails of each thread, of this mailbox alone."""
    thread = THREADS[rows.model]
    place = Window(
        RowNumber(),
        partition_by=[F(thread), F("channel_id")],
        order_by=[F("received_at").desc(), F("id").desc()],
    )
    found = rows.annotate(place=place).filter(place__lte=EACH)
    return (row for row in found if row.channel_id == mailbox.channel_id)


def _thread_id(row: Row) -> uuid.UUID:
    return row.message.thread_id if isinstance(row, Sighting) else row.thread_id


def writer(message: ParsedMessage, *, outgoing: bool) -> tuple[str, str]:
    """Name and address of who wrote; of the first who was written to for mail of one's own."""
    people = message.with_role(Role.TO, Role.CC) if outgoing else message.with_role(Role.FROM)
    first = next(iter(people or message.participants), None)
    if first is None:
        return "", ""
    return first.name or first.address, first.address if first.name else ""


def header_of(row: Row) -> ParsedMessage:
    return ParsedMessage.from_json(
        row.message.headers if isinstance(row, Sighting) else row.headers
    )


def mark_of(why: Why) -> tuple[str, str]:
    """A picture and a word for why a mail is its owner's alone."""
    step = next((one for one in why.steps if one.state is State.FAILED), None)
    mark, label = _MARKS.get(step.rule if step else "", ("lock", gettext_lazy("Only you")))
    return mark, str(label)


def _facts(sight: Sight, mail: dict[uuid.UUID, list[Row]], told: Iterable[Row]) -> _Facts:
    every = [row for rows in mail.values() for row in rows]
    activities = activities_of(sight, every)
    twins = twins_of(sight, (row for row in every if isinstance(row, PrivateMessage)))
    recorded = {*activities.values(), *(twin.activity_id for twin in twins.values())}
    return _Facts(
        activities=activities,
        twins=twins,
        projects=projects_of(sight, recorded),
        candidates=candidates_of(sight, mail),
        names=names_in(sight, [_decision(row, twins)[0] for row in told]),
    )


def _speaker(rows: list[Row], head: Row) -> Row:
    """The mail whose reason the thread tells: one that waits for a project, otherwise the head."""
    waiting = [row for row in rows if row.outcome == "needs_project"]
    return waiting[-1] if waiting else head


def _decision(row: Row, twins: dict[uuid.UUID, Twin]) -> tuple[Mapping[str, Any], bool]:
    """The decision that a mail's reason is told by, and whether it is on a copy of the reader's."""
    twin = twins.get(row.id)
    if twin is None or not twin.decision or row.outcome == "needs_project":
        return row.decision, True
    return twin.decision, twin.mine


def _activity(row: Row, facts: _Facts) -> uuid.UUID | None:
    """The activity of a mail that is on record, be it by another copy."""
    if isinstance(row, Sighting):
        return facts.activities.get(row.message_id)
    return facts.twins[row.id].activity_id if row.id in facts.twins else None


def _line(place: Head, head: Row, rows: list[Row], told: Row, facts: _Facts) -> ThreadLine:
    logged = [one for one in (_activity(row, facts) for row in rows) if one]
    projects = {one.id: one for each in logged for one in facts.projects.get(each, ())}
    candidates = facts.candidates.get(place.root_id, ())
    decision, mine = _decision(told, facts.twins)
    why = explain(decision, facts.names, owner="", mine=mine)
    state = _state(bool(candidates), bool(projects), bool(logged))
    mark, label = mark_of(why) if state == "only" else ("building-2", "")
    people, first, address = _people(rows)
    return ThreadLine(
        root_id=place.root_id,
        people=people,
        first=first,
        address=address,
        subject=head.message.subject if isinstance(head, Sighting) else head.subject,
        count=len({_identity(row) for row in rows}),
        more=len(rows) >= EACH,
        at=head.received_at,
        unread=any("seen" not in row.flags and not _is_outgoing(row) for row in rows),
        state=state,
        mark=mark,
        label=label,
        reason=why.headline,
        projects=tuple(projects.values()),
        candidates=candidates,
        alone=next((row.id for row in reversed(rows) if isinstance(row, PrivateMessage)), None),
        activity_id=logged[-1] if logged else None,
    )


def _state(waits: bool, recorded: bool, kept: bool) -> str:
    if waits:
        return "ask"
    if recorded:
        return "logged"
    return "kept" if kept else "only"


def _people(rows: list[Row]) -> tuple[str, str, str]:
    """Who wrote, in order of speaking, and the name and address of the first from elsewhere."""
    names: dict[str, str] = {}
    others: list[tuple[str, str]] = []
    for row in rows:
        outgoing = _is_outgoing(row)
        name, address = writer(header_of(row), outgoing=outgoing)
        if name and not outgoing:
            others.append((name, address))
        names.setdefault("me" if outgoing else address or name, _("me") if outgoing else name)
    names = {key: name for key, name in names.items() if name}
    if others:
        told = list(names.values())
        shown = ", ".join(told[:FIRST_PEOPLE]) + (", …" if len(told) > FIRST_PEOPLE else "")
        return shown, others[0][0], others[0][1] if len(told) == 1 else ""
    name, address = writer(header_of(rows[-1]), outgoing=True) if rows else ("", "")
    return (_("To %(name)s") % {"name": name} if name else ""), name, address


def _is_outgoing(row: Row) -> bool:
    return bool(row.direction == Sighting.Direction.OUT)


def _identity(row: Row) -> Any:
    """The same for two copies of one mail, such as those in two folders."""
    return header_of(row).fingerprint or row.id


_MARKS = {
    "R3": ("eye-off", gettext_lazy("Ignored")),
    "R4": ("lock", gettext_lazy("Internal")),
    "R9": ("circle-dashed", gettext_lazy("No contact")),
    "R11": ("archive", gettext_lazy("Automated")),
    "R8": ("lock", gettext_lazy("Taken out")),
    "V2": ("undo-2", gettext_lazy("Taken back")),
}
