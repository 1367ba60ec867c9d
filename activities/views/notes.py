"""Log a note, a call or a meeting by hand."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.middleware import WorkspaceRequest
from accounts.toast import tell
from accounts.views.answers import demand, page_of, see_other
from activities.forms import NoteForm, read_wish
from activities.problems import NotThere, RecordProblem
from activities.selectors.visible import sight_of
from activities.selectors.whom import find_whom, named
from activities.services.log_note import log_note
from activities.views.assigning import refused
from activities.views.lists import projects_of
from activities.views.offering import new_choices
from contacts.problems import DirectoryProblem


@require_http_methods(["GET", "HEAD", "POST"])
def notes(request: WorkspaceRequest, slug: str) -> HttpResponse:
    """The form, and what it stores."""
    member = demand(request, "log")
    if request.method != "POST":
        return _page(request, NoteForm())
    form = NoteForm(request.POST)
    if not form.is_valid():
        return _page(request, form, status=422)
    wish, asked = read_wish(request.POST), form.cleaned_data
    try:
        activity = log_note(
            request.workspace.id,
            by=member,
            kind=asked["kind"],
            title=asked["title"],
            text=asked["text"],
            occurred_at=asked["occurred_at"],
            whom=wish.whom,
            project_ids=wish.project_ids,
        )
    except NotThere as problem:
        return refused(request, problem)
    except (RecordProblem, DirectoryProblem) as problem:
        field = problem.field if problem.field in form.fields else None
        form.add_error(field, problem.sentence)
        return _page(request, form, status=422)
    tell(request, _("Logged."))
    return see_other(page_of(request, "activities:activity", activity.id))


def _page(request: WorkspaceRequest, form: NoteForm, *, status: int = 200) -> HttpResponse:
    sight = sight_of(request.workspace.id, request.member)
    find = request.GET.get("find", "").strip()
    whom = request.POST.get("whom") or request.GET.get("whom", "")
    suggestions = named(sight, whom)
    values = {one.value for one in suggestions}
    found = [one for one in find_whom(sight, find) if one.value not in values]
    projects = projects_of(sight)
    ticked = set(request.POST.getlist("projects"))
    for one in suggestions:
        ticked |= {str(project_id) for project_id in one.projects} if not ticked else set()
    if len(projects) == 1:
        ticked = {str(projects[0].id)}
    company = request.POST.get("company_name", "")[:200]
    contact = request.POST.get("contact_name", "")[:200]
    context: dict[str, Any] = {
        "form": form,
        "suggestions": suggestions,
        "found": found,
        "find": find,
        "whom": whom,
        "projects": projects,
        "ticked_projects": ticked,
        "mail": None,
        "new_company": company,
        "new_contact": contact,
        "new_choices": new_choices(company, contact),
        "writer": "",
        "writer_name": "",
    }
    return render(request, "activities/note.html", context, status=status)
