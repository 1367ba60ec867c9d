"""Makes a company, with its domains and projects."""

import uuid
from collections.abc import Iterable

from django.db import transaction

from accounts import audit
from accounts.models import Member
from contacts.models import Company
from contacts.services.checks import required_name
from contacts.services.company_domains import add_company_domain
from contacts.services.project_companies import add_project_company


@transaction.atomic
def create_company(
    workspace_id: uuid.UUID,
    *,
    by: Member | None,
    name: str,
    domains: Iterable[str] = (),
    share: bool = False,
    project_ids: Iterable[uuid.UUID] = (),
) -> Company:
    """Create the company and return it; nothing is kept when one of its domains is refused."""
    company = Company.objects.create(workspace_id=workspace_id, name=required_name(name))
    audit.record(workspace_id, by, "company created", company, after={"name": company.name})
    for project_id in project_ids:
        add_project_company(workspace_id, by=by, project_id=project_id, company_id=company.id)
    for domain in domains:
        add_company_domain(workspace_id, by=by, company_id=company.id, domain=domain, share=share)
    return company
