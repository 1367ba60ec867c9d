"""The member's mailboxes, and how one is connected, reconnected and disconnected."""

import uuid

from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods, require_safe

from accounts.middleware import WorkspaceRequest
from accounts.policies import may
from accounts.toast import tell
from accounts.views.answers import demand, outside_transaction, page_of, see_other
from contacts.selectors import visible_projects
from mailsync.forms import ConnectForm, DisconnectForm, FilesForm, ReconnectForm
from mailsync.models import Mailbox
from mailsync.selectors import alike, own_mailboxes
from mailsync.services.connect_mailbox import connect_files, connect_mailbox
from mailsync.services.disconnect_mailbox import disconnect_mailbox
from mailsync.services.reconnect_mailbox import reconnect_mailbox
from mailsync.services.vendors import VENDORS, vendor_of
from mailsync.states import tell_state
from mailsync.tasks import kick, part
from mailsync.views.acting import carried_out, entered, mine, posted, read_soon, shown

CONNECT = "connect mailbox"


@require_safe
def mailboxes(request: WorkspaceRequest, slug: str) -> HttpResponse:
    """Every mailbox of the member with its state and what to press."""
    found = list(own_mailboxes(request.workspace.id, request.member))
    context = {
        "alike": alike(found),
        "mailboxes": [(mailbox, tell_state(mailbox)) for mailbox in found],
        "may_connect": may(request.member, CONNECT),
    }
    return render(request, "mailsync/mailboxes.html", context)


@require_safe
def connect(request: WorkspaceRequest, slug: str) -> HttpResponse:
    """The ways to connect a mailbox; a vendor that is not set up says what to do about it."""
    demand(request, CONNECT)
    return render(request, "mailsync/connect.html", {"vendors": VENDORS})


@outside_transaction
@sensitive_post_parameters("password")
@sensitive_variables("form")
@require_http_methods(["GET", "HEAD", "POST"])
def connect_imap(request: WorkspaceRequest, slug: str) -> HttpResponse:
    """Connect an IMAP mailbox. The server is asked outside any transaction."""
    by = demand(request, CONNECT)
    form = ConnectForm(posted(request), initial={"address": by.user.email})
    made: list[Mailbox] = []
    if form.is_valid() and carried_out(
        form,
        lambda: made.append(
            connect_mailbox(
                request.workspace.id, by=by, connection=form.connection(), project_ids=[]
            )
        ),
    ):
        tell(request, _("%(address)s is connected.") % {"address": made[0].address})
        return see_other(page_of(request, "mailsync:setup", made[0].id))
    status = 422 if request.method == "POST" else 200
    return shown(request, "mailsync/connect_imap.html", {"form": form}, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def connect_file(request: WorkspaceRequest, slug: str) -> HttpResponse:
    """Make a mailbox that mail files are imported into."""
    by = demand(request, CONNECT)
    projects = visible_projects(request.workspace.id, by)
    form = FilesForm(projects, posted(request), initial={"address": by.user.email})
    made: list[Mailbox] = []
    if form.is_valid() and carried_out(
        form,
        lambda: made.append(
            connect_files(
                request.workspace.id,
                by=by,
                address=form.cleaned_data["address"],
                project_ids=form.chosen("projects"),
            )
        ),
    ):
        return see_other(page_of(request, "mailsync:mailbox", made[0].id))
    status = 422 if request.method == "POST" else 200
    return render(request, "mailsync/connect_files.html", {"form": form}, status=status)


@outside_transaction
@sensitive_post_parameters("password")
@sensitive_variables("form")
@require_http_methods(["GET", "HEAD", "POST"])
def reconnect(request: WorkspaceRequest, slug: str, mailbox_id: uuid.UUID) -> HttpResponse:
    """Give the mailbox a new password; its mail and its place stay."""
    by = demand(request, CONNECT)
    with entered(request):
        mailbox = mine(request, mailbox_id)
    vendor = vendor_of(mailbox.provider)
    if vendor is not None:
        context = {"mailbox": mailbox, "state": tell_state(mailbox), "vendor": vendor}
        return shown(request, "mailsync/reconnect_vendor.html", context)
    form = ReconnectForm(posted(request), initial={"username": mailbox.username})
    if form.is_valid() and carried_out(
        form,
        lambda: reconnect_mailbox(
            request.workspace.id,
            by=by,
            mailbox_id=mailbox_id,
            username=form.cleaned_data["username"],
            password=form.cleaned_data["password"],
        ),
    ):
        with entered(request):
            read_soon(request, mine(request, mailbox_id))
        tell(request, _("Connected again. Threadwell is checking what it missed."))
        return see_other(page_of(request, "mailsync:mailbox", mailbox_id))
    status = 422 if request.method == "POST" else 200
    context = {"form": form, "mailbox": mailbox, "state": tell_state(mailbox)}
    return shown(request, "mailsync/reconnect.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def disconnection(request: WorkspaceRequest, slug: str, mailbox_id: uuid.UUID) -> HttpResponse:
    """Ask, and then disconnect the mailbox."""
    by = demand(request, CONNECT)
    mailbox = mine(request, mailbox_id)
    form = DisconnectForm(posted(request), initial={"logged": "keep"})
    if form.is_valid():
        keep = form.cleaned_data["logged"] == "keep"
        disconnect_mailbox(request.workspace.id, by=by, mailbox_id=mailbox_id, keep_logged=keep)
        transaction.on_commit(lambda: kick(part))
        tell(request, _("%(address)s is disconnected.") % {"address": mailbox.address})
        return see_other(page_of(request, "mailsync:mailboxes"))
    context = {
        "title": _("Disconnect %(address)s?") % {"address": mailbox.address},
        "text": _("Threadwell stops reading this mailbox. This cannot be undone."),
        "points": [
            _what_goes(mailbox),
            _("Mail that only you see is deleted here. It stays in your mailbox."),
        ],
        "form": form,
        "label": _("Disconnect"),
        "cancel_url": page_of(request, "mailsync:mailbox", mailbox_id),
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "components/confirm.html", context, status=status)


def _what_goes(mailbox: Mailbox) -> str:
    vendor = vendor_of(mailbox.provider)
    if vendor is None:
        return _("The password is deleted at once.")
    sentence = _("What opens it is deleted at once, and given back where %(name)s takes it.")
    return sentence % {"name": vendor.name}
