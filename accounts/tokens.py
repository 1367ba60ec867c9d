"""Tokens that travel in mailed links. Only their hash is ever stored."""

import hashlib
import secrets

_LONGEST = 200


def make() -> tuple[str, bytes]:
    """A new token of 256 random bits, and the hash to keep."""
    token = secrets.token_urlsafe(32)
    return token, digest(token)


def digest(token: str) -> bytes:
    """The hash that a token is found by; a fast one suffices for so many random bits."""
    return hashlib.sha256(token[:_LONGEST].encode()).digest()
