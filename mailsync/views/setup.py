"""One mailbox: its state and progress, and everything that its owner chooses for it."""

import uuid
from collections.abc import Callable
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from accounts.middleware import WorkspaceRequest
from accounts.toast import tell
from accounts.views.answers import demand, page_of, see_other
from contacts.selectors import visible_projects
from mailsync.forms import FoldersForm, MailboxForm, ProjectsForm, SettingsForm
from mailsync.models import Mailbox
from mailsync.selectors import first_logged, progress_of, reasons_of, refused_count
from mailsync.services.choose_folders import choose_folders
from mailsync.services.choose_projects import choose_projects
from mailsync.services.mailbox_settings import change_settings
from mailsync.services.others_addresses import whose_else
from mailsync.services.pause_mailbox import (
    pause_mailbox,
    read_now,
    replay_refused,
    resume_mailbox,
)
from mailsync.services.vendors import vendor_of
from mailsync.states import tell_state
from mailsync.views.acting import carried_out, mine, read_soon, told
from mailsync.views.mailboxes import CONNECT


@require_safe
def mailbox(request: WorkspaceRequest, slug: str, mailbox_id: uuid.UUID) -> HttpResponse:
    return _page(request, mine(request, mailbox_id))


@require_safe
def progress(request: WorkspaceRequest, slug: str, mailbox_id: uuid.UUID) -> HttpResponse:
    """The part of the page that follows the reading; htmx asks for it while it moves."""
    found = mine(request, mailbox_id)
    return render(request, "mailsync/_progress.html", progress_context(request, found))


@require_POST
def folders(request: WorkspaceRequest, slug: str, mailbox_id: uuid.UUID) -> HttpResponse:
    by, found = demand(request, CONNECT), mine(request, mailbox_id)
    form = FoldersForm(found, request.POST)
    return _saved(
        request,
        found,
        "folders_form",
        form,
        lambda: choose_folders(
            request.workspace.id, by=by, mailbox_id=mailbox_id, folder_ids=form.chosen("folders")
        ),
    )


@require_POST
def projects(request: WorkspaceRequest, slug: str, mailbox_id: uuid.UUID) -> HttpResponse:
    by, found = demand(request, CONNECT), mine(request, mailbox_id)
    form = ProjectsForm(visible_projects(request.workspace.id, by), request.POST)
    return _saved(
        request,
        found,
        "projects_form",
        form,
        lambda: choose_projects(
            request.workspace.id, by=by, mailbox_id=mailbox_id, project_ids=form.chosen("projects")
        ),
    )


@require_POST
def settings(request: WorkspaceRequest, slug: str, mailbox_id: uuid.UUID) -> HttpResponse:
    by, found = demand(request, CONNECT), mine(request, mailbox_id)
    form = SettingsForm(request.POST)
    return _saved(
        request,
        found,
        "settings_form",
        form,
        lambda: change_settings(
            request.workspace.id, by=by, mailbox_id=mailbox_id, settings=form.settings()
        ),
    )


@require_POST
def pause(request: WorkspaceRequest, slug: str, mailbox_id: uuid.UUID) -> HttpResponse:
    by = demand(request, CONNECT)
    told(
        request,
        lambda: pause_mailbox(request.workspace.id, by=by, mailbox_id=mailbox_id),
        _("Paused. Nothing is read until you resume it."),
    )
    return see_other(page_of(request, "mailsync:mailbox", mailbox_id))


@require_POST
def pause_removal(request: WorkspaceRequest, slug: str, mailbox_id: uuid.UUID) -> HttpResponse:
    by = demand(request, CONNECT)
    told(
        request,
        lambda: resume_mailbox(request.workspace.id, by=by, mailbox_id=mailbox_id),
        _("Reading goes on."),
    )
    read_soon(request, mine(request, mailbox_id))
    return see_other(page_of(request, "mailsync:mailbox", mailbox_id))


@require_POST
def reading(request: WorkspaceRequest, slug: str, mailbox_id: uuid.UUID) -> HttpResponse:
    """Read the mailbox now instead of at the next poll."""
    by = demand(request, CONNECT)
    told(
        request,
        lambda: read_now(request.workspace.id, by=by, mailbox_id=mailbox_id),
        _("The mailbox is being read."),
    )
    read_soon(request, mine(request, mailbox_id))
    return see_other(page_of(request, "mailsync:mailbox", mailbox_id))


@require_POST
def replay(request: WorkspaceRequest, slug: str, mailbox_id: uuid.UUID) -> HttpResponse:
    """Try the messages again that could not be taken."""
    by = demand(request, CONNECT)
    found = mine(request, mailbox_id)
    many = replay_refused(request.workspace.id, by=by, mailbox_id=mailbox_id)
    sentence = ngettext(
        "%(many)s message is tried again.", "%(many)s messages are tried again.", many
    )
    tell(request, sentence % {"many": many})
    read_soon(request, found)
    return see_other(page_of(request, "mailsync:mailbox", mailbox_id))


def _saved(
    request: WorkspaceRequest,
    found: Mailbox,
    name: str,
    form: MailboxForm,
    act: Callable[[], Any],
) -> HttpResponse:
    if form.is_valid() and carried_out(form, act):
        tell(request, _("Saved."))
        read_soon(request, mine(request, found.id))
        return see_other(page_of(request, "mailsync:mailbox", found.id))
    return _page(request, found, **{name: form})


def _page(request: WorkspaceRequest, found: Mailbox, **forms: MailboxForm) -> HttpResponse:
    chosen = [link.project_id for link in found.channel.channel_projects.all()]
    seen = visible_projects(request.workspace.id, request.member)
    context = {
        "folders_form": FoldersForm(found),
        "projects_form": ProjectsForm(seen, initial={"projects": chosen}),
        "settings_form": SettingsForm(initial=SettingsForm.initial_of(found)),
        "has_folders": found.provider != Mailbox.Provider.FILE,
        "mailbox_id": str(found.id),
        **progress_context(request, found),
        **_vendor_context(request, found),
        **forms,
    }
    return render(request, "mailsync/mailbox.html", context, status=422 if forms else 200)


def progress_context(request: WorkspaceRequest, found: Mailbox) -> dict[str, Any]:
    """What `_progress.html` shows, here and while the mailbox is being set up."""
    return {
        "mailbox": found,
        "state": tell_state(found),
        "progress": progress_of(found),
        "reasons": reasons_of(request.workspace.id, found),
        "first": first_logged(request.workspace.id, found),
        "refused": refused_count(request.workspace.id, found),
    }


def _vendor_context(request: WorkspaceRequest, found: Mailbox) -> dict[str, Any]:
    vendor = vendor_of(found.provider)
    if vendor is None:
        return {}
    others = whose_else(request.member, found.aliases)
    return {
        "vendor": vendor,
        "aliases": [one for one in found.aliases if one not in others],
        "others_aliases": sorted(others),
    }
