"""The tables of mailboxes, one file a noun."""

from mailsync.models.mailboxes import READ_STATES, Folder, Mailbox, Quarantine
from mailsync.models.subscriptions import Subscription

__all__ = ["READ_STATES", "Folder", "Mailbox", "Quarantine", "Subscription"]
