"""Messages from Gmail: headers in batches, one by one where a part of a batch failed.

`format=metadata` brings every header field and no body; `fields` leaves out the snippet, which is
text of the body and none of our business before a mail is logged.
"""

import base64
import binascii
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from googleapiclient.errors import HttpError

from mailsync.providers.base import Header, RawMessage
from mailsync.providers.errors import MessageGone, ProviderError, Throttled, Transient
from mailsync.providers.gmail_connection import Answer, GmailConnection, chunks, whole
from mailsync.providers.gmail_errors import UNREADABLE, error_of, seconds_of
from mailsync.providers.gmail_labels import flags_of, scopes_of, texts

# https://developers.google.com/workspace/gmail/api/reference/quota
GET_UNITS = 20
# One byte more than is read, so that a longer header is recognised as such.
HEADER_BYTES = 64 * 1024 + 1

_FACTS = "id,threadId,labelIds,internalDate,sizeEstimate"


def read_headers(connection: GmailConnection, refs: Sequence[str]) -> list[Header]:
    """The headers of those that exist. All of the units are spent before the first is fetched, so
    that a budget that runs out never makes us fetch the same message twice."""
    if not refs:
        return []
    connection.budget.spend(GET_UNITS * len(refs))
    headers = []
    for some in chunks(refs):
        for ref, answer in _batch(connection, some).items():
            if answer is not None:
                headers.append(_header(ref, answer))
    return headers


def read_raw(connection: GmailConnection, ref: str, limit: int) -> RawMessage:
    """The whole message as bytes, or its size alone where it is beyond the limit."""
    request = connection.users.messages().get(userId="me", id=ref, format="raw", fields="raw")
    answer = connection.call(request, GET_UNITS)
    try:
        raw = base64.urlsafe_b64decode(str(answer["raw"]).encode() + b"==")
    except (KeyError, ValueError, binascii.Error) as error:
        raise Transient(UNREADABLE) from error
    return RawMessage(raw if len(raw) <= limit else None, len(raw))


def received_at(answer: Answer) -> datetime:
    """internalDate, which counts milliseconds; raises KeyError or ValueError."""
    try:
        return datetime.fromtimestamp(int(answer["internalDate"]) / 1000, UTC)
    except (OverflowError, OSError, TypeError) as error:
        raise ValueError("no time") from error


def _batch(connection: GmailConnection, refs: Sequence[str]) -> dict[str, Answer | None]:
    """The answer about each, None where it is gone. A part that failed is asked for alone."""
    found: dict[str, Answer | None] = {}

    def take(ref: str, answer: Any, error: HttpError | None) -> None:
        if error is None and isinstance(answer, dict):
            found[ref] = answer
        elif error is not None:
            reason = error_of(error)
            if isinstance(reason, MessageGone):
                found[ref] = None
            elif seconds_of(error) is not None or not isinstance(reason, Throttled | Transient):
                # A pause was asked for, or asking again cannot help.
                final.append(reason)

    final: list[ProviderError] = []
    connection.batch({ref: _get(connection, ref) for ref in refs}, take)
    if final:
        raise final[0]
    return found | {ref: _alone(connection, ref) for ref in refs if ref not in found}


def _alone(connection: GmailConnection, ref: str) -> Answer | None:
    try:
        return whole(connection.call(_get(connection, ref), GET_UNITS))
    except MessageGone:
        return None


def _get(connection: GmailConnection, ref: str) -> Any:
    return connection.users.messages().get(
        userId="me", id=ref, format="metadata", fields=f"{_FACTS},payload/headers"
    )


def _header(ref: str, answer: Answer) -> Header:
    labels = texts(answer.get("labelIds"))
    try:
        raw, moment = _lines(answer["payload"]["headers"]), received_at(answer)
    except (KeyError, TypeError, ValueError):
        raw, moment = None, datetime.fromtimestamp(0, UTC)
    size = answer.get("sizeEstimate")
    return Header(
        ref=ref,
        raw=raw,
        received_at=moment,
        scopes=scopes_of(labels),
        flags=flags_of(labels),
        thread_id=str(answer.get("threadId", "")),
        size=size if isinstance(size, int) else 0,
    )


def _lines(headers: Any) -> bytes:
    """The fields as a header of RFC 5322, up to one byte more than is read."""
    lines, length = [], 0
    for one in headers:
        name, value = (" ".join(str(one[key]).splitlines()) for key in ("name", "value"))
        line = f"{name}: {value}\r\n".encode("utf-8", "replace")
        lines.append(line)
        length += len(line)
        if length >= HEADER_BYTES:
            break
    return (b"".join(lines) + b"\r\n")[:HEADER_BYTES]
