"""Inbound addresses: shown to whoever may write to them, rotated by admins."""

import uuid

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts import policies
from accounts.middleware import WorkspaceRequest
from accounts.toast import tell
from accounts.views.answers import demand, see_other
from bcc_inbound.selectors import shown_addresses
from bcc_inbound.services.ensure_addresses import GRACE, ensure_addresses, rotate_address


@require_safe
def show(request: WorkspaceRequest, slug: str) -> HttpResponse:
    workspace, member = request.workspace, demand(request, "read")
    ensure_addresses(workspace.id, member)
    context = {
        "addresses": shown_addresses(workspace.id, member, workspace_name=workspace.name),
        "may_rotate": policies.may(member, "manage inbound"),
        "grace_days": GRACE.days,
    }
    return render(request, "bcc_inbound/addresses.html", context)


@require_POST
def rotate(request: WorkspaceRequest, slug: str, pk: uuid.UUID) -> HttpResponse:
    member = demand(request, "manage inbound")
    shown = shown_addresses(request.workspace.id, member, workspace_name="")
    if pk not in {one.id for one in shown}:
        raise Http404
    rotated = rotate_address(request.workspace.id, member, address_id=pk)
    if rotated is None:
        raise Http404
    tell(
        request,
        _("There is a new address. The old one works for %(days)s more days.")
        % {"days": GRACE.days},
    )
    return see_other(reverse("bcc_inbound:addresses", args=[slug]))
