"""What the pages of mailsync show. A mailbox is its owner's alone; for others it does not exist."""

import uuid

from django.db.models import Count, Prefetch, Q, QuerySet
from django.utils.translation import gettext as _

from accounts.models import Member
from activities.models import ChannelProject
from mailsync.models import Folder, Mailbox, Quarantine
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
    return int(rows.aggregate(many=Count("id", filter=Q(attempts__gte=1)))["many"])
