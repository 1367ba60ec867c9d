"""Deletes a project into another one, so that nothing recorded is lost."""

import uuid

from django.db import transaction
from django.utils.translation import gettext as _

from accounts import audit
from accounts.models import Member
from contacts.models import Project
from contacts.problems import DirectoryProblem
from contacts.services.checks import find
from contacts.services.move_references import move_references
from contacts.services.note_changes import note_changes


@transaction.atomic
def delete_project(
    workspace_id: uuid.UUID, *, by: Member | None, project_id: uuid.UUID, into_id: uuid.UUID
) -> Project:
    """Move profiles, companies, ways in and history to the other project and return that.

    The members who were named to see the deleted project are not named in the other: who may see
    a project is only ever said there.
    """
    if project_id == into_id:
        raise DirectoryProblem(_("Choose another project to move everything to."), field="into")
    into = find(Project, workspace_id, into_id)
    project = find(Project, workspace_id, project_id)
    project.named_members.all().delete()
    move_references(project, into)
    project.delete()
    audit.record(
        workspace_id,
        by,
        "project deleted",
        into,
        before={"id": str(project_id), "name": project.name},
        after={"into": into.name},
    )
    note_changes(workspace_id, by=by, everything=True)
    return into
