"""Who is in the workspace, and inviting somebody."""

import uuid

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts import mail, policies, selectors, tenancy
from accounts.forms import InviteForm
from accounts.middleware import WorkspaceRequest
from accounts.problems import PeopleProblem
from accounts.services.invitations import invite, open_invitations, revoke_invitation
from accounts.toast import tell, warn
from accounts.views.answers import demand, outside_transaction, page_of, see_other, there


@require_safe
def people(request: WorkspaceRequest, slug: str) -> HttpResponse:
    return _page(request, InviteForm(request.member))


@outside_transaction
@require_POST
def invitations(request: WorkspaceRequest, slug: str) -> HttpResponse:
    """Invite somebody. The mail goes out after the invitation is safe in the database."""
    by = demand(request, "manage people")
    form = InviteForm(by, request.POST)
    if not form.is_valid():
        return _with_page(request, form)
    try:
        invitation, token = invite(request.workspace.id, by, **form.cleaned_data)
    except PeopleProblem as problem:
        form.refuse(problem)
        return _with_page(request, form)
    if mail.send_invitation(invitation, workspace=request.workspace, token=token):
        tell(request, _("An invitation is on its way to %(email)s.") % {"email": invitation.email})
    else:
        warn(request, _("The mail could not be sent. Invite this person again in a few minutes."))
    return see_other(page_of(request, "accounts:people"))


@require_POST
def withdrawal(request: WorkspaceRequest, slug: str, invitation_id: uuid.UUID) -> HttpResponse:
    by = demand(request, "manage people")
    ended = there(revoke_invitation(request.workspace.id, by, invitation_id=invitation_id))
    tell(request, _("The invitation of %(email)s is withdrawn.") % {"email": ended.email})
    return see_other(page_of(request, "accounts:people"))


def _with_page(request: WorkspaceRequest, form: InviteForm) -> HttpResponse:
    with tenancy.in_workspace(request.workspace.id, request.member.id):
        return _page(request, form, status=422)


def _page(request: WorkspaceRequest, form: InviteForm, status: int = 200) -> HttpResponse:
    manages = policies.may(request.member, "manage people")
    open_ones = open_invitations(request.workspace.id).select_related("invited_by")
    context = {
        "people": selectors.people(request.workspace.id),
        "manages": manages,
        "form": form if manages else None,
        "invitations": open_ones.order_by("-created_at") if manages else [],
    }
    return render(request, "accounts/people.html", context, status=status)
