"""What a kept message says: its body rows, and its files in the blob store."""

import hashlib
from collections.abc import Sequence
from uuid import UUID

from django.core.files.base import ContentFile

from accounts.tenancy import uuid7_text
from activities.blob_storage import blobs
from activities.mail.message import ParsedBody
from activities.models import Attachment, Message, MessageBody
from activities.services import rows
from activities.services.private_rows import Statement
from activities.services.rows import Row


def blob_path(workspace_id: UUID, sha256: str) -> str:
    """Where the bytes with this hash stand in the blob store. Workspaces share no blob."""
    return f"{workspace_id}/{sha256[:2]}/{sha256}"


def keep_blob(workspace_id: UUID, content: bytes) -> str:
    """Store bytes under their SHA-256, once, and return it in hex.

    A blob that stands there already counts as new from now on, so that `collect_blobs` leaves it
    alone until the row that names it is committed.
    """
    sha256 = hashlib.sha256(content).hexdigest()
    path = blob_path(workspace_id, sha256)
    if not blobs.renew(path):
        blobs.save(path, ContentFile(content))
    return sha256


def body_statements(
    workspace_id: UUID, bodies: Sequence[tuple[str, ParsedBody, bytes | None, str]]
) -> list[Statement]:
    """Keep the bodies of messages: (message id, body, raw bytes if they are here, note).

    The blobs are written at once, before any row names them; repeating it changes nothing.
    """
    body_rows: list[Row] = []
    files: list[Row] = []
    for message_id, body, raw, note in bodies:
        body_rows.append(
            {
                "id": uuid7_text(),
                "message_id": message_id,
                "text": body.text,
                "html": body.html,
                "note": note,
                "raw_sha256": keep_blob(workspace_id, raw) if raw is not None else "",
                "raw_size": len(raw) if raw is not None else 0,
                "remote_images": body.remote_images,
                "tracking_pixels": body.tracking_pixels,
            }
        )
        files += _files(workspace_id, message_id, body)
    return [
        rows.insert(workspace_id, MessageBody, body_rows, conflict="(message_id) do nothing"),
        rows.insert(
            workspace_id,
            Attachment,
            files,
            conflict="(workspace_id, message_id, position) do nothing",
        ),
    ]


def mark_present(workspace_id: UUID, bodies: Sequence[tuple[str, str, str]]) -> Statement:
    """Mark messages whose body came in later: (message id, new state, snippet)."""
    if not bodies:
        return None
    changed = [{"id": a, "state": state, "snippet": text} for a, state, text in bodies]
    return (
        "update activities_message m set body_state = j.state, snippet = j.snippet"
        " from json_to_recordset(%s) as j(id uuid, state text, snippet text)"
        " where m.workspace_id = %s and m.id = j.id and m.body_state <> 'present'",
        [rows.to_json(changed), str(workspace_id)],
    )


def body_state(body: ParsedBody | None, *, readable: bool, fetch_later: bool) -> str:
    """Which state a message's body is in when its first copy arrives."""
    if body is None:
        return Message.Body.DUE if fetch_later else Message.Body.IMPORT_AGAIN
    return Message.Body.PRESENT if readable else Message.Body.UNREADABLE


def _files(workspace_id: UUID, message_id: str, body: ParsedBody) -> list[Row]:
    return [
        {
            "id": uuid7_text(),
            "message_id": message_id,
            "position": position,
            "name": file.name[:255],
            "content_type": file.content_type[:127],
            "size": file.size,
            "sha256": keep_blob(workspace_id, file.content),
            "content_id": file.cid[:255],
        }
        for position, file in enumerate(body.attachments)
    ]
