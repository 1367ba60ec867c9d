"""A Google grant as bytes, and the token endpoint that renews it: one question, one attempt.

google-auth would ask again by itself, sleep in between and call an HTML 502 final. Here a grant is
dead only where the endpoint's body says `invalid_grant`.
https://developers.google.com/identity/protocols/oauth2/web-server
"""

import json
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any, Self

import requests
from django.conf import settings

from mailsync.providers.errors import AuthorizationLost, Permanent, Throttled, Transient
from mailsync.providers.retry_after import seconds_told

READ_SCOPE = "https://www.googleapis.com/auth/gmail.readonly"
SEND_SCOPE = "https://www.googleapis.com/auth/gmail.send"

# Connecting and each read; a token endpoint that is slower than this is as good as down.
TIMEOUT = (10, 30)
THROTTLE_SECONDS = 60.0

UNREACHABLE = "Google could not be reached. Threadwell tries again by itself."
DEAD = (
    "Google no longer lets Threadwell into this mailbox: access was taken back or has ended."
    " Reconnect it. If this happens every week, the Google app is still in testing, where access"
    " lasts seven days; ask whoever runs Threadwell to publish it."
)
REFUSED_CLIENT = (
    "Google does not accept this installation of Threadwell. Ask whoever runs it to check the"
    " client id and secret from the Google console."
)


@dataclass(frozen=True, slots=True)
class GoogleSecret:
    """What opens one mailbox. `ends_at` is when the access token ends, in seconds of the epoch."""

    refresh_token: str = field(repr=False)
    access_token: str = field(repr=False)
    ends_at: float
    scopes: tuple[str, ...]
    account_id: str
    address: str

    @classmethod
    def read(cls, secret: bytes) -> Self:
        """Raises AuthorizationLost where the bytes are no grant of ours."""
        try:
            facts = json.loads(secret)
            return cls(**(facts | {"scopes": tuple(facts["scopes"])}))
        except (ValueError, TypeError, KeyError) as error:
            raise AuthorizationLost(
                "The stored access to this mailbox cannot be read. Reconnect it."
            ) from error

    def to_bytes(self) -> bytes:
        return json.dumps(asdict(self)).encode()

    def with_answer(self, answer: Mapping[str, Any]) -> Self:
        """The grant after the token endpoint answered; a new refresh token replaces the old."""
        scopes = answer.get("scope")
        return replace(
            self,
            access_token=answer["access_token"],
            refresh_token=answer.get("refresh_token") or self.refresh_token,
            ends_at=time.time() + _lifetime(answer),
            scopes=tuple(scopes.split()) if isinstance(scopes, str) and scopes else self.scopes,
        )


def refreshed(secret: bytes) -> bytes:
    """The grant with a new access token; raises AuthorizationLost where Google says it is dead."""
    grant = GoogleSecret.read(secret)
    answer = ask_for_tokens(
        {"grant_type": "refresh_token", "refresh_token": grant.refresh_token},
    )
    return grant.with_answer(answer).to_bytes()


def ask_for_tokens(fields: Mapping[str, str]) -> dict[str, Any]:
    """The token endpoint's answer to these fields, which holds an access token."""
    form = dict(fields)
    form |= {
        "client_id": settings.GOOGLE_CLIENT_ID,
        "client_secret": settings.GOOGLE_CLIENT_SECRET,
    }
    response = post_form(settings.GOOGLE_TOKEN_URL, form)
    answer = _json(response)
    if response.status_code == 200:
        if not isinstance(answer.get("access_token"), str) or not answer["access_token"]:
            raise Transient("Google's answer was unreadable. Threadwell tries again by itself.")
        return answer
    raise _refusal(response, answer)


def post_form(url: str, form: Mapping[str, str]) -> requests.Response:
    """Post once, without following anybody elsewhere; raises Transient where nobody answers."""
    try:
        return requests.post(url, data=form, timeout=TIMEOUT, allow_redirects=False)
    except requests.RequestException as error:
        raise Transient(UNREACHABLE) from error


_CLIENT_ERRORS = {
    "invalid_client",
    "unauthorized_client",
    "deleted_client",
    "disabled_client",
    "org_internal",
    "admin_policy_enforced",
    "unsupported_grant_type",
    "redirect_uri_mismatch",
}


def _refusal(response: requests.Response, answer: Mapping[str, Any]) -> Exception:
    status, error = response.status_code, answer.get("error")
    if error == "invalid_grant" and 400 <= status < 500:
        return AuthorizationLost(DEAD)
    if status == 429:
        told = seconds_told(response.headers.get("Retry-After", ""), response.text[:2000])
        return Throttled(told or THROTTLE_SECONDS)
    if error in _CLIENT_ERRORS and 400 <= status < 500:
        return Permanent(REFUSED_CLIENT)
    return Transient(UNREACHABLE)


def _json(response: requests.Response) -> dict[str, Any]:
    try:
        answer = response.json()
    except ValueError:
        return {}
    return answer if isinstance(answer, dict) else {}


def _lifetime(answer: Mapping[str, Any]) -> float:
    try:
        return max(0.0, min(float(answer.get("expires_in", 0)), 86_400.0))
    except (TypeError, ValueError):
        return 0.0
