"""Takes due deliveries for one worker. The attempt and the lease are committed before the work."""

import json
import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

from activities.mail.message import MAX_RAW_BYTES

MOST_ATTEMPTS = 5
LEASE_SECONDS = 300
BATCH = 50
BATCH_BYTES = 16 * 1024 * 1024
HEAD_BYTES = 65 * 1024
"""What is loaded of a large mail at first: its header, which ends after 64 KB at most."""

LARGE = 256 * 1024
"""Beyond this a mail is loaded piece by piece, when it is its turn."""


@dataclass(frozen=True, slots=True)
class Claimed:
    """A delivery that this worker holds until its lease ends.

    `attempt` counts from one and is the fence: whoever settles the delivery names it; `waits` of
    these attempts ended only because the DNS did not answer. `project_id` is whose address it came
    to, None for the workspace's. `head` is the mail with its whole header; of a large one it is
    only the beginning.
    """

    id: uuid.UUID
    address_id: uuid.UUID
    channel_id: uuid.UUID
    project_id: uuid.UUID | None
    attempt: int
    received_at: datetime
    envelope_sender: str
    trusted_peer: bool
    released: bool
    size: int
    waits: int
    source: str
    peer: str
    helo: str
    reported: list[Any]
    rebuilt: bool
    head: bytes

    @property
    def worn_out(self) -> bool:
        """It was tried five times and nobody could say how it ended: its worker died each time."""
        return self.tries > MOST_ATTEMPTS

    @property
    def tries(self) -> int:
        """How often the mail itself was tried."""
        return self.attempt - self.waits

    @property
    def large(self) -> bool:
        return self.size > LARGE

    @property
    def too_large(self) -> bool:
        return self.size > MAX_RAW_BYTES


def claim_deliveries(workspace_id: uuid.UUID, *, most: int = BATCH) -> list[Claimed]:
    """Lease up to `most` due deliveries, oldest first, and return them. One statement.

    The caller's transaction is the workspace's and is committed before the work, so that a crash
    counts as an attempt. What was tried before comes alone: a mail that kills its worker takes no
    neighbour along a second time.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            _CLAIM,
            [workspace_id, most, BATCH_BYTES, LEASE_SECONDS, LARGE, HEAD_BYTES],
        )
        rows = [_claimed(*row) for row in cursor.fetchall()]
    return sorted(rows, key=lambda one: (one.received_at, one.id))


def _claimed(*columns: Any) -> Claimed:
    *facts, reported, rebuilt, head = columns
    row: tuple[Any, ...] = (*facts, json.loads(reported), rebuilt, bytes(head or b""))
    return Claimed(*row)


_CLAIM = """
with due as (
    select id, size, attempts - waits as attempts, due_at from bcc_inbound_delivery
    where workspace_id = %s and state = 'due' and due_at <= statement_timestamp()
    order by attempts > waits, due_at, id limit %s for update skip locked
), placed as (
    select id, attempts, row_number() over w as place, sum(size) over w as bytes
    from due window w as (order by attempts > 0, due_at, id)
), picked as (
    select id from placed where place = 1 or (attempts = 0 and bytes <= %s)
)
update bcc_inbound_delivery d
set attempts = d.attempts + 1, due_at = statement_timestamp() + make_interval(secs => %s)
from picked, bcc_inbound_inboundaddress a
where d.id = picked.id and a.workspace_id = d.workspace_id and a.id = d.inbound_address_id
returning d.id, a.id, a.channel_id, a.project_id, d.attempts, d.received_at,
    d.envelope_sender, d.trusted_peer, d.released_by_id is not null, d.size, d.waits, d.source,
    d.peer, d.helo, d.reported::text, d.rebuilt,
    case when d.size > %s then substring(d.raw from 1 for %s) else d.raw end
"""
