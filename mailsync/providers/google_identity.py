"""Who signed in at Google: the id token, which Google signed for this app alone.

https://developers.google.com/identity/openid-connect/openid-connect#validatinganidtoken
"""

from typing import Any

from django.conf import settings
from google.auth import jwt
from google.auth.exceptions import GoogleAuthError

from mailsync.providers.errors import Transient
from mailsync.providers.google_certs import KeysUnavailable, certificates
from mailsync.providers.google_push import ISSUERS
from mailsync.providers.google_tokens import UNREACHABLE

_LONGEST_TOKEN = 16_000
_CLOCK_SKEW = 60


class NotFromGoogle(Exception):
    """The token is not signed by Google, not for this app, or no longer valid."""


def identity_in(token: str) -> dict[str, Any]:
    """The claims of an id token; raises NotFromGoogle, or Transient where the keys are not had."""
    if not 0 < len(token) <= _LONGEST_TOKEN:
        raise NotFromGoogle
    try:
        head = jwt.decode_header(token)
        if head.get("alg") != "RS256" or not isinstance(head.get("kid"), str):
            raise NotFromGoogle
        claims = jwt.decode(
            token,
            certs=certificates(settings.GOOGLE_CERTS_URL).with_key(head["kid"]),
            audience=settings.GOOGLE_CLIENT_ID,
            clock_skew_in_seconds=_CLOCK_SKEW,
        )
    except KeysUnavailable as error:
        raise Transient(UNREACHABLE) from error
    except (GoogleAuthError, ValueError, TypeError, KeyError, RecursionError) as error:
        raise NotFromGoogle from error
    if claims.get("iss") not in ISSUERS:
        raise NotFromGoogle
    return dict(claims)
