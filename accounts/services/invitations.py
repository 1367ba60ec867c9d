"""Invitations: one address, one role, one mailed link that works once and for a week."""

import uuid
from datetime import timedelta

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import audit, policies, tenancy, tokens
from accounts.models import Invitation, Member, Role, User
from accounts.problems import PeopleProblem
from accounts.services.addresses import keep_sign_in_address, own_form

LASTS = timedelta(days=7)
MOST_OPEN = 200


def invite(workspace_id: uuid.UUID, by: Member, *, email: str, role: str) -> tuple[Invitation, str]:
    """Open an invitation and return it with the token for its link; an older one ends.

    Raises PeopleProblem for an address that is present already and for a role that `by` may not
    give.
    """
    address = own_form(email, field="email")
    if role == Role.OWNER and not policies.may(by, "manage owners"):
        raise PeopleProblem(_("Only an owner can invite another owner."), field="role")
    with tenancy.in_workspace(workspace_id, by.id):
        if _is_present(workspace_id, address):
            raise PeopleProblem(_("This person is a member already."), field="email")
        pending = open_invitations(workspace_id)
        pending.filter(email=address).update(revoked_at=timezone.now())
        if pending.count() >= MOST_OPEN:
            raise PeopleProblem(
                _("There are %(count)s open invitations, which is the most. Withdraw some first.")
                % {"count": MOST_OPEN},
                field="email",
            )
        token, token_hash = tokens.make()
        invitation = Invitation.objects.create(
            workspace_id=workspace_id,
            email=address,
            role=role,
            token_hash=token_hash,
            invited_by=by,
            expires_at=timezone.now() + LASTS,
        )
        audit.record(
            workspace_id, by, "member invited", invitation, after={"email": address, "role": role}
        )
    return invitation, token


def revoke_invitation(
    workspace_id: uuid.UUID, by: Member, *, invitation_id: uuid.UUID
) -> Invitation | None:
    """End an open invitation, so that its link works no more; None when it is not open."""
    with tenancy.in_workspace(workspace_id, by.id):
        invitation = open_invitations(workspace_id).filter(id=invitation_id).first()
        if invitation is None:
            return None
        invitation.revoked_at = timezone.now()
        invitation.save(update_fields=["revoked_at"])
        audit.record(
            workspace_id, by, "invitation withdrawn", invitation, before={"email": invitation.email}
        )
    return invitation


def find_invitation(token: str) -> Invitation | None:
    """The open invitation behind a mailed token, with its workspace and who sent it, or None."""
    found = tenancy.call("accounts_invitation", tokens.digest(token))
    if not found:
        return None
    workspace_id, invitation_id = found[0]
    with tenancy.in_workspace(workspace_id):
        return (
            open_invitations(workspace_id)
            .select_related("workspace", "invited_by")
            .filter(id=invitation_id, invited_by__deactivated_at=None)
            .first()
        )


def accept_invitation(
    workspace_id: uuid.UUID, user: User, *, token: str, member_name: str
) -> Member | None:
    """Make `user` a member by a mailed token; None unless it is open and was sent to their address.

    A former member who is invited again comes back as the same member, with the new role.
    """
    with tenancy.in_workspace(workspace_id):
        invitation = (
            open_invitations(workspace_id)
            .select_for_update()
            .filter(token_hash=tokens.digest(token))
            .first()
        )
        if invitation is None or invitation.email != own_form(user.email):
            return None
        member, _made = Member.objects.update_or_create(
            workspace_id=workspace_id,
            user=user,
            defaults={
                "role": invitation.role,
                "name": member_name.strip(),
                "deactivated_at": None,
            },
        )
        invitation.accepted_at = timezone.now()
        invitation.save(update_fields=["accepted_at"])
        keep_sign_in_address(workspace_id, member, email=user.email)
        audit.record(
            workspace_id, member, "invitation accepted", member, after={"role": member.role}
        )
    return member


def open_invitations(workspace_id: uuid.UUID) -> QuerySet[Invitation]:
    """Every invitation whose link still works."""
    return Invitation.objects.filter(
        workspace_id=workspace_id,
        accepted_at=None,
        revoked_at=None,
        expires_at__gt=timezone.now(),
    )


def _is_present(workspace_id: uuid.UUID, address: str) -> bool:
    present = Member.objects.filter(workspace_id=workspace_id, deactivated_at=None)
    return present.filter(user__email__iexact=address).exists()
