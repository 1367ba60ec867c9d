"""Notes a hint that a mailbox has news. It carries no data and promises nothing."""

import uuid

from django.db.models.functions import Now

from accounts import tenancy
from mailsync.models import READ_STATES, Mailbox


def want_sync(workspace_id: uuid.UUID, *, mailbox_id: uuid.UUID, owner_id: uuid.UUID) -> bool:
    """Mark the mailbox dirty; False where it is not read. A run under way is followed by one more.

    Five hints are one: the time of the last one stands in the row.
    """
    with tenancy.in_workspace(workspace_id, owner_id):
        return bool(
            Mailbox.objects.filter(
                workspace_id=workspace_id, id=mailbox_id, state__in=READ_STATES
            ).update(wanted_at=Now())
        )
