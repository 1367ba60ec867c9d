"""Connects a mailbox with the grant that its owner brought back from a vendor, or reconnects one.

The vendor is asked first, and only then anything is written. A grant that is not kept is given
back, unless the same account is connected elsewhere: vendors revoke an account's grants together.
"""

import uuid
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from django.db.models import F
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from accounts import audit, sealing, tenancy
from accounts.models import Member, MemberAddress
from contacts.services.note_changes import note_changes
from mailsync.models import Mailbox
from mailsync.problems import MailboxProblem
from mailsync.providers.base import Scope
from mailsync.providers.errors import ProviderError
from mailsync.providers.grants import Grant, Unlimited
from mailsync.selectors import own_mailbox
from mailsync.services.aliases import keep_aliases
from mailsync.services.choose_folders import keep_folders
from mailsync.services.connect_mailbox import (
    connected_of,
    keep_own_address,
    make_mailbox,
    own_form,
    refuse_others_address,
)
from mailsync.services.grants import HeldTokens, row_name
from mailsync.services.reconnect_mailbox import go_on
from mailsync.services.vendors import Vendor

State = Mailbox.State


@dataclass(frozen=True, slots=True)
class _Seen:
    """What a new grant opens."""

    scopes: Sequence[Scope]
    aliases: Sequence[str]
    secret: bytes


def connect_vendor(workspace_id: uuid.UUID, *, by: Member, vendor: Vendor, grant: Grant) -> Mailbox:
    """Connect the account as a mailbox that is being set up, and return it.

    To be called outside a transaction. An account that waits to be reconnected goes on instead.
    Raises MailboxProblem; then nothing was written and the grant was given back.
    """
    try:
        address = own_form(grant.address)
        with tenancy.in_workspace(workspace_id, by.id):
            waiting = _connected(workspace_id, by, vendor, grant)
            if waiting is None:
                refuse_others_address(workspace_id, by, address)
        if waiting is not None:
            return _replace(workspace_id, by, vendor, waiting.id, grant)
        seen = _look(vendor, grant)
        with tenancy.in_workspace(workspace_id, by.id):
            refuse_others_address(workspace_id, by, address)
            if _connected(workspace_id, by, vendor, grant) is not None:
                raise MailboxProblem(_("This mailbox is connected already."))
            return _write(workspace_id, by, vendor, grant, address, seen)
    except MailboxProblem:
        give_back(vendor, grant)
        raise


def reconnect_vendor(
    workspace_id: uuid.UUID, *, by: Member, vendor: Vendor, mailbox_id: uuid.UUID, grant: Grant
) -> Mailbox:
    """Replace the grant of the mailbox, which keeps its ids and cursor, and return it.

    To be called outside a transaction. Another account than the connected one is refused, since
    its mail would continue this one's. A mailbox that was read all along only gets the new grant.
    """
    try:
        return _replace(workspace_id, by, vendor, mailbox_id, grant)
    except MailboxProblem:
        give_back(vendor, grant)
        raise


def _replace(
    workspace_id: uuid.UUID, by: Member, vendor: Vendor, mailbox_id: uuid.UUID, grant: Grant
) -> Mailbox:
    address = own_form(grant.address)
    with tenancy.in_workspace(workspace_id, by.id):
        mailbox = own_mailbox(workspace_id, by, mailbox_id, lock=True)
        if (vendor.provider, grant.account_id) != (mailbox.provider, mailbox.account_id):
            raise MailboxProblem(
                _(
                    "You signed in as %(other)s. This mailbox is %(address)s: sign in with that"
                    " account, or connect the other one as a mailbox of its own."
                )
                % {"other": grant.address, "address": mailbox.address}
            )
        if address != mailbox.address:
            refuse_others_address(workspace_id, by, address)
            _rename(mailbox, by, address)
        facts: dict[str, Any] = {
            "sealed_grant": sealing.seal(grant.secret, row=row_name(mailbox.id)),
            "grant_version": F("grant_version") + 1,
            "grant_leased_until": None,
        }
        before, now = mailbox.can_send, grant.can_send
        if mailbox.state == State.NEEDS_RECONNECT:
            go_on(mailbox, can_send=now, **facts)
        else:
            Mailbox.objects.filter(id=mailbox.id).update(can_send=now, **facts)
        mailbox.can_send = now
        audit.record(
            workspace_id,
            by,
            "mailbox reconnected",
            mailbox,
            before={"sending": before},
            after={"sending": now},
        )
    return mailbox


def give_back(vendor: Vendor, grant: Grant) -> None:
    """Revoke a grant that is not kept; a vendor that does not answer is left alone."""
    if not tenancy.call("mailsync_same_account", vendor.provider, grant.account_id):
        with suppress(ProviderError):
            vendor.consent().revoke(grant.secret)


def _connected(workspace_id: uuid.UUID, by: Member, vendor: Vendor, grant: Grant) -> Mailbox | None:
    """The member's own mailbox of this account, where it waits to be reconnected."""
    mine = connected_of(workspace_id, by)
    found = mine.filter(provider=vendor.provider, account_id=grant.account_id).first()
    if found is not None and found.state != State.NEEDS_RECONNECT:
        raise MailboxProblem(_("This mailbox is connected already."))
    return found


def _look(vendor: Vendor, grant: Grant) -> _Seen:
    tokens = HeldTokens(grant.secret)
    try:
        with vendor.open(tokens, Unlimited()) as provider:
            return _Seen(provider.list_scopes(), provider.profile().aliases, tokens.secret)
    except ProviderError as error:
        raise MailboxProblem(error.sentence) from error


def _write(
    workspace_id: uuid.UUID,
    by: Member,
    vendor: Vendor,
    grant: Grant,
    address: str,
    seen: _Seen,
) -> Mailbox:
    mailbox = make_mailbox(
        workspace_id,
        by,
        address,
        provider=vendor.provider,
        state=State.SETTING_UP,
        account_id=grant.account_id,
        can_send=grant.can_send,
        grant_version=1,
    )
    mailbox.sealed_grant = sealing.seal(seen.secret, row=row_name(mailbox.id))
    mailbox.save(update_fields=["sealed_grant"])
    keep_folders(mailbox, seen.scopes)
    keep_own_address(workspace_id, by, mailbox, proven=True)
    keep_aliases(mailbox, seen.aliases)
    return mailbox


def _rename(mailbox: Mailbox, by: Member, address: str) -> None:
    """The vendor calls the same account by another address now. The old one stays among us."""
    mailbox.address = mailbox.channel.name = address
    mailbox.save(update_fields=["address"])
    mailbox.channel.save(update_fields=["name"])
    MemberAddress.objects.update_or_create(
        workspace_id=mailbox.workspace_id,
        member=by,
        address=address,
        origin=MemberAddress.Origin.MAILBOX,
        defaults={"verified_at": Now(), "released_at": None},
    )
    note_changes(mailbox.workspace_id, by=by, addresses=[address])
