"""Makes two contacts one."""

import uuid

from django.db import transaction
from django.utils.translation import gettext as _

from accounts import audit
from accounts.models import Member
from contacts.models import Contact
from contacts.problems import DirectoryProblem
from contacts.services.checks import find, lock_directory
from contacts.services.move_references import move_references
from contacts.services.note_changes import note_changes


@transaction.atomic
def merge_contacts(
    workspace_id: uuid.UUID, *, by: Member | None, kept_id: uuid.UUID, gone_id: uuid.UUID
) -> Contact:
    """Move addresses, profiles and history to the kept contact and delete the other.

    The kept contact's own name and company win; where it has none, it takes the other's.
    """
    if kept_id == gone_id:
        raise DirectoryProblem(_("Choose two different contacts."), field="into")
    lock_directory(workspace_id)
    kept = find(Contact, workspace_id, kept_id)
    gone = find(Contact, workspace_id, gone_id)
    before = {
        "name": gone.name,
        "addresses": list(gone.addresses.values_list("address", flat=True)),
    }
    move_references(gone, kept)
    kept.name = kept.name or gone.name
    kept.company = kept.company or gone.company
    kept.profiles_chosen = kept.profiles_chosen or gone.profiles_chosen
    kept.save(update_fields=["name", "company", "profiles_chosen"])
    gone.delete()
    audit.record(
        workspace_id, by, "contact merged", kept, before=before, after={"id": str(gone_id)}
    )
    note_changes(workspace_id, by=by, addresses=kept.addresses.values_list("address", flat=True))
    return kept
