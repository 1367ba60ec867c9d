"""What a member wrote and is not in the record yet: drafts, what is on its way, and what failed."""

import uuid
from collections.abc import Callable

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.middleware import WorkspaceRequest
from accounts.toast import tell
from accounts.views.answers import demand, outside_transaction, page_of, see_other
from mailsync.models import Mailbox
from mailsync.selectors import drafts, on_their_way, recently_sent
from mailsync.services.compose_draft import discard_draft
from mailsync.services.compose_senders import senders_of
from mailsync.services.outbox import HOLD, confirm_sent, give_up, send_again, take_back
from mailsync.services.send_server import guessed_server, set_outgoing_server
from mailsync.views.acting import carried_out, entered, mine, posted, shown, told
from mailsync.views.mailboxes import CONNECT
from mailsync.views.outgoing_form import OutgoingForm

SEND = "log"


@never_cache
@require_safe
def outbox(request: WorkspaceRequest, slug: str) -> HttpResponse:
    """Drafts, mail on its way with its state in words, and what was sent lately."""
    demand(request, SEND)
    who = (request.workspace.id, request.member)
    context = {
        "drafts": drafts(*who),
        "leaving": on_their_way(*who),
        "sent": recently_sent(*who),
        "may_compose": bool(senders_of(*who)),
    }
    return render(request, "mailsync/outbox.html", context)


@require_POST
def unsend(request: WorkspaceRequest, slug: str, mail_id: uuid.UUID) -> HttpResponse:
    """Take a held mail back, and go on writing it."""
    by = demand(request, SEND)
    done: list[object] = []

    def act() -> None:
        done.append(take_back(request.workspace.id, by=by, mail_id=mail_id))

    told(request, act, _("Taken back. It is a draft again."))
    if done:
        return see_other(page_of(request, "mailsync:draft", mail_id))
    return see_other(page_of(request, "mailsync:outbox"))


@require_POST
def resend(request: WorkspaceRequest, slug: str, mail_id: uuid.UUID) -> HttpResponse:
    by = demand(request, SEND)
    seconds = int(HOLD.total_seconds())
    return _acted(
        request,
        lambda: send_again(request.workspace.id, by=by, mail_id=mail_id),
        _("Sending in %(seconds)s s.") % {"seconds": seconds},
    )


@require_POST
def confirmation(request: WorkspaceRequest, slug: str, mail_id: uuid.UUID) -> HttpResponse:
    by = demand(request, SEND)
    return _acted(
        request,
        lambda: confirm_sent(request.workspace.id, by=by, mail_id=mail_id),
        _("It counts as sent and is being logged."),
    )


@require_POST
def giving_up(request: WorkspaceRequest, slug: str, mail_id: uuid.UUID) -> HttpResponse:
    by = demand(request, SEND)
    return _acted(
        request,
        lambda: give_up(request.workspace.id, by=by, mail_id=mail_id),
        _("It is a draft again."),
    )


@require_POST
def draft_removal(request: WorkspaceRequest, slug: str, mail_id: uuid.UUID) -> HttpResponse:
    by = demand(request, SEND)
    return _acted(
        request,
        lambda: discard_draft(request.workspace.id, by=by, mail_id=mail_id),
        _("The draft is deleted."),
    )


@outside_transaction
@require_http_methods(["GET", "HEAD", "POST"])
def outgoing_server(request: WorkspaceRequest, slug: str, mailbox_id: uuid.UUID) -> HttpResponse:
    """The server that takes what is sent from a mailbox. It is asked before it is kept."""
    by = demand(request, CONNECT)
    with entered(request):
        mailbox = mine(request, mailbox_id)
    if mailbox.provider != Mailbox.Provider.IMAP:
        # The others send through the service that they are read from.
        raise Http404
    guess = guessed_server(mailbox)
    initial = {"host": guess.host, "port": guess.port, "security": guess.security}
    form = OutgoingForm(posted(request), initial=initial)
    if form.is_valid() and carried_out(
        form,
        lambda: set_outgoing_server(
            request.workspace.id, by=by, mailbox_id=mailbox_id, server=form.server()
        ),
    ):
        tell(request, _("You can send from %(address)s now.") % {"address": mailbox.address})
        return see_other(page_of(request, "mailsync:mailbox", mailbox_id))
    status = 422 if request.method == "POST" else 200
    context = {"form": form, "mailbox": mailbox}
    return shown(request, "mailsync/compose_server.html", context, status=status)


def _acted(request: WorkspaceRequest, act: Callable[[], object], sentence: str) -> HttpResponse:
    told(request, act, sentence)
    return see_other(page_of(request, "mailsync:outbox"))
