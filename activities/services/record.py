"""Writes what was decided: shared messages with their contacts, private rows, blocked counts."""

import uuid
from collections.abc import Sequence

from accounts.tenancy import uuid7_text
from activities.matching.words import Outcome, Source
from activities.models import Message
from activities.services import rows
from activities.services.bodies import body_state
from activities.services.incoming import Result
from activities.services.judge import Judged
from activities.services.kept import Kept
from activities.services.made_contacts import make_contacts
from activities.services.private_rows import Statement, count_blocked, count_hits, keep_private
from activities.services.rows import Row
from activities.services.shared_rows import shared_statements


class MessageRaceLost(Exception):
    """Another transaction wrote one of the messages first; judge again with what it wrote."""


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
            *shared_statements(workspace_id, kept, made),
            *private_statements,
            _ask_who_waits_elsewhere(workspace_id, shared),
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
                message_id=known["id"] if known else uuid7_text(),
                activity_id=known["activity"] if known else uuid7_text(),
                is_new=known is None,
            )
        found[key].copies.append(one)
    return list(found.values())


def _write_messages(workspace_id: uuid.UUID, kept: Sequence[Kept]) -> None:
    new = [_message(one) for one in kept if one.is_new]
    # In one order everywhere, so that two transactions never wait for each other.
    new.sort(key=lambda row: row["fingerprint"] or b"")
    written = rows.fetch(
        rows.insert(
            workspace_id,
            Message,
            new,
            conflict="(workspace_id, fingerprint) do nothing",
            returning="id",
        )
    )
    if len(written) < len(new):
        # Half a batch must not stand: the next try would take its own rows for another's.
        Message.objects.filter(id__in=[message_id for (message_id,) in written]).delete()
        raise MessageRaceLost


def _message(kept: Kept) -> Row:
    first = kept.copies[0]
    copy, message = first.copy, first.copy.message
    with_body = next((one.copy for one in kept.copies if one.copy.body is not None), copy)
    return {
        "id": kept.message_id,
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


def _leave_private(workspace_id: uuid.UUID, shared: Sequence[Judged]) -> list[Statement]:
    """The private rows of copies that are logged now go; the shared message takes their place."""
    gone = [one.before.private_id for one in shared if one.before and one.before.private_id]
    if not gone:
        return []
    return [
        (
            "delete from activities_privatemessage"
            " where workspace_id = %s and id = any(%s::uuid[])",
            [str(workspace_id), gone],
        )
    ]


def _ask_who_waits_elsewhere(workspace_id: uuid.UUID, shared: Sequence[Judged]) -> Statement:
    """Have a colleague's waiting copy decided again once another copy was recorded (R12).

    Their private rows are closed to this transaction; a function names only the threads.
    """
    prints = [one.copy.message.fingerprint for one in shared if one.decision.recorded]
    if not any(prints):
        return None
    return (
        "insert into contacts_directorychange"
        " (id, workspace_id, kind, value, attempts, progress)"
        " select gen_random_uuid(), %s, 'thread', thread_id::text, 0, '{}'"
        " from activities_waiting_threads(%s, %s::bytea[])",
        [str(workspace_id), str(workspace_id), [one for one in prints if one]],
    )


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
