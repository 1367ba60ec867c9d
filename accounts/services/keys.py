"""API keys, made and ended by the member they act for."""

import uuid
from collections.abc import Sequence
from datetime import timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import audit, tenancy
from accounts.api_keys import make_key
from accounts.models import ApiKey, Member
from accounts.problems import PeopleProblem

MOST_KEYS = 50


def create_key(
    workspace_id: uuid.UUID,
    member: Member,
    *,
    name: str,
    scopes: Sequence[str],
    days: int | None,
) -> tuple[ApiKey, str]:
    """Make a key that ends after `days` (None: never); return it with its text, shown only once."""
    with tenancy.in_workspace(workspace_id, member.id):
        live = ApiKey.objects.filter(workspace_id=workspace_id, member=member, revoked_at=None)
        if live.count() >= MOST_KEYS:
            raise PeopleProblem(
                _("You have %(count)s keys, which is the most. End one first.")
                % {"count": MOST_KEYS}
            )
        key, text = make_key(
            workspace_id,
            member,
            name=name.strip(),
            scopes=scopes,
            expires_at=timezone.now() + timedelta(days=days) if days else None,
        )
        audit.record(
            workspace_id,
            member,
            "API key created",
            key,
            after={"name": key.name, "prefix": key.prefix, "scopes": key.scopes},
        )
    return key, text


def revoke_key(workspace_id: uuid.UUID, member: Member, *, key_id: uuid.UUID) -> ApiKey | None:
    """End one of the member's own keys at once; None when there is no such live key."""
    with tenancy.in_workspace(workspace_id, member.id):
        key = ApiKey.objects.filter(
            workspace_id=workspace_id, member=member, id=key_id, revoked_at=None
        ).first()
        if key is None:
            return None
        key.revoked_at = timezone.now()
        key.save(update_fields=["revoked_at"])
        audit.record(workspace_id, member, "API key ended", key, before={"prefix": key.prefix})
    return key
