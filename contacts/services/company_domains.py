"""Adds a domain to a company, shares it among several, and takes it away."""

import uuid

from django.db import transaction
from django.utils.text import get_text_list
from django.utils.translation import gettext as _

from accounts import audit
from accounts.models import Member
from contacts.models import Company, CompanyDomain
from contacts.problems import DomainTaken, NotThere
from contacts.services.checks import find, lock_directory
from contacts.services.claim_domain import claim_for_company
from contacts.services.note_changes import note_changes


@transaction.atomic
def add_company_domain(
    workspace_id: uuid.UUID,
    *,
    by: Member | None,
    company_id: uuid.UUID,
    domain: str,
    share: bool = False,
) -> CompanyDomain:
    """Give the company a domain and return its row; a domain that it has already stays as it is.

    Where another company has it, DomainTaken is raised unless `share` is set; then the domain
    stands on all of them and recognises nobody.
    """
    lock_directory(workspace_id)
    company = find(Company, workspace_id, company_id)
    claimed = claim_for_company(workspace_id, domain)
    rows = list(
        CompanyDomain.objects.select_related("company").filter(
            workspace_id=workspace_id, domain=claimed
        )
    )
    mine = next((row for row in rows if row.company_id == company.id), None)
    if mine:
        return mine
    if rows and not share:
        raise _taken(claimed, rows)
    CompanyDomain.objects.filter(id__in=[row.id for row in rows]).update(shared=True)
    made = CompanyDomain.objects.create(
        workspace_id=workspace_id, company=company, domain=claimed, shared=bool(rows)
    )
    audit.record(
        workspace_id,
        by,
        "company domain added",
        company,
        after={"domain": claimed, "shared": made.shared},
    )
    note_changes(workspace_id, by=by, domains=[claimed])
    return made


@transaction.atomic
def remove_company_domain(
    workspace_id: uuid.UUID, *, by: Member | None, company_id: uuid.UUID, domain: str
) -> Company:
    """Take a domain from the company and return it; the last one left has the domain alone."""
    lock_directory(workspace_id)
    company = find(Company, workspace_id, company_id)
    taken, _counts = CompanyDomain.objects.filter(
        workspace_id=workspace_id, company=company, domain=domain
    ).delete()
    if not taken:
        raise NotThere(_("The company does not have this domain any more."), field="domain")
    unshare_last(workspace_id, [domain])
    audit.record(workspace_id, by, "company domain removed", company, before={"domain": domain})
    note_changes(workspace_id, by=by, domains=[domain])
    return company


def unshare_last(workspace_id: uuid.UUID, domains: list[str]) -> None:
    """Give each domain back to the company that is the only one left with it."""
    for domain in domains:
        rows = CompanyDomain.objects.filter(workspace_id=workspace_id, domain=domain)
        if rows.count() == 1:
            rows.update(shared=False)


def _taken(domain: str, rows: list[CompanyDomain]) -> DomainTaken:
    names = get_text_list([row.company.name for row in rows[:3]], _("and"))
    sentence = _(
        "%(domain)s belongs to %(companies)s. Share it if both use it: then mail from it waits"
        " for a person, and the companies are suggested."
    )
    return DomainTaken(sentence % {"domain": domain, "companies": names}, field="domain")
