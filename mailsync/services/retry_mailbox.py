"""An admin has a mailbox read again at once, without seeing anything of it."""

import uuid

from django.db.models.functions import Now

from accounts import audit, tenancy
from accounts.models import Member
from mailsync.models import READ_STATES, Mailbox
from mailsync.problems import NotThere
from mailsync.services import hints


def retry_mailbox(workspace_id: uuid.UUID, *, by: Member, mailbox_id: uuid.UUID) -> Mailbox:
    """Make the mailbox due now, whatever failed before, and return it.

    A pause that the provider asked for is kept. Raises NotThere where nothing is read.
    """
    with tenancy.in_workspace(workspace_id, by.id):
        rows = Mailbox.objects.filter(
            workspace_id=workspace_id, id=mailbox_id, state__in=READ_STATES
        ).exclude(provider=Mailbox.Provider.FILE)
        mailbox = rows.select_for_update(of=("self",)).select_related("channel").first()
        if mailbox is None:
            raise NotThere("This mailbox is not being read.")
        if mailbox.state != Mailbox.State.THROTTLED:
            rows.update(due_at=Now(), failures=0)
            hints.note(workspace_id, [mailbox.id])
        audit.record(workspace_id, by, "mailbox tried again", mailbox)
    return mailbox
