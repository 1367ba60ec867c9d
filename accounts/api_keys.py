"""API keys: how one is made, recognised, and what it may do.

A key reads `tw_<prefix>_<secret>`. The prefix finds the row, the hash of the secret proves it.
"""

import hashlib
import hmac
import secrets
import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db.models.functions import Now
from django.http import HttpRequest
from django.utils import timezone

from accounts import tenancy
from accounts.models import ApiKey, Member

SCOPES = {
    "read": "Read everything its member may see",
    "write": "Change what its member may change",
}
_MAX_HEADER = 200


def make_key(
    workspace_id: uuid.UUID,
    member: Member,
    *,
    name: str,
    scopes: Sequence[str],
    expires_at: datetime | None = None,
) -> tuple[ApiKey, str]:
    """Store a new key and return it with its text, which cannot be shown again."""
    prefix, secret = secrets.token_hex(6), secrets.token_urlsafe(32)
    key = ApiKey.objects.create(
        workspace_id=workspace_id,
        member=member,
        name=name,
        prefix=prefix,
        secret_hash=_hash(secret),
        scopes=sorted(set(scopes) & set(SCOPES)),
        expires_at=expires_at,
    )
    return key, f"tw_{prefix}_{secret}"


def routed(request: HttpRequest) -> tuple[uuid.UUID, uuid.UUID, str] | None:
    """Workspace id, key id and secret named by the Authorization header, unproven yet."""
    header = request.headers.get("Authorization", "")
    if len(header) > _MAX_HEADER or not header.startswith("Bearer tw_"):
        return None
    prefix, _, secret = header.removeprefix("Bearer tw_").partition("_")
    found = tenancy.call("accounts_api_key", prefix)
    return (found[0][0], found[0][1], secret) if found and secret else None


def proven(key_id: uuid.UUID, secret: str) -> ApiKey | None:
    """The key inside its workspace's transaction when secret, expiry and member are good."""
    key = ApiKey.objects.select_related("member", "member__user", "workspace").filter(id=key_id)
    found = key.filter(revoked_at=None).first()
    if found is None or not hmac.compare_digest(bytes(found.secret_hash), _hash(secret)):
        return None
    expired = found.expires_at is not None and found.expires_at <= timezone.now()
    if expired or not found.member.is_present:
        return None
    stale = found.last_used_at is None or timezone.now() - found.last_used_at > timedelta(minutes=5)
    if stale:  # A write for every call would cost more than the knowledge is worth.
        key.update(last_used_at=Now())
    return found


def _hash(secret: str) -> bytes:
    # The secret has 256 random bits, so a fast hash is as good as a slow one.
    return hashlib.sha256(secret.encode()).digest()
