"""Takes back that a sender is trusted."""

import uuid

from django.db.models import Q

from accounts import audit, tenancy
from accounts.models import Member
from bcc_inbound.models import TrustedSender


def distrust_sender(
    workspace_id: uuid.UUID, by: Member, *, sender_id: uuid.UUID
) -> TrustedSender | None:
    """Hold this sender's mail again, at the address and at every other one of the same project.

    An earlier address that still works took the trust along when it was replaced, so it goes there
    too. Mail that was accepted stays. None when there is no such sender.
    """
    with tenancy.in_workspace(workspace_id, by.id):
        rows = TrustedSender.objects.select_related("inbound_address")
        found = rows.filter(workspace_id=workspace_id, id=sender_id).first()
        if found is None:
            return None
        address = found.inbound_address
        place = Q(inbound_address__project=None)
        if address.project_id is not None:
            place = Q(inbound_address__project=address.project_id)
        TrustedSender.objects.filter(
            place, workspace_id=workspace_id, address=found.address
        ).delete()
        audit.record(
            workspace_id,
            by,
            "sender no longer trusted",
            address,
            before={"address": found.address, "trusted_by": str(found.trusted_by_id)},
        )
    return found
