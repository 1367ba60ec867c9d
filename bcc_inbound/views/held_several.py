"""Several held mails at once: released, or discarded after being asked."""

import uuid

from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from accounts.middleware import WorkspaceRequest
from accounts.toast import tell, warn
from accounts.views.answers import demand, see_other
from bcc_inbound.services.held_mail import discard_several, release_several
from bcc_inbound.tasks import kick


@require_POST
def release(request: WorkspaceRequest, slug: str) -> HttpResponse:
    member, workspace_id = demand(request, "manage inbound"), request.workspace.id
    if not (chosen := _chosen(request)):
        return _nothing(request)
    count = release_several(workspace_id, member, delivery_ids=chosen)
    said = ngettext("%(count)s email is released.", "%(count)s emails are released.", count)
    tell(request, said % {"count": count})
    transaction.on_commit(lambda: kick(workspace_id))
    return _back(request)


@require_POST
def discard(request: WorkspaceRequest, slug: str) -> HttpResponse:
    """Ask first: what is discarded is gone."""
    member, workspace_id = demand(request, "manage inbound"), request.workspace.id
    if not (chosen := _chosen(request)):
        return _nothing(request)
    if not request.POST.get("sure"):
        context = {"chosen": chosen, "back": reverse("bcc_inbound:held", args=[slug])}
        return render(request, "bcc_inbound/held_discard.html", context)
    count = discard_several(workspace_id, member, delivery_ids=chosen)
    said = ngettext("%(count)s email is discarded.", "%(count)s emails are discarded.", count)
    tell(request, said % {"count": count})
    return _back(request)


def _chosen(request: WorkspaceRequest) -> list[uuid.UUID]:
    """What was ticked; what is no id was not written by our page and is nothing."""
    found = []
    for text in request.POST.getlist("mail")[:100]:
        try:
            found.append(uuid.UUID(text))
        except ValueError:
            continue
    return found


def _nothing(request: WorkspaceRequest) -> HttpResponse:
    warn(request, _("Tick the emails first."))
    return _back(request)


def _back(request: WorkspaceRequest) -> HttpResponse:
    return see_other(reverse("bcc_inbound:held", args=[request.workspace.slug]))
