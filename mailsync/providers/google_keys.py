"""Whether Google signed a token: its published keys, which come in two forms and rotate."""

import threading
import time
from typing import Any

import jwt
import requests
from cryptography import x509
from django.conf import settings

from mailsync.providers.errors import Transient
from mailsync.providers.google_tokens import TIMEOUT, UNREACHABLE

ISSUERS = ("https://accounts.google.com", "accounts.google.com")
# Google lets its keys be kept for hours; an unknown key is asked about at most this often.
KEEP_SECONDS = 3600.0
ASK_AGAIN_SECONDS = 10.0
LEEWAY_SECONDS = 60

_lock = threading.Lock()
_kept: dict[str, tuple[float, dict[str, Any]]] = {}


class NotFromGoogle(Exception):
    """The token is not signed by Google, not for this audience, or no longer valid."""


def claims_of(token: str, *, audience: str) -> dict[str, Any]:
    """The claims of a token that Google signed with RS256 for this audience.

    Raises NotFromGoogle, or Transient where the keys cannot be read.
    """
    try:
        head = jwt.get_unverified_header(token)
        if head.get("alg") != "RS256":
            raise NotFromGoogle
        claims: dict[str, Any] = jwt.decode(
            token,
            _key(str(head.get("kid", ""))),
            algorithms=["RS256"],
            audience=audience,
            leeway=LEEWAY_SECONDS,
            options={"require": ["exp", "iat", "aud", "iss"]},
        )
    except (jwt.PyJWTError, ValueError) as error:
        raise NotFromGoogle from error
    if claims.get("iss") not in ISSUERS or not isinstance(claims["aud"], str):
        raise NotFromGoogle
    return claims


def _key(kid: str) -> Any:
    """The public key of this name; the keys are read anew where they do not hold it."""
    url = settings.GOOGLE_CERTS_URL
    with _lock:
        at, keys = _kept.get(url, (0.0, {}))
        age = time.monotonic() - at if at else float("inf")
        if age > KEEP_SECONDS or (kid not in keys and age > ASK_AGAIN_SECONDS):
            keys = _read(url)
            _kept[url] = (time.monotonic(), keys)
    if kid not in keys:
        raise NotFromGoogle
    return keys[kid]


def _read(url: str) -> dict[str, Any]:
    """A map from names to certificates in PEM, or a JSON Web Key Set."""
    try:
        response = requests.get(url, timeout=TIMEOUT, allow_redirects=False)
        answer = response.json() if response.status_code == 200 else None
        if not isinstance(answer, dict):
            raise Transient(UNREACHABLE)
        if "keys" in answer:
            return {one["kid"]: jwt.PyJWK(one).key for one in answer["keys"]}
        return {kid: _public_key(text) for kid, text in answer.items()}
    except (requests.RequestException, ValueError, KeyError, TypeError, jwt.PyJWTError) as error:
        raise Transient(UNREACHABLE) from error


def _public_key(certificate: str) -> Any:
    return x509.load_pem_x509_certificate(certificate.encode()).public_key()
