"""What an assignment made in the directory on the spot, and how undoing takes it back."""

import uuid
from dataclasses import dataclass, field

from django.db.models import Q

from accounts.models import Member
from activities.models import Activity, Assignment, Change
from contacts.models import Company, CompanyDomain, Contact, ProjectCompany
from contacts.problems import DirectoryProblem
from contacts.services.company_domains import remove_company_domain
from contacts.services.delete_company import delete_company
from contacts.services.delete_contact import delete_contact
from contacts.services.project_companies import remove_project_company


@dataclass(slots=True)
class Made:
    """Ids, as text, of what is new: companies, contacts, [project, company], [domain, company]."""

    companies: list[str] = field(default_factory=list)
    contacts: list[str] = field(default_factory=list)
    links: list[list[str]] = field(default_factory=list)
    domains: list[list[str]] = field(default_factory=list)


def take_domains_back(workspace_id: uuid.UUID, by: Member, change: Change) -> list[Activity]:
    """Unlink the domains that the change linked, and what rules recorded by them since.

    Only the engine's own records go: what somebody did by hand afterwards stays. Returns the
    activities that lost a record.
    """
    lost: dict[uuid.UUID, Activity] = {}
    for domain, company_id in change.made.get("domains", ()):
        rows = CompanyDomain.objects.filter(workspace_id=workspace_id, company_id=company_id)
        if rows.filter(domain=domain).exists():
            remove_company_domain(
                workspace_id, by=by, company_id=uuid.UUID(company_id), domain=domain
            )
        under = Q(address__endswith=f"@{domain}") | Q(address__endswith=f".{domain}")
        records = Assignment.objects.filter(
            under,
            workspace_id=workspace_id,
            company_id=company_id,
            origin=Assignment.Origin.ENGINE,
            created_at__gte=change.made_at,
        )
        touched = records.select_related("activity__message")
        lost |= {one.activity_id: one.activity for one in touched}
        records.delete()
        _drop_made_contacts(workspace_id, by, company_id, change)
    return list(lost.values())


def take_directory_back(workspace_id: uuid.UUID, by: Member, change: Change) -> None:
    """Remove contacts, project links and companies that the change made and nothing stands on."""
    for contact_id in change.made.get("contacts", ()):
        _unless_used(workspace_id, by, contact_id)
    for project_id, company_id in change.made.get("links", ()):
        links = ProjectCompany.objects.filter(
            workspace_id=workspace_id, project_id=project_id, company_id=company_id
        )
        if links.exists():
            remove_project_company(
                workspace_id,
                by=by,
                project_id=uuid.UUID(project_id),
                company_id=uuid.UUID(company_id),
            )
    for company_id in change.made.get("companies", ()):
        company = Company.objects.filter(workspace_id=workspace_id, id=company_id)
        if company.exists() and not _stands_on(workspace_id, company_id):
            delete_company(workspace_id, by=by, company_id=uuid.UUID(company_id))


def _drop_made_contacts(
    workspace_id: uuid.UUID, by: Member, company_id: str, change: Change
) -> None:
    """Contacts that the engine made by the domain since, and that nothing is recorded on now."""
    made = Contact.objects.filter(
        workspace_id=workspace_id,
        company_id=company_id,
        profiles_chosen=False,
        created_at__gte=change.made_at,
    )
    for contact_id in made.values_list("id", flat=True):
        _unless_used(workspace_id, by, str(contact_id))


def _unless_used(workspace_id: uuid.UUID, by: Member, contact_id: str) -> None:
    if not Contact.objects.filter(workspace_id=workspace_id, id=contact_id).exists():
        return
    try:
        delete_contact(workspace_id, by=by, contact_id=uuid.UUID(contact_id))
    except DirectoryProblem:
        return  # Something was recorded on the contact by hand since, so it stays.


def _stands_on(workspace_id: uuid.UUID, company_id: str) -> bool:
    people = Contact.objects.filter(workspace_id=workspace_id, company_id=company_id)
    records = Assignment.objects.filter(workspace_id=workspace_id, company_id=company_id)
    domains = CompanyDomain.objects.filter(workspace_id=workspace_id, company_id=company_id)
    return people.exists() or records.exists() or domains.exists()
