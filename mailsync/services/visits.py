"""A member's trip to a vendor's sign-in and back: who set out, and who may come back with it.

What the browser carries is a random state, of which only the hash is kept. It works once, within
ten minutes, in the session that set out, for the user and in the workspace that it was made for.
"""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import policies, sealing, tenancy, tokens
from accounts.models import Member, User
from mailsync.models import Visit
from mailsync.problems import MailboxProblem
from mailsync.providers.errors import ProviderError
from mailsync.providers.grants import ConsentRefused, Grant
from mailsync.selectors import own_mailbox
from mailsync.services.connect_vendor import give_back
from mailsync.services.vendors import Vendor

LASTS = timedelta(minutes=10)
MOST_UNDER_WAY = 10


@dataclass(frozen=True, slots=True)
class Returned:
    """Who came back, for what. `mailbox_id` is the mailbox to reconnect, None for a new one."""

    workspace_id: uuid.UUID
    by: Member
    vendor: Vendor
    mailbox_id: uuid.UUID | None
    send: bool
    kept: bytes = field(repr=False)


def begin_visit(
    workspace_id: uuid.UUID,
    *,
    by: Member,
    vendor: Vendor,
    browser: str,
    redirect_uri: str,
    mailbox_id: uuid.UUID | None = None,
    send: bool = False,
) -> str:
    """Write down that the member sets out, and return the vendor's address to send them to.

    To be called outside a transaction. `browser` is a secret of the session. A mailbox that may
    send keeps that right when it is reconnected. Raises MailboxProblem with a sentence.
    """
    consent = vendor.consent()
    if not consent.is_configured():
        raise MailboxProblem(_not_configured(vendor))
    hint = ""
    if mailbox_id is not None:
        with tenancy.in_workspace(workspace_id, by.id):
            mailbox = own_mailbox(workspace_id, by, mailbox_id)
        if mailbox.provider != vendor.provider:
            raise MailboxProblem(_("This mailbox belongs to another mail service."))
        hint, send = mailbox.address, send or mailbox.can_send
    state, state_hash = tokens.make()
    try:
        visit = consent.begin(
            redirect_uri=redirect_uri,
            state=state,
            send=send,
            hint=hint,
            again=mailbox_id is not None,
        )
    except ProviderError as error:
        raise MailboxProblem(error.sentence) from error
    with tenancy.in_workspace(workspace_id, by.id):
        _make_room(workspace_id, by)
        row = Visit(
            workspace_id=workspace_id,
            member=by,
            mailbox_id=mailbox_id,
            provider=vendor.provider,
            state_hash=state_hash,
            browser_hash=tokens.digest(browser),
            send=send,
            expires_at=timezone.now() + LASTS,
        )
        row.sealed_kept = sealing.seal(visit.kept, row=row_name(row))
        row.save()
    return visit.url


def end_visit(user: User, *, vendor: Vendor, browser: str, state: str) -> Returned | None:
    """Take the visit that a browser came back with, so that it works no second time.

    None where it was used, is too old, or was begun by another user, session or vendor; such a
    stranger does not spoil it for the one who set out.
    """
    found = tenancy.call("mailsync_visit", tokens.digest(state)) if state else []
    mine = tenancy.call("accounts_memberships", user.pk)
    if not found or (found[0][0], found[0][2]) not in {(row[0], row[1]) for row in mine}:
        return None
    workspace_id, visit_id, member_id = found[0]
    with tenancy.in_workspace(workspace_id, member_id):
        row = (
            Visit.objects.select_for_update(of=("self",))
            .select_related("member")
            .filter(
                workspace_id=workspace_id,
                id=visit_id,
                member_id=member_id,
                provider=vendor.provider,
                browser_hash=tokens.digest(browser),
                expires_at__gt=Now(),
            )
            .first()
        )
        if row is None or not policies.may(row.member, "connect mailbox"):
            return None
        try:
            kept = sealing.unseal(bytes(row.sealed_kept), row=row_name(row))
        except sealing.CannotUnseal:
            return None
        Visit.objects.filter(workspace_id=workspace_id, id=visit_id).delete()
    return Returned(workspace_id, row.member, vendor, row.mailbox_id, row.send, kept)


def trade(back: Returned, *, answer: Mapping[str, str], redirect_uri: str) -> Grant:
    """Ask the vendor for the grant; raises MailboxProblem in the vendor module's words."""
    try:
        return back.vendor.consent().finish(
            kept=back.kept, answer=answer, redirect_uri=redirect_uri
        )
    except ConsentRefused as error:
        if error.unused is not None:
            give_back(back.vendor, error.unused)
        raise MailboxProblem(error.sentence) from error
    except ProviderError as error:
        raise MailboxProblem(error.sentence) from error


def row_name(visit: Visit) -> str:
    """The identity that what a visit keeps is bound to."""
    return f"mailsync.visit:{visit.id}"


def _make_room(workspace_id: uuid.UUID, by: Member) -> None:
    """Visits that nobody came back from go, and somebody who only sets out leaves few behind."""
    rows = Visit.objects.filter(workspace_id=workspace_id)
    rows.filter(expires_at__lte=Now()).delete()
    newest = rows.filter(member=by).order_by("-created_at", "-id")
    kept = list(newest.values_list("id", flat=True)[: MOST_UNDER_WAY - 1])
    rows.filter(member=by).exclude(id__in=kept).delete()


def _not_configured(vendor: Vendor) -> str:
    return _("%(product)s is not set up on this installation. Ask whoever runs it.") % {
        "product": vendor.product
    }
