"""Writes what was decided: shared messages, activities, assignments, contacts, private rows."""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from accounts.tenancy import uuid7
from activities.matching.decision import Decision
from activities.matching.words import Outcome, Source
from activities.models import Activity as ActivityModel
from activities.models import Assignment, Message, Participant, PendingParticipant, Sighting
from activities.services import rows
from activities.services.bodies import body_state, body_statements, mark_present
from activities.services.incoming import Result
from activities.services.judge import Judged
from activities.services.made_contacts import MadeContacts, make_contacts
from activities.services.private_rows import (
    Statement,
    count_blocked,
    count_hits,
    domain_key,
    keep_private,
    occurred_at,
    pending_rows,
)
from activities.services.rows import Row
from contacts.addresses import without_tag

_MOST_OPEN_FIRST = ("everything", "subject", "metadata")


class MessageRaceLost(Exception):  # noqa: N818 - nothing is wrong: another copy was first
    """Another transaction wrote one of the messages first; judge again with what it wrote."""


@dataclass(slots=True)
class Kept:
    """One shared message of the batch with its copies."""

    message_id: str
    activity_id: str
    is_new: bool
    copies: list[Judged] = field(default_factory=list)


def record(workspace_id: uuid.UUID, judged: Sequence[Judged]) -> list[Result]:
    """Write a judged batch and return one result a copy, in order.

    Raises MessageRaceLost before anything that cannot be repeated was written.
    """
    blocked = [one for one in judged if one.decision.outcome is Outcome.BLOCKED]
    private = [one for one in judged if stays_private(one)]
    shared = [one for one in judged if is_kept(one)]
    kept = _gather(shared)
    _write_messages(workspace_id, kept)
    made, contact_statements = make_contacts(workspace_id, shared)
    private_statements, private_ids = keep_private(workspace_id, private)
    rows.run(
        [
            *contact_statements,
            *_leave_private(workspace_id, shared),
            *_shared_statements(workspace_id, kept, made),
            *private_statements,
            *(count_blocked(workspace_id, blocked) if blocked else ()),
            count_hits(
                workspace_id, [one for one in judged if one not in blocked and not one.before]
            )
            if any(one.decision.entry_id for one in judged)
            else None,
        ]
    )
    return _results(judged, kept, dict(zip(map(id, private), private_ids, strict=True)))


def is_kept(one: Judged) -> bool:
    """Whether the copy belongs to a shared message: something logged or kept it."""
    decision, before = one.decision, one.before
    if decision.outcome in {Outcome.BLOCKED, Outcome.HELD}:
        return False
    if before is not None and before.sighting_id:
        return True
    if one.copy.source is not Source.SYNC:
        return True
    return decision.outcome is Outcome.LOGGED


def stays_private(one: Judged) -> bool:
    """Whether the copy is an unlogged one of a mailbox (V1)."""
    return one.decision.outcome not in {Outcome.BLOCKED, Outcome.HELD} and not is_kept(one)


def _gather(shared: Sequence[Judged]) -> list[Kept]:
    found: dict[object, Kept] = {}
    for place, one in enumerate(shared):
        key = one.copy.message.fingerprint or ("alone", place)
        if key not in found:
            known = one.known
            found[key] = Kept(
                message_id=known["id"] if known else str(uuid7()),
                activity_id=known["activity"] if known else str(uuid7()),
                is_new=known is None,
            )
        found[key].copies.append(one)
    return list(found.values())


def _write_messages(workspace_id: uuid.UUID, kept: Sequence[Kept]) -> None:
    new = [_message(workspace_id, one) for one in kept if one.is_new]
    # In one order everywhere, so that two transactions never wait for each other.
    new.sort(key=lambda row: row["fingerprint"] or b"")
    written = rows.fetch(
        rows.insert(Message, new, conflict="(workspace_id, fingerprint) do nothing", returning="id")
    )
    if len(written) < len(new):
        raise MessageRaceLost


