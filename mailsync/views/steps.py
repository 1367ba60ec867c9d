"""Setting a mailbox up, step by step. Each step is a page of its own, so a reload stays there."""

import uuid
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from accounts.middleware import WorkspaceRequest
from accounts.policies import may
from accounts.views.answers import demand, page_of, see_other
from contacts.selectors import visible_projects
from contacts.services.internal_domains import add_internal_domain
from mailsync.forms import FirstFoldersForm, MailboxForm, ProjectsForm
from mailsync.models import Mailbox
from mailsync.problems import MailboxProblem
from mailsync.selectors import folders_of, progress_of
from mailsync.services.choose_folders import choose_folders
from mailsync.services.choose_projects import choose_projects
from mailsync.services.mailbox_settings import begin_at
from mailsync.services.set_up_mailbox import days_ago, start_reading, suggested_domain
from mailsync.services.vendors import vendor_of
from mailsync.views.acting import carried_out, mine, posted, read_soon
from mailsync.views.mailboxes import CONNECT
from mailsync.views.setup import progress_context

SETTING_UP = Mailbox.State.SETTING_UP
ASKS = ["GET", "HEAD", "POST"]


@dataclass(frozen=True, slots=True)
class Step:
    """A knot of the list beside the page; `state` is pass, now or "" for what is to come."""

    label: str
    detail: str
    state: str
    icon: str


@require_safe
def setup(request: WorkspaceRequest, slug: str, mailbox_id: uuid.UUID) -> HttpResponse:
    """Lead to where the setup stands."""
    found = mine(request, mailbox_id)
    if found.state != SETTING_UP:
        return see_other(page_of(request, "mailsync:setup_reading", mailbox_id))
    chosen = any(found.channel.channel_projects.all())
    step = "mailsync:setup_projects" if chosen else "mailsync:setup_folders"
    return see_other(page_of(request, step, mailbox_id))


@require_http_methods(ASKS)
def folders(request: WorkspaceRequest, slug: str, mailbox_id: uuid.UUID) -> HttpResponse:
    """Which folders or labels are read, and since when."""
    by, found = demand(request, CONNECT), mine(request, mailbox_id)
    form = FirstFoldersForm(found, posted(request))
    if form.is_valid() and carried_out(form, lambda: _choose_folders(request, found, form)):
        return see_other(page_of(request, "mailsync:setup_projects", mailbox_id))
    return _page(request, found, 1, form=form, by=by)


def _choose_folders(request: WorkspaceRequest, found: Mailbox, form: MailboxForm) -> None:
    workspace_id, by = request.workspace.id, request.member
    chosen = form.chosen("folders")
    choose_folders(workspace_id, by=by, mailbox_id=found.id, folder_ids=chosen)
    since = days_ago(form.cleaned_data["days"])
    begin_at(workspace_id, by=by, mailbox_id=found.id, starts_at=since)


@require_http_methods(ASKS)
def projects(request: WorkspaceRequest, slug: str, mailbox_id: uuid.UUID) -> HttpResponse:
    """Where its mail may be logged. Without a question about the domain reading starts here."""
    by, found = demand(request, CONNECT), mine(request, mailbox_id)
    chosen = [link.project_id for link in found.channel.channel_projects.all()]
    initial = {"projects": chosen} if chosen else None
    form = ProjectsForm(
        visible_projects(request.workspace.id, by), posted(request), initial=initial
    )
    if form.is_valid() and carried_out(
        form,
        lambda: choose_projects(
            request.workspace.id, by=by, mailbox_id=mailbox_id, project_ids=form.chosen("projects")
        ),
    ):
        if may(by, "edit rules") and suggested_domain(found):
            return see_other(page_of(request, "mailsync:setup_domain", mailbox_id))
        return _start(request, found)
    return _page(request, found, 2, form=form, by=by)


@require_http_methods(ASKS)
def domain(request: WorkspaceRequest, slug: str, mailbox_id: uuid.UUID) -> HttpResponse:
    """Whether everybody at the mailbox's domain is one of us (R2)."""
    by, found = demand(request, CONNECT), mine(request, mailbox_id)
    suggested = suggested_domain(found) if may(by, "edit rules") else ""
    if request.method == "POST":
        if suggested and "internal" in request.POST:
            add_internal_domain(request.workspace.id, by=by, domain=suggested)
        return _start(request, found)
    if not suggested:
        return see_other(page_of(request, "mailsync:setup_reading", mailbox_id))
    return _page(request, found, 3, domain=suggested, by=by)


@require_safe
def reading(request: WorkspaceRequest, slug: str, mailbox_id: uuid.UUID) -> HttpResponse:
    """How far the past was read; the page follows by itself, or on a reload."""
    found = mine(request, mailbox_id)
    if found.state == SETTING_UP:
        return see_other(page_of(request, "mailsync:setup", mailbox_id))
    return _page(request, found, 4, **progress_context(request, found))


def _start(request: WorkspaceRequest, found: Mailbox) -> HttpResponse:
    try:
        started = start_reading(request.workspace.id, by=request.member, mailbox_id=found.id)
    except MailboxProblem:
        return see_other(page_of(request, "mailsync:setup", found.id))
    read_soon(request, started)
    return see_other(page_of(request, "mailsync:setup_reading", found.id))


def _page(request: WorkspaceRequest, found: Mailbox, at: int, **context: Any) -> HttpResponse:
    form = context.get("form")
    refused = form is not None and form.is_bound
    templates = ("", "folders", "projects", "domain", "reading")
    context |= {"mailbox": found, "steps": _steps(request, found, at), "place": at + 1}
    return render(
        request, f"mailsync/setup_{templates[at]}.html", context, status=422 if refused else 200
    )


def _steps(request: HttpRequest, found: Mailbox, at: int) -> list[Step]:
    vendor = vendor_of(found.provider)
    read = [one.name for one in folders_of(found.workspace_id, found) if one.selected]
    names = [link.project.name for link in found.channel.channel_projects.all()]
    told = [
        (_("Connect"), f"{found.address}, {vendor.name if vendor else 'IMAP'}"),
        (_("Choose folders"), _some(read) if at > 1 else ""),
        (_("Choose projects"), _some(names) if at > 2 else ""),
        (_("Internal domain"), ""),
        (_("Read past email"), _time_left(found) if at == 4 else ""),
    ]
    # What is settled looks so: once everything is read, the last step is behind as well.
    done = at == 4 and found.state == Mailbox.State.LIVE
    return [
        Step(
            label,
            detail,
            "pass" if place < at or done else "now" if place == at else "",
            "check" if place < at or done else "refresh-cw" if place == 4 else "circle-dashed",
        )
        for place, (label, detail) in enumerate(told)
    ]


def _some(names: list[str]) -> str:
    """The first three, and how many more there are."""
    shown = ", ".join(names[:3])
    more = len(names) - 3
    if more <= 0:
        return shown
    return ngettext("%(shown)s and %(more)d more", "%(shown)s and %(more)d more", more) % {
        "shown": shown,
        "more": more,
    }


def _time_left(found: Mailbox) -> str:
    minutes = progress_of(found).minutes
    if minutes is None:
        return ""
    return ngettext("About %(count)d minute left", "About %(count)d minutes left", minutes) % {
        "count": minutes
    }
