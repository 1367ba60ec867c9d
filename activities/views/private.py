"""An unlogged mail of the member's own: why it stays private, and logging it by hand."""

import uuid

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from accounts.middleware import WorkspaceRequest
from accounts.policies import may
from accounts.views.answers import demand, page_of, there
from activities.forms import read_wish
from activities.problems import AlreadyDone, NotThere, RecordProblem
from activities.selectors.asked import asked_of_private
from activities.selectors.threads import own_private
from activities.selectors.visible import sight_of
from activities.selectors.why import why_of_decision
from activities.services.log_by_hand import log_by_hand
from activities.views.assigning import done, refused
from activities.views.offering import assigning
from contacts.problems import DirectoryProblem


@require_http_methods(["GET", "HEAD", "POST"])
def private_mail(request: WorkspaceRequest, slug: str, private_id: uuid.UUID) -> HttpResponse:
    """The headers and the reason; a POST logs the mail as its owner says."""
    if request.method != "POST":
        return _page(request, private_id)
    member = demand(request, "log")
    wish = read_wish(request.POST)
    try:
        change = log_by_hand(
            request.workspace.id,
            by=member,
            private_id=private_id,
            whom=wish.whom,
            project_ids=wish.project_ids,
        )
    except (NotThere, AlreadyDone) as problem:
        return refused(request, problem)
    except (RecordProblem, DirectoryProblem) as problem:
        return _page(request, private_id, problem=problem.sentence, status=422)
    activity_id = change.items.values_list("activity_id", flat=True).first()
    return done(request, change, page_of(request, "activities:activity", activity_id))


def _page(
    request: WorkspaceRequest, private_id: uuid.UUID, *, problem: str = "", status: int = 200
) -> HttpResponse:
    sight = sight_of(request.workspace.id, request.member)
    row = there(own_private(sight, private_id))
    can_log = may(request.member, "log")
    context = {
        "row": row,
        "people": [
            {"role": role, "address": address, "name": name}
            for role, address, name in row.headers.get("participants", ())[:60]
        ],
        "why": [why_of_decision(sight, row.decision)],
        "problem": problem,
        "can_log": can_log,
        **(assigning(request, sight, asked_of_private(row)) if can_log else {}),
    }
    return render(request, "activities/private.html", context, status=status)
