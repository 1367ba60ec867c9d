"""The acts on activities: assign, take off, change the type, dismiss, take back."""

import uuid

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.middleware import WorkspaceRequest
from accounts.toast import tell
from accounts.views.answers import demand, page_of, see_other
from activities.forms import back_to, read_ids, read_wish
from activities.models import Activity, Change
from activities.problems import AlreadyDone, NotThere, RecordProblem
from activities.selectors.one_activity import shown
from activities.selectors.visible import sight_of
from activities.services.assign import assign
from activities.services.dismiss import dismiss
from activities.services.remove_assignment import change_interaction_type, remove_assignment
from activities.services.take_back import take_back
from activities.views.parts import answer, refusal, wants_answer
from activities.views.queues import unassigned_page
from contacts.problems import DirectoryProblem


@require_POST
def assignment(request: WorkspaceRequest, slug: str) -> HttpResponse:
    """Assign the ticked activities, or the open one."""
    member = demand(request, "log")
    wish = read_wish(request.POST)
    try:
        change = assign(
            request.workspace.id,
            by=member,
            activity_ids=wish.activity_ids,
            whom=wish.whom,
            project_ids=wish.project_ids,
            expected=wish.expected,
        )
    except (RecordProblem, DirectoryProblem) as problem:
        return refused(request, problem)
    return done(request, change, back_to(request.POST, page_of(request, "activities:unassigned")))


@require_POST
def dismissal(request: WorkspaceRequest, slug: str) -> HttpResponse:
    """Dismiss the ticked activities, or the open one."""
    member = demand(request, "log")
    try:
        change = dismiss(
            request.workspace.id,
            by=member,
            activity_ids=read_ids(request.POST),
            expected=request.POST.get("expected", Activity.State.UNASSIGNED)[:20],
        )
    except RecordProblem as problem:
        return refused(request, problem)
    return done(request, change, back_to(request.POST, page_of(request, "activities:unassigned")))


@require_POST
def assignment_removal(
    request: WorkspaceRequest, slug: str, activity_id: uuid.UUID, assignment_id: uuid.UUID
) -> HttpResponse:
    """Take an activity off one profile or company."""
    member = demand(request, "log")
    try:
        change = remove_assignment(
            request.workspace.id, by=member, activity_id=activity_id, assignment_id=assignment_id
        )
    except RecordProblem as problem:
        return refused(request, problem)
    return done(request, change, _still_there(request, activity_id))


@require_POST
def interaction_type(
    request: WorkspaceRequest, slug: str, activity_id: uuid.UUID, assignment_id: uuid.UUID
) -> HttpResponse:
    """Change the interaction type of one assignment."""
    member = demand(request, "log")
    try:
        change = change_interaction_type(
            request.workspace.id,
            by=member,
            activity_id=activity_id,
            assignment_id=assignment_id,
            interaction_type=request.POST.get("interaction_type", "")[:200],
        )
    except RecordProblem as problem:
        return refused(request, problem)
    return done(request, change, _still_there(request, activity_id))


@require_http_methods(["GET", "HEAD", "POST"])
def taking_back(request: WorkspaceRequest, slug: str, activity_id: uuid.UUID) -> HttpResponse:
    """Ask, and then make the member's own copies of a mail private again."""
    member = demand(request, "log")
    mail = shown(sight_of(request.workspace.id, member), activity_id)
    if mail is None or not mail.is_in_own_mailbox:
        raise Http404
    if request.method == "POST":
        try:
            change = take_back(request.workspace.id, by=member, activity_id=activity_id)
        except RecordProblem as problem:
            return refused(request, problem)
        return done(request, change, back_to(request.GET, _still_there(request, activity_id)))
    others = any(copy.owner_id != member.id for copy in mail.copies)
    stays = _("The activity stays, because another copy of this email carries it.")
    goes = _("The activity goes, because no other copy of this email is logged.")
    context = {
        "title": _("Take this email back?"),
        "text": _("Your copies of it will be yours alone again, now and whenever they sync."),
        "points": [
            stays if others else goes,
            _("Only sending it to a project's address or assigning it by hand logs it again."),
        ],
        "label": _("Take it back"),
        "cancel_url": back_to(request.GET, page_of(request, "activities:activity", activity_id)),
    }
    return render(request, "components/confirm.html", context)


def done(request: WorkspaceRequest, change: Change, url: str) -> HttpResponse:
    """Say what happened, with the way back, and send the browser on."""
    tell(request, change.summary, undo=page_of(request, "activities:change_undo", change.id))
    return answer(request) if wants_answer(request) else see_other(url)


def refused(request: WorkspaceRequest, problem: RecordProblem | DirectoryProblem) -> HttpResponse:
    """Say why nothing was changed: 404 for what is not there, 409 where somebody was quicker,
    422 for what the person can put right."""
    if wants_answer(request):
        return refusal(request, problem)
    if isinstance(problem, NotThere):
        raise Http404(problem.sentence)
    status = 409 if isinstance(problem, AlreadyDone) else 422
    if request.POST.get("from") == "unassigned":
        return unassigned_page(
            request, problem=problem.sentence, field=problem.field, status=status
        )
    context = {
        "problem": problem.sentence,
        "back": back_to(request.POST, page_of(request, "activities:list")),
    }
    return render(request, "activities/problem.html", context, status=status)


def _still_there(request: WorkspaceRequest, activity_id: uuid.UUID) -> str:
    """The activity's page, or the list where it went back to its owners."""
    if shown(sight_of(request.workspace.id, request.member), activity_id) is None:
        return page_of(request, "activities:list")
    return page_of(request, "activities:activity", activity_id)
