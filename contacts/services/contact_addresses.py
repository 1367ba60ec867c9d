"""Gives a contact an address, and takes it away."""

import uuid

from django.db import transaction
from django.utils.translation import gettext as _

from accounts import audit
from accounts.models import Member
from contacts.directory import erasure_hash
from contacts.models import Contact, ContactAddress, ErasedAddress
from contacts.problems import AddressErased, AddressTaken, NotThere
from contacts.services.checks import checked_address, find, lock_directory
from contacts.services.note_changes import note_changes


@transaction.atomic
def add_contact_address(
    workspace_id: uuid.UUID,
    *,
    by: Member | None,
    contact_id: uuid.UUID,
    address: str,
    lift_erasure: bool = False,
) -> ContactAddress:
    """Give the contact an address and return its row; one that it has already stays as it is.

    An erased address raises AddressErased unless `lift_erasure` is set, which only somebody may
    do who was told that the person asked to be forgotten.
    """
    lock_directory(workspace_id)
    contact = find(Contact, workspace_id, contact_id)
    normal = checked_address(address)
    row = (
        ContactAddress.objects.select_related("contact")
        .filter(workspace_id=workspace_id, address=normal)
        .first()
    )
    if row and row.contact_id == contact.id:
        return row
    if row:
        raise _taken(row)
    _lift_erasure(workspace_id, normal, by=by, contact=contact, allowed=lift_erasure)
    made = ContactAddress.objects.create(workspace_id=workspace_id, contact=contact, address=normal)
    audit.record(workspace_id, by, "contact address added", contact, after={"address": normal})
    note_changes(workspace_id, by=by, addresses=[normal])
    return made


@transaction.atomic
def remove_contact_address(
    workspace_id: uuid.UUID, *, by: Member | None, contact_id: uuid.UUID, address: str
) -> Contact:
    """Take an address from the contact and return the contact; what is recorded stays."""
    lock_directory(workspace_id)
    contact = find(Contact, workspace_id, contact_id)
    rows = ContactAddress.objects.filter(
        workspace_id=workspace_id, contact=contact, address=address
    )
    if not rows.delete()[0]:
        raise NotThere(_("The contact does not have this address any more."), field="address")
    audit.record(workspace_id, by, "contact address removed", contact, before={"address": address})
    note_changes(workspace_id, by=by, addresses=[address])
    return contact


def _lift_erasure(
    workspace_id: uuid.UUID, address: str, *, by: Member | None, contact: Contact, allowed: bool
) -> None:
    tombstones = ErasedAddress.objects.filter(
        workspace_id=workspace_id, address_hash=erasure_hash(workspace_id, address)
    )
    if not tombstones.exists():
        return
    if not allowed:
        sentence = _(
            "%(address)s was erased because its owner asked for it. Add it only if the person"
            " agrees to be a contact again."
        )
        raise AddressErased(sentence % {"address": address}, field="address")
    tombstones.delete()
    audit.record(workspace_id, by, "erasure lifted", contact, after={"address": address})


def _taken(row: ContactAddress) -> AddressTaken:
    sentence = _(
        "%(address)s belongs to %(contact)s. Merge the two contacts, or take the address from"
        " %(contact)s first."
    )
    return AddressTaken(
        sentence % {"address": row.address, "contact": row.contact},
        field="address",
        contact_id=row.contact_id,
    )
