"""Sync health: how every mailbox of a workspace does, without anything of the mail in it."""

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Q
from django.utils import timezone

from mailsync.models import READ_STATES, Mailbox
from mailsync.states import Told, tell_state

# A mailbox is polled every five minutes; what is later than this is behind.
BEHIND = timedelta(minutes=20)


@dataclass(frozen=True, slots=True)
class Health:
    """One mailbox as the admins see it. `waiting` counts messages that could not be taken."""

    mailbox: Mailbox
    owner: str
    state: Told
    read_at: datetime | None
    behind: bool
    pushes_until: datetime | None
    waiting: int

    @property
    def can_retry(self) -> bool:
        return self.mailbox.is_read

    @property
    def can_ask(self) -> bool:
        return self.mailbox.state == Mailbox.State.NEEDS_RECONNECT


def sync_health(workspace_id: uuid.UUID) -> list[Health]:
    """Every connected mailbox, those that need somebody first. One query.

    Its folders are its owner's business, and so is what an error about one message says.
    """
    rows = (
        Mailbox.objects.filter(workspace_id=workspace_id)
        .exclude(state=Mailbox.State.DISCONNECTED)
        .exclude(provider=Mailbox.Provider.FILE)
        .select_related("channel__owner", "subscription")
        .annotate(waiting=Count("quarantine", filter=Q(quarantine__resolved_at=None)))
    )
    found = [_health(row) for row in rows]
    return sorted(found, key=_urgency)


def _health(row: Mailbox) -> Health:
    owner, subscription = row.channel.owner, getattr(row, "subscription", None)
    late = row.synced_at is None or row.synced_at < timezone.now() - BEHIND
    return Health(
        mailbox=row,
        owner=owner.name if owner else "",
        state=tell_state(row),
        read_at=row.synced_at,
        behind=row.state in READ_STATES and row.synced_at is not None and late,
        pushes_until=subscription.expires_at if subscription else None,
        waiting=row.waiting,  # type: ignore[attr-defined]
    )


def _urgency(one: Health) -> tuple[int, str, str]:
    tones = {"bad": 0, "warn": 1}
    rank = 1 if one.behind or one.waiting else 2
    return min(tones.get(one.state.tone, 2), rank), one.owner.casefold(), one.mailbox.address
