"""The rows of copies that stay private, and of mail that was blocked."""

from collections import Counter
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from accounts.tenancy import uuid7_text
from activities.matching.decision import Ambiguous
from activities.models import (
    BlockedMail,
    PendingParticipant,
    PrivateMessage,
    PrivateParticipant,
)
from activities.services import rows
from activities.services.history import blocked_digest
from activities.services.judge import Judged
from activities.services.rows import Row
from contacts.addresses import domain_of, registrable_domain, without_tag

Statement = tuple[str, list[Any]] | None


def keep_private(workspace_id: UUID, judged: Sequence[Judged]) -> tuple[list[Statement], list[str]]:
    """Write these unlogged copies into their owner's private rows.

    One that stands there already gets its new decision. Returns the statements, and the id of
    each private row in order.
    """
    messages: list[Row] = []
    keys: list[Row] = []
    pending: list[Row] = []
    decided_again: list[Row] = []
    ids: list[str] = []
    for one in judged:
        known = one.before.private_id if one.before else None
        ids.append(known or uuid7_text())
        if known:
            decided_again.append(_decision(one, id=known))
        else:
            messages.append(_message(ids[-1], one))
            keys += _keys(ids[-1], one)
        pending += pending_rows(one, private_message_id=ids[-1])
    statements: list[Statement] = [
        rows.together(
            rows.insert(workspace_id, PrivateMessage, messages),
            rows.insert(workspace_id, PrivateParticipant, keys),
        ),
        *_decide_again(workspace_id, decided_again),
        rows.insert(workspace_id, PendingParticipant, pending),
    ]
    return statements, ids


def count_blocked(workspace_id: UUID, judged: Sequence[Judged]) -> list[Statement]:
    """Keep of blocked mail a line for the person concerned, and count it once at its entry (R3)."""
    blocked: list[Row] = [
        {
            "id": uuid7_text(),
            "owner_id": one.copy.owner_id,
            "channel_id": one.copy.channel_id,
            "entry_id": one.decision.entry_id,
            "digest": blocked_digest(workspace_id, one.copy),
            "blocked_at": one.copy.received_at,
        }
        for one in judged
    ]
    lines = rows.insert(
        workspace_id,
        BlockedMail,
        blocked,
        conflict="(workspace_id, digest) do nothing",
        returning="entry_id",
    )
    if lines is None:
        return []
    # Only a line that is new counts: the same mail comes again with every reading of a folder.
    sql = (
        f"with fresh as ({lines[0]}) update activities_entry e"
        " set hits = e.hits + j.hits, last_hit_at = statement_timestamp()"
        " from (select entry_id, count(*) as hits from fresh group by entry_id order by entry_id) j"
        " where e.workspace_id = %s and e.id = j.entry_id"
    )
    return [(sql, [*lines[1], str(workspace_id)])]


def count_hits(workspace_id: UUID, judged: Sequence[Judged]) -> Statement:
    """Count the mail that each entry kept out of the record and that was stored all the same."""
    hits = Counter(str(one.decision.entry_id) for one in judged if one.decision.entry_id)
    if not hits:
        return None
    return (
        "update activities_entry e set hits = e.hits + j.hits, last_hit_at = statement_timestamp()"
        " from json_to_recordset(%s) as j(id uuid, hits bigint)"
        " where e.workspace_id = %s and e.id = j.id",
        [
            # In one order everywhere, so that two transactions never wait for each other.
            rows.to_json([{"id": entry, "hits": hits[entry]} for entry in sorted(hits)]),
            str(workspace_id),
        ],
    )


def pending_rows(
    one: Judged,
    *,
    private_message_id: str | None = None,
    activity_id: str | None = None,
    settled: frozenset[str] = frozenset(),
) -> list[Row]:
    """A row for each participant of the copy who waits for a project, but the settled ones."""

    def row(waiting: Ambiguous) -> Row:
        return {
            "id": uuid7_text(),
            "owner_id": one.copy.owner_id,
            "thread_id": one.thread,
            "activity_id": activity_id,
            "private_message_id": private_message_id,
            "channel_id": one.copy.channel_id,
            "fingerprint": one.copy.message.fingerprint,
            "address": waiting.address,
            "contact_id": waiting.contact_id,
            "company_id": waiting.company_id,
            "candidates": list(waiting.candidates),
            "occurred_at": occurred_at(one),
        }

    return [row(waiting) for waiting in one.decision.ambiguous if waiting.address not in settled]


def occurred_at(one: Judged) -> Any:
    """When the mail happened: its date, unless that lies after we received it."""
    sent_at, received_at = one.copy.message.date, one.copy.received_at
    return min(sent_at, received_at) if sent_at else received_at


def domain_key(address: str) -> str:
    """The registrable domain of an address, or the domain itself where nobody registers there."""
    domain = domain_of(address)
    return registrable_domain(domain) or domain


def _message(private_id: str, one: Judged) -> Row:
    copy = one.copy
    return {
        "owner_id": copy.owner_id,
        "channel_id": copy.channel_id,
        "provider_id": copy.provider_id,
        "provider_thread_id": copy.provider_thread_id,
        "thread_id": one.thread,
        "fingerprint": copy.message.fingerprint,
        "subject": copy.message.subject[:998],
        "sent_at": copy.message.date,
        "received_at": copy.received_at,
        "headers": copy.message.to_json(),
        "scopes": copy.scopes,
        "out_of_scope": copy.out_of_scope.value if copy.out_of_scope else "",
        "flags": copy.flags,
        "direction": "out" if copy.outgoing else "in",
        **_decision(one, id=private_id),
    }


def _decision(one: Judged, *, id: str) -> Row:
    return {
        "id": id,
        "outcome": one.decision.outcome.value,
        "rule": one.decision.rule,
        "decision": one.decision.to_json(),
    }


def _keys(private_id: str, one: Judged) -> list[Row]:
    bases = {without_tag(person.address) for person in one.copy.message.participants}
    return [
        {
            "id": uuid7_text(),
            "owner_id": one.copy.owner_id,
            "private_message_id": private_id,
            "base": base,
            "domain": domain_key(base),
        }
        for base in sorted(bases)
    ]


def _decide_again(workspace_id: UUID, decided: list[Row]) -> list[Statement]:
    if not decided:
        return []
    return [
        (
            "update activities_privatemessage p set outcome = j.outcome, rule = j.rule,"
            " decision = j.decision from json_to_recordset(%s)"
            " as j(id uuid, outcome text, rule text, decision jsonb)"
            " where p.workspace_id = %s and p.id = j.id",
            [rows.to_json(decided), str(workspace_id)],
        ),
        (
            "delete from activities_pendingparticipant"
            " where workspace_id = %s and private_message_id = any(%s::uuid[])",
            [str(workspace_id), [one["id"] for one in decided]],
        ),
    ]
