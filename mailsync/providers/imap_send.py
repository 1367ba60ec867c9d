"""How mail is sent from an IMAP account: over SMTP, and then its copy is put into Sent."""

import logging
import re
from collections.abc import Sequence
from email import policy
from email.parser import BytesHeaderParser
from typing import Protocol

from imapclient import IMAPClient

from activities.mail.address_list import split_addresses
from mailsync.providers import smtp
from mailsync.providers.base import Scope, ScopeRole
from mailsync.providers.errors import Permanent, ProviderError, Transient
from mailsync.providers.imap_connection import house_errors

log = logging.getLogger(__name__)

_BCC = re.compile(rb"(?im)^bcc:[^\n]*\n(?:[ \t][^\n]*\n)*")


class Shelf(Protocol):
    """The open mailbox, as far as filing needs it."""

    client: IMAPClient | None

    def list_scopes(self) -> Sequence[Scope]: ...

    def find(self, message_id: str, role: ScopeRole | None = None) -> Sequence[str]: ...


def hand_over(account: smtp.SmtpAccount | None, raw: bytes) -> None:
    """Send the mail to everybody whom its header names; raises a ProviderError."""
    if account is None:
        raise Permanent("Name the server for outgoing mail on the page of this mailbox first.")
    sender, recipients = envelope_of(raw)
    smtp.submit(account, sender, recipients, without_bcc(raw))


def file_sent_copy(mailbox: Shelf, raw: bytes) -> str:
    """Put the copy into Sent, unless the server did; returns its ref, or "" where that failed.

    The mail is sent by now, and no trouble here takes that back.
    """
    try:
        message_id = message_id_of(raw)
        found = mailbox.find(message_id, ScopeRole.SENT)
        folder = sent_folder(mailbox.list_scopes())
        if not found and folder:
            _append(mailbox, folder, raw)
            found = mailbox.find(message_id, ScopeRole.SENT)
    except ProviderError as error:
        log.warning("a mail was sent, but not put into Sent: %s", type(error).__name__)
        return ""
    return found[0] if found else ""


def _append(mailbox: Shelf, folder: str, raw: bytes) -> None:
    if mailbox.client is None:
        raise Transient
    with house_errors():
        mailbox.client.append(folder, raw, flags=[b"\\Seen"])
        # A folder that is open shows what has just come after this.
        mailbox.client.noop()


def envelope_of(raw: bytes) -> tuple[str, list[str]]:
    """The sender and every recipient, each once, as our own header names them."""
    header = BytesHeaderParser(policy=policy.compat32).parsebytes(raw)
    sender = next((address for _, address in split_addresses(str(header["From"] or ""))), "")
    found: dict[str, None] = {}
    for name in ("To", "Cc", "Bcc"):
        for value in header.get_all(name, []):
            found.update({address: None for _, address in split_addresses(str(value)) if address})
    return sender, list(found)


def without_bcc(raw: bytes) -> bytes:
    """The mail as its recipients get it: they do not learn who else got it in secret."""
    head, gap, body = raw.partition(b"\r\n\r\n")
    return _BCC.sub(b"", head + b"\r\n").removesuffix(b"\r\n") + gap + body


def message_id_of(raw: bytes) -> str:
    """Our own Message-ID, without its brackets."""
    header = BytesHeaderParser(policy=policy.compat32).parsebytes(raw)
    return str(header["Message-ID"] or "").strip().strip("<>")


def sent_folder(scopes: Sequence[Scope]) -> str:
    """The folder for what was sent, or "" where the server says of none that it is for that."""
    return next((scope.id for scope in scopes if scope.role is ScopeRole.SENT), "")
