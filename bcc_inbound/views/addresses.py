"""Inbound addresses: shown to whoever may write to them, rotated by admins."""

import re
import uuid

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts import policies
from accounts.middleware import WorkspaceRequest
from accounts.models import Member
from accounts.toast import tell
from accounts.views.answers import demand, see_other
from bcc_inbound.selectors import ShownAddress, shown_addresses, with_usage
from bcc_inbound.services.ensure_addresses import GRACE, ensure_addresses, rotate_address


@require_safe
def show(request: WorkspaceRequest, slug: str) -> HttpResponse:
    workspace, member = request.workspace, demand(request, "read")
    ensure_addresses(workspace.id, member)
    context = {
        "addresses": with_usage(workspace.id, _shown(request, member)),
        "may_rotate": policies.may(member, "manage inbound"),
        "grace_days": GRACE.days,
    }
    return render(request, "bcc_inbound/addresses.html", context)


@require_safe
def card(request: WorkspaceRequest, slug: str, pk: uuid.UUID) -> HttpResponse:
    """The address as a contact for a mail program, so that nobody has to type it (RFC 2426)."""
    found = {one.id: one for one in _shown(request, demand(request, "read"))}.get(pk)
    if found is None:
        raise Http404
    workspace = request.workspace.name
    name = f"{found.project.name} ({workspace})" if found.project else workspace
    lines = ["BEGIN:VCARD", "VERSION:3.0", f"FN:{_escaped(name)}", f"N:{_escaped(name)};;;;"]
    lines += [f"ORG:{_escaped(workspace)}", f"EMAIL;TYPE=INTERNET:{found.text}", "END:VCARD", ""]
    return HttpResponse(
        "\r\n".join(lines),
        content_type="text/vcard; charset=utf-8",
        headers={
            "Content-Disposition": content_disposition_header(True, f"{_plain(name)}.vcf"),
            "X-Content-Type-Options": "nosniff",
            "Cache-Control": "private, no-store",
        },
    )


def _shown(request: WorkspaceRequest, member: Member) -> list[ShownAddress]:
    workspace = request.workspace
    return shown_addresses(workspace.id, member, workspace_name=workspace.name)


def _escaped(text: str) -> str:
    """A text as a value of a vCard: on one line, its separators marked."""
    plain = "".join(one if one.isprintable() else " " for one in text)
    return re.sub(r"([\\,;])", r"\\\1", plain)


def _plain(text: str) -> str:
    return slugify(text)[:60] or "threadwell"


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
