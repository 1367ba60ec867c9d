"""Tells a mailbox's owner by mail that it is no longer read: by itself, and when an admin asks."""

import uuid
from datetime import timedelta

from django.conf import settings
from django.db.models import Q
from django.db.models.functions import Now
from django.urls import reverse

from accounts import audit, tenancy
from accounts.mail import send_notice
from accounts.models import Member
from mailsync.models import Mailbox
from mailsync.problems import NotThere

# The first mail waits until a short trouble at the vendor is over, the second is the last.
AFTER = (timedelta(minutes=15), timedelta(hours=24))
ASKED_AGAIN = timedelta(hours=1)


def tell_owner(workspace_id: uuid.UUID, *, mailbox_id: uuid.UUID, owner_id: uuid.UUID) -> bool:
    """Send the mail that is due about a lost connection; True where one was sent.

    To be called outside a transaction. The mail is counted before it is sent, so that two workers
    never send it twice; where no mail server takes it, it is due again.
    """
    with tenancy.in_workspace(workspace_id, owner_id):
        rows = Mailbox.objects.filter(
            workspace_id=workspace_id, id=mailbox_id, state=Mailbox.State.NEEDS_RECONNECT
        )
        mailbox = rows.select_related("channel__owner__user", "workspace").first()
        if mailbox is None or mailbox.owner_told >= len(AFTER):
            return False
        told = mailbox.owner_told
        due = rows.filter(owner_told=told, state_since__lte=Now() - AFTER[told])
        if not due.update(owner_told=told + 1):
            return False
    if _send(mailbox, "mailbox_lost"):
        return True
    with tenancy.in_workspace(workspace_id, owner_id):
        rows.filter(owner_told=told + 1).update(owner_told=told)
    return False


def ask_owner(workspace_id: uuid.UUID, *, by: Member, mailbox_id: uuid.UUID) -> bool:
    """Mail the owner that `by` asks them to reconnect; False where they were asked within an hour.

    To be called outside a transaction. Raises NotThere where the mailbox is not lost.
    """
    lost = Mailbox.objects.filter(
        workspace_id=workspace_id,
        id=mailbox_id,
        state=Mailbox.State.NEEDS_RECONNECT,
        channel__owner__deactivated_at=None,
    )
    with tenancy.in_workspace(workspace_id, by.id):
        mailbox = lost.select_related("channel__owner__user", "workspace").first()
        if mailbox is None:
            raise NotThere("This mailbox does not need to be reconnected.")
        fresh = Q(owner_asked_at=None) | Q(owner_asked_at__lt=Now() - ASKED_AGAIN)
        row = Mailbox.objects.filter(fresh, workspace_id=workspace_id, id=mailbox_id)
        if not row.update(owner_asked_at=Now()):
            return False
        audit.record(workspace_id, by, "owner asked to reconnect", mailbox)
    return _send(mailbox, "mailbox_asked", by=by)


def _send(mailbox: Mailbox, name: str, by: Member | None = None) -> bool:
    owner = mailbox.channel.owner
    if owner is None:
        return False
    path = reverse("mailsync:mailbox", args=[mailbox.workspace.slug, mailbox.id])
    context = {
        "mailbox": mailbox,
        "workspace": mailbox.workspace,
        "by": by,
        "link": settings.PUBLIC_BASE_URL + path,
    }
    return send_notice(f"mailsync/mail/{name}", owner.user.email, context)
