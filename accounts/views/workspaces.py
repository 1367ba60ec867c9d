"""Where a signed-in person chooses a workspace, or makes one."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts import selectors
from accounts.forms import WorkspaceForm, from_post
from accounts.problems import PeopleProblem
from accounts.services.create_workspace import create_workspace
from accounts.toast import tell
from accounts.views.answers import SignedInRequest, invalid, see_other

TEMPLATE = "accounts/new_workspace.html"


@require_safe
@login_required
def home(request: SignedInRequest) -> HttpResponse:
    """Straight into the only workspace; with none to the form, with several to the list."""
    found = selectors.workspaces_of(request.user)
    if len(found) == 1:
        return see_other(start_of(found[0].slug))
    return see_other(reverse("accounts:workspaces" if found else "accounts:new_workspace"))


@require_safe
@login_required
def workspaces(request: SignedInRequest) -> HttpResponse:
    found = [
        {"workspace": workspace, "url": start_of(workspace.slug)}
        for workspace in selectors.workspaces_of(request.user)
    ]
    return render(request, "accounts/workspaces.html", {"found": found})


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def new_workspace(request: SignedInRequest) -> HttpResponse:
    form = WorkspaceForm(from_post(request), initial={"member_name": request.user.name})
    if request.method != "POST":
        return render(request, TEMPLATE, {"form": form})
    if form.is_valid():
        try:
            owner = create_workspace(request.user, **form.cleaned_data)
        except PeopleProblem as problem:
            form.refuse(problem)
        else:
            tell(request, _("%(name)s is ready.") % {"name": owner.workspace.name})
            return see_other(start_of(owner.workspace.slug))
    return invalid(request, TEMPLATE, {"form": form})


def start_of(slug: str) -> str:
    """The first page of a workspace; what stands there belongs to a higher app."""
    return f"/w/{slug}/"
