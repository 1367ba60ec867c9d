"""One run of one mailbox: what is new, what was quarantined, and a stretch of the past."""

import logging
import time
import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import DatabaseError, InterfaceError
from django.db.models.functions import Now
from django.utils import timezone

from accounts import tenancy
from mailsync.models import Mailbox
from mailsync.providers.base import Cursor, Provider
from mailsync.providers.errors import (
    CursorExpired,
    Permanent,
    ProviderError,
    Throttled,
    Transient,
)
from mailsync.services import hints, resync
from mailsync.services.choose_folders import keep_folders
from mailsync.services.compare_ids import compare_when_due
from mailsync.services.lease import (
    Lease,
    LeaseLost,
    advance,
    drop_lease,
    end_lease,
    moved_to,
    take_lease,
)
from mailsync.services.name_state import reading_state, state_after, unfinished_state
from mailsync.services.open_provider import open_provider
from mailsync.services.record_page import Reading, record_page, record_refused, start_reading
from mailsync.services.spread import spread

log = logging.getLogger(__name__)

RUN_SECONDS = 60
# For so long beyond its time a run goes on where the provider's answer is at hand.
AT_HAND_SECONDS = 30
POLL_SECONDS = 300
OVERDUE_SECONDS = 5
# A page that ended its process is read again in smaller and smaller steps.
PAGE_SIZES = (200, 200, 50, 10, 1)
# Every message of a page is paid for before the first is fetched, so a page has to fit into what
# a provider allows a minute several times, without leaving much of it. Two whole batches.
MOST_A_PAGE = {Mailbox.Provider.GMAIL: 100}
# A provider for which every place is stale is not asked for new ones all the time.
MOST_EXPIRIES = 2
# Asking for the list of folders costs some services many requests.
FOLDERS_EVERY = {
    Mailbox.Provider.GMAIL: timedelta(hours=1),
    Mailbox.Provider.GRAPH: timedelta(hours=1),
}

State = Mailbox.State


@dataclass(slots=True)
class Run:
    """What one run did. `again` asks for another one in `wait` seconds, `bodies` for fetching
    bodies, `became_live` for a subscription; `comparing` says that the nightly comparison goes on
    in the next run."""

    taken: bool = False
    pages: int = 0
    bodies: bool = False
    again: bool = False
    wait: float = 0.0
    error: str = ""
    past_read: bool = False
    comparing: bool = False
    became_live: bool = False


def sync_mailbox(
    workspace_id: uuid.UUID,
    *,
    mailbox_id: uuid.UUID,
    owner_id: uuid.UUID,
    seconds: float = RUN_SECONDS,
) -> Run:
    """Read a mailbox for about `seconds`. Returns at once where somebody else has it.

    Every page is committed with its cursor. What the provider refuses becomes the state that its
    owner sees; what the database refuses is raised, and the cursor stays.
    """
    run = Run()
    lease = take_lease(workspace_id, mailbox_id=mailbox_id, owner_id=owner_id)
    if lease is None:
        with tenancy.in_workspace(workspace_id, owner_id):
            wait = hints.wait_of(workspace_id, mailbox_id)
        # One that became due since the lease was asked for is asked for once more; what stays
        # overdue (a member who left) is nobody's to wait for.
        if wait is not None and wait > -OVERDUE_SECONDS:
            run.again, run.wait = True, max(wait, 0.1)
        return run
    run.taken = True
    try:
        with open_provider(lease.mailbox) as provider:
            finished = _read(provider, lease, run, time.monotonic() + seconds)
        _end_well(lease, run, finished)
    except LeaseLost:
        log.info("mailbox %s: another worker or its owner took over", mailbox_id)
    except ProviderError as error:
        run.error = type(error).__name__
        _end_badly(lease, error)
    except Exception as error:
        drop_lease(lease, counts=not isinstance(error, DatabaseError | InterfaceError))
        raise
    log.info("mailbox %s: %s pages, %s %s", mailbox_id, run.pages, lease.mailbox.state, run.error)
    return run


def _read(provider: Provider, lease: Lease, run: Run, deadline: float) -> bool:
    """True when everything is read, False when the time is up."""
    _prepare(provider, lease)
    reading = start_reading(provider, lease)
    size = _page_size(lease.mailbox)
    run.bodies |= record_refused(reading)
    expired: list[str | None] = []
    while True:
        try:
            if _read_all(reading, run, size, deadline):
                return True
        except CursorExpired as error:
            if expired.count(error.scope) >= MOST_EXPIRIES:
                raise Transient from error
            expired.append(error.scope)
            _expire(reading, error.scope)
        if time.monotonic() > deadline:
            return False


def _read_all(reading: Reading, run: Run, size: int, deadline: float) -> bool:
    """What is new and then the past; True when both are read. Only then is anything compared: what
    was not read yet is not missing."""
    heard = _heard_at(reading.lease)
    if not _record_all(reading, run, size, deadline):
        return False
    if not _record_past(reading, run, size, deadline, heard):
        return False
    was_live = reading.lease.mailbox.state == State.LIVE
    # Some services tell what came during the backfill only after its last page.
    if not was_live and not _record_all(reading, run, size, deadline):
        return False
    run.past_read = True
    _finish_past(reading.lease)
    run.comparing = not compare_when_due(reading, deadline)
    return True


def _page_size(mailbox: Mailbox) -> int:
    size = PAGE_SIZES[min(mailbox.attempts, len(PAGE_SIZES)) - 1]
    return min(size, MOST_A_PAGE.get(Mailbox.Provider(mailbox.provider), size))


