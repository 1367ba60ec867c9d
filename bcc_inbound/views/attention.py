"""Mail that could not be brought into the record: replay it, download it, or discard it."""

import uuid

from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import audit, keyset
from accounts.middleware import WorkspaceRequest
from accounts.toast import tell
from accounts.views.answers import demand, see_other
from bcc_inbound.models import Delivery
from bcc_inbound.selectors import waiting
from bcc_inbound.services.held_mail import discard as discard_mail
from bcc_inbound.services.replay import replay
from bcc_inbound.tasks import kick
from bcc_inbound.views.held import confirm_discarding

State = Delivery.State


@require_safe
def show(request: WorkspaceRequest, slug: str) -> HttpResponse:
    demand(request, "manage inbound")
    page = keyset.page(request, waiting(request.workspace.id, State.ATTENTION), by="received_at")
    context = {"rows": page.rows, "next_url": page.next_url}
    return render(request, "bcc_inbound/attention.html", context)


@require_POST
def replay_all(request: WorkspaceRequest, slug: str) -> HttpResponse:
    return _replay(request, None)


@require_POST
def replay_one(request: WorkspaceRequest, slug: str, pk: uuid.UUID) -> HttpResponse:
    return _replay(request, pk)


def _replay(request: WorkspaceRequest, pk: uuid.UUID | None) -> HttpResponse:
    member, workspace_id = demand(request, "manage inbound"), request.workspace.id
    count = replay(workspace_id, member, delivery_id=pk)
    if pk is not None and not count:
        raise Http404
    said = ngettext("%(count)s email is tried again.", "%(count)s emails are tried again.", count)
    tell(request, said % {"count": count})
    transaction.on_commit(lambda: kick(workspace_id))
    return see_other(reverse("bcc_inbound:attention", args=[request.workspace.slug]))


@require_http_methods(["GET", "HEAD", "POST"])
def discard(request: WorkspaceRequest, slug: str, pk: uuid.UUID) -> HttpResponse:
    """Ask first: what is discarded is gone."""
    member, workspace_id = demand(request, "manage inbound"), request.workspace.id
    back = reverse("bcc_inbound:attention", args=[slug])
    if not waiting(workspace_id, State.ATTENTION).filter(id=pk).exists():
        raise Http404
    if request.method != "POST":
        return confirm_discarding(request, cancel_url=back)
    if discard_mail(workspace_id, member, delivery_id=pk, state=State.ATTENTION) is None:
        raise Http404
    tell(request, _("Discarded."))
    return see_other(back)


@require_safe
def download(request: WorkspaceRequest, slug: str, pk: uuid.UUID) -> HttpResponse:
    """The bytes as they came. Nobody's browser is to make anything of them."""
    member, workspace_id = demand(request, "manage inbound"), request.workspace.id
    found = waiting(workspace_id, State.ATTENTION).filter(id=pk, raw__isnull=False).first()
    if found is None:
        raise Http404
    audit.record(workspace_id, member, "inbound mail downloaded", found)
    raw = Delivery.objects.values_list("raw", flat=True).get(workspace_id=workspace_id, id=pk)
    return HttpResponse(
        bytes(raw or b""),
        content_type="application/octet-stream",
        headers={
            "Content-Disposition": f'attachment; filename="{pk}.eml"',
            "Content-Security-Policy": "sandbox; default-src 'none'",
            "X-Content-Type-Options": "nosniff",
        },
    )