def _message(workspace_id: uuid.UUID, kept: Kept) -> Row:
    first = kept.copies[0]
    copy, message = first.copy, first.copy.message
    with_body = next((one.copy for one in kept.copies if one.copy.body is not None), copy)
    return {
        "id": kept.message_id,
        "workspace_id": workspace_id,
        "fingerprint": message.fingerprint,
        "thread_id": first.thread,
        "subject": message.subject[:998],
        "sent_at": message.date,
        "headers": message.to_json(),
        "snippet": with_body.body.snippet[:200] if with_body.body else "",
        "body_state": body_state(
            with_body.body,
            readable=not message.unparseable,
            fetch_later=any(one.copy.fetch_later for one in kept.copies),
        ),
        "body_attempts": 0,
    }


def _shared_statements(
    workspace_id: uuid.UUID, kept: Sequence[Kept], made: MadeContacts
) -> list[Statement]:
    new = [one for one in kept if one.is_new]
    known = [one for one in kept if not one.is_new]
    assignments = _assignments(workspace_id, kept, made)
    pending = [
        row
        for one in kept
        for copy in one.copies
        for row in pending_rows(
            workspace_id, copy, activity_id=one.activity_id, settled=_settled(one, copy)
        )
    ]
    bodies = [(one, copy) for one in kept if (copy := _with_body(one)) is not None]
    return [
        rows.insert(Participant, [row for one in new for row in _participants(workspace_id, one)]),
        rows.insert(ActivityModel, [_activity(workspace_id, one) for one in new]),
        *body_statements(
            workspace_id,
            [
                (one.message_id, copy.copy.body, copy.copy.raw, copy.copy.message.error)
                for one, copy in bodies
                if copy.copy.body is not None
            ],
        ),
        mark_present(
            workspace_id,
            [
                (one.message_id, "present", copy.copy.body.snippet[:200])
                for one, copy in bodies
                if not one.is_new and copy.copy.body is not None
            ],
        ),
        rows.insert(
            Sighting,
            [
                _sighting(workspace_id, one.message_id, copy)
                for one in kept
                for copy in one.copies
                if copy.before is None or copy.before.sighting_id is None
            ],
            conflict="(workspace_id, channel_id, provider_id) do nothing",
        ),
        _decide_again(workspace_id, kept),
        *_refine(workspace_id, kept, made),
        rows.insert(Assignment, assignments, conflict="do nothing"),
        *_settle_pending(workspace_id, known),
        rows.insert(PendingParticipant, pending),
        _restate(workspace_id, known),
    ]


def _activity(workspace_id: uuid.UUID, kept: Kept) -> Row:
    decisions = [copy.decision for copy in kept.copies]
    first = kept.copies[0]
    return {
        "id": kept.activity_id,
        "workspace_id": workspace_id,
        "kind": "email",
        "message_id": kept.message_id,
        "thread_id": first.thread,
        "state": _state(decisions),
        "occurred_at": occurred_at(first),
        "title": first.copy.message.subject[:998],
        "text": "",
        "group_domain": _group_domain(first),
        "banner": next((one.banner for one in decisions if one.banner), ""),
        "sharing": _sharing(kept.copies),
        "taken_out": {},
        "excepted": [],
    }


def _state(decisions: Iterable[Decision]) -> str:
    decisions = list(decisions)
    if any(one.recorded for one in decisions):
        return "logged"
    if any(one.ambiguous for one in decisions):
        return "needs_project"
    return "unassigned"


def _sharing(copies: Sequence[Judged]) -> str:
    """Of several copies that are logged the most open level holds (V2)."""
    levels = {
        one.channel.sharing if one.copy.source is Source.SYNC else "everything" for one in copies
    }
    return next(level for level in _MOST_OPEN_FIRST if level in levels)


def _group_domain(one: Judged) -> str:
    """Where Unassigned groups it: a forward's original sender, else the first outsider (U1)."""
    if one.copy.forwarded_from:
        return domain_key(one.copy.forwarded_from)
    for taken in one.decision.participants:
        if taken.kind.value != "internal":
            return domain_key(taken.address)
    return ""


def _participants(workspace_id: uuid.UUID, kept: Kept) -> list[Row]:
    return [
        {
            "id": uuid7(),
            "workspace_id": workspace_id,
            "message_id": kept.message_id,
            "position": position,
            "role": person.role.value,
            "address": person.address,
            "base": without_tag(person.address),
            "name": person.name[:200],
            "domain": domain_key(person.address),
        }
        for position, person in enumerate(kept.copies[0].copy.message.participants)
    ]


