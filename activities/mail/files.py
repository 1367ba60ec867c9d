"""Names of attached files, and where in the mail they lie. Pure."""

import re
from dataclasses import dataclass

from activities.mail.message import storable
from activities.mail.parts import Part
from activities.mail.words import decode_words, without_direction

MAX_FILE_NAME = 150

_FORBIDDEN = re.compile(r'[/\\:*?"<>|\u200b-\u200f\u2028\u2029\ufeff]')
_UNNAMED = {
    "message/rfc822": "message.eml",
    "message/delivery-status": "delivery status.txt",
    "message/disposition-notification": "receipt.txt",
    "text/rfc822-headers": "headers.txt",
    "text/calendar": "invitation.ics",
    "text/vcard": "contact.vcf",
    "application/pgp-signature": "signature.asc",
    "application/pgp-encrypted": "version.asc",
    "application/pkcs7-signature": "smime.p7s",
    "application/pkcs7-mime": "smime.p7m",
    "application/ms-tnef": "winmail.dat",
    "text/html": "page.html",
    "text/plain": "text.txt",
    "image/png": "picture.png",
    "image/jpeg": "picture.jpg",
    "image/gif": "picture.gif",
}


@dataclass(frozen=True, slots=True)
class AttachmentPlace:
    """A file of a mail as offsets into its bytes, so that it can be taken without a copy."""

    name: str
    content_type: str
    inline: bool
    cid: str
    start: int
    end: int
    encoding: str


def place_of(part: Part) -> AttachmentPlace:
    """Where the file of a part lies and what it is called."""
    inline = part.disposition == "inline" or (bool(part.cid) and part.disposition != "attachment")
    return AttachmentPlace(
        name=safe_name(part.filename) or _UNNAMED.get(part.content_type, "attachment"),
        content_type=part.content_type,
        inline=inline,
        cid=storable(part.cid),
        start=part.start,
        end=part.end,
        encoding=part.encoding,
    )


def safe_name(name: str) -> str:
    """A file name without path, control and direction characters, 150 characters at most.

    What shortens a name leaves its ending, because people decide by it.
    """
    text = without_direction(decode_words(storable(name)))
    text = _FORBIDDEN.sub("_", text.replace("\\", "/").rpartition("/")[2]).strip(" .")
    if len(text) > MAX_FILE_NAME:
        stem, dot, ending = text.rpartition(".")
        ending = ending[-10:] if dot else ""
        text = f"{(stem or text)[: MAX_FILE_NAME - 11]}{dot}{ending}"
    return text
