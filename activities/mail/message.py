"""The values that one email is read into. Pure: no Django, no clock, no network.

`ParsedMessage` is what the header says; matching needs nothing else, and it is stored as JSON.
`ParsedBody` is what a person reads; it is only made where a body may be kept or shown.
"""

import re
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

MAX_RAW_BYTES = 25 * 1024 * 1024
MAX_ADDRESSES = 500
MAX_REFERENCES = 50

_HALF_PAIR = re.compile("[\ud800-\udfff]")


class Role(StrEnum):
    """The header in which an address stands. Reply-To and Bcc make nobody a participant (R2)."""

    FROM = "from"
    SENDER = "sender"
    TO = "to"
    CC = "cc"


class Problem(StrEnum):
    """Why a mail was not read whole. The pages turn the code into a sentence."""

    NONE = ""
    TOO_LARGE = "too_large"
    HEADERS_TOO_LARGE = "headers_too_large"
    TOO_MANY_HEADERS = "too_many_headers"
    TOO_SLOW = "too_slow"
    PARSER_DIED = "parser_died"
    BROKEN = "broken"


PROBLEM_SENTENCES = {
    Problem.TOO_LARGE: "This mail is larger than 25 MB. It is kept as it came, unread.",
    Problem.HEADERS_TOO_LARGE: "The header is longer than 64 KB. The mail is kept as it came.",
    Problem.TOO_MANY_HEADERS: "This mail has more than 1,000 header lines. It is kept as it came.",
    Problem.TOO_SLOW: "Reading this mail took too long and was stopped. It is kept as it came.",
    Problem.PARSER_DIED: "Reading this mail used too much memory or time. It is kept as it came.",
    Problem.BROKEN: "This mail could not be read. It is kept as it came.",
}


@dataclass(frozen=True, slots=True)
class Participant:
    """One address in one header; `address` is normalised, `name` is decoded for people."""

    role: Role
    address: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class Automated:
    """What the header says about a machine as the writer (R11). `bulk` knows no internal domain:
    whoever decides compares `ParsedMessage.list_id` with those."""

    report: bool = False
    auto_reply: bool = False
    calendar_reply: bool = False
    bulk: bool = False

    def __bool__(self) -> bool:
        return self.report or self.auto_reply or self.calendar_reply or self.bulk