def _sighting(workspace_id: uuid.UUID, message_id: str, one: Judged) -> Row:
    copy = one.copy
    return {
        "id": uuid7(),
        "workspace_id": workspace_id,
        "message_id": message_id,
        "channel_id": copy.channel_id,
        "owner_id": copy.owner_id,
        "provider_id": copy.provider_id,
        "provider_thread_id": copy.provider_thread_id,
        "scopes": copy.scopes,
        "flags": copy.flags,
        "direction": "out" if copy.outgoing else "in",
        "received_at": copy.received_at,
        "outcome": one.decision.outcome.value,
        "rule": one.decision.rule,
        "decision": one.decision.to_json(),
        "copy_facts": {
            "source": copy.source.value,
            "verdict": copy.verdict.value,
            "forwarded_from": copy.forwarded_from,
        },
        "counts": True,
    }


def _assignments(workspace_id: uuid.UUID, kept: Sequence[Kept], made: MadeContacts) -> list[Row]:
    written: dict[tuple[Any, ...], Row] = {}
    for one in kept:
        for copy in one.copies:
            for record in copy.decision.recorded:
                contact = record.contact_id
                if record.creates_contact:
                    contact = made[without_tag(record.address)]
                key = (
                    one.activity_id,
                    record.project_id,
                    contact or record.company_id,
                    bool(contact),
                )
                written[key] = {
                    "id": uuid7(),
                    "workspace_id": workspace_id,
                    "activity_id": one.activity_id,
                    "project_id": record.project_id,
                    "contact_id": contact,
                    "company_id": record.company_id,
                    "address": record.address,
                    "interaction_type": record.interaction_type or "",
                    "origin": "engine",
                    "rule": record.rule,
                    "occurred_at": occurred_at(copy),
                }
    return list(written.values())


def _refine(workspace_id: uuid.UUID, kept: Sequence[Kept], made: MadeContacts) -> list[Statement]:
    """What the engine recorded on a company alone becomes the contact's (R6)."""
    changed = [
        {
            "activity": one.activity_id,
            "project": record.project_id,
            "address": record.address,
            "contact": record.contact_id or made.get(without_tag(record.address)),
        }
        for one in kept
        for copy in one.copies
        for record in copy.decision.recorded
        if record.refines
    ]
    if not changed:
        return []
    return [
        (
            "update activities_assignment a set contact_id = j.contact"
            " from json_to_recordset(%s)"
            " as j(activity uuid, project uuid, address text, contact uuid)"
            " where a.workspace_id = %s and a.activity_id = j.activity"
            " and a.project_id = j.project and a.address = j.address"
            " and a.contact_id is null and a.origin = 'engine'",
            [rows.to_json(changed), str(workspace_id)],
        )
    ]


def _settled(kept: Kept, copy: Judged) -> frozenset[str]:
    """Participants of this copy whom another copy of the batch has recorded (R12)."""
    return frozenset(
        record.address
        for other in kept.copies
        if other is not copy
        for record in other.decision.recorded
    )


def _with_body(kept: Kept) -> Judged | None:
    for one in kept.copies:
        if one.copy.body is not None:
            return one
    return None


def _decide_again(workspace_id: uuid.UUID, kept: Sequence[Kept]) -> Statement:
    decided = [
        {
            "id": copy.before.sighting_id,
            "outcome": copy.decision.outcome.value,
            "rule": copy.decision.rule,
            "decision": copy.decision.to_json(),
        }
        for one in kept
        for copy in one.copies
        if copy.before is not None and copy.before.sighting_id
    ]
    if not decided:
        return None
    return (
        "update activities_sighting s set outcome = j.outcome, rule = j.rule, decision = j.decision"
        " from json_to_recordset(%s) as j(id uuid, outcome text, rule text, decision jsonb)"
        " where s.workspace_id = %s and s.id = j.id",
        [rows.to_json(decided), str(workspace_id)],
    )


def _leave_private(workspace_id: uuid.UUID, shared: Sequence[Judged]) -> list[Statement]:
    """The private rows of copies that are logged now go; the shared message takes their place."""
    gone = [one.before.private_id for one in shared if one.before and one.before.private_id]
    if not gone:
        return []
    return [
        (
            "delete from activities_privatemessage where workspace_id = %s and id = any(%s::uuid[])",
            [str(workspace_id), gone],
        )
    ]


