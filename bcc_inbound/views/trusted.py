"""Outside senders whose mail is accepted: who let them in, when, and no longer."""

import uuid

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts import keyset
from accounts.middleware import WorkspaceRequest
from accounts.toast import tell
from accounts.views.answers import demand, see_other
from bcc_inbound.selectors import trusted_senders
from bcc_inbound.services.distrust_sender import distrust_sender


@require_safe
def show(request: WorkspaceRequest, slug: str) -> HttpResponse:
    demand(request, "manage inbound")
    page = keyset.page(request, trusted_senders(request.workspace.id), by="created_at")
    context = {"rows": page.rows, "next_url": page.next_url}
    return render(request, "bcc_inbound/trusted.html", context)


@require_POST
def remove(request: WorkspaceRequest, slug: str, pk: uuid.UUID) -> HttpResponse:
    member = demand(request, "manage inbound")
    gone = distrust_sender(request.workspace.id, member, sender_id=pk)
    if gone is None:
        raise Http404
    said = _("Mail from %(address)s is held from now on. What was accepted stays.")
    tell(request, said % {"address": gone.address})
    return see_other(reverse("bcc_inbound:trusted", args=[slug]))
