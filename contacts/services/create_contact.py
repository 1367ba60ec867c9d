"""Makes a contact by a person's hand or by import."""

import uuid
from collections.abc import Iterable, Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from accounts import audit
from accounts.models import Member
from contacts.models import Company, Contact, Profile
from contacts.problems import DirectoryProblem
from contacts.services.checks import clean_name, find
from contacts.services.contact_addresses import add_contact_address
from contacts.services.profiles import give_profile


@transaction.atomic
def create_contact(
    workspace_id: uuid.UUID,
    *,
    by: Member | None,
    name: str = "",
    addresses: Sequence[str] = (),
    company_id: uuid.UUID | None = None,
    project_ids: Iterable[uuid.UUID] = (),
    origin: Profile.Origin = Profile.Origin.PERSON,
    lift_erasure: bool = False,
) -> Contact:
    """Create the contact and return it; nothing is kept when one of its addresses is refused."""
    cleaned = clean_name(name)
    if not cleaned and not addresses:
        raise DirectoryProblem(_("Enter a name or an address."), field="name")
    company = find(Company, workspace_id, company_id) if company_id else None
    contact = Contact.objects.create(workspace_id=workspace_id, name=cleaned, company=company)
    audit.record(
        workspace_id,
        by,
        "contact created",
        contact,
        after={"name": cleaned, "company": str(company_id) if company_id else None},
    )
    for project_id in project_ids:
        give_profile(
            workspace_id, by=by, contact_id=contact.id, project_id=project_id, origin=origin
        )
    for address in addresses:
        add_contact_address(
            workspace_id, by=by, contact_id=contact.id, address=address, lift_erasure=lift_erasure
        )
    contact.refresh_from_db()
    return contact
