"""Deletes a contact on whom nothing is recorded."""

import uuid

from django.db import transaction
from django.db.models import ProtectedError
from django.utils.translation import gettext as _

from accounts import audit
from accounts.models import Member
from contacts.models import Contact
from contacts.problems import DirectoryProblem
from contacts.services.checks import find, lock_directory
from contacts.services.note_changes import note_changes


@transaction.atomic
def delete_contact(
    workspace_id: uuid.UUID, *, by: Member | None, contact_id: uuid.UUID
) -> list[str]:
    """Delete the contact with its profiles and return the addresses that are free again."""
    lock_directory(workspace_id)
    contact = find(Contact, workspace_id, contact_id)
    addresses = list(contact.addresses.values_list("address", flat=True))
    try:
        with transaction.atomic():
            contact.delete()
    except ProtectedError as error:
        sentence = _(
            "Something is recorded on %(name)s, so this contact cannot be deleted. Merge it into"
            " another contact instead, and its history moves along."
        )
        raise DirectoryProblem(sentence % {"name": contact}) from error
    contact.pk = contact_id
    audit.record(
        workspace_id,
        by,
        "contact deleted",
        contact,
        before={"name": contact.name, "addresses": addresses},
    )
    note_changes(workspace_id, by=by, addresses=addresses)
    return addresses
