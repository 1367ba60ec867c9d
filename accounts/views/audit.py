"""What people did in the workspace, the newest first."""

import uuid

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts import selectors
from accounts.keyset import page
from accounts.middleware import WorkspaceRequest
from accounts.views.answers import demand


@require_safe
def audit(request: WorkspaceRequest, slug: str) -> HttpResponse:
    demand(request, "read audit")
    chosen = _uuid(request.GET.get("member", ""))
    events = selectors.audit_events(request.workspace.id, member_id=chosen)
    context = {
        "page": page(request, events),
        "people": selectors.people(request.workspace.id),
        "chosen": chosen,
    }
    return render(request, "accounts/audit.html", context)


def _uuid(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None
