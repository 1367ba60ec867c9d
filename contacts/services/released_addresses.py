"""Releases the address of a former member, and takes the release back."""

import uuid

from django.db import transaction
from django.utils.translation import gettext as _

from accounts import audit
from accounts.models import Member, MemberAddress
from accounts.services import addresses
from contacts.problems import NotThere
from contacts.services.checks import find
from contacts.services.note_changes import note_changes


@transaction.atomic
def release_address(workspace_id: uuid.UUID, *, by: Member, address_id: uuid.UUID) -> MemberAddress:
    """Let a former member's address be an outsider's from now on, and return its row.

    Mail that was internal because of it is decided again.
    """
    row = addresses.release_address(workspace_id, by, address_id=address_id)
    if row is None:
        raise NotThere(_("Only an address of a former member can be released, and only once."))
    note_changes(workspace_id, by=by, addresses=[row.address])
    return row


@transaction.atomic
def keep_address(workspace_id: uuid.UUID, *, by: Member, address_id: uuid.UUID) -> MemberAddress:
    """Make a released address internal again and return its row."""
    row = find(MemberAddress, workspace_id, address_id)
    # The member may have had the address in several ways: to sign in, and as a mailbox.
    kept = MemberAddress.objects.filter(
        workspace_id=workspace_id, member_id=row.member_id, address=row.address
    ).update(released_at=None)
    if kept and row.released_at:
        audit.record(workspace_id, by, "address kept", row, after={"address": row.address})
        note_changes(workspace_id, by=by, addresses=[row.address])
    row.released_at = None
    return row
