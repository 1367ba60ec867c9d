"""Notes a hint that a mailbox has news. It carries no data and promises nothing."""

import uuid

from accounts import tenancy
from mailsync.models import READ_STATES, Mailbox
from mailsync.services import hints


def want_sync(workspace_id: uuid.UUID, *, mailbox_id: uuid.UUID, owner_id: uuid.UUID) -> bool:
    """Note it; False where the mailbox is not read. A run under way is followed by one more."""
    with tenancy.in_workspace(workspace_id, owner_id):
        hints.note(workspace_id, [mailbox_id])
        return Mailbox.objects.filter(
            workspace_id=workspace_id, id=mailbox_id, state__in=READ_STATES
        ).exists()
