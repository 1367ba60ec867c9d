"""A contact, a company and a project: identity, and one timeline."""

import uuid
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from accounts import keyset
from accounts.middleware import WorkspaceRequest
from accounts.policies import may
from accounts.views.answers import there
from activities.forms import read_id
from activities.models import Assignment
from activities.selectors import timelines
from activities.selectors.visible import Sight, sight_of
from activities.views.lists import days_of, projects_of
from contacts.models import CompanyDomain, Contact, ContactAddress, ProjectCompany

MOST_BESIDE = 50


@require_safe
@vary_on_headers("HX-Request")
def contact(request: WorkspaceRequest, slug: str, contact_id: uuid.UUID) -> HttpResponse:
    """A person: addresses, company, profiles, and what happened with them."""
    sight = sight_of(request.workspace.id, request.member)
    person = there(timelines.contact_shown(sight, contact_id))
    project_id = read_id(request.GET.get("project", ""))
    rows = timelines.of_contact(sight, person, project_id=project_id)
    addresses = ContactAddress.objects.filter(workspace_id=sight.workspace_id, contact=person)
    context = {
        "person": person,
        "addresses": list(addresses.order_by("address")[:MOST_BESIDE]),
        "profiles": timelines.profiles_shown(sight, person),
        "can_log": may(request.member, "log"),
        "internal": timelines.internal_addresses(sight.workspace_id, person),
        **_timeline(request, sight, rows, project_id),
    }
    return render(request, "activities/contact.html", context)


@require_safe
@vary_on_headers("HX-Request")
def company(request: WorkspaceRequest, slug: str, company_id: uuid.UUID) -> HttpResponse:
    """A company: domains, people, projects, and what happened with it."""
    sight = sight_of(request.workspace.id, request.member)
    firm = there(timelines.company_shown(sight, company_id))
    project_id = read_id(request.GET.get("project", ""))
    rows = timelines.of_company(sight, firm, project_id=project_id)
    workspace_id = sight.workspace_id
    domains = CompanyDomain.objects.filter(workspace_id=workspace_id, company=firm)
    people = Contact.objects.filter(workspace_id=workspace_id, company=firm)
    places = ProjectCompany.objects.filter(
        workspace_id=workspace_id, company=firm, project_id__in=sight.project_ids
    )
    context = {
        "firm": firm,
        "domains": list(domains.order_by("domain")[:MOST_BESIDE]),
        "people": list(people.order_by("name", "id")[:MOST_BESIDE]),
        "places": list(places.select_related("project").order_by("project__name")[:MOST_BESIDE]),
        **_timeline(request, sight, rows, project_id),
    }
    return render(request, "activities/company.html", context)


@require_safe
@vary_on_headers("HX-Request")
def project(request: WorkspaceRequest, slug: str, project_id: uuid.UUID) -> HttpResponse:
    """A project: its settings in words, and what happened in it."""
    sight = sight_of(request.workspace.id, request.member)
    work = there(timelines.project_shown(sight, project_id))
    companies = ProjectCompany.objects.filter(workspace_id=sight.workspace_id, project=work)
    context = {
        "work": work,
        "companies": list(
            companies.select_related("company").order_by("company__name")[:MOST_BESIDE]
        ),
        "inbound_domain": settings.INBOUND_DOMAIN,
        "may_edit": may(request.member, "edit projects"),
        "can_log": may(request.member, "log"),
        **_timeline(request, sight, timelines.of_project(sight, work), None),
    }
    return render(request, "activities/project.html", context)


def _timeline(
    request: HttpRequest, sight: Sight, rows: Any, project_id: uuid.UUID | None
) -> dict[str, Any]:
    page: keyset.Page[Assignment] = keyset.page(request, rows, by="occurred_at", tie="activity_id")
    projects = projects_of(sight)
    return {
        "days": days_of(timelines.lines_at(sight, page.rows)),
        "next_url": page.next_url,
        "first_page": "after" not in request.GET,
        "projects": projects,
        "project": next((one for one in projects if one.id == project_id), None),
    }
