"""Renames a contact, or moves it to another company."""

import uuid

from django.db import transaction
from django.utils.translation import gettext as _

from accounts import audit
from accounts.models import Member
from contacts.models import Company, Contact
from contacts.problems import DirectoryProblem
from contacts.services.checks import clean_name, find
from contacts.services.note_changes import note_changes


@transaction.atomic
def edit_contact(
    workspace_id: uuid.UUID,
    *,
    by: Member | None,
    contact_id: uuid.UUID,
    name: str,
    company_id: uuid.UUID | None,
) -> Contact:
    """Set name and company and return the contact; what stays the same leaves no trace."""
    contact = find(Contact, workspace_id, contact_id)
    before = _facts(contact)
    contact.name = clean_name(name)
    contact.company = find(Company, workspace_id, company_id) if company_id else None
    if not contact.name and not contact.addresses.exists():
        raise DirectoryProblem(_("Enter a name or an address."), field="name")
    after = _facts(contact)
    if after == before:
        return contact
    contact.save(update_fields=["name", "company"])
    audit.record(workspace_id, by, "contact edited", contact, before=before, after=after)
    if after["company"] != before["company"]:
        note_changes(
            workspace_id, by=by, addresses=contact.addresses.values_list("address", flat=True)
        )
    return contact


def _facts(contact: Contact) -> dict[str, str | None]:
    company = str(contact.company_id) if contact.company_id else None
    return {"name": contact.name, "company": company}