def _settle_pending(workspace_id: uuid.UUID, known: Sequence[Kept]) -> list[Statement]:
    """Who waited through these copies is asked anew; who is recorded now waits no more."""
    if not known:
        return []
    pairs = [
        {"activity": one.activity_id, "channel": str(copy.copy.channel_id)}
        for one in known
        for copy in one.copies
    ]
    recorded = [
        {"activity": one.activity_id, "address": record.address}
        for one in known
        for copy in one.copies
        for record in copy.decision.recorded
    ]
    return [
        (
            "delete from activities_pendingparticipant p using json_to_recordset(%s)"
            " as j(activity uuid, channel uuid) where p.workspace_id = %s"
            " and p.activity_id = j.activity and p.channel_id = j.channel",
            [rows.to_json(pairs), str(workspace_id)],
        ),
        (
            "delete from activities_pendingparticipant p using json_to_recordset(%s)"
            " as j(activity uuid, address text) where p.workspace_id = %s"
            " and p.activity_id = j.activity and p.address = j.address",
            [rows.to_json(recorded), str(workspace_id)],
        ),
    ]


def _restate(workspace_id: uuid.UUID, known: Sequence[Kept]) -> Statement:
    """Say anew where activities stand whose message was here before this batch."""
    if not known:
        return None
    sharing = {one.activity_id: _sharing_with(one) for one in known}
    banners = {
        one.activity_id: next((c.decision.banner for c in one.copies if c.decision.banner), "")
        for one in known
    }
    changed = [
        {"id": activity, "sharing": sharing[activity], "banner": banners[activity]}
        for activity in sorted(sharing)
    ]
    return (
        restated(
            "j.id = e.id",
            sets="sharing = j.sharing, banner = coalesce(nullif(j.banner, ''), e.banner), ",
            source="json_to_recordset(%s) as j(id uuid, sharing text, banner text)",
        ),
        [rows.to_json(changed), str(workspace_id)],
    )


def _sharing_with(kept: Kept) -> str:
    before = kept.copies[0].known or {}
    logged = [one for one in kept.copies if one.decision.recorded or one.decision.kept]
    levels = {before.get("sharing") or "metadata", _sharing(logged or kept.copies)}
    if all(one.before is not None and one.before.sighting_id for one in kept.copies):
        levels = {before.get("sharing") or "metadata"}
    return next(level for level in _MOST_OPEN_FIRST if level in levels)


def restated(condition: str, *, sets: str = "", source: str = "") -> str:
    """The UPDATE that derives an activity's state from its assignments, waits and copies.

    A person's dismissal holds until a hand assigns the mail. `condition` picks the activities
    (table alias e), `sets` more columns, `source` a table to join; parameters in that order, and
    the workspace's id last.
    """
    joined = f" from {source}" if source else ""
    return f"""update activities_activity e set {sets}state = case
        when exists (select 1 from activities_assignment a
            where a.workspace_id = e.workspace_id and a.activity_id = e.id) then 'logged'
        when e.state = 'dismissed' then 'dismissed'
        when exists (select 1 from activities_pendingparticipant p
            where p.workspace_id = e.workspace_id and p.activity_id = e.id) then 'needs_project'
        when e.message_id is null or exists (select 1 from activities_sighting s
            where s.workspace_id = e.workspace_id and s.message_id = e.message_id and s.counts
            and s.copy_facts ->> 'source' <> 'sync') then 'unassigned'
        else 'withdrawn' end{joined} where {condition} and e.workspace_id = %s"""


def _results(
    judged: Sequence[Judged], kept: Sequence[Kept], private_ids: dict[int, str]
) -> list[Result]:
    shared = {id(copy): one for one in kept for copy in one.copies}
    results = []
    for one in judged:
        home = shared.get(id(one))
        private_id = private_ids.get(id(one))
        results.append(
            Result(
                outcome=one.decision.outcome.value,
                rule=one.decision.rule,
                message_id=uuid.UUID(home.message_id) if home else None,
                activity_id=uuid.UUID(home.activity_id) if home else None,
                private_id=uuid.UUID(private_id) if private_id else None,
            )
        )
    return results
