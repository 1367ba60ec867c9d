"""Fills in the body of a logged message that was decided from its headers."""

import uuid

from activities.models import Message
from activities.parsing import parse_raw
from activities.services import rows
from activities.services.bodies import body_statements, mark_present
from activities.services.withdraw_calendar_reply import withdraw_calendar_reply


def store_body(
    workspace_id: uuid.UUID, *, message_id: uuid.UUID, raw: bytes | None, why_missing: str = ""
) -> bool:
    """Keep the body of a message whose body is due; True when it is present now.

    `raw` are the bytes as the provider gave them. Without them `why_missing` says why (one of
    Message.Body: "gone", "import_again"). In the caller's transaction; repeating it changes
    nothing. Only the body is filled in: what was decided stays, unless the body shows a calendar
    reply (R11), which the engine would not have logged: then the log and the body are dropped. A
    message that went back to its owner in between is none of ours any more.
    """
    found = Message.objects.select_for_update().filter(workspace_id=workspace_id, id=message_id)
    message = found.first()
    if message is None:
        return False
    if message.body_state == Message.Body.PRESENT:
        return True
    if raw is None:
        Message.objects.filter(id=message_id).update(body_state=why_missing or Message.Body.GONE)
        return False
    parsed, body = parse_raw(raw)
    if parsed.automated.calendar_reply and withdraw_calendar_reply(
        workspace_id, message_id=message_id
    ):
        return False
    state = Message.Body.UNREADABLE if parsed.unparseable else Message.Body.PRESENT
    statements = body_statements(workspace_id, [(str(message_id), body, raw, parsed.error)])
    changed = [(str(message_id), str(state), body.snippet[:200])]
    rows.run([*statements, mark_present(workspace_id, changed)])
    return state == Message.Body.PRESENT
