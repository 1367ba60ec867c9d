"""How Google says no: the JSON of its APIs' errors.

https://developers.google.com/workspace/gmail/api/guides/handle-errors
"""

from collections.abc import Sequence
from typing import Any

from mailsync.sandbox.web import Refusal, Response, as_json

_STATUS = {
    400: "INVALID_ARGUMENT",
    401: "UNAUTHENTICATED",
    403: "PERMISSION_DENIED",
    404: "NOT_FOUND",
    429: "RESOURCE_EXHAUSTED",
}


def error(
    code: int,
    message: str,
    reason: str,
    *,
    domain: str = "global",
    details: Sequence[dict[str, Any]] = (),
) -> Response:
    """An error as the Gmail API writes it."""
    inner = {"message": message, "domain": domain, "reason": reason}
    body: dict[str, Any] = {"code": code, "message": message, "errors": [inner]}
    if code in _STATUS:
        body["status"] = _STATUS[code]
    if details:
        body["details"] = list(details)
    return as_json({"error": body}, code)


def bad_request(message: str) -> Refusal:
    return Refusal(error(400, message, "badRequest"))


def not_found() -> Refusal:
    return Refusal(error(404, "Requested entity was not found.", "notFound"))


def unauthenticated() -> Refusal:
    """No token, one that ended, or one that was revoked."""
    message = "Request had invalid authentication credentials."
    return Refusal(error(401, message, "authError"))


def scope_missing(method: str) -> Refusal:
    """The token is alive and does not cover the call."""
    info = {
        "@type": "type.googleapis.com/google.rpc.ErrorInfo",
        "reason": "ACCESS_TOKEN_SCOPE_INSUFFICIENT",
        "domain": "googleapis.com",
        "metadata": {"service": "gmail.googleapis.com", "method": method},
    }
    message = "Request had insufficient authentication scopes."
    return Refusal(error(403, message, "insufficientPermissions", details=[info]))


def unknown_parameter(name: str) -> Refusal:
    return bad_request(
        f'Invalid JSON payload received. Unknown name "{name}": Cannot bind query parameter.'
        f" Field '{name}' could not be found in request message."
    )


def rate_limited(reason: str = "rateLimitExceeded", code: int = 403, until: str = "") -> Response:
    """The user's or the project's quota is used up; `until` stands in the text alone."""
    message = "Quota exceeded for quota metric 'Queries' and limit 'Queries per minute per user'"
    if until:
        message = f"User-rate limit exceeded.  Retry after {until}"
    return error(code, message, reason, domain="usageLimits")
