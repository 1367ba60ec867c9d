"""Gives a contact a profile in a project, and takes it away."""

import uuid

from django.db import transaction

from accounts import audit
from accounts.models import Member
from contacts.models import Contact, Profile, Project
from contacts.services.checks import find
from contacts.services.note_changes import note_changes


@transaction.atomic
def give_profile(
    workspace_id: uuid.UUID,
    *,
    by: Member | None,
    contact_id: uuid.UUID,
    project_id: uuid.UUID,
    origin: Profile.Origin = Profile.Origin.PERSON,
) -> Profile:
    """Give the contact a profile in the project, once, and return it.

    A person's act, an import included, settles where the contact belongs: from then on it is as
    good as unknown in projects where it has no profile (R7).
    """
    contact = find(Contact, workspace_id, contact_id)
    project = find(Project, workspace_id, project_id)
    profile, made = Profile.objects.get_or_create(
        workspace_id=workspace_id, contact=contact, project=project, defaults={"origin": origin}
    )
    if _choose(contact, origin) or made:
        audit.record(workspace_id, by, "profile given", contact, after=_named(project))
        _note(workspace_id, contact, by)
    return profile


@transaction.atomic
def take_profile(
    workspace_id: uuid.UUID, *, by: Member | None, contact_id: uuid.UUID, project_id: uuid.UUID
) -> Contact:
    """Take the profile away and return the contact; what is recorded on it stays."""
    contact = find(Contact, workspace_id, contact_id)
    project = find(Project, workspace_id, project_id)
    rows = Profile.objects.filter(workspace_id=workspace_id, contact=contact, project=project)
    if rows.delete()[0]:
        _choose(contact, Profile.Origin.PERSON)
        audit.record(workspace_id, by, "profile taken", contact, before=_named(project))
        _note(workspace_id, contact, by)
    return contact


def _choose(contact: Contact, origin: Profile.Origin) -> bool:
    if contact.profiles_chosen or origin == Profile.Origin.ENGINE:
        return False
    contact.profiles_chosen = True
    contact.save(update_fields=["profiles_chosen"])
    return True


def _note(workspace_id: uuid.UUID, contact: Contact, by: Member | None) -> None:
    addresses = contact.addresses.values_list("address", flat=True)
    note_changes(workspace_id, by=by, addresses=addresses)


def _named(project: Project) -> dict[str, str]:
    return {"project": str(project.id), "name": project.name}
