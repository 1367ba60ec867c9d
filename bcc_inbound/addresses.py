"""The text of an inbound address: a readable part, a part that nobody can guess, our domain.

Only the unguessable part is looked up, so renaming a project breaks no address that somebody saved,
and it is written in lower case, because mail systems may change the case of what they pass on.
"""

import base64
import hashlib
import re
import secrets

from django.conf import settings
from django.utils.text import slugify

TOKEN_BYTES = 20
"""160 random bits: base32 writes them in 32 characters without padding."""

READABLE_LIMIT = 24
_TOKEN = re.compile(r"[a-z2-7]{32}\Z")


def new_token() -> str:
    """Return a new unguessable part of 32 characters."""
    return base64.b32encode(secrets.token_bytes(TOKEN_BYTES)).decode().lower()


def hash_token(token: str) -> bytes:
    """Return what a token is looked up by; comparing hashes in an index leaks no prefix of it."""
    return hashlib.sha256(token.encode()).digest()


def write_address(name: str, token: str) -> str:
    """Return the whole address for people: `onboarding-<token>@<our domain>`."""
    readable = slugify(name)[:READABLE_LIMIT].strip("-") or "mail"
    return f"{readable}-{token}@{settings.INBOUND_DOMAIN}"


def token_in(recipient: str) -> str | None:
    """Return the token of an envelope recipient, or None when it is no address of ours.

    What stands before the last hyphen says nothing, and a +tag is ignored.
    """
    local, _at, domain = recipient.strip().lower().rpartition("@")
    if domain.rstrip(".") != settings.INBOUND_DOMAIN:
        return None
    token = local.strip('"').partition("+")[0].rpartition("-")[2]
    return token if _TOKEN.match(token) else None
