"""What a change writes down of an activity before and after: its whole state, as JSON."""

import uuid
from collections import defaultdict
from collections.abc import Collection
from typing import Any

from activities.models import Activity, Assignment

Snapshot = dict[str, Any]


def take_snapshots(
    workspace_id: uuid.UUID, activity_ids: Collection[uuid.UUID]
) -> dict[uuid.UUID, Snapshot]:
    """Return the state of each of these activities. Two queries."""
    assignments: dict[uuid.UUID, list[Snapshot]] = defaultdict(list)
    rows = Assignment.objects.filter(workspace_id=workspace_id, activity_id__in=activity_ids)
    for row in rows.order_by("id"):
        assignments[row.activity_id].append(_assignment(row))
    activities = Activity.objects.filter(workspace_id=workspace_id, id__in=activity_ids)
    return {row.id: _activity(row, assignments[row.id]) for row in activities}


def _activity(row: Activity, assignments: list[Snapshot]) -> Snapshot:
    return {
        "state": row.state,
        "settled_by": _text(row.settled_by_id),
        "settled_at": row.settled_at.isoformat() if row.settled_at else None,
        "taken_out": row.taken_out,
        "excepted": row.excepted,
        "assignments": assignments,
    }


def _assignment(row: Assignment) -> Snapshot:
    return {
        "id": str(row.id),
        "project": str(row.project_id),
        "contact": _text(row.contact_id),
        "company": _text(row.company_id),
        "address": row.address,
        "interaction_type": row.interaction_type,
        "origin": row.origin,
        "rule": row.rule,
        "made_by": _text(row.made_by_id),
    }


def _text(row_id: uuid.UUID | None) -> str | None:
    return str(row_id) if row_id else None
