"""What an answer of Microsoft 365 means in house errors: one table of codes, one of statuses.

https://learn.microsoft.com/graph/errors and, for folders whose state is lost,
https://learn.microsoft.com/graph/delta-query-overview#synchronization-reset
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from mailsync.providers.errors import (
    AuthorizationLost,
    ConsentMissing,
    CursorExpired,
    MessageGone,
    Permanent,
    ProviderError,
    Throttled,
    Transient,
)
from mailsync.providers.retry_after import seconds_told

UNSPOKEN_PAUSE = 30.0

LOST = "Microsoft 365 no longer lets Threadwell in. Reconnect the mailbox."
AWAY = "Microsoft 365 could not be reached. Threadwell tries again by itself."
_SLOW = "Microsoft 365 asked us to slow down. Reading goes on by itself."
_REFUSED = "Microsoft 365 does not accept a request of Threadwell. Ask who runs this installation."
_NO_MAILBOX = "This account has no mailbox at Microsoft 365 that an app may read."
_READ = "Threadwell was not given the right to read this mailbox. Reconnect and allow it."
_SEND = "Threadwell was not given the right to send from this mailbox. Allow sending and try again."
_LARGE = "The message is larger than Microsoft 365 takes."
_BLOCKED = "Microsoft 365 does not let this account send mail at present. Ask its administrator."
_NOBODY = "Microsoft 365 does not accept a recipient of this mail. Look at its addresses."
_NOT_AS = "Microsoft 365 does not let this account send from that address."


@dataclass(frozen=True, slots=True)
class Failure:
    """An answer that is no success. `code` is the vendor's word in lower case, `right` the scope
    that the call needs; `headers` have names in lower case."""

    status: int
    code: str = ""
    right: str = "Mail.Read"
    headers: Mapping[str, str] = field(default_factory=dict)


def house_error(failure: Failure) -> ProviderError:
    """The error of the family that an answer stands for. Codes say more than statuses."""
    by_code = _BY_CODE.get(failure.code)
    if by_code is not None and failure.status < 500 and failure.status != 429:
        return by_code(failure)
    if failure.status == 503 and "retry-after" not in failure.headers:
        return Transient(AWAY)
    by_status = _BY_STATUS.get(failure.status)
    if by_status is not None:
        return by_status(failure)
    known = 400 <= failure.status < 500
    return Permanent(_REFUSED) if known else Transient(AWAY)


def pause_of(headers: Mapping[str, str]) -> float:
    """The seconds that an answer asks us to wait."""
    told = seconds_told(headers.get("retry-after", ""), date=headers.get("date", ""))
    return UNSPOKEN_PAUSE if told is None else max(told, 1.0)


def _consent(failure: Failure) -> ProviderError:
    return ConsentMissing(failure.right, _SEND if failure.right == "Mail.Send" else _READ)


def _throttled(failure: Failure) -> ProviderError:
    return Throttled(pause_of(failure.headers), _SLOW)


_BY_CODE: dict[str, Callable[[Failure], ProviderError]] = {
    "syncstatenotfound": lambda _: CursorExpired(),
    "syncstateinvalid": lambda _: CursorExpired(),
    "errorinvalidsyncstatedata": lambda _: CursorExpired(),
    "resyncrequired": lambda _: CursorExpired(),
    "erroritemnotfound": lambda _: MessageGone(),
    "errorinvalididmalformed": lambda _: MessageGone(),
    "mailboxnotenabledforrestapi": lambda _: Permanent(_NO_MAILBOX),
    "mailboxnotsupportedforrestapi": lambda _: Permanent(_NO_MAILBOX),
    "errorinvalidrecipients": lambda _: Permanent(_NOBODY),
    "errormessagesubmissionblocked": lambda _: Permanent(_BLOCKED),
    "errorsendasdenied": lambda _: Permanent(_NOT_AS),
    "errormessagesizeexceeded": lambda _: Permanent(_LARGE),
}
_BY_STATUS: dict[int, Callable[[Failure], ProviderError]] = {
    401: lambda _: AuthorizationLost(LOST),
    403: _consent,
    404: lambda _: MessageGone(),
    408: lambda _: Transient(AWAY),
    409: lambda _: Transient(AWAY),
    410: lambda _: CursorExpired(),
    412: lambda _: Transient(AWAY),
    413: lambda _: Permanent(_LARGE),
    423: lambda _: Transient(AWAY),
    429: _throttled,
    503: _throttled,
}
