"""Adds and removes mailbox providers that the list which ships does not know."""

import uuid

from django.db import transaction
from django.utils.translation import gettext as _

from accounts import audit
from accounts.models import Member
from contacts.models import PublicMailDomain
from contacts.problems import NotThere
from contacts.services.checks import lock_directory
from contacts.services.claim_domain import claim_as_public
from contacts.services.note_changes import note_changes


@transaction.atomic
def add_public_domain(
    workspace_id: uuid.UUID, *, by: Member | None, domain: str
) -> PublicMailDomain:
    """Count a domain as a public mailbox provider, with all below it, and return its row."""
    lock_directory(workspace_id)
    claimed = claim_as_public(workspace_id, domain)
    row, made = PublicMailDomain.objects.get_or_create(workspace_id=workspace_id, domain=claimed)
    if made:
        audit.record(workspace_id, by, "public mail domain added", row, after={"domain": claimed})
        note_changes(workspace_id, by=by, domains=[claimed])
    return row


@transaction.atomic
def remove_public_domain(
    workspace_id: uuid.UUID, *, by: Member | None, domain_id: uuid.UUID
) -> str:
    """Let companies have the domain again and return its name."""
    row = PublicMailDomain.objects.filter(workspace_id=workspace_id, id=domain_id).first()
    if row is None:
        raise NotThere(_("This domain is not on the list any more."))
    audit.record(workspace_id, by, "public mail domain removed", row, before={"domain": row.domain})
    note_changes(workspace_id, by=by, domains=[row.domain])
    row.delete()
    return row.domain
