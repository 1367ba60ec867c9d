"""The tokens of one Microsoft mailbox: msal's cache as text, and how a token follows another.

The secret of a grant is JSON: `cache` is msal's serialised token cache, `scopes` the rights that
were given, `folders` the ids of the well-known folders of the mailbox.
"""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import msal
from msal.exceptions import MsalError

from mailsync.providers.errors import (
    AuthorizationLost,
    ConsentMissing,
    Permanent,
    ProviderError,
    Transient,
)
from mailsync.providers.graph_errors import AWAY, LOST
from mailsync.providers.graph_sign_in import sign_in_app

READ_RIGHTS = ("Mail.Read", "User.Read")
SEND_RIGHT = "Mail.Send"
# A token with less time left is not worth a request.
LEAST_SECONDS = 60

OPERATOR = (
    "Microsoft does not accept this installation's own sign-in. Whoever runs it has to check the"
    " app's registration."
)


def pack(
    cache: msal.SerializableTokenCache, rights: list[str], folders: dict[str, str] | None = None
) -> bytes:
    """The secret of a grant."""
    data = {"cache": cache.serialize(), "scopes": rights, "folders": folders or {}}
    return json.dumps(data).encode()


def with_folders(secret: bytes, folders: dict[str, str]) -> bytes:
    """The same secret, with these ids of well-known folders."""
    return json.dumps(_read(secret) | {"folders": folders}).encode()


def folders_of(secret: bytes) -> dict[str, str]:
    """The ids of well-known folders by their names, as they were when the grant was given."""
    return dict(_read(secret)["folders"])


def access_token(secret: bytes, *, fresh: bool = False) -> str:
    """The newest access token; with `fresh` only one that has not ended, "" where there is none."""
    found = max(_entries(secret, "AccessToken"), key=_end, default=None)
    if found is None or (fresh and _end(found) < time.time() + LEAST_SECONDS):
        return ""
    return str(found.get("secret", ""))


def account_of(secret: bytes) -> str:
    """What stays the same for as long as the account does: its object and tenant ids."""
    return next((str(one.get("home_account_id", "")) for one in _entries(secret, "Account")), "")


def renew(secret: bytes) -> bytes:
    """Ask Microsoft for a new access token; returns the secret that follows.

    An app of msal lives for this one question, because it repeats a failed answer from memory for
    up to a minute, which would hide a grant that has recovered.
    """
    data = _read(secret)
    cache = msal.SerializableTokenCache()
    with msal_errors():
        cache.deserialize(data["cache"])
        app = sign_in_app(cache)
        accounts = app.get_accounts()
        answer = (
            app.acquire_token_silent_with_error(data["scopes"], accounts[0], force_refresh=True)
            if accounts
            else None
        )
    if not answer or "access_token" not in answer:
        raise refused(answer or {"error": "invalid_grant"})
    return pack(cache, data["scopes"], data["folders"])


def refused(answer: dict[str, Any]) -> ProviderError:
    """What an error of the token endpoint means. Only a dead grant needs the mailbox's owner."""
    error, reason = str(answer.get("error", "")), str(answer.get("suberror", ""))
    if error == "consent_required" or (error == "invalid_grant" and reason == "consent_required"):
        return ConsentMissing(READ_RIGHTS[0])
    if error in {"invalid_grant", "interaction_required", "login_required"}:
        return AuthorizationLost(LOST)
    if error in {"invalid_client", "unauthorized_client"}:
        return Permanent(OPERATOR)
    return Transient(AWAY)


@contextmanager
def msal_errors() -> Iterator[None]:
    """Answers that msal cannot understand may be understood the next time."""
    try:
        yield
    except (MsalError, ValueError, LookupError, TypeError, AttributeError, RuntimeError) as error:
        raise Transient(AWAY) from error


def _read(secret: bytes) -> dict[str, Any]:
    try:
        data = json.loads(secret)
        cache = str(data["cache"])
        if not isinstance(json.loads(cache), dict):
            raise TypeError
        rights, folders = [str(one) for one in data["scopes"]], dict(data.get("folders", {}))
        return {"cache": cache, "scopes": rights, "folders": folders}
    except (ValueError, LookupError, TypeError) as error:
        raise AuthorizationLost(LOST) from error


def _entries(secret: bytes, kind: str) -> list[dict[str, Any]]:
    try:
        return list(json.loads(_read(secret)["cache"]).get(kind, {}).values())
    except (ValueError, AttributeError) as error:
        raise AuthorizationLost(LOST) from error


def _end(entry: dict[str, Any]) -> int:
    return int(entry.get("expires_on") or 0)
