"""Takes a mailbox out of a worker's hands because its owner changed it."""

from typing import Any

from django.db.models import F
from django.db.models.functions import Now

from mailsync.models import Mailbox
from mailsync.services.name_state import state_after


def interrupt(mailbox: Mailbox, *, read_anew: bool = False, **facts: Any) -> None:
    """Change the mailbox's row so that a running page rolls back, in the caller's transaction.

    `read_anew` makes the next run take a fresh cursor, however long it takes until then: a folder
    that was read keeps its place.
    """
    if read_anew:
        facts |= {"read_anew": True}
    if read_anew and mailbox.is_read:
        facts = state_after(mailbox, Mailbox.State.CONNECTING) | facts
    facts |= {"fence": F("fence") + 1, "leased_until": None, "attempts": 0, "due_at": Now()}
    Mailbox.objects.filter(workspace_id=mailbox.workspace_id, id=mailbox.id).update(**facts)
    mailbox.refresh_from_db(fields=list(facts))
