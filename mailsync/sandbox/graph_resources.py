"""Messages, folders and accounts as Graph describes them.

https://learn.microsoft.com/graph/api/resources/message and .../mailfolder
"""

import hashlib
from collections.abc import Iterable
from datetime import UTC, datetime
from email.header import decode_header, make_header
from email.message import Message as Mail
from email.parser import BytesParser
from email.policy import compat32
from email.utils import getaddresses, parsedate_to_datetime
from typing import Any

from mailsync.sandbox.mailboxes import Folder, Mailbox, Message, graph_id
from mailsync.sandbox.microsoft_sign_in import object_id

Json = dict[str, Any]

# Folder roles that Graph knows by name whatever people call them.
WELL_KNOWN = {
    "inbox": "inbox",
    "sentitems": "sent",
    "drafts": "drafts",
    "junkemail": "junk",
    "deleteditems": "trash",
    "archive": "archive",
}
_NAMES = {
    "inbox": "Inbox",
    "sent": "Sent Items",
    "drafts": "Drafts",
    "junk": "Junk Email",
    "trash": "Deleted Items",
    "archive": "Archive",
}
# The names that $select knows, of each kind of thing.
MESSAGE_PROPERTIES = frozenset(
    {"id", "internetMessageId", "internetMessageHeaders", "subject", "from", "sender"}
    | {"toRecipients", "ccRecipients", "bccRecipients", "replyTo", "sentDateTime"}
    | {"receivedDateTime", "parentFolderId", "conversationId", "isRead", "isDraft", "flag"}
    | {"body", "bodyPreview", "hasAttachments", "lastModifiedDateTime"}
)
FOLDER_PROPERTIES = frozenset(
    {"id", "displayName", "parentFolderId", "childFolderCount", "totalItemCount"}
    | {"unreadItemCount"}
)
USER_PROPERTIES = frozenset(
    {"id", "displayName", "mail", "userPrincipalName", "proxyAddresses", "otherMails"}
)


def folder_id(address: str, name: str) -> str:
    """An opaque id that stays the same for an account's folder."""
    digest = hashlib.sha256(f"{address} folder {name}".encode()).hexdigest()[:40]
    return f"AAMkFolder{digest}="


def usual_folders(address: str, *, without: Iterable[str] = ()) -> list[Folder]:
    """The folders of a new mailbox; not every one has an archive."""
    roles = [role for role in _NAMES if role not in set(without)]
    return [Folder(folder_id(address, role), _NAMES[role], role) for role in roles]


def mutable_id(message: Message) -> str:
    """The id without the wish for an immutable one: it changes with the folder."""
    text = f"{message.id} in {' '.join(message.scopes)}"
    return "AQMk" + graph_id(text, 0)[3:]


def graph_time(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def describe_message(box: Mailbox, message: Message, raw: bytes, shown_id: str) -> Json:
    """All properties; the caller selects. Graph keeps no headers of what was not received."""
    mail = BytesParser(policy=compat32).parsebytes(raw)
    folder = box.folders[message.scopes[0]]
    sender = _people(mail, "From")
    facts: Json = {
        "id": shown_id,
        "internetMessageId": message.message_id or None,
        "subject": _text(mail.get("Subject", "")),
        "toRecipients": _people(mail, "To"),
        "ccRecipients": _people(mail, "Cc"),
        "bccRecipients": _people(mail, "Bcc"),
        "replyTo": _people(mail, "Reply-To"),
        "sentDateTime": _sent(mail, message),
        "receivedDateTime": graph_time(message.received_at),
        "parentFolderId": folder.id,
        "conversationId": message.thread_id,
        "isRead": "seen" in message.flags,
        "isDraft": "draft" in message.flags,
        "flag": {"flagStatus": "flagged" if "flagged" in message.flags else "notFlagged"},
        "hasAttachments": False,
        "body": {"contentType": "text", "content": _body(mail)},
        "bodyPreview": _body(mail)[:255],
        "lastModifiedDateTime": graph_time(message.received_at),
    }
    if sender:
        facts |= {"from": sender[0], "sender": sender[0]}
    if folder.role not in {"sent", "drafts"} and "draft" not in message.flags:
        facts["internetMessageHeaders"] = [
            {"name": name, "value": str(value)} for name, value in mail.items()
        ]
    if any(_is_reply(part) for part in mail.walk()):
        facts["@odata.type"] = "#microsoft.graph.eventMessageResponse"
    return facts


def describe_folder(box: Mailbox, folder: Folder) -> Json:
    inside = [one for one in box.messages.values() if folder.id in one.scopes]
    return {
        "id": folder.id,
        "displayName": folder.name,
        "parentFolderId": folder.parent or folder_id(box.address, "root"),
        "childFolderCount": sum(one.parent == folder.id for one in box.folders.values()),
        "totalItemCount": len(inside),
        "unreadItemCount": sum("seen" not in one.flags for one in inside),
    }


def describe_user(box: Mailbox) -> Json:
    aliases = [f"smtp:{one}" for one in box.aliases]
    return {
        "id": object_id(box),
        "displayName": box.name,
        "mail": box.address,
        "userPrincipalName": box.address,
        "proxyAddresses": [f"SMTP:{box.address}", *aliases, f"SIP:{box.address}"],
        "otherMails": ["somebody-else@elsewhere.example"],
    }


def selected(facts: Json, names: Iterable[str]) -> Json:
    """What was selected; id and type always come along."""
    wanted = set(names)
    if not wanted:
        return {name: value for name, value in facts.items() if name != "internetMessageHeaders"}
    kept = wanted | {"id", "@odata.type", "@removed"}
    return {name: value for name, value in facts.items() if name in kept}


def _is_reply(part: Mail) -> bool:
    is_calendar = part.get_content_type() == "text/calendar"
    return is_calendar and str(part.get_param("method", "")).upper() == "REPLY"


def _text(value: object) -> str:
    try:
        return str(make_header(decode_header(str(value))))
    except (ValueError, LookupError):
        return str(value)


def _people(mail: Mail, name: str) -> list[Json]:
    found = getaddresses([str(one) for one in mail.get_all(name, [])])
    return [
        {"emailAddress": {"name": _text(shown) or address, "address": address}}
        for shown, address in found
        if address
    ]


def _sent(mail: Mail, message: Message) -> str:
    try:
        return graph_time(parsedate_to_datetime(str(mail.get("Date", ""))))
    except ValueError:
        return graph_time(message.received_at)


def _body(mail: Mail) -> str:
    for part in mail.walk():
        if part.get_content_type() == "text/plain":
            payload = part.get_payload(decode=True)
            return payload.decode("utf-8", "replace") if isinstance(payload, bytes) else ""
    return ""
