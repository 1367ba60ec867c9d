"""Sync health for admins: how every mailbox does, and nothing of what is in it."""

import uuid

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.middleware import WorkspaceRequest
from accounts.toast import tell, warn
from accounts.views.answers import demand, outside_transaction, page_of, see_other
from mailsync.health import sync_health
from mailsync.problems import NotThere
from mailsync.services.retry_mailbox import retry_mailbox
from mailsync.services.tell_owner import ask_owner
from mailsync.tasks import kick, sync_mailbox

SEE = "see sync health"


@require_safe
def health(request: WorkspaceRequest, slug: str) -> HttpResponse:
    demand(request, SEE)
    rows = sync_health(request.workspace.id)
    return render(request, "mailsync/sync_health.html", {"rows": rows})


@outside_transaction
@require_POST
def retry(request: WorkspaceRequest, slug: str, mailbox_id: uuid.UUID) -> HttpResponse:
    """Have a mailbox read now."""
    by = demand(request, SEE)
    try:
        mailbox = retry_mailbox(request.workspace.id, by=by, mailbox_id=mailbox_id)
    except NotThere as absent:
        raise Http404 from absent
    kick(
        sync_mailbox,
        str(request.workspace.id),
        str(mailbox.id),
        str(mailbox.channel.owner_id),
    )
    tell(request, _("The mailbox is being read."))
    return see_other(page_of(request, "mailsync:sync_health"))


@outside_transaction
@require_POST
def request_to_owner(request: WorkspaceRequest, slug: str, mailbox_id: uuid.UUID) -> HttpResponse:
    """Ask the owner by mail to reconnect."""
    by = demand(request, SEE)
    try:
        asked = ask_owner(request.workspace.id, by=by, mailbox_id=mailbox_id)
    except NotThere as absent:
        raise Http404 from absent
    if asked:
        tell(request, _("A mail is on its way to the owner."))
    else:
        warn(request, _("The owner was asked within the last hour, or no mail could be sent."))
    return see_other(page_of(request, "mailsync:sync_health"))
