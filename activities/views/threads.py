"""One thread: its mail, its people, and the projects that it belongs to."""

import uuid

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST, require_safe

from accounts.middleware import WorkspaceRequest
from accounts.policies import may
from accounts.views.answers import demand, page_of, there
from activities.forms import back_to, read_uuids
from activities.problems import RecordProblem
from activities.selectors import threads
from activities.selectors.lines import lines_of, with_rows
from activities.selectors.visible import sight_of
from activities.selectors.why import explain, names_in
from activities.services.choose_projects import add_thread, take_thread_out
from activities.views.assigning import done, refused

MOST_MAIL = 200


@require_safe
def thread(request: WorkspaceRequest, slug: str, thread_id: uuid.UUID) -> HttpResponse:
    """The thread's mail, oldest first, and the projects as places for it."""
    workspace_id = request.workspace.id
    sight = sight_of(workspace_id, request.member)
    root = there(threads.thread_of(workspace_id, thread_id))
    family = threads.family(workspace_id, root.id)
    shared = list(with_rows(threads.shared_mail(sight, family), sight)[:MOST_MAIL])
    private = list(threads.private_mail(sight, family)[:MOST_MAIL])
    there(shared or private or None)
    lines = lines_of(shared)
    names = names_in(sight, [row.decision for row in private])
    alone = [
        {"row": row, "why": explain(row.decision, names, owner="", mine=True)} for row in private
    ]
    context = {
        "root": root,
        "subject": lines[0].title if lines else private[0].subject,
        "lines": lines,
        "private": alone,
        "places": threads.places(sight, family),
        "can_log": may(request.member, "log"),
    }
    return render(request, "activities/thread.html", context)


@require_POST
def thread_projects(request: WorkspaceRequest, slug: str, thread_id: uuid.UUID) -> HttpResponse:
    """Add the thread to the chosen projects."""
    return _choose(request, thread_id, adds=True)


@require_POST
def thread_projects_removal(
    request: WorkspaceRequest, slug: str, thread_id: uuid.UUID
) -> HttpResponse:
    """Take the thread out of the chosen projects."""
    return _choose(request, thread_id, adds=False)


def _choose(request: WorkspaceRequest, thread_id: uuid.UUID, *, adds: bool) -> HttpResponse:
    member = demand(request, "log")
    act = add_thread if adds else take_thread_out
    try:
        change = act(
            request.workspace.id,
            by=member,
            thread_id=thread_id,
            project_ids=read_uuids(request.POST.getlist("project")),
        )
    except RecordProblem as problem:
        return refused(request, problem)
    return done(
        request, change, back_to(request.POST, page_of(request, "activities:thread", thread_id))
    )
