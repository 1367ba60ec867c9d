"""The tables of mailboxes, one file a noun."""

from mailsync.models.allowances import MOST_CALLS, CallPlace, ProjectSpending, Spending
from mailsync.models.hints import Hint
from mailsync.models.mailboxes import READ_STATES, SENDING_STATES, Folder, Mailbox, Quarantine
from mailsync.models.outgoing import OutgoingFile, OutgoingMail
from mailsync.models.subscriptions import Subscription
from mailsync.models.visits import Farewell, Visit

__all__ = [
    "MOST_CALLS",
    "READ_STATES",
    "SENDING_STATES",
    "CallPlace",
    "Farewell",
    "Folder",
    "Hint",
    "Mailbox",
    "OutgoingFile",
    "OutgoingMail",
    "ProjectSpending",
    "Quarantine",
    "Spending",
    "Subscription",
    "Visit",
]