@dataclass(frozen=True, slots=True)
class ParsedMessage:
    """The header of one mail, decoded and bounded.

    `date` is an aware UTC time to the second or None. `message_id`, `in_reply_to` and
    `references` stand without angle brackets, the last fifty at most. `list_id` is the bare
    identifier in lower case. `reply_to` holds addresses only, for answering. `fingerprint` is the
    SHA-256 by which copies find each other (R12); None means that this copy never merges.
    `address_count` counts every address that was seen, also those beyond the limit of 500.
    """

    participants: tuple[Participant, ...] = ()
    subject: str = ""
    date: datetime | None = None
    message_id: str = ""
    in_reply_to: tuple[str, ...] = ()
    references: tuple[str, ...] = ()
    list_id: str = ""
    automated: Automated = Automated()
    reply_to: tuple[str, ...] = ()
    address_count: int = 0
    malformed_addresses: int = 0
    problem: Problem = Problem.NONE
    fingerprint: bytes | None = None

    @property
    def too_many_addresses(self) -> bool:
        """More than 500 addresses: sync logs nothing, bcc keeps as unassigned (B6)."""
        return self.address_count > MAX_ADDRESSES

    @property
    def oversize(self) -> bool:
        """The raw mail is beyond 25 MB, so only its header was read."""
        return self.problem is Problem.TOO_LARGE

    @property
    def unparseable(self) -> bool:
        """The mail was not read whole; `problem` says why."""
        return self.problem is not Problem.NONE

    @property
    def error(self) -> str:
        """The sentence for a person, or "" where the mail was read whole."""
        return PROBLEM_SENTENCES.get(self.problem, "")

    def with_role(self, *roles: Role) -> tuple[Participant, ...]:
        """The participants in these roles, in header order."""
        return tuple(one for one in self.participants if one.role in roles)

    def with_calendar_reply(self) -> "ParsedMessage":
        """The same mail once its structure has shown a calendar reply (R11)."""
        return replace(self, automated=replace(self.automated, calendar_reply=True))

    def to_json(self) -> dict[str, Any]:
        """A dictionary that json and jsonb take as it is; empty values are left out."""
        flags = self.automated
        full = {
            "participants": [[one.role.value, one.address, one.name] for one in self.participants],
            "subject": self.subject,
            "date": self.date.isoformat() if self.date else "",
            "message_id": self.message_id,
            "in_reply_to": list(self.in_reply_to),
            "references": list(self.references),
            "list_id": self.list_id,
            "automated": [name for name in Automated.__slots__ if getattr(flags, name)],
            "reply_to": list(self.reply_to),
            "address_count": self.address_count,
            "malformed_addresses": self.malformed_addresses,
            "problem": self.problem.value,
            "fingerprint": self.fingerprint.hex() if self.fingerprint else "",
        }
        return {key: value for key, value in full.items() if value}

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> "ParsedMessage":
        """The message that `to_json` wrote; what is absent takes its default."""
        date, fingerprint = data.get("date"), data.get("fingerprint")
        return cls(
            participants=tuple(
                Participant(Role(role), address, name)
                for role, address, name in data.get("participants", ())
            ),
            subject=data.get("subject", ""),
            date=datetime.fromisoformat(date).astimezone(UTC) if date else None,
            message_id=data.get("message_id", ""),
            in_reply_to=tuple(data.get("in_reply_to", ())),
            references=tuple(data.get("references", ())),
            list_id=data.get("list_id", ""),
            automated=Automated(**dict.fromkeys(data.get("automated", ()), True)),
            reply_to=tuple(data.get("reply_to", ())),
            address_count=data.get("address_count", 0),
            malformed_addresses=data.get("malformed_addresses", 0),
            problem=Problem(data.get("problem", "")),
            fingerprint=bytes.fromhex(fingerprint) if fingerprint else None,
        )


@dataclass(frozen=True, slots=True)
class ParsedAttachment:
    """One file of a mail. `name` has no control, direction or path characters; `size` is in bytes
    of the decoded content; `cid` is the id by which the HTML names an inline picture."""

    name: str
    content_type: str
    size: int
    sha256: str
    content: bytes
    inline: bool = False
    cid: str = ""


@dataclass(frozen=True, slots=True)
class ParsedBody:
    """What a person reads of a mail. `html` is sanitised, or "" for a plain mail; nothing in it
    loads by itself: remote pictures stand in `data-remote-src`, inline ones in `data-cid`.
    `text_quote_at` and `html_quote_at` are the offsets at which a trailing quote begins, so that
    `text[:at]` and `html[:at]` are what the writer added; None means that nothing is folded.
    `designed` mail brings its own colours and wants a white page. `parts_dropped` counts what lay
    beyond the limits on depth and number of parts. `problem` says why a body was not read."""

    text: str = ""
    html: str = ""
    snippet: str = ""
    attachments: tuple[ParsedAttachment, ...] = ()
    text_truncated: bool = False
    html_truncated: bool = False
    text_quote_at: int | None = None
    html_quote_at: int | None = None
    parts_dropped: int = 0
    tracking_pixels: int = 0
    remote_images: int = 0
    designed: bool = False
    problem: Problem = Problem.NONE


def storable(text: str) -> str:
    """The text without what PostgreSQL refuses: NUL, and halves of surrogate pairs."""
    if "\x00" in text:
        text = text.replace("\x00", "")
    if text.isascii():
        return text
    try:
        # Encoding is an order of magnitude faster than searching, and nearly always succeeds.
        text.encode()
    except UnicodeEncodeError:
        return _HALF_PAIR.sub("", text)
    return text
