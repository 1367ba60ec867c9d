"""Ends a mailbox: password and private rows go at once, what is logged stays (V3)."""

import uuid

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.db.models.functions import Now

from accounts import audit
from accounts.models import Member
from activities.models import Message, Sighting
from mailsync.models import Folder, Mailbox, Quarantine
from mailsync.selectors import own_mailbox
from mailsync.services.copies import forget_private
from mailsync.services.interrupt import interrupt
from mailsync.services.name_state import state_after


@transaction.atomic
def disconnect_mailbox(workspace_id: uuid.UUID, *, by: Member, mailbox_id: uuid.UUID) -> Mailbox:
    """Disconnect the mailbox and return it. A page under way is not written.

    The logged activities stay, since they are the customers' record; a body that was still to
    come is given up unless another mailbox has it.
    """
    mailbox = own_mailbox(workspace_id, by, mailbox_id, lock=True)
    audit.record(
        workspace_id, by, "mailbox disconnected", mailbox, before={"address": mailbox.address}
    )
    interrupt(
        mailbox,
        **state_after(mailbox, Mailbox.State.DISCONNECTED),
        sealed_password=None,
        username="",
        cursor={},
        counts={},
        wanted_at=None,
        resyncing=False,
    )
    channel = mailbox.channel
    channel.closed_at = Now()
    channel.save(update_fields=["closed_at"])
    forget_private(
        "workspace_id = %s and channel_id = %s", [str(workspace_id), str(mailbox.channel_id)]
    )
    here = {"workspace_id": workspace_id, "mailbox": mailbox}
    Folder.objects.filter(**here).delete()
    Quarantine.objects.filter(**here).delete()
    _give_up_bodies(workspace_id, mailbox)
    return mailbox


def _give_up_bodies(workspace_id: uuid.UUID, mailbox: Mailbox) -> None:
    elsewhere = Sighting.objects.filter(
        workspace_id=workspace_id, message=OuterRef("pk"), gone_at=None
    ).exclude(channel_id=mailbox.channel_id)
    ours = Sighting.objects.filter(
        workspace_id=workspace_id, message=OuterRef("pk"), channel_id=mailbox.channel_id
    )
    Message.objects.filter(
        Exists(ours), ~Exists(elsewhere), workspace_id=workspace_id, body_state=Message.Body.DUE
    ).update(body_state=Message.Body.GONE)
