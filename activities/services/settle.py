"""Where an activity stands once its assignments have changed."""

import uuid
from collections.abc import Iterable
from datetime import datetime

from accounts.models import Member
from activities.models import Activity, Assignment, PendingParticipant, Sighting
from activities.selectors.visible import KEPT_SOURCES

State = Activity.State


def settle(
    workspace_id: uuid.UUID,
    activities: Iterable[Activity],
    *,
    by: Member | None,
    at: datetime,
) -> list[Activity]:
    """Store the state that follows from assignments and copies, and say who brought it about.

    Recorded somewhere: logged. Otherwise it waits for a project, or as unassigned where bcc or
    sent brought it or a person wrote it. Returns those that nothing holds any more: mail that
    only mailboxes brought, which belongs to their owners alone from now on.
    """
    rows = list(activities)
    ids = [row.id for row in rows]
    recorded = _of(Assignment, workspace_id, ids)
    asked = _of(PendingParticipant, workspace_id, ids)
    kept = set(
        Sighting.objects.filter(
            workspace_id=workspace_id,
            message__activity__in=ids,
            counts=True,
            channel__source__in=KEPT_SOURCES,
        ).values_list("message_id", flat=True)
    )
    loose = []
    for row in rows:
        if row.id in recorded:
            row.state = State.LOGGED
        elif row.id in asked:
            row.state = State.NEEDS_PROJECT
        elif row.message_id is None or row.message_id in kept:
            row.state = State.UNASSIGNED
        else:
            row.state = State.WITHDRAWN
            loose.append(row)
        row.settled_by, row.settled_at = by, at
        row.save(update_fields=["state", "settled_by", "settled_at", "taken_out", "excepted"])
    return loose


def _of(
    model: type[Assignment] | type[PendingParticipant],
    workspace_id: uuid.UUID,
    ids: list[uuid.UUID],
) -> set[uuid.UUID | None]:
    rows = model._default_manager.filter(workspace_id=workspace_id, activity_id__in=ids)
    return set(rows.values_list("activity_id", flat=True))
