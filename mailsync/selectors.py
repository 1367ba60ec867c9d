"""What the pages of mailsync show. A mailbox is its owner's alone; for others it does not exist."""

import math
import time
import uuid
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Count, Prefetch, QuerySet
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from accounts.models import Member
from activities.mail.message import storable
from activities.models import Activity, ChannelProject, PrivateMessage
from contacts.selectors import contacts
from mailsync.models import Folder, Mailbox, OutgoingMail, Quarantine
from mailsync.problems import NotThere


def own_mailboxes(workspace_id: uuid.UUID, member: Member) -> QuerySet[Mailbox]:
    """The member's mailboxes that are connected, oldest first, with channel and projects."""
    rows = Mailbox.objects.filter(workspace_id=workspace_id, channel__owner=member)
    rows = rows.exclude(state=Mailbox.State.DISCONNECTED).select_related("channel")
    return rows.prefetch_related(
        Prefetch(
            "channel__channel_projects",
            ChannelProject.objects.filter(workspace_id=workspace_id)
            .select_related("project")
            .order_by("project__name", "id"),
        ),
    ).order_by("created_at", "id")


def alike(mailboxes: Iterable[Mailbox]) -> set[str]:
    """The addresses that more than one of the mailboxes has."""
    return {one for one, many in Counter(row.address for row in mailboxes).items() if many > 1}


def own_mailbox(
    workspace_id: uuid.UUID, member: Member, mailbox_id: uuid.UUID, *, lock: bool = False
) -> Mailbox:
    """One of them; raises NotThere. `lock` keeps it until the transaction ends."""
    rows = own_mailboxes(workspace_id, member).filter(id=mailbox_id)
    if lock:
        rows = rows.select_for_update(of=("self",))
    mailbox = rows.first()
    if mailbox is None:
        raise NotThere(_("This mailbox is no longer connected."))
    return mailbox


def folders_of(workspace_id: uuid.UUID, mailbox: Mailbox) -> list[Folder]:
    """The folders that the provider has, the ones with a purpose first."""
    rows = Folder.objects.filter(workspace_id=workspace_id, mailbox=mailbox, gone_at=None)
    order = {role: place for place, role in enumerate(("inbox", "sent", "archive", "other"))}
    return sorted(rows, key=lambda row: (order.get(row.role, 9), row.name.lower()))


def refused_count(workspace_id: uuid.UUID, mailbox: Mailbox) -> int:
    """How many messages of the mailbox could not be taken and wait for somebody."""
    rows = Quarantine.objects.filter(workspace_id=workspace_id, mailbox=mailbox, resolved_at=None)
    return rows.count()


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a mailbox was read, and what became of its mail; shares are in percent.

    `minutes` is about how long the rest takes at the speed so far, None while nobody can say.
    """

    done: int
    total: int
    logged: int
    needs_project: int
    not_logged: int
    blocked: int
    minutes: int | None = None

    @property
    def seen(self) -> int:
        return self.logged + self.needs_project + self.not_logged + self.blocked

    def _share(self, many: int) -> float:
        whole = max(self.total, self.seen, 1)
        return round(100 * many / whole, 1)

    @property
    def percent(self) -> int:
        return 100 * self.done // max(self.total, 1)

    @property
    def logged_share(self) -> float:
        return self._share(self.logged)

    @property
    def needs_project_share(self) -> float:
        return self._share(self.needs_project)

    @property
    def not_logged_share(self) -> float:
        return self._share(self.not_logged + self.blocked)


def progress_of(mailbox: Mailbox) -> Progress:
    """The counts that were committed with each page."""
    counts = mailbox.counts
    done, total = counts.get("done", 0), counts.get("total", 0)
    return Progress(
        done=min(done, total),
        total=total,
        minutes=_minutes_left(mailbox, done, total),
        logged=counts.get("logged", 0),
        needs_project=counts.get("needs_project", 0),
        not_logged=counts.get("not_logged", 0),
        blocked=counts.get("blocked", 0),
    )


def _minutes_left(mailbox: Mailbox, done: int, total: int) -> int | None:
    began = mailbox.counts.get("began")
    if mailbox.state != Mailbox.State.BACKFILLING or not began or not 0 < done < total:
        return None
    spent = max(time.time() - began, 1)
    return math.ceil(spent * (total - done) / done / 60)


def reasons_of(workspace_id: uuid.UUID, mailbox: Mailbox) -> list[tuple[str, int]]:
    """Why the mailbox's mail is not logged, in the few kinds that its owner thinks in, and how
    often. One query."""
    rows = PrivateMessage.objects.filter(
        workspace_id=workspace_id, channel_id=mailbox.channel_id, outcome="not_logged"
    )
    kinds: dict[str, int] = {}
    for rule, many in rows.values_list("rule").annotate(Count("id")).order_by():
        kind = _KINDS.get(rule, "other")
        kinds[kind] = kinds.get(kind, 0) + many
    return sorted(kinds.items(), key=lambda one: -one[1])


# The rule that kept a mail out, as the page of progress names it.
_KINDS = {
    "R1": "scope",
    "R3": "ignored",
    "R4": "internal",
    "R11": "automated",
    "V2": "hand",
    "U2": "hand",
    "R8": "hand",
    "R9": "unknown",
}


def first_logged(workspace_id: uuid.UUID, mailbox: Mailbox) -> Activity | None:
    """The mailbox's newest logged mail: what the owner sees first, and what explains itself."""
    rows = Activity.objects.filter(
        workspace_id=workspace_id,
        state=Activity.State.LOGGED,
        message__sightings__channel_id=mailbox.channel_id,
        message__sightings__outcome="logged",
        message__sightings__counts=True,
    )
    return rows.select_related("message").order_by("-occurred_at", "-id").first()


