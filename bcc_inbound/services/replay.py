"""Tries mail again that five attempts could not bring into the record."""

import uuid

from django.db.models.functions import Now

from accounts import audit, tenancy
from accounts.models import Member
from bcc_inbound.models import Delivery


def replay(workspace_id: uuid.UUID, by: Member, *, delivery_id: uuid.UUID | None = None) -> int:
    """Make one delivery that needs attention due again, or all of them; return how many."""
    with tenancy.in_workspace(workspace_id, by.id):
        rows = Delivery.objects.filter(workspace_id=workspace_id, state=Delivery.State.ATTENTION)
        if delivery_id is not None:
            rows = rows.filter(id=delivery_id)
        count = rows.update(state=Delivery.State.DUE, attempts=0, waits=0, due_at=Now())
        if count:
            audit.record(
                workspace_id,
                by,
                "inbound mail replayed",
                after={"count": count, "delivery": str(delivery_id) if delivery_id else "all"},
            )
    return count
