"""The page that a mailed invitation leads to. It is open to people who have not signed in."""

from allauth.account.adapter import get_adapter
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.forms import AcceptForm, from_post
from accounts.models import Invitation
from accounts.services.addresses import own_form
from accounts.services.invitations import accept_invitation, find_invitation
from accounts.toast import tell
from accounts.views.answers import invalid, see_other
from accounts.views.workspaces import start_of

TEMPLATE = "accounts/invitation.html"


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """Join, when the signed-in address is the invited one; otherwise say what to do first."""
    found = find_invitation(token)
    if found is None:
        return render(request, "accounts/invitation_over.html", status=404)
    if not request.user.is_authenticated:
        return _for_a_stranger(request, found)
    if own_form(request.user.email) != found.email:
        return render(request, TEMPLATE, {"invitation": found, "other_address": True})
    form = AcceptForm(from_post(request), initial={"name": request.user.name})
    if request.method != "POST":
        return render(request, TEMPLATE, {"invitation": found, "form": form})
    if not form.is_valid():
        return invalid(request, TEMPLATE, {"invitation": found, "form": form})
    member = accept_invitation(
        found.workspace_id, request.user, token=token, member_name=form.cleaned_data["name"]
    )
    if member is None:
        return render(request, "accounts/invitation_over.html", status=404)
    tell(request, _("Welcome to %(name)s.") % {"name": found.workspace.name})
    return see_other(start_of(found.workspace.slug))


def _for_a_stranger(request: HttpRequest, found: Invitation) -> HttpResponse:
    if request.method == "POST":
        return redirect_to_login(request.path)
    # Whoever holds the link has read the mail at that address, so signing up with it in this
    # browser needs no second mail.
    get_adapter().stash_verified_email(request, found.email)
    return render(request, TEMPLATE, {"invitation": found, "stranger": True})
