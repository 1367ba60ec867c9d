"""What the vendors make of the header of a mail that they are handed to send."""

import re
import uuid
from email.parser import BytesHeaderParser
from email.policy import compat32
from email.utils import parseaddr

from mailsync.sandbox.mailboxes import Mailbox


def may_send_as(box: Mailbox, raw: bytes) -> bool:
    """Whether the mail is from the account's own address or one of its aliases."""
    head = BytesHeaderParser(policy=compat32).parsebytes(raw[:65536])
    sender = parseaddr(str(head.get("From", "")))[1].lower()
    return sender in {"", box.address, *(one.lower() for one in box.aliases)}


def with_own_sender(raw: bytes, box: Mailbox) -> bytes:
    """The mail as Gmail sends it: another sender is replaced by the account's own address."""
    if may_send_as(box, raw):
        return raw
    own = b"From: " + box.address.encode()
    return re.sub(rb"(?im)^From:.*(?:\r?\n[ \t].*)*", lambda _: own, raw, count=1)


def with_other_id(raw: bytes) -> bytes:
    """The mail under a Message-ID of the vendor's own, with the old one beside it."""
    new = f"Message-ID: <{uuid.uuid4().hex}@mail.gmail.com>\r\nX-Google-Original-Message-ID:"
    return re.sub(rb"(?im)^Message-ID:", new.encode(), raw, count=1)
