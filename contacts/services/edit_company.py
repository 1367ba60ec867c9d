"""Renames a company."""

import uuid

from django.db import transaction

from accounts import audit
from accounts.models import Member
from contacts.models import Company
from contacts.services.checks import find, required_name


@transaction.atomic
def edit_company(
    workspace_id: uuid.UUID, *, by: Member | None, company_id: uuid.UUID, name: str
) -> Company:
    """Set the name and return the company; an unchanged one leaves no trace."""
    company = find(Company, workspace_id, company_id)
    before, company.name = company.name, required_name(name)
    if company.name != before:
        company.save(update_fields=["name"])
        audit.record(
            workspace_id,
            by,
            "company renamed",
            company,
            before={"name": before},
            after={"name": company.name},
        )
    return company
