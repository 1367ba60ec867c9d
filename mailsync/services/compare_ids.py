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
from mailsync.providers.base import Change, ChangeKind, Page
from mailsync.providers.errors import CursorExpired
from mailsync.services import copies, log_copies
from mailsync.services.lease import advance, moved_to
from mailsync.services.record_page import Reading, record_page

log = logging.getLogger(__name__)

EVERY = timedelta(hours=24)
LOOKS_BACK = timedelta(days=7)
PAGE_SIZE = 200


def compare_when_due(reading: Reading, deadline: float) -> bool:
    """Compare once a day, at the end of a run that read everything; False where the time is up.

    Each page is written down, so that the next run, also after a pause or a crash, goes on there.
    The first time nothing is compared: the backfill has just listed it all.
    """
    compared_at = reading.mailbox.compared_at
    if compared_at is not None and compared_at + EVERY > timezone.now():
        return True
    if compared_at is None:
        _note(reading, 0)
        return True
    try:
        missing = _compare(reading, deadline)
    except CursorExpired:
        # It is the comparison's own place that is gone: the folder's stands, and the next run
        # compares again.
        log.info("mailbox %s: the comparison was cut short", reading.mailbox.id)
        _keep(reading, {})
        return True
    if missing is None:
        return False
    _note(reading, missing)
    return True


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
    """Where an earlier run stopped, or the beginning where there is none or folders were chosen."""
    selected = sorted(reading.selection.selected)
    kept: dict[str, Any] = reading.mailbox.comparing
    if kept.get("selected") == selected:
        return kept
    since, starts_at = timezone.now() - LOOKS_BACK, reading.selection.starts_at
    cursor = reading.provider.start_cursor(selected, max(since, starts_at) if starts_at else since)
    return {"selected": selected, "cursor": cursor, "missing": 0}


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
