"""Changes the state of a mailbox, keeping since when it is so."""

from typing import Any

from django.db.models.functions import Now

from mailsync.models import Mailbox


def state_after(mailbox: Mailbox, state: str, detail: str = "") -> dict[str, Any]:
    """The columns to write; `state_since` only moves when the state does.

    What its owner was told was about the state that ends.
    """
    facts: dict[str, Any] = {"state": state, "state_detail": detail[:300]}
    if state != mailbox.state:
        facts |= {"state_since": Now(), "owner_told": 0}
    return facts
