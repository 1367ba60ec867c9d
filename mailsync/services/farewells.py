"""Gives a grant back to its vendor after the mailbox was disconnected, until the vendor agrees.

Nothing waits for it: the mailbox is gone for everybody here at once.
"""

import logging
import uuid
from datetime import timedelta

from django.db.models import F
from django.db.models.functions import Now

from accounts import audit, sealing, tenancy
from mailsync.models import Farewell, Mailbox, Subscription
from mailsync.providers.base import Watch
from mailsync.providers.errors import MessageGone, ProviderError
from mailsync.providers.grants import Unlimited
from mailsync.services.grants import HeldTokens
from mailsync.services.grants import row_name as mailbox_row
from mailsync.services.vendors import Vendor, vendor_of

log = logging.getLogger(__name__)

MOST_ATTEMPTS = 10
_PAUSE = timedelta(minutes=2)


def part_from(mailbox: Mailbox) -> Farewell | None:
    """Move the mailbox's grant into a row of its own, in the caller's transaction.

    The caller clears it in the mailbox. None where there is no grant that could be opened.
    """
    if mailbox.sealed_grant is None:
        return None
    try:
        secret = sealing.unseal(bytes(mailbox.sealed_grant), row=mailbox_row(mailbox.id))
    except sealing.CannotUnseal:
        return None
    pushes = Subscription.objects.filter(workspace_id=mailbox.workspace_id, mailbox=mailbox)
    watch = pushes.exclude(expires_at=None).first()
    row = Farewell(
        workspace_id=mailbox.workspace_id,
        mailbox=mailbox,
        watch_id=watch.provider_id if watch else "",
        watch_expires_at=watch.expires_at if watch else None,
    )
    row.sealed_grant = sealing.seal(secret, row=row_name(row))
    row.save()
    return row


def say_farewell(workspace_id: uuid.UUID, *, farewell_id: uuid.UUID) -> bool:
    """End the pushes and give the grant back; True when that is over, False when it is due again.

    To be called outside a transaction. The attempt is counted before it is made, which also keeps
    other workers away. After the last one the audit log says that the vendor did not agree.
    """
    row = _claim(workspace_id, farewell_id)
    if row is None:
        return False
    vendor = vendor_of(row.mailbox.provider)
    try:
        secret = sealing.unseal(bytes(row.sealed_grant), row=row_name(row))
        if vendor is not None:
            _part(vendor, row, secret)
    except sealing.CannotUnseal:
        return _end(row, failed=True)
    except ProviderError as error:
        log.warning("farewell %s: %s", farewell_id, type(error).__name__)
        return _end(row, failed=True) if row.attempts >= MOST_ATTEMPTS else False
    return _end(row, failed=False)


def row_name(row: Farewell) -> str:
    """The identity that a farewell's grant is bound to."""
    return f"mailsync.farewell:{row.id}"


def _claim(workspace_id: uuid.UUID, farewell_id: uuid.UUID) -> Farewell | None:
    rows = Farewell.objects.filter(workspace_id=workspace_id, id=farewell_id)
    with tenancy.in_workspace(workspace_id):
        if not rows.filter(due_at__lte=Now()).update(
            attempts=F("attempts") + 1, due_at=Now() + _PAUSE
        ):
            return None
        row = rows.select_related("mailbox").get()
        # Each attempt waits twice as long as the one before: over a day for all of them.
        rows.update(due_at=Now() + _PAUSE * 2 ** (row.attempts - 1))
    return row


def _part(vendor: Vendor, row: Farewell, secret: bytes) -> None:
    """Vendors revoke all grants of an account together, and one that has pushes without a name
    ends them for the account: neither is done while it is connected elsewhere."""
    elsewhere = tenancy.call("mailsync_same_account", vendor.provider, row.mailbox.account_id)
    tokens = HeldTokens(secret)
    if row.watch_expires_at is not None and (row.watch_id or not elsewhere):
        try:
            with vendor.open(tokens, Unlimited()) as provider:
                provider.unsubscribe(Watch(row.watch_id, row.watch_expires_at))
        except ProviderError as error:
            # A grant that is dead already has no pushes to end, and they end by themselves.
            if not (error.needs_owner or isinstance(error, MessageGone)):
                raise
    if not elsewhere:
        vendor.consent().revoke(tokens.secret)


def _end(row: Farewell, *, failed: bool) -> bool:
    with tenancy.in_workspace(row.workspace_id):
        Farewell.objects.filter(workspace_id=row.workspace_id, id=row.id).delete()
        if failed:
            audit.record(row.workspace_id, None, "sign-in could not be revoked", row.mailbox)
    return True
