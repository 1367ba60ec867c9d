"""Unassigned and Needs project: what waits for a person."""

import uuid
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from accounts import keyset
from accounts.middleware import WorkspaceRequest
from accounts.policies import may
from activities.forms import read_id, read_ids
from activities.models import Activity
from activities.selectors import queues
from activities.selectors.asked import asked_of, asked_of_page
from activities.selectors.entries import may_edit
from activities.selectors.lines import Line, lines_of, with_rows
from activities.selectors.one_activity import Shown, shown
from activities.selectors.originals import related
from activities.selectors.queue_filters import ARRIVED, KINDS, read_filters
from activities.selectors.suggestions import one_click, suggest
from activities.selectors.visible import Sight, sight_of
from activities.selectors.why import why_of
from activities.views.lists import projects_of
from activities.views.offering import assigning

GROUPED, FLAT = 100, 50


@require_safe
@vary_on_headers("HX-Request")
def unassigned(request: WorkspaceRequest, slug: str) -> HttpResponse:
    """The queue, grouped by domain, with a preview of the open mail; or that preview alone."""
    if request.GET.get("part") == "pane":
        return _pane(request)
    return unassigned_page(request)


def unassigned_page(
    request: WorkspaceRequest, *, problem: str = "", field: str = "", status: int = 200
) -> HttpResponse:
    """The queue; after a refused act with its reason, and with what was chosen kept."""
    sight = sight_of(request.workspace.id, request.member)
    filters = read_filters(request.GET, sight)
    grouped = filters.domain is None and request.GET.get("order") != "newest"
    size = GROUPED if grouped else FLAT
    rows = queues.unassigned(sight, filters)
    page = keyset.page(request, with_rows(rows, sight), by="occurred_at", size=size)
    lines = _with_best(sight, page.rows, only_suggested=filters.kind == "suggested")
    groups = queues.groups_of(
        sight.workspace_id, lines, most=queues.IN_A_GROUP if grouped else size
    )
    chosen = read_id(request.GET.get("open", "") or request.POST.get("open", ""))
    mail = _opened(sight, chosen, groups)
    context = {
        "groups": groups if grouped or filters.domain is not None else [],
        "lines": lines,
        "grouped": grouped,
        "filters": filters,
        "arrivals": ARRIVED,
        "kinds": KINDS,
        "all_projects": projects_of(sight),
        "next_url": page.next_url,
        "first_page": "after" not in request.GET,
        "ticked": _ticked(request, lines),
        "opened": bool(chosen),
        "mail": mail,
        "problem": problem,
        "field": field,
        "can_log": may(request.member, "log"),
        "keep": _kept_query(request),
        # What was settled may have been all of its group, so the way back shows every group.
        "afterwards": _kept_query(request, "domain", "after"),
        **(
            around(request, sight, mail) | assigning(request, sight, asked_of(mail)) if mail else {}
        ),
    }
    return render(request, "activities/unassigned.html", context, status=status)


def _pane(request: WorkspaceRequest) -> HttpResponse:
    """The preview of one row, for the script that walks the list."""
    sight = sight_of(request.workspace.id, request.member)
    chosen = read_id(request.GET.get("open", ""))
    mail = shown(sight, chosen) if chosen else None
    context = {
        "mail": mail,
        "opened": True,
        "can_log": may(request.member, "log"),
        "keep": _kept_query(request),
        # What was settled may have been all of its group, so the way back shows every group.
        "afterwards": _kept_query(request, "domain", "after"),
        **(
            around(request, sight, mail) | assigning(request, sight, asked_of(mail)) if mail else {}
        ),
    }
    return render(request, "activities/_triage.html", context)


def _with_best(
    sight: Sight, rows: Sequence[Activity], *, only_suggested: bool = False
) -> list[Line]:
    """The rows of a page, each with the suggestion that one click can assign."""
    asked = asked_of_page(rows)
    answers = dict(zip(asked, suggest(sight, list(asked.values())), strict=True))
    quick = {one: one_click(sight, asked[one], answer) for one, answer in answers.items()}
    guessed = {one for one, answer in answers.items() if answer.best is not None}
    return [
        replace(line, quick=quick.get(line.id))
        for line in lines_of(rows)
        if line.id in guessed or not only_suggested
    ]


def around(request: WorkspaceRequest, sight: Sight, mail: Shown) -> dict[str, Any]:
    """What stands around a kept mail: why it is here, and whether an entry stops the member."""
    return {
        "why": why_of(sight, mail.copies),
        "related": related(sight, mail),
        "may_pass_entries": all(may_edit(request.member, entry) for entry in mail.entries),
    }


@require_safe
@vary_on_headers("HX-Request")
def needs_project(request: WorkspaceRequest, slug: str) -> HttpResponse:
    """Threads on which somebody fits several projects, with the candidates as buttons."""
    sight = sight_of(request.workspace.id, request.member)
    page = keyset.page(request, queues.needs_project(sight), by="occurred_at")
    context = {
        "threads": queues.waiting_threads(sight, page.rows),
        "next_url": page.next_url,
        "first_page": "after" not in request.GET,
        "can_log": may(request.member, "log"),
    }
    return render(request, "activities/needs_project.html", context)


def _opened(sight: Sight, chosen: uuid.UUID | None, groups: list[queues.Group]) -> Shown | None:
    """The mail in the preview: the one asked for, or the first of the list."""
    if chosen is None:
        first = next((line.id for group in groups for line in group.lines), None)
        return shown(sight, first) if first else None
    return shown(sight, chosen)


def _ticked(request: WorkspaceRequest, lines: list[Line]) -> set[uuid.UUID]:
    if request.method == "POST":
        return set(read_ids(request.POST))
    return {line.id for line in lines} if request.GET.get("all") else set()


def _kept_query(request: WorkspaceRequest, *without: str) -> str:
    """The filters of the page as a query string, for the links that open another row."""
    query = request.GET.copy()
    for name in ("open", "find", "all", "part", *without):
        query.pop(name, None)
    return query.urlencode()
