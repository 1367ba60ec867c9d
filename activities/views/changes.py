"""The permanent list of recent changes, and the way back from each."""

import uuid

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe
from django.views.decorators.vary import vary_on_headers

from accounts import keyset
from accounts.middleware import WorkspaceRequest
from accounts.policies import may
from accounts.toast import tell
from accounts.views.answers import demand, page_of, see_other
from activities.forms import back_to
from activities.problems import AlreadyDone, RecordProblem
from activities.selectors.changes import recent_changes
from activities.services.undo import undo
from activities.views.assigning import refused
from activities.views.parts import answer, wants_answer


@require_safe
@vary_on_headers("HX-Request")
def changes(request: WorkspaceRequest, slug: str) -> HttpResponse:
    """What people and rules moved, newest first."""
    rows = recent_changes(request.workspace.id, request.member)
    page = keyset.page(request, rows, by="made_at")
    context = {
        "changes": page.rows,
        "next_url": page.next_url,
        "first_page": "after" not in request.GET,
        "can_log": may(request.member, "log"),
    }
    return render(request, "activities/changes.html", context)


@require_POST
def change_undo(request: WorkspaceRequest, slug: str, change_id: uuid.UUID) -> HttpResponse:
    """Take one change back; 409 where somebody else was quicker."""
    member = demand(request, "log")
    try:
        change, undone = undo(request.workspace.id, by=member, change_id=change_id)
    except RecordProblem as problem:
        return refused(request, problem)
    if not undone:
        who = change.undone_by.name if change.undone_by else _("Somebody")
        sentence = _("%(who)s has already undone this. Nothing was changed.") % {"who": who}
        return refused(request, AlreadyDone(sentence))
    tell(request, _("Undone: %(summary)s") % {"summary": change.summary})
    if wants_answer(request):
        return answer(request)
    return see_other(back_to(request.POST, page_of(request, "activities:changes")))
