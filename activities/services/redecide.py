"""Decides mail again when the world changed: fills gaps, moves nothing that is recorded (C1).

A change of the directory is a row. It is worked off owner by owner, page by page, each page in a
transaction of its own that sees that owner's private rows and nobody else's.
"""

import logging
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import InterfaceError, OperationalError, connection, transaction
from django.db.models import Q, QuerySet
from django.db.models.functions import Now

from accounts.tenancy import in_workspace
from activities.models import Channel, PrivateMessage, Sighting
from activities.services.history import History, load_history
from activities.services.incoming import IncomingCopy
from activities.services.judge import Before, Judged, judge
from activities.services.record import MessageRaceLost, record
from activities.services.seen_copies import kept_messages, private_copy, shared_copy
from activities.services.threads import Threads, facts_of
from contacts.addresses import registrable_domain, without_tag
from contacts.models import DirectoryChange

log = logging.getLogger(__name__)

PAGE = 500
_LEASE_SECONDS = 120
_MOST_TRIES = 5
_SHARED, _PRIVATE = "shared", "private"


@dataclass(frozen=True, slots=True)
class Touched:
    """The part of the mail that a change may decide anew: conditions on its participants."""

    private: Q
    shared: Q


def redecide_thread(
    workspace_id: uuid.UUID, thread_id: uuid.UUID, member_id: uuid.UUID
) -> list[uuid.UUID]:
    """Decide a thread again for the member who chose something for it.

    Runs in the caller's transaction, opened for that member: it reaches their private copies and
    what the workspace keeps. A change row makes the rest follow: copies that only colleagues hold.
    Returns the activities that were written.
    """
    changed = _redecide_private(
        workspace_id,
        PrivateMessage.objects.filter(owner_id=member_id, thread__root=thread_id),
    )
    sightings = Sighting.objects.filter(counts=True, message__thread__root=thread_id)
    for owner_id in sightings.values_list("owner_id", flat=True).distinct().order_by():
        changed += _redecide_shared(workspace_id, sightings.filter(owner_id=owner_id))
    DirectoryChange.objects.create(
        workspace_id=workspace_id,
        kind=DirectoryChange.Kind.THREAD,
        value=str(thread_id),
        made_by_id=member_id,
    )
    return changed


def work_off_change(workspace_id: uuid.UUID, change_id: uuid.UUID) -> bool:
    """Decide again what one change of the directory touches; True when it is done.

    Claims the change first (lease and attempt are committed), so two workers never share one, and
    continues where an earlier attempt stopped. Every page is a transaction of its own.
    """
    with in_workspace(workspace_id):
        change = _claim(workspace_id, change_id)
        if change is None:
            return False
        steps = _steps(workspace_id)
    first = change.progress.get("step", 0)
    for step, (owner_id, phase) in enumerate(steps):
        if step >= first:
            _run_step(workspace_id, change, owner_id, phase, step)
    with in_workspace(workspace_id):
        DirectoryChange.objects.filter(id=change.id).update(done_at=Now())
    return True


def due_changes(workspace_id: uuid.UUID) -> list[uuid.UUID]:
    """The changes of a workspace that wait, oldest first. Asked inside the workspace."""
    waiting = DirectoryChange.objects.filter(
        workspace_id=workspace_id, done_at=None, due_at__lte=Now(), attempts__lt=_MOST_TRIES
    )
    return list(waiting.order_by("made_at", "id").values_list("id", flat=True)[:100])


def _claim(workspace_id: uuid.UUID, change_id: uuid.UUID) -> DirectoryChange | None:
    with connection.cursor() as cursor:
        cursor.execute(
            "update contacts_directorychange set attempts = attempts + 1,"
            " due_at = statement_timestamp() + make_interval(secs => %s)"
            " where workspace_id = %s and id = %s and done_at is null"
            " and due_at <= statement_timestamp()",
            [_LEASE_SECONDS, str(workspace_id), str(change_id)],
        )
        claimed = cursor.rowcount
    return DirectoryChange.objects.get(id=change_id) if claimed else None


def _steps(workspace_id: uuid.UUID) -> list[tuple[uuid.UUID | None, str]]:
    """Whose copies are to be looked at: what the workspace keeps, and each mailbox's own rows.

    Owners are the members with a mailbox, those who sent mail in, and nobody in person.
    """
    mailboxes = Channel.objects.filter(workspace_id=workspace_id).exclude(owner=None)
    with_mailbox = sorted(set(mailboxes.values_list("owner_id", flat=True)))
    sent_in = Sighting.objects.filter(workspace_id=workspace_id, copy_facts__source="bcc")
    senders = set(sent_in.exclude(owner=None).values_list("owner_id", flat=True))
    shared: list[uuid.UUID | None] = [None, *sorted(senders.union(with_mailbox))]
    return [*((one, _SHARED) for one in shared), *((one, _PRIVATE) for one in with_mailbox)]


def _run_step(
    workspace_id: uuid.UUID,
    change: DirectoryChange,
    owner_id: uuid.UUID | None,
    phase: str,
    step: int,
) -> None:
    touched = touched_by(change)
    saved = change.progress
    after: uuid.UUID | None = None
    if saved.get("step") == step and saved.get("after"):
        after = uuid.UUID(saved["after"])
    while True:
        with in_workspace(workspace_id, owner_id):
            after = _page(workspace_id, touched, owner_id, phase, after)
            _save_progress(change, step if after else step + 1, after)
        if after is None:
            return


