"""What an admin does with held mail: release it, discard it, trust its sender from now on."""

import uuid
from collections.abc import Collection

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import audit, tenancy
from accounts.models import Member
from activities.matching.words import HeldBecause
from bcc_inbound.models import Delivery, TrustedSender
from bcc_inbound.problems import InboundProblem

State = Delivery.State
MOST_AT_ONCE = 100


def release(workspace_id: uuid.UUID, by: Member, *, delivery_id: uuid.UUID) -> Delivery | None:
    """Send a held mail through the engine as if it had just arrived; None when it is not held.

    It is attributed to nobody: releasing says that the mail is wanted, not who wrote it.
    """
    with tenancy.in_workspace(workspace_id, by.id):
        held = _locked(workspace_id, delivery_id, State.HELD)
        if held is None:
            return None
        _make_due(held, by)
        audit.record(workspace_id, by, "held mail released", held, before=_facts(held))
    return held


def trust_sender(workspace_id: uuid.UUID, by: Member, *, delivery_id: uuid.UUID) -> Delivery | None:
    """Release a held mail and accept its sender's authenticated mail to this address from now on.

    Only an outsider can be trusted: what a member may write is said by their role, and a sender
    whom nobody could make out is nobody to trust.
    """
    with tenancy.in_workspace(workspace_id, by.id):
        held = _locked(workspace_id, delivery_id, State.HELD)
        if held is None:
            return None
        if held.verdict != HeldBecause.NOT_A_MEMBER or not held.header_from:
            raise InboundProblem(
                _("Only the sender of a mail who is no member can be trusted. Release it instead.")
            )
        TrustedSender.objects.get_or_create(
            workspace_id=workspace_id,
            inbound_address_id=held.inbound_address_id,
            address=held.header_from,
            defaults={"trusted_by": by},
        )
        _make_due(held, by)
        audit.record(
            workspace_id,
            by,
            "sender trusted",
            held,
            before=_facts(held),
            after={"address": held.header_from},
        )
    return held


def release_several(
    workspace_id: uuid.UUID, by: Member, *, delivery_ids: Collection[uuid.UUID]
) -> int:
    """Release those of these mails that are still held; how many they were."""
    with tenancy.in_workspace(workspace_id, by.id):
        rows = _several(workspace_id, delivery_ids)
        for held in rows:
            _make_due(held, by)
        _audit(workspace_id, by, "held mail released", rows)
    return len(rows)


def discard_several(
    workspace_id: uuid.UUID, by: Member, *, delivery_ids: Collection[uuid.UUID]
) -> int:
    """Delete those of these mails that are still held, for good; how many they were."""
    with tenancy.in_workspace(workspace_id, by.id):
        rows = _several(workspace_id, delivery_ids)
        _audit(workspace_id, by, "inbound mail discarded", rows)
        for held in rows:
            _empty(held)
    return len(rows)


def discard(
    workspace_id: uuid.UUID, by: Member, *, delivery_id: uuid.UUID, state: Delivery.State
) -> Delivery | None:
    """Delete a mail that is held or needs attention, for good; None when it is not there.

    Its bytes, its envelope and its sender go; that there was one, and why it waited, stays.
    """
    with tenancy.in_workspace(workspace_id, by.id):
        found = _locked(workspace_id, delivery_id, state)
        if found is None:
            return None
        audit.record(workspace_id, by, "inbound mail discarded", found, before=_facts(found))
        _empty(found)
    return found


def _empty(found: Delivery) -> None:
    found.raw, found.envelope_sender, found.header_from, found.peer = None, "", "", ""
    found.helo, found.reported, found.proof = "", [], {}
    found.state, found.settled_at = State.DISCARDED, timezone.now()
    found.save(
        update_fields=[
            "raw", "envelope_sender", "header_from", "peer", "helo", "reported", "proof",
            "state", "settled_at",
        ]
    )  # fmt: skip


def _several(workspace_id: uuid.UUID, delivery_ids: Collection[uuid.UUID]) -> list[Delivery]:
    rows = Delivery.objects.select_for_update().defer("raw").order_by("id")
    found = rows.filter(workspace_id=workspace_id, state=State.HELD, id__in=delivery_ids)
    return list(found[:MOST_AT_ONCE])


def _audit(workspace_id: uuid.UUID, by: Member, verb: str, rows: list[Delivery]) -> None:
    """A line for each mail, so that each one's story can be read."""
    for held in rows:
        audit.record(workspace_id, by, verb, held, before=_facts(held))


def _locked(
    workspace_id: uuid.UUID, delivery_id: uuid.UUID, state: Delivery.State
) -> Delivery | None:
    rows = Delivery.objects.select_for_update().defer("raw")
    return rows.filter(workspace_id=workspace_id, id=delivery_id, state=state).first()


def _make_due(held: Delivery, by: Member) -> None:
    held.state, held.released_by, held.attempts, held.waits = State.DUE, by, 0, 0
    held.due_at = timezone.now()
    held.save(update_fields=["state", "released_by", "attempts", "waits", "due_at"])


def _facts(found: Delivery) -> dict[str, str]:
    return {"state": found.state, "verdict": found.verdict}
