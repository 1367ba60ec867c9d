"""The list of companies, and the page on which one is edited."""

import uuid

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import policies
from accounts.middleware import WorkspaceRequest
from accounts.toast import tell
from accounts.views.answers import demand, page_of, see_other
from contacts import selectors
from contacts.forms import CompanyDomainForm, CompanyForm, NewCompanyForm, several
from contacts.models import Company
from contacts.paging import by_name
from contacts.services.company_domains import add_company_domain, remove_company_domain
from contacts.services.create_company import create_company
from contacts.services.edit_company import edit_company
from contacts.services.project_companies import add_project_company, remove_project_company
from contacts.views.acting import carried_out, posted, told

EDIT = "edit directory"
DOMAIN_FIELD = "domain"


@require_safe
def companies(request: WorkspaceRequest, slug: str) -> HttpResponse:
    text = selectors.search_text(request.GET.get("q", ""))
    found = selectors.companies(request.workspace.id, request.member, text=text)
    context = {
        "page": by_name(request, found),
        "text": text,
        "may_edit": policies.may(request.member, EDIT),
    }
    return render(request, "contacts/companies.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def new_company(request: WorkspaceRequest, slug: str) -> HttpResponse:
    by = demand(request, EDIT)
    projects = selectors.visible_projects(request.workspace.id, by).order_by("name")
    form = NewCompanyForm(projects, posted(request))
    made: list[Company] = []
    if request.method == "POST" and form.is_valid():
        facts = form.cleaned_data
        if carried_out(
            form,
            lambda: made.append(
                create_company(
                    request.workspace.id,
                    by=by,
                    name=facts["name"],
                    domains=several(facts["domain"]),
                    share=facts["share"],
                    project_ids=[project.id for project in facts["projects"]],
                )
            ),
        ):
            tell(request, _("%(name)s is created.") % {"name": made[0].name})
            return see_other(page_of(request, "contacts:company_edit", made[0].id))
    status = 422 if request.method == "POST" else 200
    return render(request, "contacts/company_new.html", {"form": form}, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def company_edit(request: WorkspaceRequest, slug: str, company_id: uuid.UUID) -> HttpResponse:
    by = demand(request, EDIT)
    company = _company(request, company_id)
    if request.method != "POST":
        return _page(request, company)
    form = CompanyForm(request.POST)
    if form.is_valid() and carried_out(
        form,
        lambda: edit_company(
            request.workspace.id, by=by, company_id=company_id, name=form.cleaned_data["name"]
        ),
    ):
        tell(request, _("Saved."))
        return see_other(page_of(request, "contacts:company_edit", company_id))
    return _page(request, company, form=form)


@require_POST
def domains(request: WorkspaceRequest, slug: str, company_id: uuid.UUID) -> HttpResponse:
    by = demand(request, EDIT)
    company = _company(request, company_id)
    form = CompanyDomainForm(request.POST)
    if form.is_valid() and carried_out(
        form,
        lambda: add_company_domain(
            request.workspace.id, by=by, company_id=company_id, **form.cleaned_data
        ),
    ):
        tell(request, _("The domain is added. Mail that waits is looked at again."))
        return see_other(page_of(request, "contacts:company_edit", company_id))
    return _page(request, company, domain_form=form)


@require_POST
def domain_removal(request: WorkspaceRequest, slug: str, company_id: uuid.UUID) -> HttpResponse:
    by = demand(request, EDIT)
    _company(request, company_id)
    domain = request.POST.get(DOMAIN_FIELD, "")[:300]
    told(
        request,
        lambda: remove_company_domain(
            request.workspace.id, by=by, company_id=company_id, domain=domain
        ),
        _("%(domain)s is removed.") % {"domain": domain},
    )
    return see_other(page_of(request, "contacts:company_edit", company_id))


@require_POST
def projects(request: WorkspaceRequest, slug: str, company_id: uuid.UUID) -> HttpResponse:
    by = demand(request, EDIT)
    project_id = chosen_project(request)
    told(
        request,
        lambda: add_project_company(
            request.workspace.id, by=by, project_id=project_id, company_id=company_id
        ),
        _("The company is in the project."),
    )
    return see_other(page_of(request, "contacts:company_edit", company_id))


@require_POST
def project_removal(request: WorkspaceRequest, slug: str, company_id: uuid.UUID) -> HttpResponse:
    by = demand(request, EDIT)
    project_id = chosen_project(request)
    told(
        request,
        lambda: remove_project_company(
            request.workspace.id, by=by, project_id=project_id, company_id=company_id
        ),
        _("The company is out of the project. What is recorded there stays."),
    )
    return see_other(page_of(request, "contacts:company_edit", company_id))


def chosen_project(request: WorkspaceRequest) -> uuid.UUID:
    """Return the id of the visible project that the form names, or answer 404."""
    try:
        asked = uuid.UUID(request.POST.get("project", ""))
    except ValueError as error:
        raise Http404 from error
    seen = selectors.visible_projects(request.workspace.id, request.member)
    return get_object_or_404(seen, id=asked).id


def _company(request: WorkspaceRequest, company_id: uuid.UUID) -> Company:
    found = selectors.companies(request.workspace.id, request.member)
    return get_object_or_404(found, id=company_id)


def _page(
    request: WorkspaceRequest,
    company: Company,
    *,
    form: CompanyForm | None = None,
    domain_form: CompanyDomainForm | None = None,
) -> HttpResponse:
    inside = [row.project for row in company.company_projects.all()]
    seen = selectors.visible_projects(request.workspace.id, request.member).order_by("name")
    context = {
        "company": company,
        "form": form or CompanyForm(initial={"name": company.name}),
        "domain_form": domain_form or CompanyDomainForm(auto_id="id_new_%s"),
        "inside": inside,
        "outside": [project for project in seen if project not in inside],
    }
    status = 422 if form or domain_form else 200
    return render(request, "contacts/company_edit.html", context, status=status)
