"""One member: role, access, and the addresses that make their mail ours."""

import uuid

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import policies, selectors
from accounts.forms import RoleForm
from accounts.middleware import WorkspaceRequest
from accounts.models import Member
from accounts.problems import PeopleProblem
from accounts.services import members
from accounts.services.addresses import release_address
from accounts.toast import tell, warn
from accounts.views.answers import demand, page_of, see_other, there


@require_safe
def member(request: WorkspaceRequest, slug: str, member_id: uuid.UUID) -> HttpResponse:
    shown = there(selectors.find_member(request.workspace.id, member_id))
    return _page(request, shown, RoleForm(request.member, initial={"role": shown.role}))


@require_POST
def role(request: WorkspaceRequest, slug: str, member_id: uuid.UUID) -> HttpResponse:
    by = demand(request, "manage people")
    shown = there(selectors.find_member(request.workspace.id, member_id))
    form = RoleForm(by, request.POST)
    if form.is_valid():
        try:
            changed = there(
                members.change_role(
                    request.workspace.id, by, member_id=member_id, role=form.cleaned_data["role"]
                )
            )
        except PeopleProblem as problem:
            form.refuse(problem)
        else:
            words = {"name": changed.name, "role": changed.get_role_display()}
            tell(request, _("The role of %(name)s is now: %(role)s.") % words)
            return see_other(page_of(request, "accounts:member", member_id))
    return _page(request, shown, form, status=422)


@require_http_methods(["GET", "HEAD", "POST"])
def deactivation(request: WorkspaceRequest, slug: str, member_id: uuid.UUID) -> HttpResponse:
    """Ask first, because keys and sessions do not come back; then end the member's access."""
    by = demand(request, "manage people")
    shown = there(selectors.find_member(request.workspace.id, member_id))
    if not shown.is_present:
        return see_other(page_of(request, "accounts:member", member_id))
    if request.method != "POST":
        return _ask(request, shown)
    try:
        gone = there(members.deactivate(request.workspace.id, by, member_id=member_id))
    except PeopleProblem as problem:
        warn(request, problem.sentence)
        return see_other(page_of(request, "accounts:member", member_id))
    tell(request, _("%(name)s has no access any more.") % {"name": gone.name})
    return see_other("/" if gone.id == by.id else page_of(request, "accounts:member", member_id))


@require_POST
def reactivation(request: WorkspaceRequest, slug: str, member_id: uuid.UUID) -> HttpResponse:
    by = demand(request, "manage people")
    try:
        back = there(members.reactivate(request.workspace.id, by, member_id=member_id))
    except PeopleProblem as problem:
        warn(request, problem.sentence)
    else:
        tell(request, _("%(name)s may sign in here again.") % {"name": back.name})
    return see_other(page_of(request, "accounts:member", member_id))


@require_http_methods(["GET", "HEAD", "POST"])
def release(request: WorkspaceRequest, slug: str, address_id: uuid.UUID) -> HttpResponse:
    """Give a former member's address back to the world, after saying what that does."""
    by = demand(request, "manage people")
    row = there(selectors.find_releasable(request.workspace.id, address_id))
    back = page_of(request, "accounts:member", row.member_id)
    if request.method != "POST":
        words = {"name": row.member.name, "address": row.address}
        context = {
            "title": _("Release %(address)s") % words,
            "text": _(
                "From then on %(address)s is treated like any address outside the workspace, and"
                " mail with it may be logged. Do this when the address has gone to somebody else."
            )
            % words,
            "label": _("Release the address"),
            "cancel_url": back,
        }
        return render(request, "components/confirm.html", context)
    there(release_address(request.workspace.id, by, address_id=address_id))
    tell(request, _("%(address)s is released.") % {"address": row.address})
    return see_other(back)


def _ask(request: WorkspaceRequest, shown: Member) -> HttpResponse:
    context = {
        "title": _("Deactivate %(name)s") % {"name": shown.name},
        "text": _("%(name)s loses access to this workspace at once.") % {"name": shown.name},
        "points": [
            _("Open sessions end with their next click, and API keys for good."),
            _("Their mailboxes stop being read."),
            _("What was logged stays, and keeps their name."),
        ],
        "label": _("Deactivate"),
        "cancel_url": page_of(request, "accounts:member", shown.id),
    }
    return render(request, "components/confirm.html", context)


def _page(
    request: WorkspaceRequest, shown: Member, form: RoleForm, status: int = 200
) -> HttpResponse:
    context = {
        "shown": shown,
        "addresses": selectors.addresses_of(shown),
        "form": form,
        "manages": policies.may(request.member, "manage people"),
    }
    return render(request, "accounts/member.html", context, status=status)
