"""To a vendor's sign-in and back: the only pages whose address a vendor knows."""

import secrets
import uuid

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_POST, require_safe

from accounts import tenancy
from accounts.middleware import WorkspaceRequest
from accounts.models import Workspace
from accounts.toast import tell, warn
from accounts.views.answers import demand, outside_transaction, page_of, see_other, there
from mailsync.models import Mailbox
from mailsync.problems import MailboxProblem
from mailsync.services.connect_vendor import connect_vendor, reconnect_vendor
from mailsync.services.vendors import VENDORS, Vendor, vendor_of
from mailsync.services.visits import Returned, begin_visit, end_visit, trade
from mailsync.tasks import kick, sync_mailbox
from mailsync.views.acting import entered, mine
from mailsync.views.mailboxes import CONNECT

_BROWSER = "mailbox_visitor"
_BY_WORD = {vendor.word: vendor for vendor in VENDORS}


@never_cache
@outside_transaction
@require_POST
def begin(request: WorkspaceRequest, slug: str, vendor: str) -> HttpResponse:
    """Set out to connect a new mailbox."""
    demand(request, CONNECT)
    return _set_out(request, there(_BY_WORD.get(vendor)), "mailsync:connect")


@never_cache
@outside_transaction
@require_POST
def visit(request: WorkspaceRequest, slug: str, mailbox_id: uuid.UUID) -> HttpResponse:
    """Set out to reconnect a mailbox, or to allow sending from it (`send`)."""
    demand(request, CONNECT)
    with entered(request):
        mailbox = mine(request, mailbox_id)
    vendor = vendor_of(mailbox.provider)
    if vendor is None:
        return see_other(page_of(request, "mailsync:reconnect", mailbox_id))
    return _set_out(
        request, vendor, "mailsync:mailbox", mailbox_id=mailbox_id, send="send" in request.POST
    )


def _set_out(
    request: WorkspaceRequest,
    vendor: Vendor,
    back_to: str,
    *,
    mailbox_id: uuid.UUID | None = None,
    send: bool = False,
) -> HttpResponse:
    browser = request.session.setdefault(_BROWSER, secrets.token_urlsafe(32))
    try:
        address = begin_visit(
            request.workspace.id,
            by=request.member,
            vendor=vendor,
            browser=browser,
            redirect_uri=redirect_uri(vendor),
            mailbox_id=mailbox_id,
            send=send,
        )
    except MailboxProblem as problem:
        warn(request, problem.sentence)
        return see_other(page_of(request, back_to, *([mailbox_id] if mailbox_id else [])))
    # A page and no redirect: the pages' policy lets no form lead to another host, and vendors
    # lead on to hosts that nobody knows beforehand (a company's own sign-in).
    return render(request, "mailsync/leaving.html", {"vendor": vendor, "address": address})


def redirect_uri(vendor: Vendor) -> str:
    """The one address that the vendor sends browsers back to; operators register it there."""
    return settings.PUBLIC_BASE_URL + reverse(f"{vendor.word}_return")


@never_cache
@require_safe
@sensitive_variables("state", "back")
def returned(request: HttpRequest, vendor: str) -> HttpResponse:
    """The browser is back. Whatever the answer is, it works once and leads to a plain page."""
    if not request.user.is_authenticated:
        # Without what came back: it is bound to the session that is gone.
        return redirect_to_login("/")
    found = there(_BY_WORD.get(vendor))
    state = request.GET.get("state", "")
    back = end_visit(
        request.user, vendor=found, browser=request.session.get(_BROWSER, ""), state=state
    )
    if back is None:
        return render(request, "mailsync/visit_over.html", {"vendor": found}, status=400)
    try:
        mailbox = _take_in(request, back)
    except MailboxProblem as problem:
        warn(request, problem.sentence)
        return _lead(back, "mailsync:mailbox" if back.mailbox_id else "mailsync:connect")
    _say(request, back, mailbox)
    if mailbox.is_read:
        kick(sync_mailbox, str(back.workspace_id), str(mailbox.id), str(back.by.id))
    return _lead(back, "mailsync:setup" if back.mailbox_id is None else "mailsync:mailbox", mailbox)


def _take_in(request: HttpRequest, back: Returned) -> Mailbox:
    answer = {name: value for name, value in request.GET.items() if isinstance(value, str)}
    grant = trade(back, answer=answer, redirect_uri=redirect_uri(back.vendor))
    if back.mailbox_id is None:
        return connect_vendor(back.workspace_id, by=back.by, vendor=back.vendor, grant=grant)
    return reconnect_vendor(
        back.workspace_id,
        by=back.by,
        vendor=back.vendor,
        mailbox_id=back.mailbox_id,
        grant=grant,
    )


def _say(request: HttpRequest, back: Returned, mailbox: Mailbox) -> None:
    if back.send and not mailbox.can_send:
        warn(request, _("Sending was not allowed. Reading goes on as before."))
    elif back.mailbox_id is None:
        tell(request, _("%(address)s is connected.") % {"address": mailbox.address})
    elif mailbox.state == Mailbox.State.RESYNCING:
        tell(request, _("Connected again. Threadwell is checking what it missed."))
    else:
        tell(request, _("Saved."))


def _lead(back: Returned, name: str, mailbox: Mailbox | None = None) -> HttpResponse:
    """On to a page of the workspace, without what stands in this page's address."""
    with tenancy.in_workspace(back.workspace_id, back.by.id):
        slug = Workspace.objects.values_list("slug", flat=True).get(id=back.workspace_id)
    mailbox_id = mailbox.id if mailbox else back.mailbox_id
    return redirect(name, slug, *([mailbox_id] if mailbox_id else []))
