"""Roles, leaving and coming back. A workspace always keeps an owner who is present."""

import uuid

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import audit, policies, tenancy
from accounts.models import AddressProof, ApiKey, Invitation, Member, MemberAddress, Role
from accounts.problems import PeopleProblem


def change_role(
    workspace_id: uuid.UUID, by: Member, *, member_id: uuid.UUID, role: str
) -> Member | None:
    """Give a present member another role; None when there is no such member.

    Only an owner makes or unmakes an owner, and the last one stays.
    """
    with tenancy.in_workspace(workspace_id, by.id):
        member = _locked(workspace_id, member_id)
        if member is None or not member.is_present:
            return None
        _guard_owners(workspace_id, by, member, stays_owner=role == Role.OWNER)
        before = member.role
        if before != role:
            member.role = role
            member.save(update_fields=["role"])
            audit.record(
                workspace_id,
                by,
                "role changed",
                member,
                before={"role": before},
                after={"role": role},
            )
    return member


def deactivate(workspace_id: uuid.UUID, by: Member, *, member_id: uuid.UUID) -> Member | None:
    """End a member's access; None when there is no such present member.

    Every request asks the membership anew, so open sessions end with the next one, and so do
    syncs, which ask for a present owner before each pull. Keys, links under way and invitations
    that the member sent are ended for good: coming back does not revive them.
    """
    now = timezone.now()
    with tenancy.in_workspace(workspace_id, by.id):
        member = _locked(workspace_id, member_id)
        if member is None or not member.is_present:
            return None
        _guard_owners(workspace_id, by, member, stays_owner=False)
        member.deactivated_at = now
        member.save(update_fields=["deactivated_at"])
        ApiKey.objects.filter(workspace_id=workspace_id, member=member, revoked_at=None).update(
            revoked_at=now
        )
        Invitation.objects.filter(
            workspace_id=workspace_id, invited_by=member, accepted_at=None, revoked_at=None
        ).update(revoked_at=now)
        AddressProof.objects.filter(
            workspace_id=workspace_id, member_address__member=member
        ).delete()
        audit.record(workspace_id, by, "member deactivated", member, before={"role": member.role})
    return member


def reactivate(workspace_id: uuid.UUID, by: Member, *, member_id: uuid.UUID) -> Member | None:
    """Let a former member in again with the role they had; None when there is no such one.

    The address they sign in with is theirs again, even when it was released meanwhile.
    """
    with tenancy.in_workspace(workspace_id, by.id):
        member = _locked(workspace_id, member_id)
        if member is None or member.is_present:
            return None
        if member.role == Role.OWNER and not policies.may(by, "manage owners"):
            raise PeopleProblem(_("Only an owner can bring an owner back."))
        member.deactivated_at = None
        member.save(update_fields=["deactivated_at"])
        MemberAddress.objects.filter(
            workspace_id=workspace_id, member=member, origin=MemberAddress.Origin.SIGN_IN
        ).update(released_at=None)
        audit.record(workspace_id, by, "member reactivated", member, after={"role": member.role})
    return member


def change_profile(
    workspace_id: uuid.UUID,
    member: Member,
    *,
    name: str,
    time_zone: str,
    signature: str = "",
    uses_keys: bool = True,
) -> Member:
    """Change the name a member goes by here, what stands below their mails, and for everywhere the
    zone in which they read times and whether keys act on pages. The audit says that a signature
    changed, and not how it reads."""
    signature = signature.replace("\r\n", "\n").strip()
    with tenancy.in_workspace(workspace_id, member.id):
        before = _profile_of(member)
        re_signed = signature != member.signature
        member.signature = signature
        member.name, member.user.time_zone = name.strip(), time_zone
        member.user.uses_keys = uses_keys
        after = _profile_of(member)
        if before != after or re_signed:
            member.save(update_fields=["name", "signature"])
            member.user.save(update_fields=["time_zone", "uses_keys"])
            audit.record(
                workspace_id,
                member,
                "profile changed",
                member,
                before=before,
                after=after | {"signature changed": re_signed},
            )
    return member


def _profile_of(member: Member) -> dict[str, str | bool]:
    user = member.user
    return {"name": member.name, "time_zone": user.time_zone, "uses keys": user.uses_keys}


def _locked(workspace_id: uuid.UUID, member_id: uuid.UUID) -> Member | None:
    # The present owners are locked along with the member, always in the order of their ids: two
    # owners who leave at the same moment wait for one another instead of both going.
    owners = Q(role=Role.OWNER, deactivated_at=None)
    rows = Member.objects.select_for_update(of=("self",)).select_related("user")
    locked = rows.filter(owners | Q(id=member_id), workspace_id=workspace_id).order_by("id")
    return next((member for member in locked if member.id == member_id), None)


def _guard_owners(
    workspace_id: uuid.UUID, by: Member, member: Member, *, stays_owner: bool
) -> None:
    is_owner = member.role == Role.OWNER
    if (is_owner or stays_owner) and not policies.may(by, "manage owners"):
        raise PeopleProblem(_("Only an owner can do this to an owner, or make one."), field="role")
    if not is_owner or stays_owner:
        return
    others = Member.objects.filter(
        workspace_id=workspace_id, role=Role.OWNER, deactivated_at=None
    ).exclude(id=member.id)
    if not others.exists():
        raise PeopleProblem(
            _("%(name)s is the only owner. Make somebody else an owner first.")
            % {"name": member.name},
            field="role",
        )
