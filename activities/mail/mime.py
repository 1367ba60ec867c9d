"""Bytes of a mail to its parsed values, bounded in every direction (04 rule of hostile mail). Pure.

Nothing raises, whatever comes in: what cannot be read carries a `Problem` that a person sees.
"""

import hashlib
import re
from collections.abc import Iterable
from dataclasses import replace

from activities.mail.address_list import split_addresses
from activities.mail.automated import automated_facts
from activities.mail.body import read_body, take_attachments
from activities.mail.dates import parse_date
from activities.mail.files import AttachmentPlace
from activities.mail.fingerprint import fingerprint
from activities.mail.header_block import MAX_HEADER_BYTES, HeaderBlock, read_header, with_line_feeds
from activities.mail.message import (
    MAX_ADDRESSES,
    MAX_RAW_BYTES,
    MAX_REFERENCES,
    ParsedBody,
    ParsedMessage,
    Participant,
    Problem,
    Role,
    storable,
)
from activities.mail.words import decode_words, without_direction
from contacts.addresses import normalise_address

MAX_SUBJECT = 2_000
MAX_NAME = 200
MAX_ID = 300

_WINDOW = 4 * MAX_HEADER_BYTES
_BRACKETED = re.compile(r"<([^<>]++)>")


def parse_headers(raw: bytes) -> ParsedMessage:
    """Read the header of a mail; what stands behind it is not looked at.

    Linear in at most 64 KB, so that it may run in any process. `raw` may be the header block
    alone or the whole mail; over 25 MB the message says so.
    """
    # A window, so that a mail of 48 MB is not copied for the sake of its header.
    header = read_header(with_line_feeds(raw[:_WINDOW]))
    return _message(header, Problem.TOO_LARGE if len(raw) > MAX_RAW_BYTES else header.problem)


def parse(raw: bytes) -> tuple[ParsedMessage, ParsedBody]:
    """Read a whole mail. Run it in the child process (`activities.parsing`), never in a worker."""
    message, body, places = parse_structure(raw)
    return message, replace(body, attachments=take_attachments(raw, places))


def parse_structure(raw: bytes) -> tuple[ParsedMessage, ParsedBody, tuple[AttachmentPlace, ...]]:
    """Like `parse`, but with the places of the files in `raw` instead of their content."""
    if len(raw) > MAX_RAW_BYTES:
        return parse_headers(raw), ParsedBody(problem=Problem.TOO_LARGE), ()
    raw = with_line_feeds(raw)
    header = read_header(raw)
    message = _message(header, header.problem)
    body, places, calendar_reply = read_body(raw, header)
    if calendar_reply and not message.automated.calendar_reply:
        message = message.with_calendar_reply()
    return message, body, places


class _AddressBook:
    """The participants of one mail: each address once a role, 500 entries read at most."""

    def __init__(self) -> None:
        self.participants: list[Participant] = []
        self.seen: set[tuple[Role, str]] = set()
        self.count = 0
        self.malformed = 0

    def add(self, role: Role, values: Iterable[str]) -> None:
        for value in values:
            for name, address in split_addresses(value):
                self.count += 1
                if self.count <= MAX_ADDRESSES:
                    self._add_one(role, name, address)

    def _add_one(self, role: Role, name: str, address: str) -> None:
        normal = normalise_address(address)
        if normal is None:
            self.malformed += 1
        elif (role, normal) not in self.seen:
            self.seen.add((role, normal))
            self.participants.append(Participant(role, normal, _name(name, normal)))

    def addresses(self, *roles: Role) -> list[str]:
        return [one.address for one in self.participants if one.role in roles]


def _message(header: HeaderBlock, problem: Problem) -> ParsedMessage:
    book = _AddressBook()
    for role in Role:
        book.add(role, header.every(role.value))
    subject = decode_words(header.first("subject"))[:MAX_SUBJECT]
    date = parse_date(header.first("date"))
    message_id = next(iter(_ids([header.first("message-id")])), "")
    return ParsedMessage(
        participants=tuple(book.participants),
        subject=storable(subject),
        date=date,
        message_id=message_id,
        in_reply_to=_ids(header.every("in-reply-to"))[-MAX_REFERENCES:],
        references=_ids(header.every("references"))[-MAX_REFERENCES:],
        list_id=_list_id(header.first("list-id")),
        automated=automated_facts(header),
        reply_to=_reply_to(header),
        address_count=book.count,
        malformed_addresses=book.malformed,
        problem=problem,
        fingerprint=fingerprint(
            message_id=message_id,
            senders=book.addresses(Role.FROM),
            recipients=book.addresses(Role.TO, Role.CC),
            date=date,
            subject=subject,
        ),
    )


def _name(name: str, address: str) -> str:
    if not name:
        return ""
    text = without_direction(decode_words(name)).strip()
    if len(text) > 1 and text[0] == text[-1] and text[0] in "'\"":
        text = text[1:-1].strip()
    return "" if text.lower() == address else storable(text[:MAX_NAME])


def _ids(values: list[str]) -> tuple[str, ...]:
    """The message ids of a field, in order; one without brackets counts where it has an @."""
    found: list[str] = []
    for value in values:
        ids = _BRACKETED.findall(value)
        if not ids and "@" in value and len(value.split()) == 1:
            ids = [value]
        found += (_id(one) for one in ids[-MAX_REFERENCES:])
    return tuple(one for one in found if one)


def _id(text: str) -> str:
    """An id without blanks; one that no index would hold is replaced by its hash."""
    plain = storable("".join(text.split())).strip("<>")
    if len(plain) <= MAX_ID:
        return plain
    return "sha256-" + hashlib.sha256(plain.encode("utf-8", "replace")).hexdigest()


def _list_id(value: str) -> str:
    bracketed = _BRACKETED.findall(value)
    text = bracketed[-1] if bracketed else value
    return storable("".join(text.split())).lower()[:MAX_ID]


def _reply_to(header: HeaderBlock) -> tuple[str, ...]:
    addresses: dict[str, None] = {}
    for value in header.every("reply-to"):
        for count, (_, address) in enumerate(split_addresses(value)):
            if count >= MAX_REFERENCES:
                break
            if normal := normalise_address(address):
                addresses[normal] = None
    return tuple(addresses)
