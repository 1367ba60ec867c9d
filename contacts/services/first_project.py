"""Gives a new workspace its one project, so that a team need never think of projects."""

import uuid

from django.utils.translation import gettext as _

from accounts.models import Member
from contacts.models import Project
from contacts.services.project_settings import ProjectSettings, create_project


def make_first_project(workspace_id: uuid.UUID, owner: Member) -> Project:
    """Create the project that every workspace starts with and return it."""
    return create_project(workspace_id, by=owner, settings=ProjectSettings(name=_("All customers")))
