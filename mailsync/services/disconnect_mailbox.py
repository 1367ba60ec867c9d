"""Ends a mailbox: what opens it and its private rows go at once; what is logged stays if its owner
says so (V3)."""

import uuid

from django.db import transaction
from django.db.models import Exists, F, OuterRef
from django.db.models.functions import Now

from accounts import audit
from accounts.models import Member
from activities.models import Message, Sighting
from mailsync.models import Folder, Mailbox, Quarantine, Subscription, Visit
from mailsync.selectors import own_mailbox
from mailsync.services.copies import forget_private
from mailsync.services.farewells import part_from
from mailsync.services.interrupt import interrupt
from mailsync.services.name_state import state_after


@transaction.atomic
def disconnect_mailbox(
    workspace_id: uuid.UUID, *, by: Member, mailbox_id: uuid.UUID, keep_logged: bool = True
) -> Mailbox:
    """Disconnect the mailbox and return it. A page under way is not written.

    A body that was still to come is given up unless another mailbox has it. Without `keep_logged`
    the mailbox's copies of logged mail are taken off the record afterwards, by `take_off_record`.
    What the vendor granted is given back afterwards too, by `say_farewell`; here it is gone now.
    """
    mailbox = own_mailbox(workspace_id, by, mailbox_id, lock=True)
    audit.record(
        workspace_id,
        by,
        "mailbox disconnected",
        mailbox,
        before={"address": mailbox.address},
        after={"logged mail": "kept" if keep_logged else "removed"},
    )
    part_from(mailbox)
    interrupt(
        mailbox,
        **state_after(mailbox, Mailbox.State.DISCONNECTED),
        sealed_password=None,
        sealed_grant=None,
        grant_version=F("grant_version") + 1,
        grant_leased_until=None,
        can_send=False,
        taken_off=keep_logged,
        username="",
        cursor={},
        comparing={},
        counts={},
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
    Subscription.objects.filter(**here).delete()
    Visit.objects.filter(**here).delete()
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
