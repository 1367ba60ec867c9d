"""One thread of the member's own mail, open for reading; and the text of an unlogged mail."""

import uuid
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_safe

from accounts.middleware import WorkspaceRequest
from accounts.policies import may
from accounts.views.answers import outside_transaction, page_of, there
from activities.forms import read_id
from activities.selectors import threads
from activities.selectors.one_activity import shown
from activities.selectors.visible import Sight, sight_of
from activities.views.activity import FRAME_POLICY, frame_height, is_designed
from mailsync.inbox.opened import OpenThread, open_thread
from mailsync.inbox.threads import beside
from mailsync.problems import MailboxProblem, NotThere
from mailsync.selectors import own_mailboxes
from mailsync.services.open_private_body import open_private_body
from mailsync.views.inbox import list_context, wanted_by
from mailsync.views.remedies import remedy_of


@never_cache
@require_safe
def thread(request: WorkspaceRequest, slug: str, thread_id: uuid.UUID) -> HttpResponse:
    """The thread's mail with one of it open, and the threads beside it in the list."""
    workspace_id = request.workspace.id
    sight = sight_of(workspace_id, request.member)
    root = there(threads.thread_of(workspace_id, thread_id))
    found = there(open_thread(sight, root.id, read_id(request.GET.get("open", ""))))
    return render(request, "mailsync/thread.html", _context(request, sight, found))


@never_cache
@require_safe
def private_message(request: WorkspaceRequest, slug: str, private_id: uuid.UUID) -> HttpResponse:
    """An unlogged mail, open in its thread; its text comes by a request of its own."""
    sight = sight_of(request.workspace.id, request.member)
    mail = there(threads.own_private(sight, private_id))
    found = there(open_thread(sight, mail.thread.root_id, private_id))
    return render(request, "mailsync/thread.html", _context(request, sight, found))


@outside_transaction
@require_safe
@xframe_options_sameorigin
def private_body(request: WorkspaceRequest, slug: str, private_id: uuid.UUID) -> HttpResponse:
    """The text of an unlogged mail, read from the provider now and kept nowhere (V1)."""
    try:
        body = open_private_body(request.workspace.id, by=request.member, private_id=private_id)
        page = render_to_string("activities/frame.html", {"body": body, "designed": body.designed})
        if not body.text and not body.html:
            page = render_to_string("mailsync/no_body.html", {"text": _("This mail has no text.")})
    except NotThere as absent:
        raise Http404 from absent
    except MailboxProblem as problem:
        page = render_to_string("mailsync/no_body.html", {"text": problem.sentence})
    response = HttpResponse(page)
    response["Content-Security-Policy"] = FRAME_POLICY
    response["X-Content-Type-Options"] = "nosniff"
    response["Referrer-Policy"] = "no-referrer"
    response["Cache-Control"] = "private, no-store"
    return response


def _context(request: WorkspaceRequest, sight: Sight, found: OpenThread) -> dict[str, Any]:
    mail = shown(sight, found.opened.activity_id) if found.opened.activity_id else None
    wanted = wanted_by(request, list(own_mailboxes(request.workspace.id, request.member)))
    return {
        "thread": found,
        "mail": mail,
        "frame_height": frame_height(mail) if mail else 0,
        "frame_paper": bool(mail and mail.body and is_designed(mail.body.html)),
        "bands": threads.Places.of(threads.places(sight, found.family)),
        "remedy": remedy_of(request, found, sight),
        "next": f"{page_of(request, 'mailsync:inbox_thread', found.root_id)}",
        "can_log": may(request.member, "log"),
        **(_around(request, wanted, found.root_id) if wanted else {}),
    }


def _around(request: WorkspaceRequest, wanted: Any, root_id: uuid.UUID) -> dict[str, Any]:
    """The list that the reader came from, and its threads before and after this one."""
    newer, older = beside(wanted[0], root_id)
    context = list_context(request, wanted[0], wanted[1])
    names = (("newer", newer), ("older", older))
    for name, other in names:
        if other is not None:
            page = page_of(request, "mailsync:inbox_thread", other)
            context[name] = f"{page}?{context['keep']}"
    return context
