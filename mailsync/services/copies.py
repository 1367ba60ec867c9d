"""Rows of copies follow the provider: known ids, flags, moves and removals. All set-wise.

A private row vanishes with its message. What was logged stays, marked as gone (C4).
"""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.db.models.functions import Now

from activities.models import Message, Sighting
from activities.services import rows
from mailsync.models import Mailbox
from mailsync.providers.base import Change

Statement = tuple[str, list[Any]]


@dataclass(frozen=True, slots=True)
class Known:
    """A copy that is here already. `out_of_scope` says why sync did not look at it, if so, and
    `logged` that it stands in the record, where it stays."""

    id: uuid.UUID
    provider_id: str
    received_at: datetime
    out_of_scope: str = ""
    logged: bool = False


def known_ids(mailbox: Mailbox, provider_ids: Sequence[str]) -> dict[str, Known]:
    """Which of these ids of a channel have rows. One query."""
    return {
        row[1]: Known(*row)
        for row in rows.fetch(
            (
                "select id, provider_id, received_at, out_of_scope, false"
                " from activities_privatemessage"
                " where workspace_id = %s and channel_id = %s and provider_id = any(%s) union all"
                " select id, provider_id, received_at, '', true from activities_sighting"
                " where workspace_id = %s and channel_id = %s and provider_id = any(%s)",
                [*_way(mailbox), list(provider_ids)] * 2,
            )
        )
    }


def newest_in_scope(
    mailbox: Mailbox, scope: str, *, before: tuple[datetime, uuid.UUID] | None, size: int
) -> list[Known]:
    """A page of the copies in a folder that are not gone, newest first."""
    older = "and (received_at, id) < (%s, %s)" if before else ""
    bound = [before[0], str(before[1])] if before else []
    scopes = rows.to_json([scope])
    found = rows.fetch(
        (
            "select * from (select id, provider_id, received_at"
            " from activities_privatemessage"
            f" where workspace_id = %s and channel_id = %s and scopes @> %s::jsonb {older}"
            " union all select id, provider_id, received_at from activities_sighting"
            " where workspace_id = %s and channel_id = %s and scopes @> %s::jsonb"
            f" and gone_at is null {older}) c order by received_at desc, id desc limit %s",
            [*_way(mailbox), scopes, *bound, *_way(mailbox), scopes, *bound, size],
        )
    )
    return [Known(*row) for row in found]


def set_flags(mailbox: Mailbox, changes: Sequence[Change]) -> None:
    """Write the flags of these copies where they differ."""
    if not changes:
        return
    given = rows.to_json([{"ref": change.ref, "flags": change.flags} for change in changes])
    rows.run([_set_flags(table, mailbox, given) for table in _TABLES])


def set_scopes(mailbox: Mailbox, changes: Sequence[Change]) -> None:
    """Write the folders or labels of these copies; one that is logged keeps its place."""
    if not changes:
        return
    given = rows.to_json([{"ref": change.ref, "scopes": change.scopes} for change in changes])
    rows.run(
        [
            (
                f"update {table} c set scopes = j.scopes"
                " from json_to_recordset(%s) as j(ref text, scopes jsonb)"
                " where c.workspace_id = %s and c.channel_id = %s and c.provider_id = j.ref",
                [given, *_way(mailbox)],
            )
            for table in _TABLES
        ]
    )


def forget(mailbox: Mailbox, provider_ids: Iterable[str]) -> None:
    """The provider no longer has these: private rows vanish, what is logged is marked as gone."""
    ids = list(provider_ids)
    if not ids:
        return
    lose(mailbox, _sightings(mailbox, ids))
    forget_private_ids(mailbox, ids)


def lose(mailbox: Mailbox, copies: QuerySet[Sighting]) -> None:
    """Mark these copies of the mailbox as gone; a body that nobody has any more is given up."""
    waiting = Message.objects.filter(
        workspace_id=mailbox.workspace_id,
        id__in=copies.values("message"),
        body_state=Message.Body.DUE,
    )
    # Locked first: two mailboxes that lose their copies at once would each count on the other's.
    due = list(waiting.order_by("id").select_for_update().values_list("id", flat=True))
    copies.filter(gone_at=None).update(gone_at=Now())
    if due:
        _give_up_bodies(mailbox, due)


def found_again(mailbox: Mailbox, provider_ids: Sequence[str]) -> None:
    """Copies that were marked as gone and are at the provider after all, or under a new id.

    A body that was given up with the last copy is fetched from this one.
    """
    copies = _sightings(mailbox, provider_ids)
    copies.filter(gone_at__isnull=False).update(gone_at=None)
    Message.objects.filter(
        workspace_id=mailbox.workspace_id,
        id__in=copies.values("message"),
        body_state=Message.Body.GONE,
    ).update(body_state=Message.Body.DUE, body_attempts=0, body_due_at=Now())


def forget_private_ids(mailbox: Mailbox, provider_ids: Iterable[str]) -> None:
    """Delete the private rows of these copies."""
    ids = list(provider_ids)
    if ids:
        condition = "workspace_id = %s and channel_id = %s and provider_id = any(%s)"
        forget_private(condition, [*_way(mailbox), ids])


def forget_private(condition: str, parameters: list[Any]) -> None:
    """Delete private rows with everything that hangs on them. One round trip.

    `condition` is SQL over activities_privatemessage, never made of what a user typed.
    """
    chosen = f"select id from activities_privatemessage where {condition}"
    rows.run(
        [
            (f"delete from {table} where private_message_id in ({chosen})", parameters)
            for table in ("activities_pendingparticipant", "activities_privateparticipant")
        ]
        + [(f"delete from activities_privatemessage where {condition}", parameters)]
    )


_TABLES = ("activities_privatemessage", "activities_sighting")


def _sightings(mailbox: Mailbox, provider_ids: Sequence[str]) -> QuerySet[Sighting]:
    return Sighting.objects.filter(
        workspace_id=mailbox.workspace_id,
        channel_id=mailbox.channel_id,
        provider_id__in=provider_ids,
    )


def _give_up_bodies(mailbox: Mailbox, message_ids: Sequence[uuid.UUID]) -> None:
    """Nobody has these any more, unless another copy stands: their bodies will not come."""
    alive = Sighting.objects.filter(
        workspace_id=mailbox.workspace_id, message=OuterRef("pk"), gone_at=None
    )
    Message.objects.filter(
        ~Exists(alive), workspace_id=mailbox.workspace_id, id__in=message_ids
    ).update(body_state=Message.Body.GONE)


def _set_flags(table: str, mailbox: Mailbox, given: str) -> Statement:
    return (
        f"update {table} c set flags = j.flags"
        " from json_to_recordset(%s) as j(ref text, flags jsonb)"
        " where c.workspace_id = %s and c.channel_id = %s and c.provider_id = j.ref"
        " and c.flags <> j.flags",
        [given, *_way(mailbox)],
    )


def _way(mailbox: Mailbox) -> tuple[str, str]:
    return str(mailbox.workspace_id), str(mailbox.channel_id)
