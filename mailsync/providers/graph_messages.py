"""A message as Graph describes it, and the header that it stands for."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email.header import Header as EncodedText
from email.utils import format_datetime
from typing import Any

from mailsync.providers.base import Header

# One byte more than is read, so that a longer header is recognised as such.
HEADER_BYTES = 64 * 1024 + 1

# On every call that answers messages: without it the answer holds their bodies. A list and a
# delta give the headers of the mail only where they are asked for by name:
# https://learn.microsoft.com/graph/api/resources/message#properties
SELECT = "$select=" + ",".join(
    (
        "id,internetMessageId,internetMessageHeaders,subject,from,sender,toRecipients",
        "ccRecipients,bccRecipients,replyTo,sentDateTime,receivedDateTime,parentFolderId",
        "conversationId,isRead,isDraft,flag",
    )
)

# https://learn.microsoft.com/graph/api/resources/eventmessage: what answers an invitation.
_REPLY_TYPE = "eventmessageresponse"
_REPLY_WORDS = {"meetingaccepted", "meetingtenativelyaccepted", "meetingtentativelyaccepted"} | {
    "meetingdeclined"
}
_NAME = re.compile(r"[!-9;-~]{1,200}")
_BREAKS = re.compile(r"[\x00-\x1f\x7f]+")
_MOST_PEOPLE = 1000

Item = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Known:
    """A message that a page or a question told of; `folder` is where it lies."""

    ref: str
    folder: str
    flags: tuple[str, ...]
    received_at: datetime
    header: Header


def is_removed(item: Item) -> bool:
    return "@removed" in item


def is_whole(item: Item) -> bool:
    """Whether an item tells all that we asked for. A delta tells a change of flags with the id and
    the flag alone (https://github.com/microsoftgraph/microsoft-graph-docs-contrib/issues/5544).
    """
    return all(name in item for name in ("receivedDateTime", "isRead", "isDraft"))


def read_message(item: Item, folder: str) -> Known:
    """The message of an item that was told in this folder."""
    place = str(item.get("parentFolderId") or folder)
    flags, received = _flags(item), moment(item.get("receivedDateTime"))
    header = Header(
        ref=str(item["id"]),
        raw=_raw(item),
        received_at=received,
        scopes=(place,),
        flags=flags,
        thread_id=str(item.get("conversationId") or ""),
        calendar_reply=_is_reply(item),
    )
    return Known(header.ref, place, flags, received, header)


def moment(text: object) -> datetime:
    """A time of Graph's; the epoch where it is none."""
    try:
        found = datetime.fromisoformat(str(text))
    except ValueError:
        return datetime.fromtimestamp(0, UTC)
    return found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)


def _flags(item: Item) -> tuple[str, ...]:
    flag = item.get("flag")
    words = {
        "seen": item.get("isRead") is True,
        "draft": item.get("isDraft") is True,
        "flagged": isinstance(flag, dict) and flag.get("flagStatus") == "flagged",
    }
    return tuple(sorted(word for word, is_set in words.items() if is_set))


def _is_reply(item: Item) -> bool:
    kind = str(item.get("@odata.type") or "").rpartition(".")[2].lower()
    return kind == _REPLY_TYPE or str(item.get("meetingMessageType")).lower() in _REPLY_WORDS


def _raw(item: Item) -> bytes | None:
    """The header as RFC 5322 bytes: as it came, or put together where Graph does not keep it, as
    for drafts and sent mail. What is missing from either is filled in from the other."""
    try:
        lines = list(_given(item.get("internetMessageHeaders") or []))
        names = {name.lower() for name, _ in lines}
        lines += [(name, text) for name, text in _told(item) if text and name.lower() not in names]
    except (TypeError, AttributeError):
        return None
    head = b"".join(f"{name}: {text}\r\n".encode("utf-8", "replace") for name, text in lines)
    return (head + b"\r\n")[:HEADER_BYTES]


def _given(headers: Iterable[Item]) -> Iterator[tuple[str, str]]:
    size = 0
    for one in headers:
        name, text = str(one.get("name")), _BREAKS.sub(" ", str(one.get("value") or ""))
        size += len(name) + len(text)
        if size > HEADER_BYTES + 1000:
            # More than is kept; the end is cut, as it is of any header.
            text = text[: HEADER_BYTES + 1000]
        if _NAME.fullmatch(name):
            yield name, text.strip()
        if size > HEADER_BYTES + 1000:
            return


def _told(item: Item) -> Iterator[tuple[str, str]]:
    """The header lines that Graph's own properties stand for."""
    yield "From", _people([item.get("from") or item.get("sender")])
    for name in ("toRecipients", "ccRecipients", "bccRecipients", "replyTo"):
        yield _LINES[name], _people(item.get(name) or [])
    yield "Subject", _words(str(item.get("subject") or ""))
    sent = item.get("sentDateTime")
    yield "Date", format_datetime(moment(sent)) if sent else ""
    yield "Message-ID", _BREAKS.sub("", str(item.get("internetMessageId") or "")).strip()


_LINES = {
    "toRecipients": "To",
    "ccRecipients": "Cc",
    "bccRecipients": "Bcc",
    "replyTo": "Reply-To",
}


def _people(recipients: Iterable[Item | None]) -> str:
    return ", ".join(
        _person(one["emailAddress"])
        for one in list(recipients)[:_MOST_PEOPLE]
        if one and isinstance(one.get("emailAddress"), dict)
    )


def _person(facts: Item) -> str:
    address = re.sub(r"[\x00-\x20\x7f<>]", "", str(facts.get("address") or ""))
    name = _BREAKS.sub(" ", str(facts.get("name") or "")).strip()[:500]
    if not name or name == address:
        return f"<{address}>"
    if not name.isascii():
        return f"{_words(name)} <{address}>"
    quoted = re.sub(r'(["\\])', r"\\\1", name)
    return f'"{quoted}" <{address}>'


def _words(text: str) -> str:
    text = _BREAKS.sub(" ", text)
    return text if text.isascii() else EncodedText(text[:2000], "utf-8").encode(linesep="\r\n")
