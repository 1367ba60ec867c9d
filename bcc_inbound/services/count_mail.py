"""Counts what came within an hour, so that a flood is held and neither lost nor let in."""

import uuid
from collections.abc import Mapping, Sequence

from django.conf import settings
from django.db import connection

from activities.services import rows
from bcc_inbound.services.claim_deliveries import Claimed

MOST_LOOKED_AT = 50_000


def find_excess(
    workspace_id: uuid.UUID, claimed: Sequence[Claimed], senders: Mapping[uuid.UUID, str]
) -> set[uuid.UUID]:
    """Which of these deliveries came after more than is taken in an hour: to their address, from
    their sender (by id of the delivery in `senders`), or to the workspace.

    Mail of a trusted peer is not counted: it is the operator's own. One query, inside the
    workspace, and none where there is only such mail. What one mail was judged by does not change
    when it is judged again.
    """
    strange = [one for one in claimed if not (one.trusted_peer or one.released)]
    if not strange:
        return set()
    named = [{"id": one.id, "sender": senders.get(one.id, "")} for one in strange]
    limits = settings.INBOUND_HOURLY_LIMITS
    with connection.cursor() as cursor:
        cursor.execute(
            _EXCESS,
            [
                rows.to_json(named),
                workspace_id,
                min(one.received_at for one in strange),
                max(one.received_at for one in strange),
                MOST_LOOKED_AT,
                limits["address"],
                limits["sender"],
                limits["workspace"],
            ],
        )
        return {row[0] for row in cursor.fetchall()}


_EXCESS = """
with mine as (
    select id, sender from json_to_recordset(%s) as j(id uuid, sender text)
), near as (
    select d.id, d.received_at, d.inbound_address_id as address,
        coalesce(m.sender, d.header_from) as sender
    from bcc_inbound_delivery d left join mine m on m.id = d.id
    where d.workspace_id = %s and not d.trusted_peer
    and d.received_at > %s::timestamptz - interval '1 hour' and d.received_at <= %s
    order by d.received_at desc limit %s
), counted as (
    select id, sender,
        count(*) over (partition by address order by received_at
            range between interval '1 hour' preceding and current row) as at_address,
        count(*) over (partition by sender order by received_at
            range between interval '1 hour' preceding and current row) as from_sender,
        count(*) over (order by received_at
            range between interval '1 hour' preceding and current row) as in_workspace
    from near
)
select c.id from counted c join mine on mine.id = c.id
where c.at_address > %s or (c.sender <> '' and c.from_sender > %s) or c.in_workspace > %s
"""
