"""Gmail's refusals as the house's errors: the one table from Google's words to ours.

https://developers.google.com/workspace/gmail/api/guides/handle-errors
"""

import http.client
import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httplib2
from google.auth.exceptions import GoogleAuthError
from googleapiclient.errors import Error as ClientError
from googleapiclient.errors import HttpError

from mailsync.providers.errors import (
    ConsentMissing,
    MessageGone,
    Permanent,
    ProviderError,
    Throttled,
    Transient,
    Unsure,
)
from mailsync.providers.google_tokens import READ_SCOPE, SEND_SCOPE, UNREACHABLE
from mailsync.providers.retry_after import seconds_told

# The quotas are counted by the minute.
THROTTLE_SECONDS = 60.0
REFUSED = "Gmail refused a request of Threadwell, which tries again in an hour."
NOT_TAKEN = "Gmail did not accept this mail. Look at its addresses and files, and send it again."
NOT_ALLOWED = (
    "Threadwell was not given the right to send from this mailbox. Allow sending and try again."
)
UNREADABLE = "Gmail's answer was unreadable. Threadwell tries again by itself."

_SLOW_DOWN = {
    "rateLimitExceeded",
    "userRateLimitExceeded",
    "quotaExceeded",
    "dailyLimitExceeded",
    "concurrentLimitExceeded",
    "RATE_LIMIT_EXCEEDED",
    "RESOURCE_EXHAUSTED",
}
_NO_CONSENT = {"insufficientPermissions", "ACCESS_TOKEN_SCOPE_INSUFFICIENT"}
_SENTENCES = {
    "accessNotConfigured": "The Gmail API is switched off for this installation of Threadwell. Ask"
    " whoever runs it to switch it on in the Google console.",
    "domainPolicy": "The administrator of your Google Workspace does not allow Threadwell to use"
    " Gmail. Ask them to allow it.",
    "failedPrecondition": "Gmail cannot be used with this Google account. Look whether it has a"
    " mailbox.",
}
_SENTENCES["SERVICE_DISABLED"] = _SENTENCES["accessNotConfigured"]


@contextmanager
def house_errors(scope: str = READ_SCOPE) -> Iterator[None]:
    """Turn whatever Gmail, its client or the network did into one of the house's errors.

    `scope` is the right that the call needs.
    """
    try:
        yield
    except ProviderError:
        raise
    except HttpError as error:
        raise error_of(error, scope) from error
    except (ClientError, GoogleAuthError) as error:
        # No answer of Google about the grant comes this way: see google_tokens.
        raise Transient(UNREADABLE) from error
    except (OSError, httplib2.HttpLib2Error, http.client.HTTPException) as error:
        raise Transient(UNREACHABLE) from error
    except (ValueError, KeyError, IndexError, TypeError, AttributeError) as error:
        # The client stumbles like this over answers that are cut off or no answers at all.
        raise Transient(UNREADABLE) from error


@contextmanager
def sending_errors() -> Iterator[None]:
    """The same for a call that hands over a mail: what is no clear refusal is Unsure.

    Errors of ours come from before the call: no connection, no token, no allowance left.
    """
    try:
        yield
    except ProviderError:
        raise
    except HttpError as error:
        house = error_of(error, SEND_SCOPE)
        # 429 and a quota's 403 are refusals. An error of the server's side says nothing about the
        # mail, whatever pause it asks for.
        if isinstance(house, Transient) or int(error.resp.status) >= 500:
            raise Unsure from error
        if isinstance(house, Permanent) and house.sentence == REFUSED:
            raise Permanent(NOT_TAKEN) from error
        raise house from error
    except Exception as error:
        # Whatever the client stumbled over, Google may have taken the mail.
        raise Unsure from error


def error_of(error: HttpError, scope: str = READ_SCOPE) -> ProviderError:
    """The house's error for one answer with a status of 300 or more."""
    status, told = int(error.resp.status), seconds_of(error)
    reasons = _reasons(error)
    throttled = status == 429 or (status == 403 and reasons & _SLOW_DOWN)
    if throttled or (status == 503 and told is not None):
        return Throttled(THROTTLE_SECONDS if told is None else told)
    if status == 403 and reasons & _NO_CONSENT:
        return ConsentMissing(scope, NOT_ALLOWED if scope == SEND_SCOPE else "")
    if status in {404, 410}:
        return MessageGone()
    if status in {400, 403, 413}:
        known = [_SENTENCES[reason] for reason in sorted(reasons & _SENTENCES.keys())]
        return Permanent(known[0] if known else REFUSED)
    return Transient(UNREACHABLE)


def is_wrong_question(error: Permanent) -> bool:
    """Whether Gmail calls the question itself wrong, as with a page token that it forgot."""
    cause = error.__cause__
    return isinstance(cause, HttpError) and int(cause.resp.status) == 400


def seconds_of(error: HttpError) -> float | None:
    """How long the refusal wants us to wait, or None where it does not say."""
    content = error.content if isinstance(error.content, bytes) else b""
    text = content[:4000].decode("utf-8", "replace")
    return seconds_told(str(error.resp.get("retry-after", "")), text)


def _reasons(error: HttpError) -> set[str]:
    """The machine-readable words of the body, wherever they stand."""
    try:
        body = json.loads(error.content)["error"]
        inner = [*_dicts(body.get("errors")), *_dicts(body.get("details")), body]
    except (ValueError, KeyError, TypeError, AttributeError):
        return set()
    words = {one.get(name) for one in inner for name in ("reason", "status")}
    return {word for word in words if isinstance(word, str)}


def _dicts(value: Any) -> list[dict[str, Any]]:
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []
