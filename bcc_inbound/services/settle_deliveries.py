"""Writes down what became of deliveries, in the transaction in which it became so."""

import uuid
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from django.db import connection
from django.utils.translation import gettext_lazy

from accounts import tenancy
from activities.services import rows
from bcc_inbound.models import Delivery
from bcc_inbound.services.claim_deliveries import MOST_ATTEMPTS, Claimed

BACKOFF_SECONDS = 30
WAIT_SECONDS = 60
MOST_WAIT_SECONDS = 3600
WAITING = gettext_lazy("The sender cannot be checked yet: the DNS of its domain does not answer.")
State = Delivery.State


class LeaseLost(Exception):
    """Another worker holds one of these deliveries by now; nothing may be written for it here."""


@dataclass(frozen=True, slots=True)
class Ending:
    """How one delivery ended: the verdict on its sender, and where its mail is kept."""

    id: uuid.UUID
    attempts: int
    state: str
    verdict: str = ""
    header_from: str = ""
    sender_id: uuid.UUID | None = None
    message_id: uuid.UUID | None = None
    error: str = ""
    proof: dict[str, Any] = field(default_factory=dict)


def settle_deliveries(workspace_id: uuid.UUID, endings: Sequence[Ending]) -> None:
    """Settle deliveries in the caller's transaction; raises LeaseLost unless all are still ours.

    A blocked mail loses its bytes, its sender and its envelope here. The bytes of a kept one go
    as soon as the message has them in the blob store, and not before. One statement.
    """
    with connection.cursor() as cursor:
        cursor.execute(_SETTLE, [rows.to_json([asdict(one) for one in endings]), workspace_id])
        if cursor.rowcount != len(endings):
            raise LeaseLost


def put_off(workspace_id: uuid.UUID, one: Claimed, *, error: str) -> bool:
    """Try a delivery again later, longer each time; after five attempts leave it to a person.

    `error` is a sentence without anything of the mail in it. True when a person is needed.
    """
    spent = one.tries >= MOST_ATTEMPTS
    with tenancy.in_workspace(workspace_id), connection.cursor() as cursor:
        cursor.execute(
            _PUT_OFF,
            [
                State.ATTENTION if spent else State.DUE,
                error[:300],
                BACKOFF_SECONDS * 2**one.tries,
                workspace_id,
                one.id,
                one.attempt,
            ],
        )
    return spent


def wait_for_the_dns(workspace_id: uuid.UUID, one: Claimed) -> None:
    """Look at a sender again later. It is no fault of the mail and counts as no attempt at it."""
    pause = min(WAIT_SECONDS * 2**one.waits, MOST_WAIT_SECONDS)
    with tenancy.in_workspace(workspace_id), connection.cursor() as cursor:
        cursor.execute(_WAIT, [str(WAITING), pause, workspace_id, one.id, one.attempt])


_SETTLE = """
update bcc_inbound_delivery d set
    state = j.state, verdict = j.verdict, error = j.error, settled_at = statement_timestamp(),
    header_from = j.header_from, proof = j.proof, sender_id = j.sender_id,
    message_id = j.message_id,
    envelope_sender = case when j.state = 'blocked' then '' else d.envelope_sender end,
    peer = case when j.state = 'blocked' then '' else d.peer end,
    helo = case when j.state = 'blocked' then '' else d.helo end,
    reported = case when j.state = 'blocked' then '[]' else d.reported end,
    size = case when j.state = 'blocked' then 0 else d.size end,
    raw = case when j.state = 'blocked' or exists (
        select 1 from activities_messagebody b where b.workspace_id = d.workspace_id
        and b.message_id = j.message_id and b.raw_sha256 <> '') then null else d.raw end
from json_to_recordset(%s) as j(id uuid, attempts int, state text, verdict text,
    header_from text, sender_id uuid, message_id uuid, error text, proof jsonb)
where d.workspace_id = %s and d.id = j.id and d.state = 'due' and d.attempts = j.attempts
"""

_PUT_OFF = """
update bcc_inbound_delivery set state = %s, error = %s,
    due_at = statement_timestamp() + make_interval(secs => %s)
where workspace_id = %s and id = %s and state = 'due' and attempts = %s
"""

_WAIT = """
update bcc_inbound_delivery set error = %s, waits = waits + 1,
    due_at = statement_timestamp() + make_interval(secs => %s)
where workspace_id = %s and id = %s and state = 'due' and attempts = %s
"""
