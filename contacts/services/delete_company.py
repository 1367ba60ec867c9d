"""Deletes a company on which nothing is recorded."""

import uuid

from django.db import transaction
from django.db.models import ProtectedError
from django.utils.translation import gettext as _

from accounts import audit
from accounts.models import Member
from contacts.models import Company
from contacts.problems import DirectoryProblem
from contacts.services.checks import find, lock_directory
from contacts.services.company_domains import unshare_last
from contacts.services.note_changes import note_changes


@transaction.atomic
def delete_company(
    workspace_id: uuid.UUID, *, by: Member | None, company_id: uuid.UUID
) -> list[str]:
    """Delete the company, keep its contacts without one, and return the domains that are free."""
    lock_directory(workspace_id)
    company = find(Company, workspace_id, company_id)
    domains = list(company.domains.values_list("domain", flat=True))
    try:
        with transaction.atomic():
            company.delete()
    except ProtectedError as error:
        sentence = _(
            "Something is recorded on %(name)s, so it cannot be deleted. Merge it into another"
            " company instead, and its history moves along."
        )
        raise DirectoryProblem(sentence % {"name": company.name}) from error
    unshare_last(workspace_id, domains)
    company.pk = company_id
    audit.record(
        workspace_id,
        by,
        "company deleted",
        company,
        before={"name": company.name, "domains": domains},
    )
    note_changes(workspace_id, by=by, domains=domains)
    return domains
