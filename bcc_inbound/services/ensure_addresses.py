"""Gives the workspace and each of its projects an inbound address."""

import uuid
from datetime import timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import audit, tenancy
from accounts.models import Member, Workspace
from activities.models import Channel, ChannelProject
from bcc_inbound.addresses import hash_token, new_token
from bcc_inbound.models import InboundAddress, TrustedSender
from contacts.models import Project

GRACE = timedelta(days=14)
"""How long a rotated address still works, so that what people saved can be replaced."""


def ensure_addresses(workspace_id: uuid.UUID, owner: Member | None = None) -> list[InboundAddress]:
    """Make the addresses that are missing and return what was made; asking twice makes none.

    A step of making a workspace; `owner` is who made it, and needs nothing of it.
    """
    with tenancy.in_workspace(workspace_id, owner.id if owner else None):
        if not _missing(workspace_id):
            return []
        # Two pages that ask at the same moment wait for each other here and agree.
        workspace = Workspace.objects.select_for_update().get(id=workspace_id)
        return [_make(workspace, project) for project in _missing(workspace_id)]


def rotate_address(
    workspace_id: uuid.UUID, member: Member, *, address_id: uuid.UUID
) -> InboundAddress | None:
    """Give a project or the workspace a new address; the old one works for GRACE more.

    Senders who are trusted at the old one are trusted at the new one. None when there is no such
    address or it was rotated already.
    """
    with tenancy.in_workspace(workspace_id, member.id):
        old = (
            InboundAddress.objects.select_for_update(of=("self",))
            .select_related("project", "workspace")
            .filter(workspace_id=workspace_id, id=address_id, works_until=None)
            .first()
        )
        if old is None:
            return None
        old.works_until = timezone.now() + GRACE
        old.save(update_fields=["works_until"])
        new = _make(old.workspace, old.project)
        _carry_trust(old, new)
        audit.record(
            workspace_id,
            member,
            "inbound address rotated",
            new,
            before={"address": str(old.id), "works_until": old.works_until.isoformat()},
            after={"address": str(new.id)},
        )
    return new


def _missing(workspace_id: uuid.UUID) -> list[Project | None]:
    current = InboundAddress.objects.filter(workspace_id=workspace_id, works_until=None)
    have = set(current.values_list("project_id", flat=True))
    projects = Project.objects.filter(workspace_id=workspace_id).order_by("id")
    missing: list[Project | None] = [] if None in have else [None]
    return missing + [project for project in projects if project.id not in have]


def _make(workspace: Workspace, project: Project | None) -> InboundAddress:
    name = project.name if project else _("The whole workspace")
    channel = Channel.objects.create(
        workspace_id=workspace.id, source=Channel.Source.BCC, name=name[:254]
    )
    if project is not None:
        ChannelProject.objects.create(workspace_id=workspace.id, channel=channel, project=project)
    token = new_token()
    return InboundAddress.objects.create(
        workspace_id=workspace.id,
        channel=channel,
        project=project,
        token=token,
        token_hash=hash_token(token),
    )


def _carry_trust(old: InboundAddress, new: InboundAddress) -> None:
    trusted = TrustedSender.objects.filter(workspace_id=old.workspace_id, inbound_address=old)
    TrustedSender.objects.bulk_create(
        TrustedSender(
            workspace_id=old.workspace_id,
            inbound_address=new,
            address=one.address,
            trusted_by_id=one.trusted_by_id,
        )
        for one in trusted
    )
