"""Sending as Microsoft Graph does it: the mail goes out at once, its copy is filed by and by."""

import base64
import binascii
from email.parser import BytesHeaderParser
from email.policy import compat32
from email.utils import getaddresses
from typing import TYPE_CHECKING

from mailsync.sandbox.graph_query import refuse
from mailsync.sandbox.mailboxes import Mailbox
from mailsync.sandbox.outgoing import may_send_as
from mailsync.sandbox.web import Lies, Request, Response

if TYPE_CHECKING:
    from mailsync.sandbox.server import Sandbox


class Sending:
    """`sendMail`, and the copies that are not filed yet."""

    def __init__(self, sandbox: "Sandbox") -> None:
        self._sandbox = sandbox
        self._unfiled: list[tuple[Mailbox, bytes]] = []

    def send(self, box: Mailbox, request: Request, names: dict[str, str], lies: Lies) -> Response:
        """MIME in base64: https://learn.microsoft.com/graph/outlook-send-mime-message"""
        if request.content_type != "text/plain":
            raise refuse(415, "UnsupportedMediaType", "The sandbox sends MIME alone.")
        try:
            raw = base64.b64decode(request.body, validate=True)
        except binascii.Error:
            said = "Invalid base64 string for MIME content."
            raise refuse(400, "ErrorMimeContentInvalidBase64String", said) from None
        if not may_send_as(box, raw):
            said = "The user account which was used to submit this request does not have the right"
            raise refuse(403, "ErrorSendAsDenied", f"{said} to send mail on behalf of the sender.")
        self._unfiled.append((box, raw))
        if "late" not in lies:
            self.file()
        mailboxes = self._sandbox.mailboxes
        for other in map(mailboxes.get, _recipients(raw)):
            if other is not None and (inbox := _with_role(other, "inbox")):
                mailboxes.deliver(other.address, raw, scopes=inbox)
        return Response(202)

    def file(self) -> None:
        """Put the copies of what was sent into Sent Items. The caller holds the sandbox's lock."""
        while self._unfiled:
            box, raw = self._unfiled.pop(0)
            scopes = _with_role(box, "sent")
            self._sandbox.mailboxes.deliver(box.address, raw, scopes=scopes, flags=["seen"])


def _with_role(box: Mailbox, role: str) -> list[str]:
    return [one.id for one in box.folders.values() if one.role == role][:1]


def _recipients(raw: bytes) -> list[str]:
    head = BytesHeaderParser(policy=compat32).parsebytes(raw[:65536])
    named = [str(value) for name in ("To", "Cc", "Bcc") for value in head.get_all(name, [])]
    return [address.lower() for _, address in getaddresses(named)]
