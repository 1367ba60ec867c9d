"""Releases the address of a former member, and takes the release back."""

import uuid

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import audit
from accounts.models import Member, MemberAddress
from contacts.problems import DirectoryProblem
from contacts.services.checks import find
from contacts.services.note_changes import note_changes


@transaction.atomic
def release_address(
    workspace_id: uuid.UUID, *, by: Member | None, address_id: uuid.UUID
) -> MemberAddress:
    """Let a former member's address be a customer's from now on, and return its row."""
    row = find(MemberAddress, workspace_id, address_id)
    if row.member.is_present:
        sentence = _("%(address)s belongs to %(member)s, who is still a member.")
        raise DirectoryProblem(sentence % {"address": row.address, "member": row.member.name})
    if row.released_at is None:
        row.released_at = timezone.now()
        _store(row, by, "address released")
    return row


@transaction.atomic
def keep_address(
    workspace_id: uuid.UUID, *, by: Member | None, address_id: uuid.UUID
) -> MemberAddress:
    """Make a released address internal again and return its row."""
    row = find(MemberAddress, workspace_id, address_id)
    if row.released_at is not None:
        row.released_at = None
        _store(row, by, "address kept")
    return row


def _store(row: MemberAddress, by: Member | None, verb: str) -> None:
    # The member may have the address in several ways (signed in with it, connected its mailbox).
    MemberAddress.objects.filter(
        workspace_id=row.workspace_id, member_id=row.member_id, address=row.address
    ).update(released_at=row.released_at)
    audit.record(row.workspace_id, by, verb, row, after={"address": row.address})
    note_changes(row.workspace_id, by=by, addresses=[row.address])
