"""What the workspace already knows about a batch of copies and their messages. One query."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from accounts.sealing import keyed_hash
from activities.services import rows
from activities.services.incoming import IncomingCopy, Result

CopyKey = tuple[str, str]
"""A copy's identity: the channel's id and the provider's id, both as text."""


@dataclass(slots=True)
class History:
    """seen: copies that are here already; messages: what is kept, by fingerprint in hex;
    taken_back: when the owner took a copy's message back; taken_out: when somebody took it out of
    which project, by the project's id as text."""

    seen: dict[CopyKey, Result] = field(default_factory=dict)
    messages: dict[str, dict[str, Any]] = field(default_factory=dict)
    taken_back: dict[CopyKey, datetime] = field(default_factory=dict)
    taken_out: dict[CopyKey, dict[str, datetime]] = field(default_factory=dict)


def load_history(
    workspace_id: uuid.UUID, owner_id: uuid.UUID | None, copies: Sequence[IncomingCopy]
) -> History:
    """Look the copies up by the provider's id and their messages by fingerprint."""
    channels = [str(copy.channel_id) for copy in copies]
    ids = [copy.provider_id for copy in copies]
    marks = [_mark(workspace_id, copy) for copy in copies]
    digests = [blocked_digest(workspace_id, copy) for copy in copies]
    parameters = [str(workspace_id), channels, ids, marks, digests, owner_id and str(owner_id)]
    history = History()
    blocked = set()
    taken_back: dict[str, datetime] = {}
    taken_out: dict[str, dict[str, datetime]] = {}
    for kind, key, data in rows.fetch((_SQL, parameters)):
        if kind == "blocked":
            blocked.add(key)
        elif kind == "message":
            history.messages[key] = data
        elif kind == "taken back":
            taken_back[key] = datetime.fromisoformat(data)
        elif kind == "taken out":
            taken_out[key] = times_of(data)
        else:
            history.seen[data["channel"], data["provider"]] = _result(data)
    keys = {key_of(copy): mark.hex() for copy, mark in zip(copies, marks, strict=True)}
    history.taken_back = {key: taken_back[mark] for key, mark in keys.items() if mark in taken_back}
    history.taken_out = {key: taken_out[mark] for key, mark in keys.items() if mark in taken_out}
    for copy, digest in zip(copies, digests, strict=True):
        if digest.hex() in blocked:
            history.seen[key_of(copy)] = Result(outcome="blocked", rule="R3", known=True)
    return history


def key_of(copy: IncomingCopy) -> CopyKey:
    """The identity of a copy."""
    return str(copy.channel_id), copy.provider_id


def times_of(data: dict[str, str]) -> dict[str, datetime]:
    """Times by project, as the database wrote them down."""
    return {project: datetime.fromisoformat(at) for project, at in data.items()}


def mark_of(
    workspace_id: uuid.UUID,
    fingerprint: bytes | memoryview | None,
    channel_id: uuid.UUID,
    provider_id: str,
) -> bytes:
    """What a person's lasting word on a mail is kept under: its fingerprint (32 bytes).

    A mail without one never merges, so its single copy stands for it.
    """
    if fingerprint:
        return bytes(fingerprint)
    return keyed_hash("copy", str(workspace_id), str(channel_id), provider_id)


def _mark(workspace_id: uuid.UUID, copy: IncomingCopy) -> bytes:
    return mark_of(workspace_id, copy.message.fingerprint, copy.channel_id, copy.provider_id)


def blocked_digest(workspace_id: uuid.UUID, copy: IncomingCopy) -> bytes:
    """All that is kept of a blocked copy: the keyed hash by which it is counted once (R3)."""
    return keyed_hash("blocked", str(workspace_id), str(copy.channel_id), copy.provider_id)


def _result(data: dict[str, Any]) -> Result:
    def as_id(name: str) -> uuid.UUID | None:
        return uuid.UUID(data[name]) if data.get(name) else None

    return Result(
        outcome=data["outcome"],
        rule=data["rule"],
        message_id=as_id("message"),
        activity_id=as_id("activity"),
        private_id=as_id("private"),
        known=True,
    )


# One JSON object for a message that is kept: its activity, assignments and copies. Also read by
# the re-decision.
MESSAGE_JSON = """json_build_object(
    'id', m.id, 'thread', m.thread_id, 'body_state', m.body_state, 'activity', e.id,
    'state', e.state, 'sharing', e.sharing, 'settled_at', e.settled_at,
    'taken_out', e.taken_out, 'excepted', e.excepted,
    'assignments', (select json_agg(json_build_object(
        'id', a.id, 'address', a.address, 'project', a.project_id, 'contact', a.contact_id,
        'company', a.company_id, 'origin', a.origin, 'made_by', a.made_by_id, 'at', a.created_at))
        from activities_assignment a
        where a.workspace_id = m.workspace_id and a.activity_id = e.id),
    'copies', (select json_agg(json_build_object(
        'owner', s.owner_id, 'source', s.copy_facts ->> 'source', 'at', s.received_at,
        'counts', s.counts))
        from activities_sighting s
        where s.workspace_id = m.workspace_id and s.message_id = m.id))"""

_SQL = f"""
with given as (select %s::uuid as workspace, %s::text[] as channels, %s::text[] as ids,
    %s::bytea[] as prints, %s::bytea[] as digests, %s::uuid as owner),
copies as (select given.workspace, c.channel::uuid, c.provider_id
    from given, unnest(given.channels, given.ids) as c(channel, provider_id))
select 'sighting' as kind, '' as key, json_build_object('channel', s.channel_id,
    'provider', s.provider_id, 'outcome', s.outcome, 'rule', s.rule, 'message', s.message_id,
    'activity', e.id) as data
    from copies c join activities_sighting s on s.workspace_id = c.workspace
      and s.channel_id = c.channel and s.provider_id = c.provider_id
    left join activities_activity e on e.workspace_id = s.workspace_id
      and e.message_id = s.message_id
union all
select 'private', '', json_build_object('channel', p.channel_id, 'provider', p.provider_id,
    'outcome', p.outcome, 'rule', p.rule, 'private', p.id)
    from copies c join activities_privatemessage p on p.workspace_id = c.workspace
      and p.channel_id = c.channel and p.provider_id = c.provider_id
union all
select 'blocked', encode(b.digest, 'hex'), null
    from given join activities_blockedmail b on b.workspace_id = given.workspace
      and b.digest = any(given.digests)
union all
select 'message', encode(m.fingerprint, 'hex'), {MESSAGE_JSON}
    from given join activities_message m on m.workspace_id = given.workspace
      and m.fingerprint = any(given.prints)
    left join activities_activity e on e.workspace_id = m.workspace_id and e.message_id = m.id
union all
select 'taken back', encode(t.fingerprint, 'hex'), to_json(t.taken_at)
    from given join activities_takenback t on t.workspace_id = given.workspace
      and t.owner_id = given.owner and t.fingerprint = any(given.prints)
union all
select 'taken out', encode(t.fingerprint, 'hex'), json_object_agg(t.project_id, t.taken_at)
    from given join activities_takenout t on t.workspace_id = given.workspace
      and t.fingerprint = any(given.prints)
    group by t.fingerprint
"""