def _prepare(provider: Provider, lease: Lease) -> None:
    """Follow the provider's folders; take a cursor where folders or the first day were chosen."""
    mailbox = lease.mailbox
    if not _folders_are_due(mailbox):
        return
    scopes = provider.list_scopes()
    if not scopes:
        # No server has no inbox; believing this one would forget every message.
        raise Transient
    with tenancy.in_workspace(lease.workspace_id, lease.owner_id):
        advance(lease, lease.cursor, folders_at=Now())
        selected, changed = keep_folders(mailbox, scopes)
    if mailbox.state != State.CONNECTING and mailbox.cursor and not changed:
        return
    cursor = provider.start_cursor(selected, mailbox.channel.starts_at, before=lease.cursor)
    fresh = {"total": provider.total(cursor), "done": 0, "began": int(time.time())}
    counts = mailbox.counts | fresh
    facts = state_after(mailbox, reading_state(mailbox))
    _commit(lease, cursor, counts=counts, read_anew=False, **facts)


def _folders_are_due(mailbox: Mailbox) -> bool:
    often = FOLDERS_EVERY.get(Mailbox.Provider(mailbox.provider))
    if mailbox.state == State.CONNECTING or not mailbox.cursor:
        return True
    if often is None or mailbox.folders_at is None:
        return True
    return mailbox.folders_at + often < timezone.now()


def _record_all(reading: Reading, run: Run, size: int, deadline: float) -> bool:
    """Record pages of what is new: True when there is no more, False when the time is up."""
    while True:
        page = reading.provider.changes(reading.lease.cursor, size)
        if page.changes or page.lost:
            run.bodies |= record_page(reading, page, past=False)
            run.pages += 1
        elif page.cursor != reading.lease.cursor:
            _commit(reading.lease, page.cursor)
        if page.done or time.monotonic() > deadline:
            return page.done


def _record_past(
    reading: Reading, run: Run, size: int, deadline: float, heard: datetime | None
) -> bool:
    """Pages of the backfill, until the time is up or a hint later than `heard` tells of news; True
    when the past has been read.

    A look for news costs requests, so none is taken without a reason: every run begins with one,
    and a long backfill is many runs.
    """
    while True:
        page = reading.provider.enumerate(reading.lease.cursor, size)
        if page.changes or page.cursor != reading.lease.cursor:
            run.bodies |= record_page(reading, page, past=True)
            run.pages += 1
        if page.done:
            return True
        over = time.monotonic() - deadline
        if over > (AT_HAND_SECONDS if page.at_hand else 0) or _heard_at(reading.lease) != heard:
            return False


def _heard_at(lease: Lease) -> datetime | None:
    with tenancy.in_workspace(lease.workspace_id, lease.owner_id):
        return hints.heard_at(lease.workspace_id, lease.mailbox.id)


def _finish_past(lease: Lease) -> None:
    if not lease.mailbox.resyncing:
        return
    with tenancy.in_workspace(lease.workspace_id, lease.owner_id):
        advance(lease, lease.cursor, resyncing=False)
        resync.forget_unmatched(lease.mailbox)
    moved_to(lease, lease.cursor, resyncing=False)


def _expire(reading: Reading, scope: str | None) -> None:
    """Set the folder's rows aside and read it again from its end."""
    lease, provider = reading.lease, reading.provider
    facts = state_after(lease.mailbox, State.RESYNCING, CursorExpired(scope).sentence)
    with tenancy.in_workspace(lease.workspace_id, lease.owner_id):
        advance(lease, lease.cursor, resyncing=True, **facts)
        resync.set_ids_aside(lease.mailbox, scope)
    moved_to(lease, lease.cursor, resyncing=True, **facts)
    cursor = provider.start_cursor(
        sorted(reading.selection.selected),
        lease.mailbox.channel.starts_at,
        before=lease.cursor if scope is not None else None,
        restart=scope,
    )
    _commit(lease, cursor)


def _commit(lease: Lease, cursor: Cursor, **facts: Any) -> None:
    with tenancy.in_workspace(lease.workspace_id, lease.owner_id):
        advance(lease, cursor, **facts)
    moved_to(lease, cursor, **facts)


def _end_well(lease: Lease, run: Run, finished: bool) -> None:
    """Another run follows at once where time was up, and soon where there was a hint."""
    mailbox = lease.mailbox
    facts: dict[str, Any] = {"failures": 0, "due_at": Now()}
    facts |= state_after(mailbox, State.LIVE if finished else unfinished_state(mailbox))
    if finished:
        facts |= {"synced_at": Now()}
    finished = finished and not run.comparing
    if finished:
        facts |= {"due_at": Now() + spread(timedelta(seconds=POLL_SECONDS))}
    wait = end_lease(lease, **facts)
    run.became_live = facts["state"] == State.LIVE != mailbox.state
    mailbox.state = facts["state"]
    run.again = not finished or wait is not None
    run.wait = max(wait or 0.0, 0.0) if finished else 0.0


def _end_badly(lease: Lease, error: ProviderError) -> None:
    """The one place where a provider's error becomes a state, a sentence and the next attempt."""
    mailbox = lease.mailbox
    failures = min(mailbox.failures + 1, 12)
    state, pause = mailbox.state, min(15.0 * 2**failures, 1800.0)
    if isinstance(error, Throttled):
        pause = error.retry_after
        # One that has no place to read from yet, or has to take a new one, still has to do that.
        if state != State.CONNECTING:
            state = State.THROTTLED
    elif error.needs_owner:
        state = State.NEEDS_RECONNECT
    elif isinstance(error, Permanent):
        pause = 3600.0
    elif state == State.THROTTLED:
        state = State.LIVE if mailbox.synced_at else reading_state(mailbox)
    facts = state_after(mailbox, state, error.sentence)
    end_lease(lease, failures=failures, due_at=Now() + spread(timedelta(seconds=pause)), **facts)
    mailbox.state = facts["state"]
