"""The list of contacts, and the page on which one is edited."""

import uuid

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import policies
from accounts.middleware import WorkspaceRequest
from accounts.models import Member
from accounts.toast import tell
from accounts.views.answers import demand, page_of, see_other
from contacts import selectors
from contacts.forms import AddressForm, ContactForm, NewContactForm, several
from contacts.models import Contact
from contacts.paging import by_name
from contacts.services.contact_addresses import add_contact_address, remove_contact_address
from contacts.services.create_contact import create_contact
from contacts.services.edit_contact import edit_contact
from contacts.services.profiles import give_profile, take_profile
from contacts.views.acting import carried_out, posted, told
from contacts.views.companies import EDIT, chosen_project


@require_safe
def contacts(request: WorkspaceRequest, slug: str) -> HttpResponse:
    text = selectors.search_text(request.GET.get("q", ""))
    found = selectors.contacts(request.workspace.id, request.member, text=text)
    context = {
        "page": by_name(request, found),
        "text": text,
        "may_edit": policies.may(request.member, EDIT),
    }
    return render(request, "contacts/contacts.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def new_contact(request: WorkspaceRequest, slug: str) -> HttpResponse:
    by = demand(request, EDIT)
    projects = selectors.visible_projects(request.workspace.id, by).order_by("name")
    form = NewContactForm(projects, posted(request))
    made: list[Contact] = []
    if (
        request.method == "POST"
        and form.is_valid()
        and carried_out(form, lambda: made.append(_create(request, by, form)))
    ):
        tell(request, _("%(name)s is a contact now.") % {"name": made[0]})
        return see_other(page_of(request, "contacts:contact_edit", made[0].id))
    context = {"form": form, "companies": selectors.company_names(request.workspace.id)}
    status = 422 if request.method == "POST" else 200
    return render(request, "contacts/contact_new.html", context, status=status)


def _create(request: WorkspaceRequest, by: Member, form: NewContactForm) -> Contact:
    facts = form.cleaned_data
    return create_contact(
        request.workspace.id,
        by=by,
        name=facts["name"],
        addresses=several(facts["address"]),
        company_id=_company_id(request, facts["company"]),
        project_ids=[project.id for project in facts["projects"]],
        lift_erasure=facts["lift_erasure"],
    )


@require_http_methods(["GET", "HEAD", "POST"])
def contact_edit(request: WorkspaceRequest, slug: str, contact_id: uuid.UUID) -> HttpResponse:
    by = demand(request, EDIT)
    contact = _contact(request, contact_id)
    if request.method != "POST":
        return _page(request, contact)
    form = ContactForm(request.POST)
    if form.is_valid() and carried_out(
        form,
        lambda: edit_contact(
            request.workspace.id,
            by=by,
            contact_id=contact_id,
            name=form.cleaned_data["name"],
            company_id=_company_id(request, form.cleaned_data["company"], now=contact),
        ),
    ):
        tell(request, _("Saved."))
        return see_other(page_of(request, "contacts:contact_edit", contact_id))
    return _page(request, contact, form=form)


@require_POST
def addresses(request: WorkspaceRequest, slug: str, contact_id: uuid.UUID) -> HttpResponse:
    by = demand(request, EDIT)
    contact = _contact(request, contact_id)
    form = AddressForm(request.POST)
    if form.is_valid() and carried_out(
        form,
        lambda: add_contact_address(
            request.workspace.id, by=by, contact_id=contact_id, **form.cleaned_data
        ),
    ):
        tell(request, _("The address is added. Mail that waits is looked at again."))
        return see_other(page_of(request, "contacts:contact_edit", contact_id))
    return _page(request, contact, address_form=form)


@require_POST
def address_removal(request: WorkspaceRequest, slug: str, contact_id: uuid.UUID) -> HttpResponse:
    by = demand(request, EDIT)
    _contact(request, contact_id)
    address = request.POST.get("address", "")[:400]
    told(
        request,
        lambda: remove_contact_address(
            request.workspace.id, by=by, contact_id=contact_id, address=address
        ),
        _("%(address)s is removed. What is recorded stays.") % {"address": address},
    )
    return see_other(page_of(request, "contacts:contact_edit", contact_id))


@require_POST
def profiles(request: WorkspaceRequest, slug: str, contact_id: uuid.UUID) -> HttpResponse:
    by = demand(request, EDIT)
    project_id = chosen_project(request)
    told(
        request,
        lambda: give_profile(
            request.workspace.id, by=by, contact_id=contact_id, project_id=project_id
        ),
        _("The contact is in the project."),
    )
    return see_other(page_of(request, "contacts:contact_edit", contact_id))


@require_POST
def profile_removal(request: WorkspaceRequest, slug: str, contact_id: uuid.UUID) -> HttpResponse:
    by = demand(request, EDIT)
    project_id = chosen_project(request)
    told(
        request,
        lambda: take_profile(
            request.workspace.id, by=by, contact_id=contact_id, project_id=project_id
        ),
        _("The contact is out of the project. What is recorded there stays."),
    )
    return see_other(page_of(request, "contacts:contact_edit", contact_id))


def _contact(request: WorkspaceRequest, contact_id: uuid.UUID) -> Contact:
    found = selectors.contacts(request.workspace.id, request.member)
    return get_object_or_404(found, id=contact_id)


def _company_id(
    request: WorkspaceRequest, text: str, now: Contact | None = None
) -> uuid.UUID | None:
    # A name that was left as it stood means this company, even when another one has the same.
    if now and now.company and now.company.name == text:
        return now.company_id
    return selectors.company_meant(request.workspace.id, text).id if text else None


def _page(
    request: WorkspaceRequest,
    contact: Contact,
    *,
    form: ContactForm | None = None,
    address_form: AddressForm | None = None,
) -> HttpResponse:
    inside = [profile.project for profile in contact.profiles.all()]
    seen = selectors.visible_projects(request.workspace.id, request.member).order_by("name")
    company = contact.company.name if contact.company else ""
    context = {
        "contact": contact,
        "form": form or ContactForm(initial={"name": contact.name, "company": company}),
        "address_form": address_form or AddressForm(auto_id="id_new_%s"),
        "inside": inside,
        "outside": [project for project in seen if project not in inside],
        "companies": selectors.company_names(request.workspace.id),
    }
    status = 422 if form or address_form else 200
    return render(request, "contacts/contact_edit.html", context, status=status)
