"""How a request proves where it comes from: a signature, or a secret that only two know."""

import base64
import hashlib
import hmac
import time
from collections.abc import Iterable

from django.conf import settings
from django.utils.crypto import constant_time_compare

from bcc_inbound.webhooks.posts import Forged, Hook

TOLERANCE = 300
"""Seconds by which the clocks of two machines may differ, and a request may be under way."""


def listed(name: str) -> list[str]:
    """The values of a setting; several, so that a secret can be replaced without a gap."""
    return [value for value in getattr(settings, name) if value]


def demand_secret(hook: Hook, setting: str) -> None:
    """The secret in the user info of the URL (which becomes Basic), in its path, or as Bearer."""
    given = [hook.secret, _basic(hook), _bearer(hook)]
    if not is_one_of((value for value in given if value), listed(setting)):
        raise Forged


def demand_hmac(signed: bytes, given: str, setting: str) -> None:
    """A hexadecimal HMAC-SHA256 under one of the keys of the setting."""
    made = [hmac.new(key.encode(), signed, hashlib.sha256).hexdigest() for key in listed(setting)]
    if not is_one_of([given.strip().lower()], made):
        raise Forged


def demand_recent(text: str, *, horizon: int = TOLERANCE) -> None:
    """A time in seconds since 1970 that is no older than `horizon`, and hardly in the future."""
    if not (text.isascii() and text.isdigit() and len(text) <= 12):
        raise Forged
    age = time.time() - int(text)
    if not -TOLERANCE <= age <= horizon:
        raise Forged


def is_one_of(given: Iterable[str], wanted: Iterable[str]) -> bool:
    """Whether any of these is any of those; each pair is compared in constant time."""
    wanted = list(wanted)
    return any(constant_time_compare(one, other) for one in given for other in wanted)


def _basic(hook: Hook) -> str:
    kind, _, text = hook.headers.get("Authorization", "").partition(" ")
    if kind.lower() != "basic":
        return ""
    try:
        decoded = base64.b64decode(text, validate=True).decode()
    except ValueError:
        # No base64, no ASCII, or no UTF-8.
        return ""
    return decoded.partition(":")[2]


def _bearer(hook: Hook) -> str:
    kind, _, text = hook.headers.get("Authorization", "").partition(" ")
    return text.strip() if kind.lower() == "bearer" else ""
