"""Settings: internal domains, further mailbox providers, and addresses of former members."""

import uuid

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts import policies
from accounts.middleware import WorkspaceRequest
from accounts.toast import tell
from accounts.views.answers import demand, page_of, see_other
from contacts import selectors
from contacts.forms import DomainForm
from contacts.services.internal_domains import add_internal_domain, remove_internal_domain
from contacts.services.public_domains import add_public_domain, remove_public_domain
from contacts.services.released_addresses import keep_address, release_address
from contacts.views.acting import carried_out, told

EDIT = "edit rules"
HOME = "contacts:internal_domains"


@require_http_methods(["GET", "HEAD", "POST"])
def internal_domains(request: WorkspaceRequest, slug: str) -> HttpResponse:
    if request.method != "POST":
        return _page(request)
    by = demand(request, EDIT)
    form = DomainForm(request.POST, auto_id="id_internal_%s")
    if form.is_valid() and carried_out(
        form, lambda: add_internal_domain(request.workspace.id, by=by, **form.cleaned_data)
    ):
        tell(request, _("The domain is internal. Mail that waits is looked at again."))
        return see_other(page_of(request, HOME))
    return _page(request, internal_form=form)


@require_POST
def internal_domain_removal(
    request: WorkspaceRequest, slug: str, domain_id: uuid.UUID
) -> HttpResponse:
    by = demand(request, EDIT)
    told(
        request,
        lambda: remove_internal_domain(request.workspace.id, by=by, domain_id=domain_id),
        _("The domain is not internal any more."),
    )
    return see_other(page_of(request, HOME))


@require_POST
def public_domains(request: WorkspaceRequest, slug: str) -> HttpResponse:
    by = demand(request, EDIT)
    form = DomainForm(request.POST, auto_id="id_public_%s")
    if form.is_valid() and carried_out(
        form, lambda: add_public_domain(request.workspace.id, by=by, **form.cleaned_data)
    ):
        tell(request, _("The domain counts as a mailbox provider now."))
        return see_other(page_of(request, HOME))
    return _page(request, public_form=form)


@require_POST
def public_domain_removal(
    request: WorkspaceRequest, slug: str, domain_id: uuid.UUID
) -> HttpResponse:
    by = demand(request, EDIT)
    told(
        request,
        lambda: remove_public_domain(request.workspace.id, by=by, domain_id=domain_id),
        _("The domain can be a company’s again."),
    )
    return see_other(page_of(request, HOME))


@require_POST
def release(request: WorkspaceRequest, slug: str, address_id: uuid.UUID) -> HttpResponse:
    by = demand(request, "manage people")
    told(
        request,
        lambda: release_address(request.workspace.id, by=by, address_id=address_id),
        _("The address is released: mail with it is a customer’s from now on."),
    )
    return see_other(page_of(request, HOME))


@require_POST
def release_removal(request: WorkspaceRequest, slug: str, address_id: uuid.UUID) -> HttpResponse:
    by = demand(request, "manage people")
    told(
        request,
        lambda: keep_address(request.workspace.id, by=by, address_id=address_id),
        _("The address is internal again."),
    )
    return see_other(page_of(request, HOME))


def _page(
    request: WorkspaceRequest,
    *,
    internal_form: DomainForm | None = None,
    public_form: DomainForm | None = None,
) -> HttpResponse:
    workspace_id = request.workspace.id
    context = {
        "internal": selectors.internal_domains(workspace_id),
        "public": selectors.public_domains(workspace_id),
        "former": selectors.former_addresses(workspace_id),
        "may_edit": policies.may(request.member, EDIT),
        "may_release": policies.may(request.member, "manage people"),
        "internal_form": internal_form or DomainForm(auto_id="id_internal_%s"),
        "public_form": public_form or DomainForm(auto_id="id_public_%s"),
    }
    status = 422 if internal_form or public_form else 200
    return render(request, "contacts/internal_domains.html", context, status=status)
