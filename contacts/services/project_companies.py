"""Puts a company into a project, and takes it out."""

import uuid

from django.db import transaction

from accounts import audit
from accounts.models import Member
from contacts.models import Company, Project, ProjectCompany
from contacts.services.checks import find
from contacts.services.note_changes import note_changes


@transaction.atomic
def add_project_company(
    workspace_id: uuid.UUID, *, by: Member | None, project_id: uuid.UUID, company_id: uuid.UUID
) -> ProjectCompany:
    """Put the company into the project, once, and return the row."""
    project = find(Project, workspace_id, project_id)
    company = find(Company, workspace_id, company_id)
    row, made = ProjectCompany.objects.get_or_create(
        workspace_id=workspace_id, project=project, company=company
    )
    if made:
        audit.record(workspace_id, by, "company added to project", company, after=_named(project))
        note_changes(workspace_id, by=by, domains=company.domains.values_list("domain", flat=True))
    return row


@transaction.atomic
def remove_project_company(
    workspace_id: uuid.UUID, *, by: Member | None, project_id: uuid.UUID, company_id: uuid.UUID
) -> Company:
    """Take the company out of the project and return it; what is recorded there stays."""
    project = find(Project, workspace_id, project_id)
    company = find(Company, workspace_id, company_id)
    rows = ProjectCompany.objects.filter(
        workspace_id=workspace_id, project=project, company=company
    )
    if rows.delete()[0]:
        audit.record(
            workspace_id, by, "company taken out of project", company, before=_named(project)
        )
        note_changes(workspace_id, by=by, domains=company.domains.values_list("domain", flat=True))
    return company


def _named(project: Project) -> dict[str, str]:
    return {"project": str(project.id), "name": project.name}
