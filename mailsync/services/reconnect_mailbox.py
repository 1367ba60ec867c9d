"""Gives a mailbox a new password. Its ids and cursor stay, so reading goes on where it stopped."""

import uuid
from typing import Any

from django.db.models.functions import Now
from django.utils.translation import gettext as _

from accounts import audit, sealing, tenancy
from accounts.models import Member
from activities.models import Message
from mailsync.models import Mailbox
from mailsync.problems import MailboxProblem
from mailsync.selectors import own_mailbox
from mailsync.services.connect_mailbox import Connection, sign_in
from mailsync.services.grants import row_name
from mailsync.services.interrupt import interrupt
from mailsync.services.pause_mailbox import going_on


def reconnect_mailbox(
    workspace_id: uuid.UUID, *, by: Member, mailbox_id: uuid.UUID, username: str, password: str
) -> Mailbox:
    """Check the password with the server, seal it and go on; returns the mailbox.

    To be called outside a transaction. Another account than the connected one is refused, since
    its mail would continue this one's.
    """
    with tenancy.in_workspace(workspace_id, by.id):
        mailbox = own_mailbox(workspace_id, by, mailbox_id)
    if mailbox.provider != Mailbox.Provider.IMAP:
        raise MailboxProblem(_("This mailbox is not opened with a password."))
    if username.strip() != mailbox.username:
        raise MailboxProblem(
            _("This is another account. Connect it as a mailbox of its own."), field="username"
        )
    sign_in(
        Connection(
            address=mailbox.address,
            host=mailbox.host,
            port=mailbox.port or 993,
            security=mailbox.security,
            username=mailbox.username,
            password=password,
        )
    )
    with tenancy.in_workspace(workspace_id, by.id):
        mailbox = own_mailbox(workspace_id, by, mailbox_id, lock=True)
        sealed = sealing.seal(password.encode(), row=row_name(mailbox.id))
        go_on(mailbox, sealed_password=sealed)
        audit.record(workspace_id, by, "mailbox reconnected", mailbox)
    return mailbox


def go_on(mailbox: Mailbox, **facts: Any) -> None:
    """Read from where it stopped, with what opens the mailbox now; in the caller's transaction.

    Bodies that could not be fetched are due at once.
    """
    interrupt(mailbox, **facts, **going_on(mailbox))
    Message.objects.filter(
        workspace_id=mailbox.workspace_id,
        body_state=Message.Body.DUE,
        sightings__channel_id=mailbox.channel_id,
    ).update(body_due_at=Now())
