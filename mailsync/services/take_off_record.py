"""Takes what a disconnected mailbox had logged off the record, as its owner asked (V3)."""

import uuid

from accounts import tenancy
from accounts.models import Member
from activities.services.take_channel_back import take_channel_back
from mailsync.models import Mailbox
from mailsync.services.copies import forget_private


def take_off_record(workspace_id: uuid.UUID, *, mailbox_id: uuid.UUID, owner_id: uuid.UUID) -> bool:
    """One batch, in one transaction; True while there is more to do.

    False as well where another worker is at it, which goes on by itself.
    """
    with tenancy.in_workspace(workspace_id, owner_id):
        rows = Mailbox.objects.select_for_update(skip_locked=True).filter(
            workspace_id=workspace_id, id=mailbox_id, taken_off=False
        )
        mailbox = rows.first()
        if mailbox is None:
            return False
        by = Member.objects.get(workspace_id=workspace_id, id=owner_id)
        if take_channel_back(workspace_id, by=by, channel_id=mailbox.channel_id):
            forget_private(
                "workspace_id = %s and channel_id = %s",
                [str(workspace_id), str(mailbox.channel_id)],
            )
            return True
        Mailbox.objects.filter(workspace_id=workspace_id, id=mailbox_id).update(taken_off=True)
        return False
