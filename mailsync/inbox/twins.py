"""Unlogged mail of the reader's that is on record all the same, by another copy of it (R12).

What is sent from here to nobody known, or with a BCC to a project, is kept by that copy, and a
colleague's mailbox may have logged it; the copy of the reader's own mailbox stays a private row.
"""

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Prefetch

from activities.models import Activity, Message, PrivateMessage, Sighting
from activities.selectors.visible import Sight, seen, shows_everything


@dataclass(frozen=True, slots=True)
class Twin:
    """The recorded mail. `decision` is that of the reader's own copy of it where `mine`, otherwise
    of the first; `whole` says that the reader may read its text there."""

    activity_id: uuid.UUID
    decision: Mapping[str, Any]
    mine: bool
    whole: bool


def twins_of(sight: Sight, rows: Iterable[PrivateMessage]) -> dict[uuid.UUID, Twin]:
    """By private row the same mail on record, as far as the reader sees it. Three queries."""
    marks = {row.id: bytes(row.fingerprint) for row in rows if row.fingerprint}
    messages = Message.objects.filter(
        workspace_id=sight.workspace_id, fingerprint__in=set(marks.values())
    ).values_list("id", "fingerprint")
    by_message = {message_id: bytes(mark) for message_id, mark in messages if mark}
    copies = Sighting.objects.filter(workspace_id=sight.workspace_id, counts=True)
    activities = (
        seen(sight)
        .filter(message_id__in=list(by_message))
        .select_related("message")
        .prefetch_related(Prefetch("message__sightings", copies.order_by("seen_at", "id")))
    )
    found = {by_message[one.message_id]: _twin(one, sight) for one in activities if one.message_id}
    return {row_id: found[mark] for row_id, mark in marks.items() if mark in found}


def _twin(activity: Activity, sight: Sight) -> Twin:
    copies = list(activity.message.sightings.all()) if activity.message else []
    own = [copy for copy in copies if copy.owner_id == sight.member_id]
    first = next(iter(own or copies), None)
    return Twin(
        activity_id=activity.id,
        decision=first.decision if first else {},
        mine=bool(own),
        whole=shows_everything(activity),
    )
