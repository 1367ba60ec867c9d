"""Keeps what a person took one mail out of, where its activity goes and comes again (R8)."""

import uuid
from collections.abc import Iterable, Sequence
from datetime import datetime

from activities.models import Activity, Sighting, TakenOut
from activities.services.history import mark_of


def mark_of_copy(workspace_id: uuid.UUID, copy: Sighting) -> bytes:
    """What a person's word on this copy's mail is kept under; its message comes with the copy."""
    return mark_of(workspace_id, copy.message.fingerprint, copy.channel_id, copy.provider_id)


def keep_taken_out(
    workspace_id: uuid.UUID, activity: Activity, copies: Iterable[Sighting]
) -> list[list[str]]:
    """Write down what the activity knew before it goes; returns [fingerprint, project, time]."""
    kept = []
    for mark in {mark_of_copy(workspace_id, copy) for copy in copies}:
        for project_id, at in activity.taken_out.items():
            TakenOut.objects.update_or_create(
                workspace_id=workspace_id,
                fingerprint=mark,
                project_id=project_id,
                defaults={
                    "member_id": activity.settled_by_id,
                    "taken_at": datetime.fromisoformat(at),
                },
            )
            kept.append([mark.hex(), project_id, at])
    return kept


def forget_taken_out(workspace_id: uuid.UUID, kept: Iterable[Sequence[str]]) -> None:
    """Delete what one act wrote down; what a later act wrote in its place stays."""
    for mark, project_id, at in kept:
        TakenOut.objects.filter(
            workspace_id=workspace_id,
            fingerprint=bytes.fromhex(mark),
            project_id=project_id,
            taken_at=datetime.fromisoformat(at),
        ).delete()


def lift_taken_out(workspace_id: uuid.UUID, activities: Iterable[Activity]) -> None:
    """Give activities that are there again what was written down when they went."""
    by_message = {one.message_id: one for one in activities if one.message_id is not None}
    copies = Sighting.objects.filter(workspace_id=workspace_id, message__in=by_message)
    home = {
        mark_of_copy(workspace_id, copy): by_message[copy.message_id]
        for copy in copies.select_related("message")
    }
    rows = TakenOut.objects.filter(workspace_id=workspace_id, fingerprint__in=list(home))
    for row in rows:
        activity = home[bytes(row.fingerprint)]
        activity.taken_out.setdefault(str(row.project_id), row.taken_at.isoformat())
        activity.save(update_fields=["taken_out"])
    rows.delete()
