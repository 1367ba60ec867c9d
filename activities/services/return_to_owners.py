"""Gives mail that nothing records any more back to its owners' private rows (V1, V2)."""

import uuid
from collections.abc import Iterable, Mapping
from typing import Any

from django.db import connection

from accounts import tenancy
from activities.matching.decision import Decision, Step
from activities.matching.words import Outcome, Source, State
from activities.models import (
    Activity,
    Message,
    Participant,
    PrivateMessage,
    PrivateParticipant,
    Sighting,
)
from activities.services.record_change import Moved
from activities.services.snapshot import Snapshot
from activities.services.taken_out import keep_taken_out


def return_to_owners(
    workspace_id: uuid.UUID,
    activities: Iterable[Activity],
    before: Mapping[uuid.UUID, Snapshot],
    *,
    rule: str,
    code: str,
    args: tuple[str, ...] = (),
) -> list[Moved]:
    """Make every mailbox copy a private row of its owner again and remove the shared message.

    The body goes with it: of mail that is not logged only the headers are kept. What came by bcc
    or sent exists nowhere else, so that message stays, withdrawn. `rule`, `code` and `args` say
    why, as the engine would. Returns what the change writes down beside or instead of the
    activity: the copies by which undoing finds the message again.
    """
    moved = []
    for activity in activities:
        copies = _copies(workspace_id, activity)
        for copy in copies:
            make_private(workspace_id, copy, rule=rule, code=code, args=args)
        if any(copy.channel.source != Source.SYNC for copy in copies):
            moved.append(_keep_withdrawn(workspace_id, activity, copies))
        else:
            moved.append(_remove(workspace_id, activity, copies, before))
    return moved


def _keep_withdrawn(workspace_id: uuid.UUID, activity: Activity, copies: list[Sighting]) -> Moved:
    """Only the mailbox copies go; the activity itself is one of those that the change names."""
    mailbox = [copy for copy in copies if copy.channel.source == Source.SYNC]
    Sighting.objects.filter(
        workspace_id=workspace_id, id__in=[copy.id for copy in mailbox]
    ).delete()
    return Moved(
        {"copies": _named(mailbox)},
        {"copies": _named(mailbox), "state": activity.state},
        thread_id=activity.thread_id,
    )


def _remove(
    workspace_id: uuid.UUID,
    activity: Activity,
    copies: list[Sighting],
    before: Mapping[uuid.UUID, Snapshot],
) -> Moved:
    kept = keep_taken_out(workspace_id, activity, copies)
    was = before.get(activity.id, {})
    new = [one for one in kept if was.get("taken_out", {}).get(one[1]) != one[2]]
    moved = Moved(
        {**was, "copies": _named(copies)},
        {
            "state": activity.state,
            "assignments": [],
            "taken_out": activity.taken_out,
            "kept_out": new,
            "copies": _named(copies),
        },
        thread_id=activity.thread_id,
    )
    message = activity.message
    activity.delete()
    if message is not None:
        Message.objects.filter(workspace_id=workspace_id, id=message.id).delete()
    return moved


def _named(copies: list[Sighting]) -> list[list[str]]:
    return [[str(copy.channel_id), copy.provider_id] for copy in copies]


def make_private(
    workspace_id: uuid.UUID, copy: Sighting, *, rule: str, code: str, args: tuple[str, ...] = ()
) -> None:
    """Write one mailbox copy as its owner's private row; the sighting is left to the caller.

    Of a mailbox that was disconnected nothing private is kept (V3).
    """
    if copy.owner_id is None or copy.channel.source != Source.SYNC or not _is_open(copy):
        return
    message = copy.message
    people = list(message.participants.all())
    # The row is its owner's, so it is written as its owner: the policy lets nobody else do it.
    with tenancy.in_workspace(workspace_id, copy.owner_id):
        row, _made = PrivateMessage.objects.update_or_create(
            workspace_id=workspace_id,
            channel_id=copy.channel_id,
            provider_id=copy.provider_id,
            defaults={
                "owner_id": copy.owner_id,
                "provider_thread_id": copy.provider_thread_id,
                "thread_id": message.thread_id,
                "fingerprint": message.fingerprint,
                "subject": message.subject,
                "sent_at": message.sent_at,
                "received_at": copy.received_at,
                "headers": message.headers,
                "scopes": copy.scopes,
                "flags": copy.flags,
                "direction": copy.direction,
                "outcome": Outcome.NOT_LOGGED.value,
                "rule": rule,
                "decision": _decision(copy, rule, code, args),
            },
        )
        PrivateParticipant.objects.filter(workspace_id=workspace_id, private_message=row).delete()
        PrivateParticipant.objects.bulk_create(_keys(workspace_id, copy.owner_id, row, people))


def _is_open(copy: Sighting) -> bool:
    """Whether the copy's mailbox is connected, and stays so until this transaction ends.

    Shared, since two acts on mail of the same mailboxes need not wait for each other.
    """
    with connection.cursor() as cursor:
        cursor.execute(_OPEN, [copy.workspace_id, copy.channel_id])
        return cursor.fetchone() is not None


def _copies(workspace_id: uuid.UUID, activity: Activity) -> list[Sighting]:
    rows = Sighting.objects.filter(workspace_id=workspace_id, message=activity.message)
    return list(rows.select_related("channel", "message").prefetch_related("message__participants"))


def _keys(
    workspace_id: uuid.UUID, owner_id: uuid.UUID, row: PrivateMessage, people: list[Participant]
) -> list[PrivateParticipant]:
    known = {person.base: person.domain for person in people}
    return [
        PrivateParticipant(
            workspace_id=workspace_id,
            owner_id=owner_id,
            private_message=row,
            base=base,
            domain=domain,
        )
        for base, domain in known.items()
    ]


def _decision(copy: Sighting, rule: str, code: str, args: tuple[str, ...]) -> dict[str, Any]:
    earlier = Decision.from_json(copy.decision)
    return Decision(
        Source.SYNC,
        Outcome.NOT_LOGGED,
        rule,
        participants=earlier.participants,
        steps=(Step(rule, State.FAILED, code, args),),
    ).to_json()


_OPEN = """
select 1 from activities_channel
where workspace_id = %s and id = %s and closed_at is null for share
"""
