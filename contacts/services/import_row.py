"""Imports one row: adds what the directory lacks, refuses what contradicts it."""

import uuid
from collections.abc import Iterable

from django.utils.translation import gettext as _

from accounts.models import Member
from contacts.models import Company, CompanyDomain, Contact, Profile, Project, ProjectCompany
from contacts.problems import DirectoryProblem
from contacts.services.checks import checked_address, shorten
from contacts.services.claim_domain import checked_domain
from contacts.services.company_domains import add_company_domain
from contacts.services.contact_addresses import add_contact_address
from contacts.services.create_company import create_company
from contacts.services.create_contact import create_contact
from contacts.services.edit_contact import edit_contact
from contacts.services.profiles import give_profile
from contacts.services.project_companies import add_project_company
from contacts.services.read_csv import VALUES_LIMIT, ImportRow

ProjectsByName = dict[str, list[Project]]


def import_row(
    workspace_id: uuid.UUID, *, by: Member, row: ImportRow, projects: ProjectsByName
) -> bool:
    """Import the row and tell whether anything changed, or raise DirectoryProblem.

    The projects of a row with an address are the contact's profiles; without one, the company's.
    """
    _refuse_too_many(row)
    wanted = [_project(name, projects) for name in row.projects]
    changed, company = _company(workspace_id, by, row)
    if row.addresses:
        return _contact(workspace_id, by, row, company, wanted) or changed
    if company is None:
        raise DirectoryProblem(_("The row has neither a company nor an address."))
    if row.name:
        sentence = _("%(name)s has no address. A contact is imported with at least one.")
        raise DirectoryProblem(sentence % {"name": shorten(row.name)})
    return _join(workspace_id, by, company, wanted) or changed


def _company(workspace_id: uuid.UUID, by: Member, row: ImportRow) -> tuple[bool, Company | None]:
    if not row.company and not row.domains:
        return False, None
    domains = [checked_domain(domain) for domain in row.domains]
    found = _companies_meant(workspace_id, row.company, domains)
    if len(found) > 1 or not (found or row.company):
        raise DirectoryProblem(_("Name the company, and one domain that only this company has."))
    if not found:
        return True, create_company(workspace_id, by=by, name=row.company, domains=domains)
    company = found[0]
    missing = set(domains) - set(company.domains.values_list("domain", flat=True))
    for domain in sorted(missing):
        add_company_domain(workspace_id, by=by, company_id=company.id, domain=domain)
    return bool(missing), company


def _companies_meant(workspace_id: uuid.UUID, name: str, domains: list[str]) -> list[Company]:
    companies = Company.objects.filter(workspace_id=workspace_id)
    owned = CompanyDomain.objects.filter(workspace_id=workspace_id, domain__in=domains)
    owners = companies.filter(id__in=owned.values("company_id"))
    if not name:
        return list(owners[:2])
    named = list(companies.filter(name__iexact=name)[:2])
    if len(named) < 2:
        return named
    return list(owners.filter(name__iexact=name)[:2]) or named


def _contact(
    workspace_id: uuid.UUID,
    by: Member,
    row: ImportRow,
    company: Company | None,
    projects: list[Project],
) -> bool:
    addresses = [checked_address(address) for address in row.addresses]
    found = list(
        Contact.objects.filter(
            workspace_id=workspace_id, addresses__address__in=addresses
        ).distinct()[:2]
    )
    if len(found) > 1:
        sentence = _("The addresses belong to two contacts, %(one)s and %(other)s.")
        raise DirectoryProblem(sentence % {"one": found[0], "other": found[1]})
    if not found:
        create_contact(
            workspace_id,
            by=by,
            name=row.name,
            addresses=addresses,
            company_id=company.id if company else None,
            project_ids=[project.id for project in projects],
            origin=Profile.Origin.IMPORT,
        )
        return True
    contact = found[0]
    edited = _fill(workspace_id, by, contact, row.name, company)
    added = _add_addresses(workspace_id, by, contact, addresses)
    return _give(workspace_id, by, contact, projects) or edited or added


def _fill(
    workspace_id: uuid.UUID, by: Member, contact: Contact, name: str, company: Company | None
) -> bool:
    if company and contact.company and contact.company != company:
        sentence = _("%(contact)s is at %(here)s, and the file says %(there)s.")
        names = {"contact": contact, "here": contact.company.name, "there": company.name}
        raise DirectoryProblem(sentence % names)
    if (contact.name or not name) and (contact.company or not company):
        return False
    edit_contact(
        workspace_id,
        by=by,
        contact_id=contact.id,
        name=contact.name or name,
        company_id=contact.company_id or (company.id if company else None),
    )
    return True


def _add_addresses(
    workspace_id: uuid.UUID, by: Member, contact: Contact, addresses: Iterable[str]
) -> bool:
    missing = set(addresses) - set(contact.addresses.values_list("address", flat=True))
    for address in sorted(missing):
        add_contact_address(workspace_id, by=by, contact_id=contact.id, address=address)
    return bool(missing)


def _give(workspace_id: uuid.UUID, by: Member, contact: Contact, projects: list[Project]) -> bool:
    had = set(contact.profiles.values_list("project_id", flat=True))
    missing = [each for each in projects if each.id not in had or not contact.profiles_chosen]
    for project in missing:
        give_profile(
            workspace_id,
            by=by,
            contact_id=contact.id,
            project_id=project.id,
            origin=Profile.Origin.IMPORT,
        )
    return bool(missing)


def _join(workspace_id: uuid.UUID, by: Member, company: Company, projects: list[Project]) -> bool:
    rows = ProjectCompany.objects.filter(workspace_id=workspace_id, company=company)
    had = set(rows.values_list("project_id", flat=True))
    missing = [project for project in projects if project.id not in had]
    for project in missing:
        add_project_company(workspace_id, by=by, project_id=project.id, company_id=company.id)
    return bool(missing)


def _project(name: str, projects: ProjectsByName) -> Project:
    found = projects.get(name.casefold(), [])
    if len(found) == 1:
        return found[0]
    sentence = (
        _("More than one project is called %(name)s. Rename one of them first.")
        if found
        else _("No project is called %(name)s. Create it first, or correct the name.")
    )
    raise DirectoryProblem(sentence % {"name": shorten(name)})


def _refuse_too_many(row: ImportRow) -> None:
    if max(len(row.domains), len(row.addresses), len(row.projects)) > VALUES_LIMIT:
        sentence = _("The row has more than %(limit)s values in one column.")
        raise DirectoryProblem(sentence % {"limit": VALUES_LIMIT})
