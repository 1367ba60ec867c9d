"""Makes a project and changes how its mail is logged and who may see it."""

import uuid
from dataclasses import asdict, dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts import audit
from accounts.models import Member
from contacts.models import CompanyDomain, Project, ProjectMember
from contacts.problems import DirectoryProblem
from contacts.services.checks import find, required_name
from contacts.services.note_changes import note_changes

INTERACTION_TYPE_LIMIT = 60


@dataclass(frozen=True)
class ProjectSettings:
    """Everything that a person decides about a project; `member_ids` count unless it is open."""

    name: str
    interaction_type: str = "Email"
    creates_contacts: bool = True
    assigns_forwards: bool = False
    open_to_all: bool = True
    member_ids: frozenset[uuid.UUID] = frozenset()


@transaction.atomic
def create_project(
    workspace_id: uuid.UUID, *, by: Member | None, settings: ProjectSettings
) -> Project:
    """Create a project and return it."""
    project = Project(workspace_id=workspace_id)
    _apply(project, settings)
    _name_members(project, settings)
    audit.record(workspace_id, by, "project created", project, after=_facts(project))
    return project


@transaction.atomic
def edit_project(
    workspace_id: uuid.UUID,
    *,
    by: Member | None,
    project_id: uuid.UUID,
    settings: ProjectSettings,
) -> Project:
    """Change a project to these settings and return it; what is recorded there stays as it is."""
    project = find(Project, workspace_id, project_id)
    before = _facts(project)
    _apply(project, settings)
    _name_members(project, settings)
    after = _facts(project)
    if after != before:
        audit.record(workspace_id, by, "project edited", project, before=before, after=after)
        _note(project, by, before=before, after=after)
    return project


def settings_of(project: Project) -> ProjectSettings:
    """Return the settings that a project has now."""
    members = project.named_members.values_list("member_id", flat=True)
    return ProjectSettings(
        name=project.name,
        interaction_type=project.interaction_type,
        creates_contacts=project.creates_contacts,
        assigns_forwards=project.assigns_forwards,
        open_to_all=project.open_to_all,
        member_ids=frozenset(members),
    )


def _apply(project: Project, settings: ProjectSettings) -> None:
    project.name = required_name(settings.name)
    project.interaction_type = required_name(
        settings.interaction_type, field="interaction_type", limit=INTERACTION_TYPE_LIMIT
    )
    project.creates_contacts = settings.creates_contacts
    project.assigns_forwards = settings.assigns_forwards
    project.open_to_all = settings.open_to_all
    project.save()


def _name_members(project: Project, settings: ProjectSettings) -> None:
    wanted = frozenset() if settings.open_to_all else settings.member_ids
    members = Member.objects.filter(workspace_id=project.workspace_id, id__in=wanted)
    found = set(members.values_list("id", flat=True))
    if not settings.open_to_all and (not found or found != wanted):
        raise DirectoryProblem(_("Choose who may see the project."), field="member_ids")
    project.named_members.exclude(member_id__in=found).delete()
    ProjectMember.objects.bulk_create(
        (
            ProjectMember(workspace_id=project.workspace_id, project=project, member_id=member_id)
            for member_id in found
        ),
        ignore_conflicts=True,
    )


def _facts(project: Project) -> dict[str, Any]:
    facts = asdict(settings_of(project))
    return facts | {"member_ids": sorted(str(member_id) for member_id in facts["member_ids"])}


def _note(
    project: Project, by: Member | None, *, before: dict[str, Any], after: dict[str, Any]
) -> None:
    started = {name for name in after if after[name] is True and before[name] is False}
    domains = CompanyDomain.objects.filter(
        workspace_id=project.workspace_id, company__company_projects__project=project
    )
    note_changes(
        project.workspace_id,
        by=by,
        domains=domains.values_list("domain", flat=True) if "creates_contacts" in started else (),
        everything="assigns_forwards" in started,
    )
