"""The member's own page: name, time zone, and the addresses that are theirs."""

import uuid

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import mail, selectors, tenancy
from accounts.forms import AddressForm, ProfileForm, from_post
from accounts.middleware import WorkspaceRequest
from accounts.models import Member
from accounts.problems import PeopleProblem
from accounts.services.addresses import claim_address, drop_address, prove_address
from accounts.services.members import change_profile
from accounts.toast import tell, warn
from accounts.views.answers import outside_transaction, page_of, see_other, there


@require_safe
def settings(request: WorkspaceRequest, slug: str) -> HttpResponse:
    return see_other(page_of(request, "accounts:profile"))


@require_http_methods(["GET", "HEAD", "POST"])
def profile(request: WorkspaceRequest, slug: str) -> HttpResponse:
    form = ProfileForm(from_post(request), initial=_as_it_is(request.member))
    if request.method != "POST":
        return _page(request, form, AddressForm())
    if not form.is_valid():
        return _page(request, form, AddressForm(), status=422)
    change_profile(request.workspace.id, request.member, **form.cleaned_data)
    tell(request, _("Your profile is saved."))
    return see_other(page_of(request, "accounts:profile"))


@outside_transaction
@require_POST
def addresses(request: WorkspaceRequest, slug: str) -> HttpResponse:
    """Add an address; it counts for nothing until the link that is mailed to it was followed."""
    form = AddressForm(request.POST)
    if not form.is_valid():
        return _with_page(request, form)
    try:
        row, token = claim_address(request.workspace.id, request.member, **form.cleaned_data)
    except PeopleProblem as problem:
        form.refuse(problem)
        return _with_page(request, form)
    if mail.send_address_proof(row, workspace=request.workspace, token=token):
        tell(request, _("Follow the link that was mailed to %(a)s.") % {"a": row.address})
    else:
        warn(request, _("The mail could not be sent. Add the address again in a few minutes."))
    return see_other(page_of(request, "accounts:profile"))


@require_POST
def address_removal(request: WorkspaceRequest, slug: str, address_id: uuid.UUID) -> HttpResponse:
    there(drop_address(request.workspace.id, request.member, address_id=address_id) or None)
    tell(request, _("The address is removed."))
    return see_other(page_of(request, "accounts:profile"))


@require_http_methods(["GET", "HEAD", "POST"])
def address_proof(request: WorkspaceRequest, slug: str, token: str) -> HttpResponse:
    """The mailed link shows a button: programs that scan mail follow links, but press nothing."""
    if request.method != "POST":
        return render(request, "accounts/address_proof.html")
    row = prove_address(request.workspace.id, request.member, token=token)
    if row is None:
        return render(request, "accounts/address_proof.html", {"over": True}, status=422)
    tell(request, _("%(address)s is yours now.") % {"address": row.address})
    return see_other(page_of(request, "accounts:profile"))


def _with_page(request: WorkspaceRequest, form: AddressForm) -> HttpResponse:
    with tenancy.in_workspace(request.workspace.id, request.member.id):
        profile = ProfileForm(initial=_as_it_is(request.member))
        return _page(request, profile, form, status=422)


def _as_it_is(member: Member) -> dict[str, str | bool]:
    zone = member.user.time_zone
    return {
        "name": member.name,
        "time_zone": zone,
        "signature": member.signature,
        "uses_keys": member.user.uses_keys,
    }


def _page(
    request: WorkspaceRequest, form: ProfileForm, address_form: AddressForm, status: int = 200
) -> HttpResponse:
    context = {
        "form": form,
        "address_form": address_form,
        "addresses": selectors.addresses_of(request.member),
    }
    return render(request, "accounts/profile.html", context, status=status)
