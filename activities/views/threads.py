"""One thread: its mail, its people, and the projects that it belongs to."""

import uuid

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django.views.decorators.vary import vary_on_headers

from accounts.middleware import WorkspaceRequest
from accounts.policies import may
from accounts.views.answers import demand, page_of, there
from activities.forms import back_to, read_uuids
from activities.models import Activity
from activities.problems import NotThere, RecordProblem
from activities.selectors import threads
from activities.selectors.lines import lines_of, with_rows
from activities.selectors.visible import shows_everything, sight_of
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
        "bands": threads.Places.of(threads.places(sight, family)),
        "can_log": may(request.member, "log"),
        "newest": next((row for row in reversed(shared) if _can_be_answered(row)), None),
    }
    return render(request, "activities/thread.html", context)


def _can_be_answered(row: Activity) -> bool:
    return row.message_id is not None and shows_everything(row)


@require_http_methods(["GET", "HEAD", "POST"])
@vary_on_headers("HX-Request")
def thread_projects(request: WorkspaceRequest, slug: str, thread_id: uuid.UUID) -> HttpResponse:
    """The building icon: which projects the thread is about. A POST adds it to the chosen ones."""
    if request.method == "POST":
        return _choose(request, thread_id, adds=True)
    demand(request, "log")
    return _chooser(request, thread_id)


@require_POST
def thread_projects_removal(
    request: WorkspaceRequest, slug: str, thread_id: uuid.UUID
) -> HttpResponse:
    """Take the thread out of the chosen projects."""
    return _choose(request, thread_id, adds=False)


def _choose(request: WorkspaceRequest, thread_id: uuid.UUID, *, adds: bool) -> HttpResponse:
    member = demand(request, "log")
    # One form offers both: what is ticked among the projects that it is in is meant for taking out.
    ticked = [] if adds else request.POST.getlist("out")
    try:
        change = (add_thread if adds else take_thread_out)(
            request.workspace.id,
            by=member,
            thread_id=thread_id,
            project_ids=read_uuids(ticked or request.POST.getlist("project")),
        )
    except NotThere as problem:
        return refused(request, problem)
    except RecordProblem as problem:
        return _chooser(request, thread_id, problem=problem.sentence)
    return done(
        request, change, back_to(request.POST, page_of(request, "activities:thread", thread_id))
    )


def _chooser(request: WorkspaceRequest, thread_id: uuid.UUID, *, problem: str = "") -> HttpResponse:
    """The choice as a page, or for htmx as what stands in the dialog."""
    sight = sight_of(request.workspace.id, request.member)
    root = there(threads.thread_of(request.workspace.id, thread_id))
    family = threads.family(request.workspace.id, root.id)
    subject = there(threads.subject_of(sight, family))
    asked = request.POST if request.method == "POST" else request.GET
    by_script = request.headers.get("HX-Request") == "true"
    context = {
        "root_id": root.id,
        "subject": subject,
        "bands": threads.Places.of(threads.places(sight, family)),
        "ticked": set(read_uuids(request.POST.getlist("project"))),
        "next": back_to(asked, page_of(request, "activities:thread", root.id)),
        "row": f"t-{root.id}" if by_script and asked.get("row") == f"t-{root.id}" else "",
        "problem": problem,
        "in_dialog": by_script,
    }
    template = "activities/_chooser.html" if by_script else "activities/chooser.html"
    response = render(request, template, context, status=422 if problem else 200)
    if by_script and problem:
        # The refusal belongs into the dialog, where the choice still stands.
        response["HX-Retarget"], response["HX-Reswap"] = "#chooser-body", "innerHTML"
    return response
