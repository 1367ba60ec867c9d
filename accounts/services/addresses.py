"""A member's own addresses: which ones make a participant one of us, and since when."""

import uuid
from datetime import timedelta

import idna
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import audit, tenancy, tokens
from accounts.models import AddressProof, Member, MemberAddress, User
from accounts.problems import PeopleProblem

PROOF_LASTS = timedelta(days=2)
MOST_ADDRESSES = 20


def own_form(text: str, *, field: str = "address") -> str:
    """The form in which addresses are compared: lower case, the domain in ASCII (IDNA 2008)."""
    local, _at, domain = text.strip().rpartition("@")
    try:
        address = f"{local.lower()}@{idna.encode(domain, uts46=True).decode().lower()}"
        validate_email(address)
    except (idna.IDNAError, ValidationError):
        raise PeopleProblem(
            _("This is not an email address. Write it like jane@acme.example."), field=field
        ) from None
    return address


def keep_sign_in_address(workspace_id: uuid.UUID, member: Member, *, email: str) -> MemberAddress:
    """Write down that a verified sign-in address is this member's; return its row."""
    with tenancy.in_workspace(workspace_id, member.id):
        kept, _made = MemberAddress.objects.update_or_create(
            workspace_id=workspace_id,
            member=member,
            address=own_form(email),
            origin=MemberAddress.Origin.SIGN_IN,
            defaults={"verified_at": timezone.now(), "released_at": None},
        )
    return kept


def claim_address(
    workspace_id: uuid.UUID, member: Member, *, address: str
) -> tuple[MemberAddress, str]:
    """Add an extra address that counts for nothing yet; return it with the token that proves it."""
    claimed = own_form(address)
    with tenancy.in_workspace(workspace_id, member.id):
        mine = MemberAddress.objects.filter(workspace_id=workspace_id, member=member)
        if mine.filter(address=claimed, verified_at__isnull=False, released_at=None).exists():
            raise PeopleProblem(_("This address is yours already."), field="address")
        if mine.filter(origin=MemberAddress.Origin.EXTRA).count() >= MOST_ADDRESSES:
            raise PeopleProblem(
                _("You have %(count)s extra addresses, which is the most. Remove one first.")
                % {"count": MOST_ADDRESSES},
                field="address",
            )
        row, _made = MemberAddress.objects.update_or_create(
            workspace_id=workspace_id,
            member=member,
            address=claimed,
            origin=MemberAddress.Origin.EXTRA,
            defaults={"verified_at": None, "released_at": None},
        )
        token, token_hash = tokens.make()
        AddressProof.objects.filter(workspace_id=workspace_id, member_address=row).delete()
        AddressProof.objects.create(
            workspace_id=workspace_id,
            member_address=row,
            token_hash=token_hash,
            expires_at=timezone.now() + PROOF_LASTS,
        )
        audit.record(workspace_id, member, "address added", row, after={"address": claimed})
    return row, token


def prove_address(workspace_id: uuid.UUID, member: Member, *, token: str) -> MemberAddress | None:
    """Verify the address that a mailed token belongs to; None where it is nobody's or too old.

    Only the member who added the address can prove it, so a link that went to a stranger's
    mailbox by mistake is worth nothing there.
    """
    with tenancy.in_workspace(workspace_id, member.id):
        proof = (
            AddressProof.objects.select_related("member_address")
            .filter(
                workspace_id=workspace_id,
                token_hash=tokens.digest(token),
                expires_at__gt=timezone.now(),
                member_address__member=member,
            )
            .first()
        )
        if proof is None:
            return None
        row = proof.member_address
        row.verified_at = timezone.now()
        row.save(update_fields=["verified_at"])
        proof.delete()
        audit.record(workspace_id, member, "address verified", row, after={"address": row.address})
    return row


def drop_address(workspace_id: uuid.UUID, member: Member, *, address_id: uuid.UUID) -> bool:
    """Remove one of a member's own extra addresses; False when there is no such one."""
    with tenancy.in_workspace(workspace_id, member.id):
        row = MemberAddress.objects.filter(
            workspace_id=workspace_id,
            member=member,
            id=address_id,
            origin=MemberAddress.Origin.EXTRA,
        ).first()
        if row is None:
            return False
        audit.record(workspace_id, member, "address removed", row, before={"address": row.address})
        row.delete()
    return True


def release_address(
    workspace_id: uuid.UUID, by: Member, *, address_id: uuid.UUID
) -> MemberAddress | None:
    """Give an address of a former member back to the world: from now on it is an outsider's.

    None when there is no such address or its member is still here.
    """
    with tenancy.in_workspace(workspace_id, by.id):
        row = (
            MemberAddress.objects.select_related("member")
            .filter(
                workspace_id=workspace_id,
                id=address_id,
                member__deactivated_at__isnull=False,
                released_at=None,
            )
            .first()
        )
        if row is None:
            return None
        # The same address may be known as sign-in address and as mailbox; all of that ends.
        MemberAddress.objects.filter(
            workspace_id=workspace_id, member=row.member, address=row.address
        ).update(released_at=timezone.now())
        row.refresh_from_db()
        audit.record(workspace_id, by, "address released", row, after={"address": row.address})
    return row


def memberships(user: User) -> list[tuple[uuid.UUID, uuid.UUID]]:
    """Workspace id and member id of every workspace that a user is present in."""
    return [(row[0], row[1]) for row in tenancy.call("accounts_memberships", user.pk)]


def keep_everywhere(user: User, *, email: str) -> None:
    """Write a newly verified sign-in address down in every workspace of its user."""
    for workspace_id, member_id in memberships(user):
        with tenancy.in_workspace(workspace_id, member_id):
            member = Member.objects.get(workspace_id=workspace_id, id=member_id)
            keep_sign_in_address(workspace_id, member, email=email)
