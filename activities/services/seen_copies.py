"""Reads copies back out of the record, as their door once handed them over."""

import uuid
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from activities.mail.message import ParsedMessage
from activities.matching.facts import ProfileFact
from activities.matching.words import OutOfScope, Source, Verdict
from activities.models import PrivateMessage, Sighting
from activities.services import rows
from activities.services.history import MESSAGE_JSON, History, key_of, mark_of, times_of
from activities.services.incoming import IncomingCopy
from activities.services.judge import Before


def private_copy(row: PrivateMessage) -> tuple[IncomingCopy, Before]:
    """The unlogged copy in this private row, and its last decision."""
    copy = IncomingCopy(
        source=Source.SYNC,
        channel_id=row.channel_id,
        owner_id=row.owner_id,
        provider_id=row.provider_id,
        provider_thread_id=row.provider_thread_id,
        message=ParsedMessage.from_json(row.headers),
        received_at=row.received_at,
        outgoing=row.direction == Sighting.Direction.OUT,
        scopes=tuple(row.scopes),
        flags=tuple(row.flags),
        out_of_scope=OutOfScope(row.out_of_scope) if row.out_of_scope else None,
    )
    return copy, Before(outcome=row.outcome, private_id=str(row.id), decision=row.decision)


def shared_copy(row: Sighting) -> tuple[IncomingCopy, Before]:
    """The copy behind this sighting (its message selected with it), and its last decision."""
    facts = row.copy_facts
    project, contact = facts.get("project"), facts.get("contact")
    profile = ProfileFact(contact, project) if contact and project else None
    copy = IncomingCopy(
        source=Source(facts["source"]),
        channel_id=row.channel_id,
        owner_id=row.owner_id,
        provider_id=row.provider_id,
        provider_thread_id=row.provider_thread_id,
        message=ParsedMessage.from_json(row.message.headers),
        received_at=row.received_at,
        outgoing=row.direction == Sighting.Direction.OUT,
        scopes=tuple(row.scopes),
        flags=tuple(row.flags),
        verdict=Verdict(facts.get("verdict", Verdict.MEMBER)),
        forwarded_from=facts.get("forwarded_from", ""),
        profile=profile,
        picked_project_id=None if profile else project,
    )
    return copy, Before(outcome=row.outcome, sighting_id=str(row.id), decision=row.decision)


def kept_messages(workspace_id: uuid.UUID, sightings: Iterable[Sighting]) -> History:
    """What is kept of these sightings' messages, also of those without a fingerprint. One query."""
    history = History()
    by_message: dict[str, list[Sighting]] = {}
    for row in sightings:
        by_message.setdefault(str(row.message_id), []).append(row)
    marks = {
        key_of(shared_copy(row)[0]): mark_of(
            workspace_id, row.message.fingerprint, row.channel_id, row.provider_id
        ).hex()
        for one in by_message.values()
        for row in one
    }
    parameters: list[Any] = [str(workspace_id), list(by_message)]
    parameters += [str(workspace_id), [bytes.fromhex(mark) for mark in set(marks.values())]]
    taken_out: dict[str, dict[str, datetime]] = {}
    for kind, message_id, data in rows.fetch((_SQL, parameters)):
        if kind == "taken out":
            taken_out[message_id] = times_of(data)
            continue
        for row in by_message[message_id]:
            fingerprint = row.message.fingerprint
            key = bytes(fingerprint).hex() if fingerprint else "|".join(key_of(shared_copy(row)[0]))
            history.messages[key] = data
    history.taken_out = {key: taken_out[mark] for key, mark in marks.items() if mark in taken_out}
    return history


_SQL = f"""
select 'message', m.id::text, {MESSAGE_JSON} from activities_message m
left join activities_activity e on e.workspace_id = m.workspace_id and e.message_id = m.id
where m.workspace_id = %s and m.id = any(%s::uuid[])
union all
select 'taken out', encode(t.fingerprint, 'hex'), json_object_agg(t.project_id, t.taken_at)
from activities_takenout t where t.workspace_id = %s and t.fingerprint = any(%s::bytea[])
group by t.fingerprint
"""
