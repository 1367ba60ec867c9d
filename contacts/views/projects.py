"""The list of projects, and their settings."""

import uuid

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts import policies
from accounts.middleware import WorkspaceRequest
from accounts.toast import tell
from accounts.views.answers import demand, page_of, see_other
from contacts import selectors
from contacts.forms import ProjectForm
from contacts.models import Project
from contacts.paging import by_name
from contacts.services.project_settings import create_project, edit_project, settings_of
from contacts.views.acting import carried_out, posted

EDIT = "edit projects"


@require_safe
def projects(request: WorkspaceRequest, slug: str) -> HttpResponse:
    known = selectors.projects_with_counts(request.workspace.id, request.member)
    seen = selectors.visible_projects(request.workspace.id, request.member)
    context = {
        "page": by_name(request, known),
        "seen": set(seen.values_list("id", flat=True)),
        "may_edit": policies.may(request.member, EDIT),
    }
    return render(request, "contacts/projects.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def new_project(request: WorkspaceRequest, slug: str) -> HttpResponse:
    by = demand(request, EDIT)
    people = selectors.present_members(request.workspace.id)
    form = ProjectForm(people, posted(request), initial={"member_ids": [str(by.id)]})
    made: list[Project] = []
    if (
        request.method == "POST"
        and form.is_valid()
        and carried_out(
            form,
            lambda: made.append(
                create_project(request.workspace.id, by=by, settings=form.settings())
            ),
        )
    ):
        tell(request, _("%(name)s is created.") % {"name": made[0].name})
        return see_other(page_of(request, "contacts:projects"))
    status = 422 if request.method == "POST" else 200
    return render(request, "contacts/project_new.html", {"form": form}, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def project_edit(request: WorkspaceRequest, slug: str, project_id: uuid.UUID) -> HttpResponse:
    by = demand(request, EDIT)
    known = selectors.administered_projects(request.workspace.id, by)
    project = get_object_or_404(known, id=project_id)
    people = selectors.present_members(request.workspace.id)
    form = ProjectForm(people, posted(request), initial=_initial(project))
    if (
        request.method == "POST"
        and form.is_valid()
        and carried_out(
            form,
            lambda: edit_project(
                request.workspace.id, by=by, project_id=project_id, settings=form.settings()
            ),
        )
    ):
        tell(request, _("Saved."))
        return see_other(page_of(request, "contacts:project_edit", project_id))
    context = {"form": form, "project": project, "others": known.exclude(id=project_id).exists()}
    status = 422 if request.method == "POST" else 200
    return render(request, "contacts/project_edit.html", context, status=status)


def _initial(project: Project) -> dict[str, object]:
    settings = settings_of(project)
    return {
        "name": settings.name,
        "interaction_type": settings.interaction_type,
        "creates_contacts": settings.creates_contacts,
        "assigns_forwards": settings.assigns_forwards,
        "open_to_all": settings.open_to_all,
        "member_ids": [str(member_id) for member_id in settings.member_ids],
    }
