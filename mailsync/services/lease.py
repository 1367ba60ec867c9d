"""One worker at a time on a mailbox: a lease with a fence, kept by the database and its clock.

Taking the lease is committed before any work, so that a crash counts. A worker that was stopped
past its lease finds another fence when it goes on, and what it wanted to write rolls back.
"""

import uuid
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import DatabaseError
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import Now

from accounts import tenancy
from activities.models import Channel
from mailsync.models import READ_STATES, Mailbox
from mailsync.providers.base import Cursor
from mailsync.services import hints

LEASE = timedelta(seconds=180)


class LeaseLost(Exception):
    """Somebody else has the mailbox now, or its owner changed it; nothing was written."""


@dataclass(slots=True)
class Lease:
    """What a worker holds. `mailbox` is the row as it was read, with the cursor moved along."""

    workspace_id: uuid.UUID
    owner_id: uuid.UUID
    mailbox: Mailbox

    @property
    def cursor(self) -> Cursor:
        cursor: Cursor = self.mailbox.cursor
        return cursor


def take_lease(
    workspace_id: uuid.UUID, *, mailbox_id: uuid.UUID, owner_id: uuid.UUID
) -> Lease | None:
    """Take the mailbox if it is due or hinted at and nobody has it; otherwise None. Commits."""
    hinted = Q(hints.is_due(workspace_id), failures=0) & ~Q(state=Mailbox.State.THROTTLED)
    free = Q(leased_until=None) | Q(leased_until__lt=Now())
    with tenancy.in_workspace(workspace_id, owner_id):
        taken = Mailbox.objects.filter(
            Q(due_at__lte=Now()) | hinted,
            free,
            _belongs_to(workspace_id, owner_id),
            workspace_id=workspace_id,
            id=mailbox_id,
            state__in=READ_STATES,
        ).exclude(provider=Mailbox.Provider.FILE)
        if not taken.update(
            fence=F("fence") + 1,
            leased_until=Now() + LEASE,
            attempts=F("attempts") + 1,
            began_at=Now(),
        ):
            return None
        mailbox = Mailbox.objects.select_related("channel").get(
            workspace_id=workspace_id, id=mailbox_id
        )
    return Lease(workspace_id, owner_id, mailbox)


def advance(lease: Lease, cursor: Cursor, **facts: Any) -> None:
    """Move the cursor in the caller's transaction, if the mailbox is still ours; or LeaseLost.

    A member who was deactivated in the meantime owns no mailbox that is read.

    The row stays locked until the transaction ends, so that pages and imports of one mailbox
    never interleave. The lease's own copy is moved by `moved_to`, after the commit.
    """
    ours = Mailbox.objects.filter(
        _belongs_to(lease.workspace_id, lease.owner_id),
        workspace_id=lease.workspace_id,
        id=lease.mailbox.id,
        fence=lease.mailbox.fence,
        cursor=lease.cursor,
    )
    if not ours.update(cursor=cursor, leased_until=Now() + LEASE, **facts):
        raise LeaseLost


def moved_to(lease: Lease, cursor: Cursor, **facts: Any) -> None:
    """Tell the lease what was committed."""
    lease.mailbox.cursor = cursor
    for name, value in facts.items():
        setattr(lease.mailbox, name, value)


def end_lease(lease: Lease, **facts: Any) -> float | None:
    """Give the mailbox back. Returns in how many seconds a run should follow for a hint, or None.

    Hints are looked for once that is committed: who hints later finds the mailbox free.
    """
    ours = Mailbox.objects.filter(
        workspace_id=lease.workspace_id, id=lease.mailbox.id, fence=lease.mailbox.fence
    )
    with tenancy.in_workspace(lease.workspace_id, lease.owner_id):
        ours.update(leased_until=None, attempts=0, **facts)
    with tenancy.in_workspace(lease.workspace_id, lease.owner_id):
        return hints.wait_of(lease.workspace_id, lease.mailbox.id)


def drop_lease(lease: Lease, *, counts: bool) -> None:
    """Give the mailbox back after something unforeseen, so that nobody waits for the lease's end.

    `counts` says that the attempt was the mailbox's own fault and not the database's. A database
    that is away keeps the lease until its time is over.
    """
    ours = Mailbox.objects.filter(
        workspace_id=lease.workspace_id,
        id=lease.mailbox.id,
        fence=lease.mailbox.fence,
        attempts__gt=0,
    )
    back = {} if counts else {"attempts": F("attempts") - 1}
    with suppress(DatabaseError), tenancy.in_workspace(lease.workspace_id, lease.owner_id):
        ours.update(leased_until=None, **back)


def _belongs_to(workspace_id: uuid.UUID, owner_id: uuid.UUID) -> Exists:
    """That the mailbox's channel is this present member's.

    An EXISTS and no join: Django would turn an UPDATE with a join into `id in (select ...)`, and
    PostgreSQL does not look at the conditions in there again after it waited for another worker.
    """
    return Exists(
        Channel.objects.filter(
            workspace_id=workspace_id,
            id=OuterRef("channel_id"),
            owner_id=owner_id,
            owner__deactivated_at=None,
        )
    )
