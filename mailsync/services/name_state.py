"""Names the state of a mailbox, keeping since when it is so."""

from typing import Any

from django.db.models.functions import Now

from mailsync.models import Mailbox

State = Mailbox.State


def state_after(mailbox: Mailbox, state: str, detail: str = "") -> dict[str, Any]:
    """The columns to write; `state_since` only moves when the state does.

    What its owner was told was about the state that ends.
    """
    facts: dict[str, Any] = {"state": state, "state_detail": detail[:300]}
    if state != mailbox.state:
        facts |= {"state_since": Now(), "owner_told": 0}
    return facts


def reading_state(mailbox: Mailbox) -> str:
    """The state of one whose folders, or some of them, begin to be read."""
    return State.RESYNCING if mailbox.resyncing else State.BACKFILLING


def unfinished_state(mailbox: Mailbox) -> str:
    """The state of one that could not be read to its end: whoever was up to date, and has chosen
    no more folders since, has missed what is unread."""
    missed = mailbox.synced_at is not None and mailbox.state != State.BACKFILLING
    return State.RESYNCING if missed else reading_state(mailbox)
