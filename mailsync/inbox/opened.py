"""One thread that its reader opened: their own copies, and what of it is on record."""

import uuid
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from activities.models import Activity, Channel, PrivateMessage, Sighting
from activities.selectors import threads
from activities.selectors.lines import Line, line_of, with_rows
from activities.selectors.visible import Sight, seen
from activities.selectors.why import Why, explain, names_in, why_of, why_of_decision
from contacts.models import Project
from mailsync.inbox.lines import header_of, mark_of, writer
from mailsync.inbox.twins import Twin, twins_of
from mailsync.models import Mailbox

MOST_MAIL = 200


@dataclass(frozen=True, slots=True)
class MailItem:
    """One mail of a thread. `activity_id` is set where it is on record, `private_id` where it is
    the reader's own unlogged copy, `alone` where nothing else of it is here; `mine` says that one
    of their mailboxes has it."""

    id: uuid.UUID
    activity_id: uuid.UUID | None
    private_id: uuid.UUID | None
    who: str
    address: str
    readers: tuple[str, ...]
    at: datetime
    outgoing: bool
    state: str
    mark: str
    label: str
    reason: str
    projects: tuple[Project, ...]
    mine: bool
    from_file: bool
    alone: bool


@dataclass(frozen=True, slots=True)
class OpenThread:
    """The mail of a thread, oldest first. `why` explains the one that is open."""

    root_id: uuid.UUID
    family: list[uuid.UUID]
    subject: str
    items: list[MailItem]
    opened: MailItem
    why: list[Why]

    @property
    def addresses(self) -> list[tuple[str, str]]:
        """Who wrote, each once."""
        found = {item.address or item.who: item.who for item in self.items if item.who}
        return list(found.items())


def open_thread(sight: Sight, root_id: uuid.UUID, chosen: uuid.UUID | None) -> OpenThread | None:
    """The thread for its reader, with one mail open; None where they see nothing of it.

    A constant number of queries.
    """
    family = threads.family(sight.workspace_id, root_id)
    shared = list(with_rows(threads.shared_mail(sight, family), sight)[:MOST_MAIL])
    alone = list(threads.private_mail(sight, family).select_related("channel")[:MOST_MAIL])
    if not shared and not alone:
        return None
    twins = twins_of(sight, alone)
    chosen = twins[chosen].activity_id if chosen in twins and twins[chosen].whole else chosen
    alone = [row for row in alone if row.id not in twins or not twins[row.id].whole]
    shared += _elsewhere(sight, twins.values(), shared)
    copies = {one.id: _copies(one) for one in shared}
    told = [copies[one.id][0].decision for one in shared if copies[one.id]]
    names = names_in(sight, [*told, *(row.decision for row in alone)])
    items = [_recorded(sight, one, copies[one.id], names) for one in shared]
    unsure = {row.id for row in alone if shared and not row.fingerprint}
    items += _private(sight, alone, names, {*twins, *unsure})
    items.sort(key=lambda item: (item.at, item.id))
    opened = next((item for item in items if item.id == chosen), items[-1])
    subjects = [line_of(one).title for one in shared] or [row.subject for row in alone]
    return OpenThread(
        root_id=root_id,
        family=family,
        subject=subjects[0],
        items=items,
        opened=opened,
        why=_why(sight, opened, copies, alone),
    )


def _elsewhere(sight: Sight, twins: Iterable[Twin], shared: Sequence[Activity]) -> list[Activity]:
    """The recorded mail that a private row of the thread is a copy of, and that is not among its
    first mails."""
    ids = {twin.activity_id for twin in twins} - {one.id for one in shared}
    return list(with_rows(seen(sight).filter(id__in=ids), sight)) if ids else []


def _copies(activity: Activity) -> list[Sighting]:
    return list(activity.message.sightings.all()) if activity.message else []


def _why(
    sight: Sight,
    opened: MailItem,
    copies: dict[uuid.UUID, list[Sighting]],
    alone: Sequence[PrivateMessage],
) -> list[Why]:
    if opened.activity_id is not None:
        return why_of(sight, copies[opened.activity_id])
    return [why_of_decision(sight, row.decision) for row in alone if row.id == opened.private_id]


def _recorded(
    sight: Sight, activity: Activity, copies: list[Sighting], names: dict[str, str]
) -> MailItem:
    line: Line = line_of(activity)
    own = [copy for copy in copies if copy.owner_id == sight.member_id]
    first = next(iter(own or copies), None)
    people = list(activity.message.participants.all()) if activity.message else []
    return MailItem(
        id=activity.id,
        activity_id=activity.id,
        private_id=None,
        who=line.who,
        address=line.address,
        readers=tuple(one.name or one.address for one in people if one.role != "from"),
        at=line.at,
        outgoing=any(copy.direction == "out" for copy in own),
        state=line.state,
        mark="building-2",
        label="",
        reason=explain(first.decision, names, owner="", mine=bool(own)).headline if first else "",
        projects=line.places,
        mine=any(copy.channel.source == Channel.Source.SYNC for copy in own),
        from_file=False,
        alone=False,
    )


def _private(
    sight: Sight,
    rows: Sequence[PrivateMessage],
    names: dict[str, str],
    recorded: Collection[uuid.UUID],
) -> list[MailItem]:
    """The reader's unlogged copies; of those in `recorded` another copy is or may be on record."""
    files = Mailbox.objects.filter(
        workspace_id=sight.workspace_id,
        channel_id__in={row.channel_id for row in rows},
        provider=Mailbox.Provider.FILE,
    )
    from_files = set(files.values_list("channel_id", flat=True))
    return [
        _alone(row, names, from_file=row.channel_id in from_files, alone=row.id not in recorded)
        for row in rows
    ]


def _alone(row: PrivateMessage, names: dict[str, str], *, from_file: bool, alone: bool) -> MailItem:
    header = header_of(row)
    why = explain(row.decision, names, owner="", mine=True)
    mark, label = mark_of(why)
    who, address = writer(header, outgoing=False)
    people = [one for one in header.participants if one.role != "from"][:30]
    return MailItem(
        id=row.id,
        activity_id=None,
        private_id=row.id,
        who=who,
        address=address,
        readers=tuple(one.name or one.address for one in people),
        at=row.received_at,
        outgoing=row.direction == "out",
        state=row.outcome,
        mark=mark,
        label=label,
        reason=why.headline,
        projects=(),
        mine=True,
        from_file=from_file,
        alone=alone,
    )
