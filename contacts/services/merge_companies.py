"""Makes two companies one."""

import uuid

from django.db import transaction
from django.utils.translation import gettext as _

from accounts import audit
from accounts.models import Member
from contacts.models import Company, CompanyDomain
from contacts.problems import DirectoryProblem
from contacts.services.checks import find, lock_directory
from contacts.services.company_domains import unshare_last
from contacts.services.move_references import move_references
from contacts.services.note_changes import note_changes


@transaction.atomic
def merge_companies(
    workspace_id: uuid.UUID, *, by: Member | None, kept_id: uuid.UUID, gone_id: uuid.UUID
) -> Company:
    """Move domains, contacts, projects and history to the kept company and delete the other."""
    if kept_id == gone_id:
        raise DirectoryProblem(_("Choose two different companies."), field="into")
    lock_directory(workspace_id)
    kept = find(Company, workspace_id, kept_id)
    gone = find(Company, workspace_id, gone_id)
    moved = list(gone.domains.values_list("domain", flat=True))
    had = set(kept.domains.values_list("domain", flat=True))
    CompanyDomain.objects.filter(company=gone, domain__in=had).delete()
    move_references(gone, kept)
    unshare_last(workspace_id, moved)
    before = {"name": gone.name, "domains": moved}
    gone.delete()
    audit.record(
        workspace_id, by, "company merged", kept, before=before, after={"id": str(gone_id)}
    )
    note_changes(workspace_id, by=by, domains=[*had, *moved])
    return kept
