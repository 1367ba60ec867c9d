"""From which mailbox and address a member may send."""

import uuid
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from accounts.models import Member
from mailsync.models import Mailbox
from mailsync.problems import MailboxProblem
from mailsync.selectors import own_mailboxes


@dataclass(frozen=True, slots=True)
class Sender:
    """An address of a mailbox that sends."""

    mailbox: Mailbox
    address: str

    @property
    def value(self) -> str:
        """Its name in a form."""
        return f"{self.mailbox.id}:{self.address}"


def senders_of(workspace_id: uuid.UUID, member: Member) -> list[Sender]:
    """Every address that the member may write from: each mailbox's own, and the other addresses
    that its mail service says are its owner's."""
    return [
        Sender(mailbox, address)
        for mailbox in own_mailboxes(workspace_id, member)
        if mailbox.sends
        for address in dict.fromkeys([mailbox.address, *mailbox.aliases])
    ]


def labels_of(senders: Sequence[Sender]) -> list[str]:
    """What each is called in a list: its address, with its service where another reads alike, and
    with its mailbox where that reads alike, too."""
    labels = [one.address for one in senders]
    services = [str(one.mailbox.get_provider_display()) for one in senders]
    for more in (services, [one.mailbox.address for one in senders]):
        many = Counter(labels)
        labels = [
            f"{label} ({word})" if many[label] > 1 else label
            for label, word in zip(labels, more, strict=True)
        ]
    return labels


def sender_named(workspace_id: uuid.UUID, member: Member, value: str) -> Sender:
    """The sender that a form names; raises MailboxProblem where the member may not be it."""
    for sender in senders_of(workspace_id, member):
        if sender.value == value:
            return sender
    raise MailboxProblem(_("Choose one of your connected mailboxes to send from."), field="sender")
