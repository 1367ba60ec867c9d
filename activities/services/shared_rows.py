"""The rows of messages that are logged or kept: what every member may come to see."""

import uuid
from collections.abc import Iterable, Sequence
from itertools import takewhile
from typing import Any

from accounts.tenancy import uuid7_text
from activities.matching.decision import Decision
from activities.models import Activity, Assignment, Participant, PendingParticipant, Sighting
from activities.services import rows
from activities.services.bodies import body_statements, mark_present
from activities.services.copy_facts import copy_facts
from activities.services.forwarded_rows import forwarded_statement
from activities.services.judge import Judged
from activities.services.kept import Kept, sharing_of
from activities.services.made_contacts import MadeContacts
from activities.services.private_rows import Statement, domain_key, occurred_at, pending_rows
from activities.services.rows import Row
from activities.services.standing import restate, settle_pending
from contacts.addresses import domain_of, is_public_mail_domain, without_tag


def shared_statements(
    workspace_id: uuid.UUID, kept: Sequence[Kept], made: MadeContacts
) -> list[Statement]:
    new = [one for one in kept if one.is_new]
    known = [one for one in kept if not one.is_new]
    assignments = _assignments(kept, made)
    pending = [
        row
        for one in kept
        for copy in one.copies
        for row in pending_rows(copy, activity_id=one.activity_id, settled=_settled(one, copy))
    ]
    bodies = [(one, copy) for one in kept if (copy := _with_body(one)) is not None]
    people = [row for one in new for row in _participants(one)]
    return [
        rows.together(
            rows.insert(workspace_id, Participant, people),
            rows.insert(workspace_id, Activity, [_activity(one) for one in new]),
            *body_statements(
                workspace_id,
                [
                    (one.message_id, copy.copy.body, copy.copy.raw, copy.copy.message.error)
                    for one, copy in bodies
                    if copy.copy.body is not None
                ],
            ),
            forwarded_statement(workspace_id, kept),
            _sightings(workspace_id, kept),
        ),
        mark_present(
            workspace_id,
            [
                (one.message_id, "present", copy.copy.body.snippet[:200])
                for one, copy in bodies
                if not one.is_new and copy.copy.body is not None
            ],
        ),
        _decide_again(workspace_id, kept),
        *_refine(workspace_id, kept, made),
        rows.insert(workspace_id, Assignment, assignments, conflict="do nothing"),
        *settle_pending(workspace_id, known),
        rows.insert(workspace_id, PendingParticipant, pending),
        restate(workspace_id, known),
    ]


def _activity(kept: Kept) -> Row:
    decisions = [copy.decision for copy in kept.copies]
    first = kept.copies[0]
    return {
        "id": kept.activity_id,
        "kind": "email",
        "message_id": kept.message_id,
        "thread_id": first.thread,
        "state": _state(decisions),
        "occurred_at": occurred_at(first),
        "title": first.copy.message.subject[:998],
        "text": "",
        "group_domain": _group_domain(first),
        "banner": next((one.banner for one in decisions if one.banner), ""),
        "sharing": sharing_of(kept.copies),
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


def _group_domain(one: Judged) -> str:
    """Where Unassigned groups it: a forward's original sender, else the first outsider (U1)."""
    if (original := _suggested(one)) is not None:
        return domain_key(original)
    for taken in one.decision.participants:
        if taken.kind.value != "internal":
            return domain_key(taken.address)
    return ""


def _suggested(one: Judged) -> str | None:
    """Who wrote the forwarded mail; of a colleague's forward inside of it, who wrote that. Inside
    of a mail whose writer is not sure nobody is looked for."""
    chain = one.copy.forward.chain if one.copy.forward else ()
    senders = [original.sender for original in chain] or [one.copy.forwarded_from]
    colleagues = {
        domain_key(taken.address)
        for taken in one.decision.participants
        if taken.kind.value == "internal" and not is_public_mail_domain(domain_of(taken.address))
    }
    named = takewhile(bool, senders)
    outside = (sender for sender in named if domain_key(sender) not in colleagues)
    return next(outside, one.copy.forwarded_from or None)


def _participants(kept: Kept) -> list[Row]:
    return [
        {
            "id": uuid7_text(),
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


def _sightings(workspace_id: uuid.UUID, kept: Sequence[Kept]) -> Statement:
    seen = [
        _sighting(one.message_id, copy)
        for one in kept
        for copy in one.copies
        if copy.before is None or copy.before.sighting_id is None
    ]
    conflict = "(workspace_id, channel_id, provider_id) do nothing"
    return rows.insert(workspace_id, Sighting, seen, conflict=conflict)


def _sighting(message_id: str, one: Judged) -> Row:
    copy = one.copy
    return {
        "id": uuid7_text(),
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
        "copy_facts": copy_facts(one),
        "counts": True,
    }


def _assignments(kept: Sequence[Kept], made: MadeContacts) -> list[Row]:
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
                    "id": uuid7_text(),
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
