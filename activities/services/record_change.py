"""Writes one act down: a change that can be undone, and its line in the audit."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from accounts import audit
from accounts.models import Member
from activities.models import Change, ChangeItem
from activities.services.snapshot import Snapshot


@dataclass(frozen=True, slots=True)
class Moved:
    """What one change did to one activity, or to a thread where no activity is left to name."""

    before: Snapshot
    after: Snapshot
    activity_id: uuid.UUID | None = None
    thread_id: uuid.UUID | None = None


def record_change(
    workspace_id: uuid.UUID,
    *,
    by: Member | None,
    kind: Change.Kind,
    summary: str,
    moved: Iterable[Moved],
    made: dict[str, Any] | None = None,
) -> Change:
    """Write the change with an item for everything that moved, in the caller's transaction.

    `summary` is a finished sentence with nothing of the mail in it; `made` is what the act made in
    the directory, for undoing (activities/services/undo_made.py reads it).
    """
    change = Change.objects.create(
        workspace_id=workspace_id, kind=kind, made_by=by, summary=summary[:300], made=made or {}
    )
    items = [
        ChangeItem(
            workspace_id=workspace_id,
            change=change,
            activity_id=one.activity_id,
            thread_id=one.thread_id,
            before=one.before,
            after=one.after,
        )
        for one in moved
        if one.before != one.after
    ]
    ChangeItem.objects.bulk_create(items)
    verb = Change.Kind(kind).label.lower()
    audit.record(workspace_id, by, verb, change, after={"summary": change.summary})
    return change


def moved_activities(
    before: dict[uuid.UUID, Snapshot], after: dict[uuid.UUID, Snapshot]
) -> list[Moved]:
    """Pair the snapshots of the activities that are still there."""
    return [
        Moved(before.get(activity_id, {}), now, activity_id=activity_id)
        for activity_id, now in after.items()
    ]
