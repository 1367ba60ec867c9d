"""Hands copies to the record, and sets those aside that it cannot take.

A failing database or disk aborts everything; one bad message must not. So a batch that fails is
halved until the bad ones stand alone, and these are written down as quarantined (rule 7).
"""

import logging
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from django.db import DatabaseError, DataError, IntegrityError, InterfaceError, transaction
from django.db.models import DurationField, ExpressionWrapper, F, Value
from django.db.models.functions import Now

from activities.services.incoming import IncomingCopy, Result
from activities.services.log_messages import log_messages
from mailsync.models import Mailbox, Quarantine

log = logging.getLogger(__name__)

MOST_ATTEMPTS = 5
# What the database says about a message, and not about itself.
_OF_DATA = (DataError, IntegrityError)


@dataclass(slots=True)
class Logged:
    """What became of a batch: the results in order of the copies that were taken."""

    results: list[Result] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)

    @property
    def bodies_due(self) -> bool:
        return any(result.message_id and not result.known for result in self.results)

    def counts(self) -> dict[str, int]:
        """How many copies came to each outcome for the first time."""
        found: dict[str, int] = {}
        for result in self.results:
            if not result.known:
                found[result.outcome] = found.get(result.outcome, 0) + 1
        if self.refused:
            found["refused"] = len(self.refused)
        return found


def log_copies(mailbox: Mailbox, copies: Sequence[IncomingCopy]) -> Logged:
    """Log a batch in the caller's transaction; what cannot be logged is quarantined."""
    logged = Logged()
    _log(mailbox, list(copies), logged)
    return logged


def count(mailbox: Mailbox, new: dict[str, int]) -> dict[str, int]:
    """Add to what the mailbox's page tells. The caller holds the lock on its row."""
    rows = Mailbox.objects.filter(workspace_id=mailbox.workspace_id, id=mailbox.id)
    counts = Counter(rows.values_list("counts", flat=True).get())
    counts.update(new)
    rows.update(counts=dict(counts))
    return dict(counts)


def quarantine(mailbox: Mailbox, provider_id: str, error: str) -> None:
    """Write down that a message could not be taken; repeated ones count as attempts."""
    row, made = Quarantine.objects.get_or_create(
        workspace_id=mailbox.workspace_id,
        mailbox=mailbox,
        provider_id=provider_id,
        defaults={"error": error[:300]},
    )
    if not made:
        Quarantine.objects.filter(id=row.id).update(error=error[:300], resolved_at=None)
    log.warning("mailbox %s: a message is set aside (%s)", mailbox.id, error[:100])


def resolve(mailbox: Mailbox, provider_ids: Sequence[str]) -> None:
    """These messages are no longer in the way: taken after all, or gone at the provider."""
    Quarantine.objects.filter(
        workspace_id=mailbox.workspace_id,
        mailbox=mailbox,
        provider_id__in=provider_ids,
        resolved_at=None,
    ).update(resolved_at=Now())


def claim_refused(mailbox: Mailbox, most: int) -> list[str]:
    """The quarantined messages to try again, with the attempt already counted."""
    waiting = Quarantine.objects.select_for_update().filter(
        workspace_id=mailbox.workspace_id,
        mailbox=mailbox,
        resolved_at=None,
        attempts__lt=MOST_ATTEMPTS,
        created_at__lte=Now() - _WAIT,
    )
    found = list(waiting.order_by("attempts", "id")[:most])
    Quarantine.objects.filter(id__in=[row.id for row in found]).update(attempts=F("attempts") + 1)
    return [row.provider_id for row in found]


# Each further attempt waits ten minutes longer since the first; a replay starts at nought.
_WAIT = ExpressionWrapper(
    F("attempts") * Value(timedelta(minutes=10)), output_field=DurationField()
)


def _log(mailbox: Mailbox, copies: list[IncomingCopy], logged: Logged) -> None:
    if not copies:
        return
    try:
        with transaction.atomic():
            logged.results += log_messages(mailbox.workspace_id, copies)
    except Exception as error:
        if isinstance(error, (DatabaseError, InterfaceError)) and not isinstance(error, _OF_DATA):
            raise
        if len(copies) == 1:
            # The type alone: an error's text may quote the mail.
            quarantine(mailbox, copies[0].provider_id, type(error).__name__)
            logged.refused.append(copies[0].provider_id)
            return
        middle = len(copies) // 2
        _log(mailbox, copies[:middle], logged)
        _log(mailbox, copies[middle:], logged)