def _page(
    workspace_id: uuid.UUID,
    touched: Touched,
    owner_id: uuid.UUID | None,
    phase: str,
    after: uuid.UUID | None,
) -> uuid.UUID | None:
    """Decide one page again; returns the last id, or None when there is no further page."""
    found: QuerySet[Any]
    if phase == _PRIVATE:
        found = PrivateMessage.objects.filter(touched.private, owner_id=owner_id)
    else:
        found = Sighting.objects.filter(touched.shared, owner_id=owner_id, counts=True)
    if after is not None:
        found = found.filter(id__gt=after)
    ids = list(found.order_by("id").distinct().values_list("id", flat=True)[:PAGE])
    _redecide_ids(workspace_id, phase, ids)
    return ids[-1] if len(ids) == PAGE else None


def _redecide_ids(workspace_id: uuid.UUID, phase: str, ids: Sequence[uuid.UUID]) -> None:
    """Decide these rows again; where one of them fails, the others do not wait for it."""
    try:
        with transaction.atomic():
            if phase == _PRIVATE:
                _redecide_private(workspace_id, PrivateMessage.objects.filter(id__in=ids))
            else:
                _redecide_shared(workspace_id, Sighting.objects.filter(id__in=ids))
    except (OperationalError, InterfaceError):
        raise
    except Exception as error:
        if len(ids) == 1:
            # Only the kind of error: its text may quote the mail.
            kind = type(error).__name__
            log.error("A %s row, %s, could not be decided again: %s", phase, ids[0], kind)
            return
        log.warning("A page was halved after %s", type(error).__name__)
        middle = len(ids) // 2
        _redecide_ids(workspace_id, phase, ids[:middle])
        _redecide_ids(workspace_id, phase, ids[middle:])


def _save_progress(change: DirectoryChange, step: int, after: uuid.UUID | None) -> None:
    """Note how far it came, and keep the lease: what went wrong before was not this page."""
    change.progress = {"step": step, "after": str(after or "")}
    DirectoryChange.objects.filter(id=change.id).update(
        progress=change.progress, attempts=1, due_at=Now() + timedelta(seconds=_LEASE_SECONDS)
    )


def touched_by(change: DirectoryChange) -> Touched:
    """The mail that shares a participant with the change (C1)."""
    kind, value = change.kind, change.value
    if kind == DirectoryChange.Kind.ADDRESS:
        base = without_tag(value)
        return Touched(Q(keys__base=base), Q(message__participants__base=base))
    if kind == DirectoryChange.Kind.DOMAIN:
        domain = registrable_domain(value) or value
        return Touched(Q(keys__domain=domain), Q(message__participants__domain=domain))
    if kind == DirectoryChange.Kind.CHANNEL:
        return Touched(Q(channel_id=value), Q(channel_id=value))
    if kind == DirectoryChange.Kind.THREAD:
        return Touched(Q(thread__root_id=value), Q(message__thread__root_id=value))
    return Touched(Q(), Q())


def _redecide_private(workspace_id: uuid.UUID, found: QuerySet[PrivateMessage]) -> list[uuid.UUID]:
    rows = list(found.select_related("thread").order_by("id"))
    if not rows:
        return []
    pairs = [private_copy(row) for row in rows]
    copies = [copy for copy, _ in pairs]
    history = load_history(workspace_id, rows[0].owner_id, copies)
    return _decide(workspace_id, pairs, [str(row.thread.root_id) for row in rows], history)


def _redecide_shared(workspace_id: uuid.UUID, found: QuerySet[Sighting]) -> list[uuid.UUID]:
    rows = list(found.select_related("message__thread").order_by("id"))
    if not rows:
        return []
    pairs = [shared_copy(row) for row in rows]
    history = kept_messages(workspace_id, rows)
    return _decide(workspace_id, pairs, [str(row.message.thread.root_id) for row in rows], history)


def _decide(
    workspace_id: uuid.UUID,
    pairs: Sequence[tuple[IncomingCopy, Before]],
    roots: list[str],
    history: History,
) -> list[uuid.UUID]:
    threads = Threads(of=roots, facts=facts_of(workspace_id, roots))
    judged, _ = judge(
        workspace_id,
        [copy for copy, _ in pairs],
        threads=threads,
        history=history,
        before=[before for _, before in pairs],
    )
    changed = [one for one in judged if _differs(one)]
    try:
        results = record(workspace_id, changed) if changed else []
    except MessageRaceLost:
        # Another copy was logged at this moment: what it wrote is known on the second look.
        copies = [copy for copy, _ in pairs]
        return _decide(
            workspace_id, pairs, roots, load_history(workspace_id, copies[0].owner_id, copies)
        )
    return [one.activity_id for one in results if one.activity_id is not None]


def _differs(one: Judged) -> bool:
    """Whether the new decision has to be written.

    What is recorded keeps the explanation by which it was recorded: a second look that finds
    nothing to add is no news.
    """
    if one.before is None or one.before.decision is None:
        return True
    new, old = one.decision.to_json(), one.before.decision
    if one.before.sighting_id and not one.decision.recorded:
        return any(new.get(part) != old.get(part) for part in _NEWS)
    return new != old


_NEWS = ("outcome", "ambiguous", "banner", "entry_id")
