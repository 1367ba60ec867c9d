"""Held mail: why it was not accepted, and what an admin makes of it."""

import uuid
from collections.abc import Callable
from functools import partial

from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import audit, keyset
from accounts.middleware import WorkspaceRequest
from accounts.models import Member
from accounts.toast import tell, warn
from accounts.views.answers import demand, see_other
from activities.mail.message import ParsedBody, ParsedMessage
from activities.views.activity import is_designed, sealed
from bcc_inbound import reasons
from bcc_inbound.findings import findings
from bcc_inbound.models import Delivery
from bcc_inbound.problems import InboundProblem
from bcc_inbound.selectors import waiting, waiting_for_dns
from bcc_inbound.services import held_mail
from bcc_inbound.services.read_deliveries import read_for_a_person
from bcc_inbound.tasks import kick

MOST_UNANSWERED = 20
State = Delivery.State


@require_safe
def show(request: WorkspaceRequest, slug: str) -> HttpResponse:
    demand(request, "manage inbound")
    page = keyset.page(request, waiting(request.workspace.id, State.HELD), by="received_at")
    context = {
        "rows": [{"mail": mail, "why": reasons.headline(mail.verdict)} for mail in page.rows],
        "next_url": page.next_url,
        "unanswered": waiting_for_dns(request.workspace.id)[:MOST_UNANSWERED],
    }
    return render(request, "bcc_inbound/held.html", context)


@require_safe
def read(request: WorkspaceRequest, slug: str, pk: uuid.UUID) -> HttpResponse:
    """One held mail. Its content is shown only where its sender is no member; that is audited."""
    member = demand(request, "manage inbound")
    held = waiting(request.workspace.id, State.HELD).filter(id=pk).first()
    if held is None:
        raise Http404
    content = _content(request, held)
    if content is not None:
        audit.record(request.workspace.id, member, "held mail read", held)
    context = {
        "mail": held,
        "why": reasons.headline(held.verdict),
        "what_helps": reasons.what_helps(held.verdict),
        "may_trust": reasons.may_trust(held.verdict),
        "findings": findings(held.proof),
        "content": content,
        "frame_paper": bool(content and is_designed(content[1].html)),
    }
    return render(request, "bcc_inbound/held_mail.html", context)


@require_safe
@xframe_options_sameorigin
def frame(request: WorkspaceRequest, slug: str, pk: uuid.UUID) -> HttpResponse:
    """The mail itself, sealed as every mail is; only where its sender is no member."""
    demand(request, "manage inbound")
    held = waiting(request.workspace.id, State.HELD).filter(id=pk).first()
    content = _content(request, held) if held else None
    if content is None:
        raise Http404
    return sealed(content[1])


def _content(request: WorkspaceRequest, held: Delivery) -> tuple[ParsedMessage, ParsedBody] | None:
    if not reasons.content_is_open(held.verdict):
        return None
    raw = Delivery.objects.values_list("raw", flat=True).get(
        workspace_id=request.workspace.id, id=held.id
    )
    return read_for_a_person(bytes(raw or b""))


@require_POST
def release(request: WorkspaceRequest, slug: str, pk: uuid.UUID) -> HttpResponse:
    return _act(request, pk, held_mail.release, _("Released. It is being judged now."))


@require_POST
def trust(request: WorkspaceRequest, slug: str, pk: uuid.UUID) -> HttpResponse:
    said = _("Released. Mail from this sender to this address is accepted from now on.")
    return _act(request, pk, held_mail.trust_sender, said)


@require_http_methods(["GET", "HEAD", "POST"])
def discard(request: WorkspaceRequest, slug: str, pk: uuid.UUID) -> HttpResponse:
    """Ask first: what is discarded is gone."""
    if request.method == "POST":
        return _act(request, pk, partial(held_mail.discard, state=State.HELD), _("Discarded."))
    demand(request, "manage inbound")
    if not waiting(request.workspace.id, State.HELD).filter(id=pk).exists():
        raise Http404
    back = reverse("bcc_inbound:held_mail", args=[slug, pk])
    return confirm_discarding(request, cancel_url=back)


def confirm_discarding(request: WorkspaceRequest, *, cancel_url: str) -> HttpResponse:
    """The page that says what is lost before it is."""
    context = {
        "title": _("Discard this mail?"),
        "text": _("It is deleted for good, with its envelope. That there was one stays on record."),
        "label": _("Discard"),
        "cancel_url": cancel_url,
    }
    return render(request, "components/confirm.html", context)


def _act(
    request: WorkspaceRequest,
    pk: uuid.UUID,
    act: Callable[..., Delivery | None],
    said: str,
) -> HttpResponse:
    member: Member = demand(request, "manage inbound")
    try:
        done = act(request.workspace.id, member, delivery_id=pk)
    except InboundProblem as problem:
        warn(request, problem.sentence)
    else:
        if done is None:
            raise Http404
        tell(request, said)
        workspace_id = request.workspace.id
        transaction.on_commit(lambda: kick(workspace_id))
    return see_other(reverse("bcc_inbound:held", args=[request.workspace.slug]))