def comes_from_file(workspace_id: uuid.UUID, channel_id: uuid.UUID) -> bool:
    """Whether a channel's mail was imported, so that no server can be asked for its text."""
    rows = Mailbox.objects.filter(workspace_id=workspace_id, channel_id=channel_id)
    return rows.filter(provider=Mailbox.Provider.FILE).exists()


def outgoing_of(workspace_id: uuid.UUID, member: Member, mail_id: uuid.UUID) -> OutgoingMail | None:
    """One mail that the member writes or wrote."""
    rows = OutgoingMail.objects.filter(workspace_id=workspace_id, owner=member, id=mail_id)
    return rows.select_related("mailbox").first()


def drafts(workspace_id: uuid.UUID, member: Member) -> list[OutgoingMail]:
    """The member's drafts, the last one first, at most a page."""
    return _outgoing(workspace_id, member, OutgoingMail.State.DRAFT)


def on_their_way(workspace_id: uuid.UUID, member: Member) -> list[OutgoingMail]:
    """What waits, is being sent, or could not be sent."""
    state = OutgoingMail.State
    return _outgoing(workspace_id, member, state.HELD, state.SENDING, state.FAILED, state.UNKNOWN)


def recently_sent(workspace_id: uuid.UUID, member: Member) -> list[OutgoingMail]:
    """What was sent within a week; what it says stands in the record."""
    rows = OutgoingMail.objects.filter(
        workspace_id=workspace_id,
        owner=member,
        state=OutgoingMail.State.SENT,
        sent_at__gte=Now() - timedelta(days=7),
    )
    return list(rows.select_related("activity").order_by("-sent_at")[:50])


def suggested_people(workspace_id: uuid.UUID, member: Member, typed: str) -> list[tuple[str, str]]:
    """What the rest of a field of addressees could be: the whole field, and whose address that is.

    A browser offers what begins like the field, so what stands before the last comma is repeated.
    """
    before, comma, last = storable(typed[:2000]).rpartition(",")
    last = last.strip()
    if len(last) < 2:
        return []
    head = f"{before}{comma} " if comma else ""
    people = contacts(workspace_id, member, text=last).order_by("name", "id")[:10]
    return [
        (f"{head}{_typed(person.name, one.address, last)}", f"{person.name} {one.address}")
        for person in people
        for one in person.addresses.all()[:3]
    ]


def _typed(name: str, address: str, last: str) -> str:
    plain = name.replace('"', "").replace("\\", "")
    if not plain or address.startswith(last.lower()):
        return address
    return f'"{plain}" <{address}>' if "," in plain else f"{plain} <{address}>"


def _outgoing(
    workspace_id: uuid.UUID, member: Member, *states: OutgoingMail.State
) -> list[OutgoingMail]:
    rows = OutgoingMail.objects.filter(
        workspace_id=workspace_id, owner=member, state__in=states
    ).defer("text")
    return list(rows.select_related("mailbox").order_by("-saved_at", "-id")[:100])
