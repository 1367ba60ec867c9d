"""Writes a mail as RFC 5322 bytes. The same letter always becomes the same bytes.

The header is written here line by line: nothing that was typed can begin a line of its own, since
every value is one line or is encoded. The body is the standard library's.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.header import Header
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from re import compile as pattern

from activities.mail.message import MAX_RAW_BYTES
from mailsync.services.compose_html import html_of
from mailsync.services.compose_recipients import Recipient, clean_line

MOST_REFERENCES = 30

_ID = pattern(r"[\x21-\x3b\x3d\x3f-\x7e]{1,250}\Z")
_TYPE = pattern(r"(application|audio|font|image|model|text|video)/[a-z0-9.+-]{1,100}\Z")
_ATOMS = pattern(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~ -]+\Z")


@dataclass(frozen=True, slots=True)
class LetterFile:
    """A file that goes along; its name is clean."""

    name: str
    content_type: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Letter:
    """All that a mail says. Ids stand without angle brackets; `dated_at` is aware."""

    sender: Recipient
    to: tuple[Recipient, ...]
    cc: tuple[Recipient, ...]
    bcc: tuple[Recipient, ...]
    subject: str
    text: str
    message_id: str
    dated_at: datetime
    in_reply_to: str = ""
    references: tuple[str, ...] = ()
    files: tuple[LetterFile, ...] = ()


def write(letter: Letter, *, with_bcc: bool) -> bytes:
    """The bytes of the letter, with or without the line that its recipients must not see."""
    lines = [
        _people("From", [letter.sender]),
        _people("To", letter.to) or ("To: undisclosed-recipients:;" if not letter.cc else ""),
        _people("Cc", letter.cc),
        _people("Bcc", letter.bcc) if with_bcc else "",
        _words("Subject", letter.subject),
        f"Date: {format_datetime(letter.dated_at.astimezone(UTC).replace(microsecond=0))}",
        f"Message-ID: <{letter.message_id}>",
        _ids("In-Reply-To", [letter.in_reply_to]),
        _ids("References", _shortened(letter.references)),
    ]
    head = "".join(f"{line}\r\n" for line in lines if line)
    return head.encode("ascii") + _body(letter)


def too_large(raw: bytes) -> bool:
    """Whether the mail is beyond what we and most servers take."""
    return len(raw) > MAX_RAW_BYTES


def safe_type(text: str) -> str:
    """A content type that a file may claim; what is no plain file is an unnamed stream of bytes."""
    lowered = text.lower().partition(";")[0].strip()
    return lowered if _TYPE.match(lowered) else "application/octet-stream"


def usable_ids(ids: Sequence[str]) -> tuple[str, ...]:
    """Those of the ids that a header can carry as they are."""
    return tuple(one for one in ids if "@" in one and _ID.match(one))


def _people(name: str, people: Sequence[Recipient]) -> str:
    shown = [_mailbox(one) for one in people]
    return f"{name}: " + ",\r\n ".join(shown) if shown else ""


def _mailbox(one: Recipient) -> str:
    name = clean_line(one.name)
    if not name:
        return one.address
    if not name.isascii() or "=?" in name:
        return f"{_encoded(name)} <{one.address}>"
    if _ATOMS.match(name):
        return f"{name} <{one.address}>"
    quoted = name.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{quoted}" <{one.address}>'


def _words(name: str, text: str) -> str:
    plain = clean_line(text)
    if not plain.isascii() or "=?" in plain:
        plain = _encoded(plain)
    return f"{name}: {plain}"


def _encoded(text: str) -> str:
    """Encoded words of at most 75 characters (RFC 2047, section 2), folded."""
    return Header(text, "utf-8", maxlinelen=60).encode(linesep="\r\n")


def _ids(name: str, ids: Sequence[str]) -> str:
    shown = [f"<{one}>" for one in usable_ids(ids)]
    return f"{name}: " + "\r\n ".join(shown) if shown else ""


def _shortened(references: Sequence[str]) -> list[str]:
    """The first, which names the thread, and the last ones."""
    return [*references[:1], *references[1:][1 - MOST_REFERENCES :]]


def _body(letter: Letter) -> bytes:
    mail = EmailMessage(policy=SMTP)
    mail.set_content(letter.text, cte="quoted-printable")
    mail.add_alternative(html_of(letter.text), subtype="html", cte="quoted-printable")
    for file in letter.files:
        main, _, sub = safe_type(file.content_type).partition("/")
        mail.add_attachment(file.content, maintype=main, subtype=sub, filename=file.name)
    # "=_" stands in no body: there it would be encoded.
    digest = hashlib.sha256(letter.message_id.encode()).hexdigest()[:24]
    for number, part in enumerate(one for one in mail.walk() if one.is_multipart()):
        part.set_boundary(f"=_{digest}_{number}")
    return mail.as_bytes()
