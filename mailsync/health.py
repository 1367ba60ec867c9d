"""Sync health: how every mailbox of a workspace does, without anything of the mail in it."""

import time
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Q
from django.utils import timezone

from mailsync.models import READ_STATES, Mailbox, Spending
from mailsync.services.budget import allowance_of
from mailsync.spending import still_counts
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
    left: float | None

    @property
    def can_retry(self) -> bool:
        return self.mailbox.is_read

    @property
    def can_ask(self) -> bool:
        return self.mailbox.state == Mailbox.State.NEEDS_RECONNECT


def sync_health(workspace_id: uuid.UUID) -> list[Health]:
    """Every connected mailbox, those that need somebody first. Two queries.

    Its folders are its owner's business, and so is what an error about one message says.
    """
    rows = (
        Mailbox.objects.filter(workspace_id=workspace_id)
        .exclude(state=Mailbox.State.DISCONNECTED)
        .exclude(provider=Mailbox.Provider.FILE)
        .select_related("channel__owner", "subscription")
        .annotate(waiting=Count("quarantine", filter=Q(quarantine__resolved_at=None)))
    )
    spent = dict(Spending.objects.filter(workspace_id=workspace_id).values_list("mailbox", "spent"))
    found = [_health(row, spent.get(row.id, {})) for row in rows]
    return sorted(found, key=_urgency)


def _health(row: Mailbox, spent: Mapping[str, float]) -> Health:
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
        left=_left(row, spent),
    )


def _left(row: Mailbox, spent: Mapping[str, float]) -> float | None:
    """What the mailbox may still ask of its provider at this moment, in the provider's units."""
    allowance = allowance_of(row.provider)
    if allowance is None:
        return None
    window = allowance.mailbox
    return max(window.limit - sum(still_counts(window, spent, time.time()).values()), 0)


def _urgency(one: Health) -> tuple[int, str, str]:
    tones = {"bad": 0, "warn": 1}
    rank = 1 if one.behind or one.waiting else 2
    return min(tones.get(one.state.tone, 2), rank), one.owner.casefold(), one.mailbox.address
