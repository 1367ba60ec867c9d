"""Stops reading a mailbox for a while, goes on with it, or asks for it to be read now."""

import uuid
from typing import Any

from django.db import transaction
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from accounts import audit
from accounts.models import Member
from mailsync.models import Mailbox, Quarantine
from mailsync.problems import MailboxProblem
from mailsync.selectors import own_mailbox
from mailsync.services import hints
from mailsync.services.interrupt import interrupt
from mailsync.services.name_state import state_after

State = Mailbox.State


@transaction.atomic
def pause_mailbox(workspace_id: uuid.UUID, *, by: Member, mailbox_id: uuid.UUID) -> Mailbox:
    """Read no further until its owner resumes it; a page under way is not written."""
    mailbox = own_mailbox(workspace_id, by, mailbox_id, lock=True)
    if not mailbox.is_read:
        raise MailboxProblem(_("This mailbox is not being read at the moment."))
    interrupt(mailbox, **state_after(mailbox, State.PAUSED))
    audit.record(workspace_id, by, "mailbox paused", mailbox)
    return mailbox


@transaction.atomic
def resume_mailbox(workspace_id: uuid.UUID, *, by: Member, mailbox_id: uuid.UUID) -> Mailbox:
    """Go on where reading stopped, and catch up on what came in the meantime."""
    mailbox = own_mailbox(workspace_id, by, mailbox_id, lock=True)
    if mailbox.state != State.PAUSED:
        raise MailboxProblem(_("This mailbox is not paused."))
    interrupt(mailbox, **going_on(mailbox))
    audit.record(workspace_id, by, "mailbox resumed", mailbox)
    return mailbox


@transaction.atomic
def read_now(workspace_id: uuid.UUID, *, by: Member, mailbox_id: uuid.UUID) -> Mailbox:
    """Make the mailbox due. A pause that the provider asked for is kept."""
    mailbox = own_mailbox(workspace_id, by, mailbox_id, lock=True)
    if mailbox.is_read and mailbox.state != State.THROTTLED:
        _read_soon(mailbox)
    return mailbox


@transaction.atomic
def replay_refused(workspace_id: uuid.UUID, *, by: Member, mailbox_id: uuid.UUID) -> int:
    """Try the messages that could not be taken once more; returns how many there are."""
    mailbox = own_mailbox(workspace_id, by, mailbox_id, lock=True)
    refused = Quarantine.objects.filter(
        workspace_id=workspace_id, mailbox=mailbox, resolved_at=None
    )
    many = refused.update(attempts=0)
    if mailbox.is_read and mailbox.state != State.THROTTLED:
        _read_soon(mailbox)
    audit.record(workspace_id, by, "refused mail tried again", mailbox, after={"messages": many})
    return many


def _read_soon(mailbox: Mailbox) -> None:
    """Make it due, and have one more run follow where one is under way."""
    Mailbox.objects.filter(id=mailbox.id).update(due_at=Now())
    hints.note(mailbox.workspace_id, [mailbox.id])


def going_on(mailbox: Mailbox) -> dict[str, Any]:
    """The columns of a mailbox that is read again from where it stopped.

    One whose past was read is checking what it missed until it is up to date again.
    """
    state = State.RESYNCING if mailbox.resyncing or mailbox.synced_at else State.BACKFILLING
    if mailbox.read_anew or not mailbox.cursor:
        state = State.CONNECTING
    return {**state_after(mailbox, state), "failures": 0}
