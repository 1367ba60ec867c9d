"""Stores a mail that was handed to us, before anybody is told that we have it."""

import hashlib
import json
import uuid
from collections.abc import Sequence
from typing import Any

from django.db import connection

from accounts import tenancy
from accounts.sealing import keyed_hash
from bcc_inbound.selectors import Route

PATIENCE = 8_000
"""Milliseconds that PostgreSQL gets for one delivery; after that the sender is asked to retry."""

SOURCE_LIMIT, SENDER_LIMIT, PEER_LIMIT, HELO_LIMIT = 20, 320, 64, 255


def store_delivery(
    route: Route,
    *,
    raw: bytes,
    envelope_sender: str,
    peer: str = "",
    trusted_peer: bool = False,
    helo: str = "",
    source: str = "smtp",
    reported: Sequence[Any] = (),
    rebuilt: bool = False,
    key: bytes = b"",
) -> bool:
    """Write one delivery for one inbound address; False when the same one is here already.

    The same bytes from the same envelope sender to the same address are one delivery, so that a
    sender who never saw our answer may send again. `key` stands for all of these where a provider
    names its mails. Everything comes from the wire; nothing of it is judged here.
    """
    with tenancy.in_workspace(route.workspace_id), connection.cursor() as cursor:
        cursor.execute(
            "select set_config('statement_timeout', %s, true),"
            " set_config('lock_timeout', %s, true)",
            [str(PATIENCE), str(PATIENCE)],
        )
        cursor.execute(
            _INSERT,
            [
                tenancy.uuid7(),
                route.workspace_id,
                route.address_id,
                key or dedupe_key(route.address_id, envelope_sender, raw),
                source[:SOURCE_LIMIT],
                _storable(envelope_sender)[:SENDER_LIMIT],
                peer[:PEER_LIMIT],
                _storable(helo)[:HELO_LIMIT],
                _as_json(reported),
                rebuilt,
                trusted_peer,
                raw,
                len(raw),
            ],
        )
        return bool(cursor.rowcount == 1)


def dedupe_key(address_id: uuid.UUID, envelope_sender: str, raw: bytes) -> bytes:
    """What makes two hand-overs one.

    It is keyed from the start: when a mail is blocked and everything else of it goes, this value
    tells nobody what the mail was, and a retry of it is still recognised.
    """
    digest = hashlib.sha256(raw).hexdigest()
    return keyed_hash("delivery", str(address_id), envelope_sender.lower(), digest)


def _as_json(reported: Sequence[Any]) -> str:
    # jsonb refuses the same letters as text, in their escaped form too.
    return _storable(json.dumps(list(reported), ensure_ascii=False)).replace("\\u0000", "")


def _storable(text: str) -> str:
    # An address from the wire may hold bytes that are no UTF-8; PostgreSQL takes neither those
    # nor NUL.
    return text.encode("utf-8", "replace").decode().replace("\x00", "")


_INSERT = """
insert into bcc_inbound_delivery
    (id, workspace_id, inbound_address_id, dedupe_key, source, envelope_sender, peer, helo,
     reported, rebuilt, trusted_peer, raw, size, state, verdict, error, header_from, proof,
     attempts, waits)
values (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, 'due', '', '', '', '{}', 0, 0)
on conflict (workspace_id, source, dedupe_key) do nothing
"""
