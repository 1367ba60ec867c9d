"""Contacts and companies as a form offers them, each with why, and the search for more."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models.functions import Lower
from django.utils.translation import gettext as _

from activities.selectors.visible import Sight
from contacts.models import (
    Company,
    CompanyDomain,
    Contact,
    ContactAddress,
    Profile,
    ProjectCompany,
)
from contacts.selectors import search_text

MOST_FOUND = 8

Key = tuple[str, uuid.UUID]


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A contact or company to assign to, and why. `projects` are those it stands in already."""

    kind: str
    id: uuid.UUID
    name: str
    why: str
    projects: frozenset[uuid.UUID] = frozenset()

    @property
    def value(self) -> str:
        return f"{self.kind}:{self.id}"


@dataclass(frozen=True, slots=True)
class OneClick:
    """The best suggestion of a row, where one project is certain: a click assigns."""

    whom: Suggestion
    project_id: uuid.UUID


def find_whom(sight: Sight, text: str) -> list[Suggestion]:
    """Contacts and companies whose name, address or domain begins with or contains the text."""
    wanted = search_text(text)
    if len(wanted) < 2:
        return []
    found: dict[Key, str] = {}
    workspace = sight.workspace_id
    people = Contact.objects.filter(workspace_id=workspace, name__icontains=wanted)
    for row in people.order_by(Lower("name"))[:MOST_FOUND]:
        found["contact", row.id] = _("Contact")
    addresses = ContactAddress.objects.filter(
        workspace_id=workspace, address__contains=wanted.lower()
    )
    for contact_id, address in addresses.values_list("contact_id", "address")[:MOST_FOUND]:
        found.setdefault(("contact", contact_id), address)
    companies = Company.objects.filter(workspace_id=workspace, name__icontains=wanted)
    for one in companies.order_by(Lower("name"))[:MOST_FOUND]:
        found["company", one.id] = _("Company")
    domains = CompanyDomain.objects.filter(workspace_id=workspace, domain__contains=wanted.lower())
    for company_id, domain in domains.values_list("company_id", "domain")[:MOST_FOUND]:
        found.setdefault(("company", company_id), domain)
    return dressed(sight, found)[: MOST_FOUND * 2]


def named(sight: Sight, value: str) -> list[Suggestion]:
    """The one that a form names as "contact:id" or "company:id", if it is there."""
    kind, _sep, text = value.partition(":")
    try:
        row_id = uuid.UUID(text)
    except ValueError:
        return []
    words = {"contact": _("Contact"), "company": _("Company")}
    return dressed(sight, {(kind, row_id): words[kind]}) if kind in words else []


def dressed(sight: Sight, found: Mapping[Key, str]) -> list[Suggestion]:
    """These contacts and companies with their names and their projects, in order. Four queries."""
    workspace, visible = sight.workspace_id, sight.project_ids
    contact_ids = [row_id for kind, row_id in found if kind == "contact"]
    company_ids = [row_id for kind, row_id in found if kind == "company"]
    belongs: dict[uuid.UUID, set[uuid.UUID]] = {}
    profiles = Profile.objects.filter(
        workspace_id=workspace, contact_id__in=contact_ids, project_id__in=visible
    )
    places = ProjectCompany.objects.filter(
        workspace_id=workspace, company_id__in=company_ids, project_id__in=visible
    )
    for owner, project_id in [
        *profiles.values_list("contact_id", "project_id"),
        *places.values_list("company_id", "project_id"),
    ]:
        belongs.setdefault(owner, set()).add(project_id)
    contacts = Contact.objects.filter(workspace_id=workspace).in_bulk(contact_ids)
    companies = Company.objects.filter(workspace_id=workspace).in_bulk(company_ids)
    names = {("contact", row_id): str(row) for row_id, row in contacts.items()}
    names |= {("company", row_id): str(row) for row_id, row in companies.items()}
    return [
        Suggestion(*key, names[key], why, frozenset(belongs.get(key[1], ())))
        for key, why in found.items()
        if key in names
    ]
