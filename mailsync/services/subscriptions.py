"""Keeps a mailbox's subscription: makes it, renews it well before its end, and ends it.

The attempt is written down before the provider is asked, so that two workers never ask at once and
a crash waits for its turn. Of the secret only a keyed hash is kept.
"""

import logging
import secrets
import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models.functions import Now

from accounts import tenancy
from mailsync.models import READ_STATES, Mailbox, Subscription
from mailsync.providers.base import Provider, Watch
from mailsync.providers.errors import ProviderError, Throttled
from mailsync.services import hints
from mailsync.services.hear_pushes import secret_hash
from mailsync.services.open_provider import open_provider
from mailsync.services.push_addresses import PushAddresses, push_addresses
from mailsync.services.spread import spread

log = logging.getLogger(__name__)

ATTEMPT = timedelta(minutes=5)
MOST_PAUSE = timedelta(hours=6)
WITHOUT_PUSHES = timedelta(days=1)
# Half of what was granted, and never later than this.
LATEST_RENEWAL = {Mailbox.Provider.GMAIL: timedelta(days=1)}


@dataclass(frozen=True, slots=True)
class Claim:
    """A subscription whose turn it is; `row` as it was before the attempt."""

    mailbox: Mailbox
    row: Subscription
    wanted: bool

    @property
    def watch(self) -> Watch | None:
        """What the provider granted, if it still stands."""
        if self.row.expires_at is None:
            return None
        return Watch(self.row.provider_id, self.row.expires_at)


def keep_subscription(
    workspace_id: uuid.UUID, *, mailbox_id: uuid.UUID, owner_id: uuid.UUID
) -> bool:
    """Do what is due for this mailbox's subscription; True when one was made anew.

    A new one is followed by a reading of the mailbox, because nobody told us what came before it.
    """
    claim = _claim(workspace_id, mailbox_id, owner_id)
    if claim is None:
        return False
    if not claim.wanted:
        end_subscription(claim)
        return False
    addresses = push_addresses(claim.mailbox)
    if addresses is None:
        _store(claim, renew_at=Now() + WITHOUT_PUSHES, failures=0)
        return False
    try:
        return _ask(claim, addresses)
    except ProviderError as error:
        _put_off(claim, error)
        return False


def end_subscription(claim: Claim) -> None:
    """Ask for no more pushes and forget the row; without a grant it ends by itself."""
    try:
        if claim.watch is not None and _may_end(claim.mailbox, claim.watch):
            with open_provider(claim.mailbox) as provider:
                provider.unsubscribe(claim.watch)
    except ProviderError as error:
        if isinstance(error, Throttled) or (not error.needs_owner and claim.row.failures < 5):
            _put_off(claim, error)
            return
    with tenancy.in_workspace(claim.mailbox.workspace_id):
        Subscription.objects.filter(id=claim.row.id).delete()


def _may_end(mailbox: Mailbox, watch: Watch) -> bool:
    """A watch without a name is the whole account's, which may be connected elsewhere too."""
    if mailbox.sealed_grant is None:
        return False
    return bool(watch.id) or not tenancy.call("mailsync_addressed", mailbox.address)


def _claim(workspace_id: uuid.UUID, mailbox_id: uuid.UUID, owner_id: uuid.UUID) -> Claim | None:
    with tenancy.in_workspace(workspace_id, owner_id):
        rows = Mailbox.objects.select_related("channel__owner")
        mailbox = rows.filter(workspace_id=workspace_id, id=mailbox_id).first()
        if mailbox is None or mailbox.state == Mailbox.State.NEEDS_RECONNECT:
            # What was granted lives on, and serves again once its owner has reconnected.
            return None
        owner = mailbox.channel.owner
        wanted = mailbox.state in READ_STATES and owner is not None and owner.is_present
        found = Subscription.objects.filter(workspace_id=workspace_id, mailbox=mailbox)
        if wanted:
            Subscription.objects.bulk_create(
                [Subscription(workspace_id=workspace_id, mailbox=mailbox)], ignore_conflicts=True
            )
        row = found.first()
        due = found.filter(renew_at__lte=Now()) if wanted else found
        if row is None or not due.update(renew_at=Now() + ATTEMPT):
            return None
        return Claim(mailbox, row, wanted)


def _ask(claim: Claim, addresses: PushAddresses) -> bool:
    secret = secrets.token_urlsafe(32)
    with open_provider(claim.mailbox) as provider:
        watch = _renew_or_make(provider, claim, addresses, secret)
    if watch is None:
        _store(claim, renew_at=Now() + WITHOUT_PUSHES, failures=0, expires_at=None)
        return False
    made = claim.watch is None or watch.id != claim.row.provider_id
    # A subscription that was only prolonged goes on with the secret that it was made with.
    anew = {"provider_id": watch.id, "secret_hash": secret_hash(secret)} if made else {}
    _store(
        claim,
        **anew,
        expires_at=watch.expires_at,
        renewed_at=Now(),
        renew_at=Now() + _until_renewal(claim.mailbox, watch.expires_at),
        failures=0,
    )
    if made:
        _want(claim)
    return made


def _renew_or_make(
    provider: Provider, claim: Claim, addresses: PushAddresses, secret: str
) -> Watch | None:
    if claim.watch is not None:
        return provider.renew(claim.watch, addresses.news, secret)
    return provider.subscribe(addresses.news, secret, lifecycle=addresses.lifecycle)


def _until_renewal(mailbox: Mailbox, expires_at: datetime) -> timedelta:
    granted = max(expires_at - datetime.now(tz=expires_at.tzinfo), timedelta(minutes=2))
    latest = LATEST_RENEWAL.get(Mailbox.Provider(mailbox.provider), granted)
    return min(granted / 2, latest)


def _put_off(claim: Claim, error: ProviderError) -> None:
    """Try again later and later. Reading goes on meanwhile: every five minutes it asks itself."""
    failures = min(claim.row.failures + 1, 12)
    pause = min(ATTEMPT * 2 ** (failures - 1), MOST_PAUSE)
    if isinstance(error, Throttled):
        pause = max(pause, timedelta(seconds=error.retry_after))
    log.warning(
        "mailbox %s: its subscription failed (%s, %d in a row)",
        claim.mailbox.id,
        type(error).__name__,
        failures,
    )
    _store(claim, renew_at=Now() + spread(pause), failures=failures)


def _store(claim: Claim, **facts: object) -> None:
    with tenancy.in_workspace(claim.mailbox.workspace_id):
        Subscription.objects.filter(id=claim.row.id).update(**facts)


def _want(claim: Claim) -> None:
    mailbox = claim.mailbox
    with tenancy.in_workspace(mailbox.workspace_id):
        hints.note(mailbox.workspace_id, [mailbox.id])
