"""What the pages about people show."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Prefetch, Q, QuerySet
from django.db.models.functions import Lower
from django.utils import timezone

from accounts import tenancy
from accounts.models import ApiKey, AuditEvent, Member, MemberAddress, User, Workspace


def workspaces_of(user: User) -> list[Workspace]:
    """Every workspace that the user is present in, by name."""
    found = []
    for workspace_id, member_id in tenancy.call("accounts_memberships", user.pk):
        with tenancy.in_workspace(workspace_id, member_id):
            found.append(Workspace.objects.get(id=workspace_id))
    return sorted(found, key=lambda workspace: workspace.name.casefold())


def people(workspace_id: uuid.UUID) -> QuerySet[Member]:
    """All members, those who are present first, with the addresses that are proven theirs."""
    proven = MemberAddress.objects.filter(verified_at__isnull=False).order_by("address")
    return (
        Member.objects.filter(workspace_id=workspace_id)
        .select_related("user")
        .prefetch_related(Prefetch("addresses", queryset=proven, to_attr="proven"))
        .order_by("-deactivated_at", Lower("name"), "id")
    )


def find_member(workspace_id: uuid.UUID, member_id: uuid.UUID) -> Member | None:
    return people(workspace_id).filter(id=member_id).first()


@dataclass(frozen=True)
class OwnAddress:
    """One address of a member with all the ways we know it by."""

    address: str
    origins: tuple[str, ...]
    verified_at: datetime | None
    released_at: datetime | None
    row_id: uuid.UUID
    extra_id: uuid.UUID | None


def addresses_of(member: Member) -> list[OwnAddress]:
    """The member's addresses, each once, however many ways we know it by."""
    by_address: dict[str, list[MemberAddress]] = {}
    for row in member.addresses.order_by("address", "origin"):
        by_address.setdefault(row.address, []).append(row)
    return [_merge(address, rows) for address, rows in by_address.items()]


def _merge(address: str, rows: list[MemberAddress]) -> OwnAddress:
    released = [row.released_at for row in rows]
    extra = next((row.id for row in rows if row.origin == MemberAddress.Origin.EXTRA), None)
    return OwnAddress(
        address=address,
        origins=tuple(row.get_origin_display() for row in rows),
        verified_at=min((row.verified_at for row in rows if row.verified_at), default=None),
        released_at=None if None in released else released[0],
        row_id=rows[0].id,
        extra_id=extra,
    )


def live_keys(member: Member) -> QuerySet[ApiKey]:
    """The member's keys that open something, the newest first."""
    still = Q(expires_at=None) | Q(expires_at__gt=timezone.now())
    return member.api_keys.filter(still, revoked_at=None).order_by("-created_at")


def audit_events(
    workspace_id: uuid.UUID, *, member_id: uuid.UUID | None = None
) -> QuerySet[AuditEvent]:
    """What was done in the workspace, by one member or by everybody; the page orders it."""
    events = AuditEvent.objects.filter(workspace_id=workspace_id).select_related("member")
    return events.filter(member_id=member_id) if member_id else events


def find_releasable(workspace_id: uuid.UUID, address_id: uuid.UUID) -> MemberAddress | None:
    """An address of a former member that still makes its mail internal."""
    rows = MemberAddress.objects.select_related("member").filter(workspace_id=workspace_id)
    return rows.filter(
        id=address_id, member__deactivated_at__isnull=False, released_at=None
    ).first()
