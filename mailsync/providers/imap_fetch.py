"""Reading messages of an open folder without marking them as read, one bad one not spoiling all."""

import imaplib
import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

from imapclient import IMAPClient

from mailsync.providers.base import Header
from mailsync.providers.imap_place import Ref

# One byte more than is read, so that a longer header is recognised as such.
HEADER_BYTES = 64 * 1024 + 1
MOST_FLAGS = 20

_HEADER = f"BODY.PEEK[HEADER]<0.{HEADER_BYTES}>"
_FLAG_WORDS = {"$junk": "junk", "junk": "junk", "$forwarded": "forwarded"}
_MAY_HOLD_PARTS = re.compile(rb"^content-type:\s*multipart/", re.I | re.M)
_CALENDAR_PART = re.compile(rb'"text" "calendar" \(([^()]{0,2000})\)', re.I)
_REPLY_METHOD = re.compile(rb'"method" "reply"', re.I)
_UID = re.compile(rb"\bUID (\d+)")

Answer = dict[bytes, Any]


def read_headers(client: IMAPClient, refs: Sequence[Ref]) -> list[Header]:
    """The headers of these messages of the selected folder; absent ones are left out."""
    items = ["FLAGS", "INTERNALDATE", "RFC822.SIZE", _HEADER]
    answers = dict(_fetch(client, [ref.uid for ref in refs], items))
    headers = [_header(ref, answers[ref.uid]) for ref in refs if ref.uid in answers]
    replies = _calendar_replies(client, headers)
    return [_marked(header) if header.ref in replies else header for header in headers]


def read_flags(client: IMAPClient, uids: Sequence[int]) -> dict[int, tuple[str, ...]]:
    """The flags of these messages of the selected folder, in house words."""
    return {uid: house_flags(answer) for uid, answer in _fetch(client, uids, ["FLAGS"])}


def received_at(answer: Answer) -> datetime:
    """INTERNALDATE as an aware time; the epoch where the server gave none."""
    moment = answer.get(b"INTERNALDATE")
    if not isinstance(moment, datetime):
        return datetime.fromtimestamp(0, UTC)
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)


def house_flags(answer: Answer) -> tuple[str, ...]:
    """Flags as plain lower-case words: seen, flagged, answered, draft, deleted, junk, others."""
    words = set()
    for flag in answer.get(b"FLAGS", ()):
        text = flag.decode("utf-8", "replace") if isinstance(flag, bytes) else str(flag)
        word = text.lstrip("\\").lower()
        words.add(_FLAG_WORDS.get(word, word)[:60])
    return tuple(sorted(words - {"recent", "notjunk", "nonjunk"})[:MOST_FLAGS])


def _fetch(
    client: IMAPClient, uids: Sequence[int], items: list[str]
) -> Iterator[tuple[int, Answer]]:
    if not uids:
        return
    try:
        yield from client.fetch(uids, items).items()
    except (ValueError, RecursionError) as error:
        if len(uids) == 1:
            yield uids[0], {b"UNREADABLE": type(error).__name__}
            return
        # The connection is fine, one answer was not: ask for each alone.
        for uid in uids:
            yield from _fetch(client, [uid], items)


def _header(ref: Ref, answer: Answer) -> Header:
    raw = next((value for key, value in answer.items() if key.startswith(b"BODY[HEADER]")), None)
    return Header(
        ref=str(ref),
        raw=raw if isinstance(raw, bytes) else None,
        received_at=received_at(answer),
        scopes=(ref.folder,),
        flags=house_flags(answer),
        size=int(answer.get(b"RFC822.SIZE") or 0),
    )


def _marked(header: Header) -> Header:
    return Header(
        ref=header.ref,
        raw=header.raw,
        received_at=header.received_at,
        scopes=header.scopes,
        flags=header.flags,
        size=header.size,
        calendar_reply=True,
    )


def _calendar_replies(client: IMAPClient, headers: Iterable[Header]) -> set[str]:
    """Refs of messages with a part `text/calendar; method=REPLY`, which no header names (R11)."""
    asked = {
        ref.uid: header.ref
        for header in headers
        if header.raw and _MAY_HOLD_PARTS.search(header.raw) and (ref := Ref.read(header.ref))
    }
    if not asked:
        return set()
    # The answer is scanned as bytes: a structure may be nested deeper than a parser can follow.
    imap: imaplib.IMAP4 = client._imap
    status, lines = imap.uid("FETCH", ",".join(map(str, asked)), "(UID BODYSTRUCTURE)")
    if status != "OK":
        return set()
    found = set()
    for text in _answers(lines):
        uid = _UID.search(text)
        if uid and any(_REPLY_METHOD.search(part) for part in _CALENDAR_PART.findall(text)):
            found.add(asked.get(int(uid[1]), ""))
    return found - {""}


def _answers(lines: Iterable[Any]) -> Iterator[bytes]:
    """One text a message; what imaplib took out as a literal is left out, it could claim a UID."""
    text = b""
    for line in lines:
        piece = line[0] if isinstance(line, tuple) else line or b""
        if re.match(rb"\d+ \(", piece):
            yield text
            text = b""
        text += piece
    yield text
