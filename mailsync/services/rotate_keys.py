"""Seals every secret of mailboxes again with the first of CREDENTIAL_KEYS, while all else runs."""

import uuid
from collections import defaultdict
from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any

from django.db import models

from accounts import sealing, tenancy
from mailsync.models import Farewell, Mailbox, Visit
from mailsync.services import farewells, grants, visits

BATCH = 200


@dataclass(slots=True)
class Rotated:
    """How many values were sealed anew, and how many no listed key opens."""

    sealed: int = 0
    closed: int = 0


@dataclass(frozen=True, slots=True)
class _Place:
    """A table with sealed columns, and the identity that its values are bound to."""

    model: type[models.Model]
    columns: tuple[str, ...]
    name: Callable[[Any], str]


_PLACES = (
    _Place(Mailbox, ("sealed_password", "sealed_grant"), lambda row: grants.row_name(row.id)),
    _Place(Visit, ("sealed_kept",), visits.row_name),
    _Place(Farewell, ("sealed_grant",), farewells.row_name),
)


def rotate_keys() -> Rotated:
    """Walk over all workspaces, a batch a transaction; returns counts.

    What is sealed with the first key already is not looked at, so it may be stopped and started
    again, and finds at last nothing. A row is locked while its value changes, so that a refresh of
    the same grant waits, and then writes over it.
    """
    rotated, after = Rotated(), uuid.UUID(int=0)
    present = sealing.present_key()
    while found := tenancy.call("mailsync_sealed_otherwise", present, after, BATCH):
        by_workspace: dict[uuid.UUID, list[uuid.UUID]] = defaultdict(list)
        for workspace_id, row_id in found:
            by_workspace[workspace_id].append(row_id)
        for workspace_id, ids in by_workspace.items():
            with tenancy.in_workspace(workspace_id):
                for place in _PLACES:
                    _rotate(workspace_id, place, ids, rotated)
        after = found[-1][1]
    return rotated


def _rotate(
    workspace_id: uuid.UUID, place: _Place, ids: Collection[uuid.UUID], rotated: Rotated
) -> None:
    rows = place.model._default_manager.filter(workspace_id=workspace_id, id__in=ids)
    changed = [
        row
        for row in rows.order_by("id").select_for_update()
        if sum(_seal_again(row, place, column, rotated) for column in place.columns)
    ]
    place.model._default_manager.bulk_update(changed, place.columns)


def _seal_again(row: models.Model, place: _Place, column: str, rotated: Rotated) -> bool:
    sealed = getattr(row, column)
    if sealed is None or bytes(sealed).startswith(sealing.present_key()):
        return False
    try:
        plain = sealing.unseal(bytes(sealed), row=place.name(row))
    except sealing.CannotUnseal:
        rotated.closed += 1
        return False
    setattr(row, column, sealing.seal(plain, row=place.name(row)))
    rotated.sealed += 1
    return True
