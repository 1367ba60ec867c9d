"""What people did in the workspace, the newest first."""

import uuid

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts import selectors
from accounts.audit_words import in_words
from accounts.keyset import page
from accounts.middleware import WorkspaceRequest
from accounts.views.answers import demand


@require_safe
def audit(request: WorkspaceRequest, slug: str) -> HttpResponse:
    demand(request, "read audit")
    chosen = _uuid(request.GET.get("member", ""))
    events = selectors.audit_events(request.workspace.id, member_id=chosen)
    people = list(selectors.people(request.workspace.id))
    names = {str(one.id): one.name for one in people}
    shown = page(request, events)
    context = {
        "page": shown,
        "lines": [
            (one, in_words(one.before, names), in_words(one.after, names)) for one in shown.rows
        ],
        "people": people,
        "chosen": chosen,
    }
    return render(request, "accounts/audit.html", context)


def _uuid(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None
