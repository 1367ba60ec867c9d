"""Fetches the bodies of logged mail, after the decision and within the provider's budget."""

import logging
import re
import uuid
from dataclasses import dataclass
from datetime import timedelta

from django.db import InterfaceError, OperationalError
from django.db.models import F, OuterRef, Subquery
from django.db.models.functions import Now

from accounts import tenancy
from activities.mail.message import MAX_RAW_BYTES
from activities.mail.mime import parse_headers
from activities.models import Message, Sighting
from activities.services.store_body import store_body
from mailsync.models import Mailbox
from mailsync.providers.base import Provider
from mailsync.providers.errors import MessageGone, ProviderError, Throttled
from mailsync.services.open_provider import open_provider
from mailsync.services.resync import original_id
from mailsync.services.spread import spread

log = logging.getLogger(__name__)

BATCH = 20
MOST_ATTEMPTS = 5
_LEASE = timedelta(minutes=5)
_NOT_NOW = timedelta(hours=1)
_SOON = timedelta(minutes=5)
_IMPORTED = re.compile(r"[0-9a-f]{64}:\d+")

Body = Message.Body


@dataclass(frozen=True, slots=True)
class Due:
    """A message whose body is to be fetched, and where this mailbox has it."""

    message_id: uuid.UUID
    provider_id: str
    header_id: str
    fingerprint: bytes | None
    attempts: int


def fetch_bodies(workspace_id: uuid.UUID, *, channel_id: uuid.UUID) -> int:
    """Fetch the next bodies that are due in this channel; returns how many were looked at.

    They are claimed first, so that two workers never fetch the same one. An attempt is counted and
    committed just before its own fetch: a crash counts for the message that it happened at and
    for none of its neighbours. Provider calls happen outside any transaction.
    """
    with tenancy.in_workspace(workspace_id):
        rows = Mailbox.objects.select_related("channel__owner")
        mailbox = rows.filter(workspace_id=workspace_id, channel_id=channel_id).first()
        due = _claim(workspace_id, channel_id) if mailbox is not None else []
    if mailbox is None or not due:
        return 0
    if mailbox.provider == Mailbox.Provider.FILE:
        for one in due:
            _store(mailbox, one, None, Body.IMPORT_AGAIN)
    elif not (mailbox.is_read and _owner_is_present(mailbox)):
        _put_off(workspace_id, due, _NOT_NOW)
    else:
        _fetch(mailbox, due)
    return len(due)


def _owner_is_present(mailbox: Mailbox) -> bool:
    owner = mailbox.channel.owner
    return owner is not None and owner.is_present


def _claim(workspace_id: uuid.UUID, channel_id: uuid.UUID) -> list[Due]:
    copy = Sighting.objects.filter(
        workspace_id=workspace_id, channel_id=channel_id, message=OuterRef("pk"), gone_at=None
    ).order_by("-seen_at")
    waiting = (
        Message.objects.select_for_update(skip_locked=True, of=("self",))
        .filter(workspace_id=workspace_id, body_state=Body.DUE, body_due_at__lte=Now())
        .annotate(copy_id=Subquery(copy.values("provider_id")[:1]))
        .filter(copy_id__isnull=False)
        .order_by("body_due_at", "id")[:BATCH]
    )
    found = [
        Due(
            message_id=message.id,
            provider_id=original_id(message.copy_id),
            header_id=message.headers.get("message_id", ""),
            fingerprint=bytes(message.fingerprint) if message.fingerprint else None,
            attempts=message.body_attempts,
        )
        for message in waiting
    ]
    Message.objects.filter(id__in=[one.message_id for one in found]).update(
        body_due_at=Now() + _LEASE
    )
    return found


def _fetch(mailbox: Mailbox, due: list[Due]) -> None:
    left, pause = list(due), timedelta()
    try:
        with open_provider(mailbox) as provider:
            while left and _fetch_alone(provider, mailbox, left.pop(0)):
                pass
    except (ProviderError, OSError) as error:
        # The mailbox's own run turns this into its state; the bodies just come later.
        log.info("mailbox %s: bodies put off (%s)", mailbox.id, type(error).__name__)
        pause = spread(_pause_after(error))
    _put_off(mailbox.workspace_id, left, pause)


