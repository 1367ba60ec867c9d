"""The nightly comparison: whatever the provider has of the last days must be here.

Pushes may be lost and cursors may lie; this finds what they left out. It must find nothing.
"""

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta

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


def compare_when_due(reading: Reading) -> int:
    """Compare once a day, at the end of a run that read everything; returns what was missing.

    The first time nothing is compared: the backfill has just listed it all.
    """
    compared_at = reading.mailbox.compared_at
    now = timezone.now()
    if compared_at is not None and compared_at + EVERY > now:
        return 0
    try:
        missing = _compare(reading, now - LOOKS_BACK) if compared_at is not None else 0
    except CursorExpired:
        # It is the comparison's own place that is gone: the folder's stands, and the next run
        # compares again.
        log.info("mailbox %s: the comparison was cut short", reading.mailbox.id)
        return 0
    _note(reading, missing)
    reading.mailbox.compared_at = now
    return missing


def _compare(reading: Reading, since: datetime) -> int:
    """List what the selected folders hold since then, and read what is not known."""
    starts_at = reading.selection.starts_at
    provider = reading.provider
    cursor = provider.start_cursor(
        sorted(reading.selection.selected), max(since, starts_at) if starts_at else since
    )
    missing = 0
    while True:
        page = provider.enumerate(cursor, PAGE_SIZE)
        refs = list(dict.fromkeys(change.ref for change in page.changes))
        missing += _repair(reading, _unknown(reading, refs))
        if page.done:
            return missing
        cursor = page.cursor


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
        advance(lease, lease.cursor, compared_at=Now())
        counts = log_copies.count(mailbox, {"repaired": missing} if missing else {})
    moved_to(lease, lease.cursor, counts=counts)
    if missing:
        count("messages that only the nightly comparison found", missing)
        log.warning("mailbox %s: %d messages had been missing", mailbox.id, missing)
