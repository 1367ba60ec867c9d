"""The member's own folders, and one unlogged mail of theirs, which nobody else can open."""

import uuid
from typing import TypeVar

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_safe

from accounts.middleware import WorkspaceRequest
from accounts.policies import may
from accounts.views.answers import outside_transaction, there
from activities.mail.message import ParsedMessage
from activities.selectors import threads
from activities.selectors.visible import sight_of
from activities.selectors.why import why_of_decision
from activities.views.activity import FRAME_POLICY
from mailsync.forms import icon_of
from mailsync.inbox import SHOWN, mail_page, private_mail_of, writer
from mailsync.models import Folder, Mailbox
from mailsync.problems import MailboxProblem, NotThere
from mailsync.selectors import comes_from_file, folders_of, own_mailboxes
from mailsync.services.open_private_body import open_private_body
from mailsync.states import tell_state

Row = TypeVar("Row", Mailbox, Folder)


@require_safe
def folders(request: WorkspaceRequest, slug: str) -> HttpResponse:
    """One folder of one mailbox, newest first, with the state and the reason of each mail."""
    mine = list(own_mailboxes(request.workspace.id, request.member))
    mailbox = _named(mine, request.GET.get("mailbox", ""))
    context = {"mailboxes": mine, "may_connect": may(request.member, "connect mailbox")}
    if mailbox is None:
        return render(request, "mailsync/folders.html", context)
    read = [one for one in folders_of(request.workspace.id, mailbox) if one.selected]
    wanted = request.GET.get("folder", "")
    # Imported mail stands in no folder, so there has to be a list of everything.
    folder = _named(read, wanted) if wanted != "all" else None
    show = request.GET.get("show", "all")
    show = show if show in SHOWN else "all"
    sight = sight_of(request.workspace.id, request.member)
    context |= {
        "mailbox": mailbox,
        "mailbox_id": str(mailbox.id),
        "folder_id": str(folder.id) if folder else "all",
        "state": tell_state(mailbox),
        "folder": folder,
        "folders": [(one, icon_of(one.role)) for one in read],
        "show": show,
        "page": mail_page(request, sight, mailbox, folder, show),
        "can_log": may(request.member, "log"),
    }
    return render(request, "mailsync/folders.html", context)


@require_safe
def private_message(request: WorkspaceRequest, slug: str, private_id: uuid.UUID) -> HttpResponse:
    """An unlogged mail: its header at once; the text comes by a request of its own."""
    sight = sight_of(request.workspace.id, request.member)
    mail = there(private_mail_of(sight, private_id))
    header = ParsedMessage.from_json(mail.headers)
    family = threads.family(request.workspace.id, mail.thread.root_id)
    who, address = writer(header, outgoing=False)
    places = threads.places(sight, family)
    context = {
        "mail": mail,
        "header": header,
        "from_file": comes_from_file(request.workspace.id, mail.channel_id),
        "who": who,
        "address": address,
        "why": [why_of_decision(sight, mail.decision)],
        "places": places,
        "addable": any(place.people for place in places),
        "root_id": mail.thread.root_id,
        "can_log": may(request.member, "log"),
    }
    return render(request, "mailsync/private_message.html", context)


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


def _named(rows: list[Row], text: str) -> Row | None:
    """The row that the address names, otherwise the first."""
    for row in rows:
        if str(row.id) == text:
            return row
    return rows[0] if rows else None
