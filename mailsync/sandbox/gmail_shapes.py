"""A message of the sandbox in the JSON of the Gmail API.

https://developers.google.com/workspace/gmail/api/reference/rest/v1/users.messages
"""

import base64
import re
from email.header import decode_header, make_header
from email.message import Message as ParsedMail
from email.parser import BytesHeaderParser, BytesParser
from email.policy import compat32
from typing import Any

from mailsync.sandbox.mailboxes import Folder, Mailbox, Message

SYSTEM_LABELS = (
    Folder("INBOX", "INBOX", "inbox"),
    Folder("SENT", "SENT", "sent"),
    Folder("DRAFT", "DRAFT", "drafts"),
    Folder("SPAM", "SPAM", "junk"),
    Folder("TRASH", "TRASH", "trash"),
)
# Labels that are flags here: they stand on mail of any folder.
MARKS = ("UNREAD", "STARRED", "IMPORTANT", "CHAT", "CATEGORY_PERSONAL", "CATEGORY_UPDATES")


def labels_of(message: Message) -> list[str]:
    """Its labels, with unread and starred, which are flags in the sandbox."""
    marks = ["STARRED"] if "flagged" in message.flags else []
    if "seen" not in message.flags:
        marks.append("UNREAD")
    return [*message.scopes, *marks]


def message_json(box: Mailbox, message: Message, raw: bytes, form: str) -> dict[str, Any]:
    """`form` is minimal, metadata, full or raw. The snippet is text of the body, as Gmail's is."""
    body = raw.partition(b"\r\n\r\n")[2]
    found: dict[str, Any] = {
        "id": message.id,
        "threadId": message.thread_id,
        "labelIds": labels_of(message),
        "snippet": " ".join(body[:200].decode("utf-8", "replace").split()),
        "historyId": str(message.changed),
        "internalDate": str(int(message.received_at.timestamp() * 1000)),
        "sizeEstimate": message.size,
    }
    if not found["labelIds"]:
        # An empty list is left out of the JSON.
        del found["labelIds"]
    if form == "raw":
        found["raw"] = base64.urlsafe_b64encode(raw).decode()
    if form == "metadata":
        found["payload"] = _headers(BytesHeaderParser(policy=compat32).parsebytes(raw))
    if form == "full":
        found["payload"] = _part(BytesParser(policy=compat32).parsebytes(raw), "")
    return found


def only_fields(found: Any, fields: str) -> Any:
    """What a `fields` parameter leaves: names, a(b,c) and a/b.

    https://developers.google.com/workspace/gmail/api/guides/performance
    """
    wanted = _split(fields)
    if "*" in wanted:
        return found
    if isinstance(found, list):
        return [only_fields(one, fields) for one in found]
    kept = {}
    for one in wanted:
        match = re.fullmatch(r"(\w+)(?:/(.+)|\((.+)\))?", one)
        if match and isinstance(found, dict) and match[1] in found:
            inner = match[2] or match[3]
            value = found[match[1]]
            kept[match[1]] = only_fields(value, inner) if inner else value
    return kept


def _split(fields: str) -> list[str]:
    parts, depth = [""], 0
    for letter in fields:
        depth += (letter == "(") - (letter == ")")
        if letter == "," and depth == 0:
            parts.append("")
        else:
            parts[-1] += letter
    return parts


def _headers(mail: ParsedMail) -> dict[str, Any]:
    headers = [{"name": name, "value": _value(value)} for name, value in mail.items()]
    return {"mimeType": mail.get_content_type(), "headers": headers}


def _part(mail: ParsedMail, number: str) -> dict[str, Any]:
    part = _headers(mail) | {"partId": number}
    if mail.is_multipart():
        inner = [one for one in mail.get_payload() if isinstance(one, ParsedMail)]
        names = [f"{number}.{index}".lstrip(".") for index in range(len(inner))]
        part["parts"] = [_part(one, name) for one, name in zip(inner, names, strict=True)]
    else:
        data = mail.get_payload(decode=True)
        content = data if isinstance(data, bytes) else b""
        part["body"] = {
            "size": len(content),
            "data": base64.urlsafe_b64encode(content).decode(),
        }
    return part


def _value(value: Any) -> str:
    """Unfolded, and with its encoded words as text."""
    text = re.sub(r"\r?\n(?=[ \t])", "", str(value))
    if "=?" not in text:
        return text.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    try:
        return str(make_header(decode_header(text)))
    except (ValueError, LookupError):
        return text
