"""Takes everything that one closed channel brought off the record again, batch by batch (V3)."""

import uuid

from django.db import transaction
from django.utils import timezone

from accounts.models import Member
from activities.models import Activity, Sighting
from activities.services.return_to_owners import return_to_owners
from activities.services.settle import settle
from activities.services.snapshot import take_snapshots
from activities.services.take_back import keep_what_others_earned

State = Activity.State


@transaction.atomic
def take_channel_back(
    workspace_id: uuid.UUID, *, by: Member, channel_id: uuid.UUID, most: int = 50
) -> int:
    """Take back up to `most` copies of a channel that reads no more; returns how many there were.

    An activity goes unless another copy carries it; then it keeps what that copy earned. Nothing is
    remembered about the mail: the same mailbox, connected again, is judged as if it were new.
    """
    here = Sighting.objects.filter(workspace_id=workspace_id, channel_id=channel_id)
    copies = list(here.order_by("id")[:most])
    rows = Activity.objects.filter(
        workspace_id=workspace_id, message_id__in={copy.message_id for copy in copies}
    )
    # In one order, as everywhere, and read again behind the lock.
    list(rows.order_by("id").select_for_update().values_list("id"))
    found = list(rows.order_by("id").select_related("message"))
    before = take_snapshots(workspace_id, [one.id for one in found])
    here.filter(id__in=[copy.id for copy in copies]).delete()
    others = _others(workspace_id, found)
    for activity in found:
        keep_what_others_earned(workspace_id, activity, others.get(activity.message_id, []))
    # What a person dismissed stays dismissed for as long as somebody has it.
    dismissed = [one for one in found if one.state == State.DISMISSED]
    settled = [one for one in found if one not in dismissed]
    loose = settle(workspace_id, settled, by=by, at=timezone.now())
    loose += [one for one in dismissed if one.message_id not in others]
    return_to_owners(workspace_id, loose, before, rule="V3", code="taken_back")
    return len(copies)


def _others(
    workspace_id: uuid.UUID, activities: list[Activity]
) -> dict[uuid.UUID | None, list[Sighting]]:
    """The copies that still count, by message."""
    found: dict[uuid.UUID | None, list[Sighting]] = {}
    rows = Sighting.objects.filter(
        workspace_id=workspace_id,
        message_id__in=[one.message_id for one in activities],
        counts=True,
    )
    for copy in rows.select_related("channel"):
        found.setdefault(copy.message_id, []).append(copy)
    return found
