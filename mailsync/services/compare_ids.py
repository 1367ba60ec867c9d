"""The nightly comparison: whatever the provider has of the last days must be here.

Pushes may be lost and cursors may lie; this finds what they left out. It must find nothing.
"""

import logging
import time
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django.db.models.functions import Now
from django.utils import timezone

from accounts import tenancy
from accounts.tally import count
from mailsync.models import Mailbox
from mailsync.providers.base import Change, ChangeKind, Page
from mailsync.providers.errors import CursorExpired, Permanent, Transient
from mailsync.services import copies, log_copies
from mailsync.services.lease import advance, moved_to
from mailsync.services.record_page import Reading, record_page

log = logging.getLogger(__name__)

EVERY = timedelta(hours=24)
AFTER_A_REFUSAL = timedelta(hours=1)
LOOKS_BACK = timedelta(days=7)
PAGE_SIZE = 200


def compare_when_due(reading: Reading, deadline: float) -> bool:
    """Compare once a day, at the end of a run that read everything; False where the time is up.

    Each page is written down, so that the next run, also after a pause or a crash, goes on there.
    The first time nothing is compared: the backfill has just listed it all.
    """
    if not _is_due(reading.mailbox):
        return True
    if reading.mailbox.compared_at is None:
        _note(reading, 0)
        return True
    begun_with = _place(reading)
    try:
        missing = _compare(reading, deadline)
    except (CursorExpired, Permanent) as error:
        _cut_short(reading, refused=isinstance(error, Permanent) and not _place(reading))
        return True
    except Transient:
        # Some servers fail at a place that they no longer know.
        if begun_with and begun_with == _place(reading):
            _cut_short(reading)
        raise
    if missing is None:
        return False
    _note(reading, missing)
    return True


def _is_due(mailbox: Mailbox) -> bool:
    if time.time() - mailbox.comparing.get("refused_at", 0) < AFTER_A_REFUSAL.total_seconds():
        return False
    return mailbox.compared_at is None or mailbox.compared_at + EVERY <= timezone.now()


def _place(reading: Reading) -> Any:
    """Where an earlier page of the comparison ended, if there was one."""
    return reading.mailbox.comparing.get("cursor")


def _cut_short(reading: Reading, *, refused: bool = False) -> None:
    """It is the comparison's own place that is gone: the folder's stands, and the next run compares
    again. Where the beginning was `refused` already, that would hardly help at once."""
    log.info("mailbox %s: the comparison was cut short", reading.mailbox.id)
    _keep(reading, {"refused_at": time.time()} if refused else {})


def _compare(reading: Reading, deadline: float) -> int | None:
    """List what the selected folders hold, page by page, and read what is not known; how many that
    were, or None where the time is up."""
    under_way = _under_way(reading)
    while True:
        page = reading.provider.enumerate(under_way["cursor"], PAGE_SIZE)
        refs = list(dict.fromkeys(change.ref for change in page.changes))
        found = _repair(reading, _unknown(reading, refs))
        under_way = under_way | {
            "cursor": page.cursor,
            "missing": under_way["missing"] + found,
        }
        if page.done:
            return int(under_way["missing"])
        # It also keeps the lease: pages without anything missing would not.
        _keep(reading, under_way)
        if time.monotonic() > deadline:
            return None


def _under_way(reading: Reading) -> dict[str, Any]:
    """Where an earlier run stopped, or the beginning: where there is none, where folders were
    chosen since, or where it began so long ago that its place may mean nothing any more."""
    selected, now = sorted(reading.selection.selected), time.time()
    kept: dict[str, Any] = reading.mailbox.comparing
    if kept.get("selected") == selected and kept.get("began_at", 0) > now - EVERY.total_seconds():
        return kept
    since, starts_at = timezone.now() - LOOKS_BACK, reading.selection.starts_at
    cursor = reading.provider.start_cursor(selected, max(since, starts_at) if starts_at else since)
    return {"selected": selected, "cursor": cursor, "missing": 0, "began_at": now}


def _keep(reading: Reading, under_way: dict[str, Any]) -> None:
    lease = reading.lease
    with tenancy.in_workspace(lease.workspace_id, lease.owner_id):
        advance(lease, lease.cursor, comparing=under_way)
    moved_to(lease, lease.cursor, comparing=under_way)


def _repair(reading: Reading, refs: Sequence[str]) -> int:
    """Read these as though they had just arrived; how many of them are here now.

    The cursor stays where it is. What is blocked has no row, and is not missing.
    """
    if not refs:
        return 0
    changes = tuple(Change(ChangeKind.UPSERT, ref) for ref in refs)
    record_page(reading, Page(changes, reading.lease.cursor, done=True), past=False)
    return len(refs) - len(_unknown(reading, refs))


def _unknown(reading: Reading, refs: Sequence[str]) -> list[str]:
    lease = reading.lease
    with tenancy.in_workspace(lease.workspace_id, lease.owner_id):
        known = copies.known_ids(reading.mailbox, refs)
    return [ref for ref in refs if ref not in known]


def _note(reading: Reading, missing: int) -> None:
    lease, mailbox = reading.lease, reading.mailbox
    with tenancy.in_workspace(lease.workspace_id, lease.owner_id):
        advance(lease, lease.cursor, compared_at=Now(), comparing={})
        counts = log_copies.count(mailbox, {"repaired": missing} if missing else {})
    moved_to(lease, lease.cursor, counts=counts, compared_at=timezone.now(), comparing={})
    if missing:
        count("messages that only the nightly comparison found", missing)
        log.warning("mailbox %s: %d messages had been missing", mailbox.id, missing)
