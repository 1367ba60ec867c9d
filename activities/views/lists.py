"""Activities: all that is logged, newest first, in day groups."""

import uuid
from itertools import groupby
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from accounts import keyset
from accounts.middleware import WorkspaceRequest
from activities.forms import NOTE_KINDS, read_id
from activities.selectors import timelines
from activities.selectors.lines import Line, lines_of, with_rows
from activities.selectors.visible import Sight, sight_of
from contacts.models import Project


@require_safe
@vary_on_headers("HX-Request")
def activities(request: WorkspaceRequest, slug: str) -> HttpResponse:
    """The list, narrowed by project, kind, way in and text of the query string."""
    sight = sight_of(request.workspace.id, request.member)
    asked = request.GET
    project_id = read_id(asked.get("project", ""))
    rows = timelines.activities(
        sight,
        project_id=project_id,
        kind=asked.get("kind", ""),
        text=asked.get("q", "").strip(),
        arrived=asked.get("arrived", ""),
    )
    page = keyset.page(request, with_rows(rows, sight), by="occurred_at")
    projects = projects_of(sight)
    context = {
        "days": days_of(lines_of(page.rows)),
        "next_url": page.next_url,
        "projects": projects,
        "project": next((one for one in projects if one.id == project_id), None),
        "kinds": [("email", "Email"), *NOTE_KINDS],
        "filtered": any(asked.get(name) for name in ("project", "kind", "q", "arrived")),
        "first_page": "after" not in asked,
    }
    return render(request, "activities/list.html", context)


def days_of(lines: list[Line]) -> list[dict[str, Any]]:
    """The rows by their day in the reader's zone, in the order they come."""
    return [
        {"day": day, "lines": list(rows)}
        for day, rows in groupby(lines, key=lambda line: timezone.localtime(line.at).date())
    ]


def projects_of(sight: Sight) -> list[Project]:
    """The member's projects by name, for a filter or a form."""
    ids: frozenset[uuid.UUID] = sight.project_ids
    rows = Project.objects.filter(workspace_id=sight.workspace_id, id__in=ids)
    return list(rows.order_by("name", "id")[:200])
