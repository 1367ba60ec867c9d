"""Counts what came within an hour, so that a flood is held and neither lost nor let in."""

import uuid
from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.db import connection

from activities.services import rows
from bcc_inbound.services.claim_deliveries import Claimed
from bcc_inbound.services.read_deliveries import ReadMail

MOST_LOOKED_AT = 50_000


def find_excess(
    workspace_id: uuid.UUID, claimed: Sequence[Claimed], *, accepted: bool
) -> set[uuid.UUID]:
    """Which of these deliveries came after more than is taken in an hour: to their address, or to
    the workspace.

    What is accepted and what strangers send is counted apart, so that no stranger uses up what
    members, their customers and trusted senders may send; `accepted` says which of both these are.
    Mail of a trusted peer is not counted: it is the operator's own. One query, inside the
    workspace, and none where there is only such mail. What one mail was judged by does not change
    when it is judged again.
    """
    counted = [one for one in claimed if _counts(one)]
    if not counted:
        return set()
    mine = [{"id": one.id, "address": one.address_id, "at": one.received_at} for one in counted]
    limits = settings.INBOUND_HOURLY_LIMITS
    return _ask(
        _EXCESS,
        [
            rows.to_json(mine),
            *_hour(workspace_id, counted),
            accepted,
            MOST_LOOKED_AT,
            limits["address"],
            limits["workspace"],
        ],
    )


def find_busy_senders(workspace_id: uuid.UUID, mails: Sequence[ReadMail]) -> set[uuid.UUID]:
    """Which of these deliveries came after more than is taken in an hour from their sender.

    Only mail counts whose sender was proven: whoever forges a member's address, however often, does
    not use up what that member may send. One query, inside the workspace, and none where nothing
    counts.
    """
    proven = [
        mail
        for mail in mails
        if mail.proof.passed and mail.sender and not mail.unwelcome and _counts(mail.claimed)
    ]
    if not proven:
        return set()
    named = [
        {"id": mail.claimed.id, "sender": mail.sender, "at": mail.claimed.received_at}
        for mail in proven
    ]
    hour = _hour(workspace_id, [mail.claimed for mail in proven])
    limit = settings.INBOUND_HOURLY_LIMITS["sender"]
    return _ask(_BUSY_SENDERS, [rows.to_json(named), *hour, MOST_LOOKED_AT, limit])


def _counts(one: Claimed) -> bool:
    return not (one.trusted_peer or one.released)


def _hour(workspace_id: uuid.UUID, counted: Sequence[Claimed]) -> list[Any]:
    """The workspace, and the time in which mail beside these matters."""
    times = [one.received_at for one in counted]
    return [workspace_id, min(times), max(times)]


def _ask(question: str, facts: list[Any]) -> set[uuid.UUID]:
    with connection.cursor() as cursor:
        cursor.execute(question, facts)
        return {row[0] for row in cursor.fetchall()}


_EXCESS = """
with mine as (
    select id, address, at from json_to_recordset(%s) as j(id uuid, address uuid, at timestamptz)
), near as (
    select d.id, d.inbound_address_id as address, d.received_at as at from bcc_inbound_delivery d
    where d.workspace_id = %s and not d.trusted_peer
    and d.received_at > %s::timestamptz - interval '1 hour' and d.received_at <= %s
    and d.state <> 'due' and d.verdict <> 'released'
    and (d.verdict in ('member', 'trusted', 'reply')) = %s
    order by d.received_at desc limit %s
), every as (
    select * from near where id not in (select id from mine) union all select * from mine
), counted as (
    select id,
        count(*) over (partition by address order by at
            range between interval '1 hour' preceding and current row) as at_address,
        count(*) over (order by at
            range between interval '1 hour' preceding and current row) as in_workspace
    from every
)
select c.id from counted c join mine on mine.id = c.id
where c.at_address > %s or c.in_workspace > %s
"""

_BUSY_SENDERS = """
with mine as (
    select id, sender, at from json_to_recordset(%s) as j(id uuid, sender text, at timestamptz)
), near as (
    select d.id, d.received_at, d.header_from as sender, d.proof from bcc_inbound_delivery d
    where d.workspace_id = %s and not d.trusted_peer
    and d.received_at > %s::timestamptz - interval '1 hour' and d.received_at <= %s
    order by d.received_at desc limit %s
), proven as (
    select id, received_at, sender from near
    where proof @> '{"passed": true}' and sender in (select sender from mine)
    and id not in (select id from mine)
    union all select id, at, sender from mine
), counted as (
    select id,
        count(*) over (partition by sender order by received_at
            range between interval '1 hour' preceding and current row) as from_sender
    from proven
)
select c.id from counted c join mine on mine.id = c.id where c.from_sender > %s
"""
