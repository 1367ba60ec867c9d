"""The rows of what kept messages forward: read by the door, kept with the message (B4)."""

from collections.abc import Sequence
from uuid import UUID

from accounts.tenancy import uuid7_text
from activities.mail.forward import Forward, Original
from activities.mail.message import MAX_ADDRESSES, storable
from activities.models import ForwardedMail
from activities.services import rows
from activities.services.kept import Kept
from activities.services.private_rows import Statement
from activities.services.rows import Row
from contacts.addresses import without_tag


def forwarded_statement(workspace_id: UUID, kept: Sequence[Kept]) -> Statement:
    """Keep what these messages forward, once a message; a later copy changes nothing of it."""
    found = [
        row
        for one in kept
        if (forward := _forward(one)) is not None
        for row in _rows(one.message_id, forward)
    ]
    return rows.insert(
        workspace_id,
        ForwardedMail,
        found,
        conflict="(workspace_id, message_id, position) do nothing",
    )


def _forward(kept: Kept) -> Forward | None:
    return next((one.copy.forward for one in kept.copies if one.copy.forward), None)


def _rows(message_id: str, forward: Forward) -> list[Row]:
    return [_row(message_id, place, one) for place, one in enumerate(forward.chain)]


def _row(message_id: str, position: int, original: Original) -> Row:
    readers = [["to", one] for one in original.to] + [["cc", one] for one in original.cc]
    return {
        "id": uuid7_text(),
        "message_id": message_id,
        "position": position,
        "sureness": original.sureness.value,
        "sender": original.sender,
        "base": without_tag(original.sender) if original.sender else "",
        "name": storable(original.name)[:200],
        "subject": storable(original.subject)[:998],
        "recipients": readers[:MAX_ADDRESSES],
        "date": storable(original.date)[:120],
        "sent_at": original.sent_at,
        "clock": original.written_at.isoformat() if original.written_at else "",
        "fingerprint": original.fingerprint,
        "client": original.client,
        "language": original.language,
    }
