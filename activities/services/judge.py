"""Turns a batch of copies into decisions: loads the facts, asks the engine, writes nothing."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from activities.mail.message import MAX_RAW_BYTES
from activities.matching.copies import decide_together
from activities.matching.decision import Decision
from activities.matching.facts import Copy, Past, addresses_to_look_up
from activities.matching.words import Defect, Outcome, OutOfScope, Source, Verdict
from activities.services.history import History, key_of, times_of
from activities.services.incoming import IncomingCopy
from activities.services.threads import Threads
from activities.services.world import ChannelFact, Loaded, load_world


@dataclass(frozen=True, slots=True)
class Before:
    """Where a copy that is decided again stands now: its private row or its sighting."""

    outcome: str
    private_id: str | None = None
    sighting_id: str | None = None
    decision: dict[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Judged:
    """One copy with its thread, its channel, its decision, and what was kept of it before."""

    copy: IncomingCopy
    thread: str
    channel: ChannelFact
    decision: Decision
    known: dict[str, Any] | None
    before: Before | None = None


def judge(
    workspace_id: uuid.UUID,
    copies: Sequence[IncomingCopy],
    *,
    threads: Threads,
    history: History,
    before: Sequence[Before] | None = None,
) -> tuple[list[Judged], Loaded]:
    """Decide the copies of one owner. Copies of one message are decided together (R12)."""
    owner_id = copies[0].owner_id
    plain = [
        Copy(c.source, c.message.participants, forwarded_from=c.forwarded_from) for c in copies
    ]
    loaded = load_world(
        workspace_id,
        owner_id=owner_id,
        addresses=addresses_to_look_up(plain),
        channel_ids={copy.channel_id for copy in copies},
        threads=threads.facts,
    )
    facts = [
        _facts(copy, thread, loaded, history, before[place] if before else None)
        for place, (copy, thread) in enumerate(zip(copies, threads.of, strict=True))
    ]
    decisions: list[Decision | None] = [None] * len(copies)
    for group in _twins(copies):
        together = decide_together([facts[place] for place in group], loaded.world)
        for place, decision in zip(group, together, strict=True):
            decisions[place] = decision
    judged = [
        Judged(
            copy=copy,
            thread=threads.of[place],
            channel=loaded.channels[str(copy.channel_id)],
            decision=decision,
            known=known_message(copy, history),
            before=before[place] if before else None,
        )
        for place, (copy, decision) in enumerate(zip(copies, decisions, strict=True))
        if decision is not None
    ]
    return judged, loaded


def known_message(copy: IncomingCopy, history: History) -> dict[str, Any] | None:
    """What the workspace keeps of this copy's message, from whichever copy it came."""
    if copy.message.fingerprint is None:
        # Without a fingerprint a copy never merges; decided again, it is found by its own key.
        return history.messages.get("|".join(key_of(copy)))
    return history.messages.get(copy.message.fingerprint.hex())


def _twins(copies: Sequence[IncomingCopy]) -> list[list[int]]:
    groups: dict[object, list[int]] = {}
    for place, copy in enumerate(copies):
        groups.setdefault(copy.message.fingerprint or ("alone", place), []).append(place)
    return list(groups.values())


def _facts(
    copy: IncomingCopy, thread: str, loaded: Loaded, history: History, before: Before | None
) -> Copy:
    channel = loaded.channels[str(copy.channel_id)]
    known = known_message(copy, history) or {}
    owner = str(copy.owner_id) if copy.owner_id else None
    sent_in = copy.source is Source.BCC and copy.verdict is Verdict.MEMBER
    by_hand = sent_in or copy.source is Source.SENT
    return Copy(
        source=copy.source,
        participants=copy.message.participants,
        owner_id=owner,
        own_addresses=loaded.own_addresses,
        channel_id=channel.id,
        inbound_address=channel.name if copy.source is Source.BCC else "",
        thread_id=thread,
        scope=channel.scope,
        out_of_scope=copy.out_of_scope or _too_early(copy, channel),
        automated=copy.message.automated,
        list_id=copy.message.list_id,
        defect=_defect(copy),
        forwarded_from=copy.forwarded_from,
        verdict=copy.verdict,
        held_because=copy.held_because,
        acted_at=copy.received_at if by_hand else None,
        profile=copy.profile,
        picked_project_id=copy.picked_project_id,
        past=_past(known, before),
        taken_out=_taken_out(copy, known, history),
        dismissed_at=_time(known.get("settled_at")) if known.get("state") == "dismissed" else None,
        taken_back_at=history.taken_back.get(key_of(copy)),
        owner_acted_at=_owner_acted_at(known, owner),
        excepted=frozenset(known.get("excepted") or ()),
        redecision=before is not None,
        looks_back=channel.looks_back,
        before=Outcome(before.outcome) if before else None,
    )


def _taken_out(copy: IncomingCopy, known: dict[str, Any], history: History) -> dict[str, datetime]:
    """What the activity says, and before it what outlived an earlier activity of this mail."""
    return history.taken_out.get(key_of(copy), {}) | times_of(known.get("taken_out") or {})


def _too_early(copy: IncomingCopy, channel: ChannelFact) -> OutOfScope | None:
    """A mailbox's start date is compared with the provider's received date (R1)."""
    if copy.source is not Source.SYNC or channel.starts_at is None:
        return None
    return OutOfScope.BEFORE_START if copy.received_at < channel.starts_at else None


def _defect(copy: IncomingCopy) -> Defect | None:
    message = copy.message
    if message.oversize or (copy.raw is not None and len(copy.raw) > MAX_RAW_BYTES):
        return Defect.TOO_LARGE
    if message.too_many_addresses:
        return Defect.TOO_MANY_ADDRESSES
    return Defect.UNPARSEABLE if message.unparseable else None


def _past(known: dict[str, Any], before: Before | None) -> tuple[Past, ...]:
    mine = _own_records(before)
    return tuple(
        Past(
            address=one["address"],
            project_id=one["project"],
            contact_id=one["contact"],
            company_id=one["company"],
            by_person=one["origin"] == "person",
            here=(one["address"], one["project"]) in mine,
        )
        for one in known.get("assignments") or ()
    )


def _own_records(before: Before | None) -> set[tuple[str, str]]:
    """What this copy had earned by its last decision: (address, project)."""
    if before is None or not before.decision:
        return set()
    rows = [*before.decision.get("recorded", ()), *before.decision.get("kept", ())]
    return {(row.get("address", ""), row["project_id"]) for row in rows}


def _owner_acted_at(known: dict[str, Any], owner: str | None) -> datetime | None:
    """The owner's newest bcc, send or assignment by hand of this message (V2)."""
    if owner is None:
        return None
    acts = [
        one["at"]
        for one in known.get("copies") or ()
        if one["owner"] == owner and one["source"] in {"bcc", "sent"}
    ]
    acts += [
        one["at"]
        for one in known.get("assignments") or ()
        if one["made_by"] == owner and one["origin"] == "person"
    ]
    return max((datetime.fromisoformat(at) for at in acts), default=None)


def _time(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
