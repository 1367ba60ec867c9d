"""Dismisses what is not about a customer: no later copy and no rule logs it, a hand does (U2)."""

import uuid
from collections.abc import Collection

from django.db import transaction
from django.utils import timezone
from django.utils.translation import ngettext

from accounts.models import Member
from activities.models import Activity, Change, PendingParticipant
from activities.services.lock_activities import lock_activities
from activities.services.record_change import moved_activities, record_change
from activities.services.snapshot import take_snapshots


@transaction.atomic
def dismiss(
    workspace_id: uuid.UUID,
    *,
    by: Member,
    activity_ids: Collection[uuid.UUID],
    expected: str = Activity.State.UNASSIGNED,
) -> Change:
    """Take the activities out of the queue and return the change; nothing is deleted.

    Raises AlreadyDone where somebody was quicker, and NotThere for what the member cannot see.
    """
    activities = lock_activities(workspace_id, by, activity_ids, expected=expected)
    ids = [activity.id for activity in activities]
    before = take_snapshots(workspace_id, ids)
    Activity.objects.filter(workspace_id=workspace_id, id__in=ids).update(
        state=Activity.State.DISMISSED, settled_by=by, settled_at=timezone.now()
    )
    PendingParticipant.objects.filter(workspace_id=workspace_id, activity_id__in=ids).delete()
    words = ngettext("%(count)d activity dismissed", "%(count)d activities dismissed", len(ids))
    return record_change(
        workspace_id,
        by=by,
        kind=Change.Kind.DISMISS,
        summary=words % {"count": len(ids)},
        moved=moved_activities(before, take_snapshots(workspace_id, ids)),
    )
