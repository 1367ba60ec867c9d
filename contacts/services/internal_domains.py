"""Adds and removes the domains whose people are our own."""

import uuid

from django.db import transaction
from django.utils.translation import gettext as _

from accounts import audit
from accounts.models import Member
from contacts.models import InternalDomain
from contacts.problems import NotThere
from contacts.services.checks import lock_directory
from contacts.services.claim_domain import claim_as_internal
from contacts.services.note_changes import note_changes


@transaction.atomic
def add_internal_domain(
    workspace_id: uuid.UUID, *, by: Member | None, domain: str
) -> InternalDomain:
    """Make a domain internal, with all below it, and return its row."""
    lock_directory(workspace_id)
    claimed = claim_as_internal(workspace_id, domain)
    row, made = InternalDomain.objects.get_or_create(workspace_id=workspace_id, domain=claimed)
    if made:
        audit.record(workspace_id, by, "internal domain added", row, after={"domain": claimed})
        note_changes(workspace_id, by=by, domains=[claimed])
    return row


@transaction.atomic
def remove_internal_domain(
    workspace_id: uuid.UUID, *, by: Member | None, domain_id: uuid.UUID
) -> str:
    """Make a domain external again and return its name."""
    row = InternalDomain.objects.filter(workspace_id=workspace_id, id=domain_id).first()
    if row is None:
        raise NotThere(_("This domain is not internal any more."))
    audit.record(workspace_id, by, "internal domain removed", row, before={"domain": row.domain})
    note_changes(workspace_id, by=by, domains=[row.domain])
    row.delete()
    return row.domain