def _fetch_alone(provider: Provider, mailbox: Mailbox, one: Due) -> bool:
    """Fetch one body; whether the connection may be used for the next.

    What nobody foresaw is this message's own trouble, but it may have left the connection in the
    middle of an answer, so its neighbours are fetched over another one.
    """
    if one.attempts >= MOST_ATTEMPTS:
        _store(mailbox, one, None, Body.UNREADABLE)
        return True
    if not _count(mailbox, one):
        return True
    try:
        _fetch_one(provider, mailbox, one)
    except (ProviderError, OSError) as error:
        # The network or a full disk prevented it, so it was no attempt. It comes after its
        # neighbours the next time, so that it never stands in their way.
        _take_back(mailbox, one, 2 * _pause_after(error))
        raise
    except (OperationalError, InterfaceError):
        raise
    except Exception as error:
        log.warning("message %s: body put off (%s)", one.message_id, type(error).__name__)
        _put_off(mailbox.workspace_id, [one], _NOT_NOW)
        return False
    return True


def _count(mailbox: Mailbox, one: Due) -> bool:
    """Count the attempt and renew the claim; False where the message is no longer ours to fetch."""
    with tenancy.in_workspace(mailbox.workspace_id):
        claimed = Message.objects.filter(
            workspace_id=mailbox.workspace_id,
            id=one.message_id,
            body_state=Body.DUE,
            body_attempts=one.attempts,
        )
        counted = claimed.update(body_attempts=F("body_attempts") + 1, body_due_at=Now() + _LEASE)
    return counted == 1


def _pause_after(error: Exception) -> timedelta:
    """No sooner than the provider says, where it says so."""
    return timedelta(seconds=error.retry_after) if isinstance(error, Throttled) else _SOON


def _take_back(mailbox: Mailbox, one: Due, pause: timedelta) -> None:
    with tenancy.in_workspace(mailbox.workspace_id):
        Message.objects.filter(
            workspace_id=mailbox.workspace_id,
            id=one.message_id,
            body_attempts=one.attempts + 1,
        ).update(body_attempts=one.attempts, body_due_at=Now() + pause)


def _fetch_one(provider: Provider, mailbox: Mailbox, one: Due) -> None:
    raw = _read(provider, one)
    if raw is not None:
        _store(mailbox, one, raw, "")
    elif not _held_elsewhere(mailbox, one):
        _store(mailbox, one, None, _why_missing(one))


def _read(provider: Provider, one: Due) -> bytes | None:
    """The whole message by its id or, where that is gone, by its Message-ID; None without it."""
    try:
        return provider.fetch_raw(one.provider_id, MAX_RAW_BYTES).raw or b""
    except MessageGone:
        pass
    for ref in provider.find(one.header_id) if one.header_id else ():
        try:
            raw = provider.fetch_raw(ref, MAX_RAW_BYTES).raw
        except MessageGone:
            continue
        # A Message-ID may be forged or reused: only the same mail fills this body.
        if raw is not None and parse_headers(raw).fingerprint == one.fingerprint:
            return raw
    return None


def _why_missing(one: Due) -> str:
    return Body.IMPORT_AGAIN if _IMPORTED.fullmatch(one.provider_id) else Body.GONE


def _held_elsewhere(mailbox: Mailbox, one: Due) -> bool:
    """Mark this copy as gone; whether another mailbox may still have the message."""
    with tenancy.in_workspace(mailbox.workspace_id, mailbox.channel.owner_id):
        # Locked first: two mailboxes that miss it at once would each count on the other's copy.
        Message.objects.select_for_update().filter(id=one.message_id).first()
        copies = Sighting.objects.filter(
            workspace_id=mailbox.workspace_id, message_id=one.message_id, gone_at=None
        )
        if not _IMPORTED.fullmatch(one.provider_id):
            copies.filter(channel_id=mailbox.channel_id).update(gone_at=Now())
        elsewhere = copies.exclude(channel_id=mailbox.channel_id).exists()
        if elsewhere:
            Message.objects.filter(id=one.message_id).update(body_due_at=Now())
    return elsewhere


def _store(mailbox: Mailbox, one: Due, raw: bytes | None, why_missing: str) -> None:
    with tenancy.in_workspace(mailbox.workspace_id, mailbox.channel.owner_id):
        if raw == b"":
            # Beyond the limit: the provider keeps it, and the page says that it cannot be read.
            raw, why_missing = None, Body.UNREADABLE
        store_body(
            mailbox.workspace_id, message_id=one.message_id, raw=raw, why_missing=why_missing
        )


def _put_off(workspace_id: uuid.UUID, due: list[Due], pause: timedelta) -> None:
    """Give claims up: these are due again after the pause."""
    if not due:
        return
    with tenancy.in_workspace(workspace_id):
        Message.objects.filter(
            workspace_id=workspace_id, id__in=[one.message_id for one in due]
        ).update(body_due_at=Now() + pause)
