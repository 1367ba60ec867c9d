"""What Google's Pub/Sub sends: a signed token that says who it is, and whose mailbox has news.

Sources: cloud.google.com/pubsub/docs/authenticate-push-subscriptions (the token) and
developers.google.com/gmail/api/guides/push (the notice).
"""

import base64
import binascii
from collections.abc import Mapping
from typing import Any

from django.conf import settings
from google.auth import jwt
from google.auth.exceptions import GoogleAuthError

from accounts.bounded_json import read_json
from mailsync.providers.google_certs import certificates

ISSUERS = frozenset({"https://accounts.google.com", "accounts.google.com"})
_LONGEST_TOKEN = 8_000
_CLOCK_SKEW = 10


class NotProven(Exception):
    """The token does not prove that Google sent this for us."""


def is_configured() -> bool:
    """Whether the operator said which service account pushes."""
    return bool(settings.GOOGLE_PUBSUB_SERVICE_ACCOUNT)


def verify_token(token: str, *, audience: str) -> None:
    """Raise NotProven unless this is Google's token for our address and our service account.

    Raises KeysUnavailable where Google's keys cannot be had.
    """
    if not is_configured() or not 0 < len(token) <= _LONGEST_TOKEN:
        raise NotProven
    try:
        header = jwt.decode_header(token)
        if header.get("alg") != "RS256" or not isinstance(header.get("kid"), str):
            raise NotProven
        keys = certificates(settings.GOOGLE_CERTS_URL).with_key(header["kid"])
        claims = jwt.decode(token, certs=keys, clock_skew_in_seconds=_CLOCK_SKEW)
    except (GoogleAuthError, ValueError, TypeError, KeyError, RecursionError) as error:
        raise NotProven from error
    if not _are_meant_for_us(claims, audience):
        raise NotProven


def read_notice(push: Any) -> str:
    """The address whose mailbox has news; raises ValueError. The rest of a notice is not used:
    a push is only a hint."""
    message = push.get("message") if isinstance(push, Mapping) else None
    data = message.get("data") if isinstance(message, Mapping) else None
    if not isinstance(data, str):
        raise ValueError("no data")
    notice = _read_data(data)
    address = notice.get("emailAddress") if isinstance(notice, Mapping) else None
    if not isinstance(address, str) or not 3 <= len(address) <= 254 or "\0" in address:
        raise ValueError("no address")
    return address


def _are_meant_for_us(claims: Mapping[str, Any], audience: str) -> bool:
    return (
        claims.get("iss") in ISSUERS
        and claims.get("aud") == audience
        and claims.get("email") == settings.GOOGLE_PUBSUB_SERVICE_ACCOUNT
        and claims.get("email_verified") is True
    )


def _read_data(data: str) -> Any:
    """Base64 of either alphabet, with or without its padding, of JSON."""
    plain = data.strip().rstrip("=").replace("-", "+").replace("_", "/")
    try:
        raw = base64.b64decode(plain + "=" * (-len(plain) % 4), validate=True)
    except binascii.Error as error:
        raise ValueError("no base64") from error
    return read_json(raw)
