"""Mails that are forwarded as a file: message/rfc822, and Outlook's winmail.dat. Pure."""

from collections.abc import Iterable

from activities.mail.forward import Forward, Original, Sureness
from activities.mail.message import ParsedAttachment, ParsedMessage, Role
from activities.mail.mime import parse_headers
from bcc_inbound.forwarded.tnef import read_tnef

MOST_FILES = 20
_HEAD = 256 * 1024
_TNEF = {"application/ms-tnef", "application/vnd.ms-tnef"}


def read_attached(attachments: Iterable[ParsedAttachment]) -> Forward | None:
    """The mail that is attached; of several by different people nobody is named."""
    found: list[Original] = []
    for one in list(attachments)[:MOST_FILES]:
        if one.content_type == "message/rfc822":
            found.append(_original(parse_headers(one.content[:_HEAD])))
        elif one.content_type in _TNEF or one.name.lower() == "winmail.dat":
            found += read_tnef(one.content)
    found = [one for one in found if one.date or one.subject or one.sender]
    if not found:
        return None
    if len({one.sender for one in found}) > 1:
        return Forward((Original(client="attached", sureness=Sureness.UNCLEAR),))
    return Forward((found[0],))


def _original(message: ParsedMessage) -> Original:
    """The header of an attached mail; From must hold one address (RFC 5322, 3.6.2)."""
    writers = message.with_role(Role.FROM)
    sure = len(writers) == 1 and bool(writers[0].address)
    return Original(
        sender=writers[0].address if sure else "",
        name=writers[0].name if sure else "",
        to=tuple(one.address for one in message.with_role(Role.TO)),
        cc=tuple(one.address for one in message.with_role(Role.CC)),
        date=message.date.isoformat() if message.date else "",
        sent_at=message.date,
        subject=message.subject[:998],
        message_id=message.message_id,
        fingerprint=message.fingerprint,
        sureness=Sureness.SURE if sure else Sureness.UNCLEAR,
        client="attached",
    )
