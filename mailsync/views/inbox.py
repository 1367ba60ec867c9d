"""The member's own folders, thread by thread. Nobody else can open any of it."""

import uuid
from dataclasses import replace
from typing import Any, TypeVar

from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from accounts.middleware import WorkspaceRequest
from accounts.policies import may
from accounts.views.answers import page_of, there
from activities.selectors.visible import sight_of
from mailsync.forms import icon_of
from mailsync.inbox.asked import Asked, WrongFilter, read_asked
from mailsync.inbox.folders import folder_called, folder_lines
from mailsync.inbox.lines import lines_of
from mailsync.inbox.listing import SHOWN, Wanted
from mailsync.inbox.reasons import REASONS
from mailsync.inbox.threads import head_of, thread_page
from mailsync.models import Folder, Mailbox
from mailsync.selectors import alike, folders_of, own_mailboxes
from mailsync.states import tell_state

Row = TypeVar("Row", Mailbox, Folder)


@require_safe
@vary_on_headers("HX-Request")
def folders(request: WorkspaceRequest, slug: str) -> HttpResponse:
    """One folder of one mailbox, or what was searched in it: newest first, a line a thread."""
    mine = list(own_mailboxes(request.workspace.id, request.member))
    found = wanted_by(request, mine)
    context: dict[str, Any] = {
        "mailboxes": mine,
        "alike": alike(mine),
        "may_connect": may(request.member, "connect mailbox"),
    }
    if found is None:
        return render(request, "mailsync/folders.html", context)
    wanted, folder, read, problem = found
    context |= {
        **list_context(request, wanted, folder),
        "state": tell_state(wanted.mailbox),
        "folder": folder,
        "folders": [(one, icon_of(one.role)) for one in folder_lines(read)],
        "reasons": REASONS,
        "problem": problem,
        "page": None if problem else thread_page(request, wanted),
    }
    return render(request, "mailsync/folders.html", context, status=422 if problem else 200)


@require_safe
def line(request: WorkspaceRequest, slug: str, thread_id: uuid.UUID) -> HttpResponse:
    """One line of the list as it stands now, for the place of the old one."""
    mine = list(own_mailboxes(request.workspace.id, request.member))
    wanted, folder, _read, _problem = there(wanted_by(request, mine))
    whole = Wanted(wanted.sight, wanted.mailbox)
    head = there(head_of(wanted, thread_id) or head_of(whole, thread_id))
    (one,) = lines_of(wanted.sight, wanted.mailbox, [head])
    context = {**list_context(request, wanted, folder), "line": one, "focus": True}
    return render(request, "mailsync/line.html", context)


def wanted_by(
    request: WorkspaceRequest, mine: list[Mailbox]
) -> tuple[Wanted, Folder | None, list[Folder], str] | None:
    """Which list the address names, with the mailbox's folders and what is wrong with the search.

    Without a mailbox there is none.
    """
    # Imported files stand last: new mail comes to the others.
    read_first = sorted(mine, key=lambda one: one.provider == Mailbox.Provider.FILE)
    mailbox = _named(read_first, request.GET.get("mailbox", ""))
    if mailbox is None:
        return None
    asked, problem = _asked(request.GET)
    read = [one for one in folders_of(request.workspace.id, mailbox) if one.selected]
    folder = _folder(request.GET, read)
    if asked.folder and not problem:
        try:
            folder = folder_called(read, asked.folder)
        except WrongFilter as wrong:
            problem = wrong.sentence
    show = request.GET.get("show", "")
    rule = request.GET.get("rule", "")
    wanted = Wanted(
        sight=sight_of(request.workspace.id, request.member),
        mailbox=mailbox,
        scope=folder.provider_id if folder else "",
        show=show if show in SHOWN else "all",
        rule=rule if rule in REASONS and show == "not_logged" else "",
        asked=replace(asked, folder=""),
    )
    return wanted, folder, read, problem


def list_context(
    request: WorkspaceRequest, wanted: Wanted, folder: Folder | None
) -> dict[str, Any]:
    """What the links of a list carry on: `here` without the filters, `keep` with them."""
    here = QueryDict(mutable=True)
    here["mailbox"] = str(wanted.mailbox.id)
    here["folder"] = str(folder.id) if folder else "all"
    keep = here.copy()
    asked = {"show": wanted.show if wanted.show != "all" else "", "rule": wanted.rule}
    for name, value in {**asked, "q": request.GET.get("q", "")}.items():
        if value:
            keep[name] = value
    return {
        "mailbox": wanted.mailbox,
        "here": here.urlencode(),
        "keep": keep.urlencode(),
        "list_url": f"{page_of(request, 'mailsync:folders')}?{keep.urlencode()}",
        "show": wanted.show,
        "rule": wanted.rule,
        "q": request.GET.get("q", ""),
        "can_log": may(request.member, "log"),
    }


def _asked(query: QueryDict) -> tuple[Asked, str]:
    try:
        return read_asked(query.get("q", "").strip()), ""
    except WrongFilter as wrong:
        return Asked(), wrong.sentence


def _folder(query: QueryDict, read: list[Folder]) -> Folder | None:
    """The folder of the address; a search goes through all of them unless it names one.

    Imported mail stands in no folder, so there has to be a list of everything.
    """
    wanted = query.get("folder", "")
    if wanted == "all" or (query.get("q") and not wanted):
        return None
    return _named(read, wanted)


def _named(rows: list[Row], text: str) -> Row | None:
    """The row that the address names, otherwise the first."""
    for row in rows:
        if str(row.id) == text:
            return row
    return rows[0] if rows else None
