"""From which mailbox and address a member may send."""

import uuid
from dataclasses import dataclass

from django.utils.translation import gettext as _

from accounts.models import Member, MemberAddress
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
    """Every address that the member may write from, each mailbox's own first.

    The aliases of a mailbox are known by their member alone: they are offered where it is plain
    which mailbox they belong to.
    """
    mailboxes = [one for one in own_mailboxes(workspace_id, member) if one.sends]
    senders = [Sender(one, one.address) for one in mailboxes]
    if len(mailboxes) == 1:
        rows = MemberAddress.objects.filter(
            workspace_id=workspace_id,
            member=member,
            origin=MemberAddress.Origin.MAILBOX,
            verified_at__isnull=False,
            released_at=None,
        ).exclude(address__in=_addresses_of_mailboxes(workspace_id, member))
        aliases = rows.order_by("address").values_list("address", flat=True)
        senders += [Sender(mailboxes[0], alias) for alias in aliases]
    return senders


def sender_named(workspace_id: uuid.UUID, member: Member, value: str) -> Sender:
    """The sender that a form names; raises MailboxProblem where the member may not be it."""
    for sender in senders_of(workspace_id, member):
        if sender.value == value:
            return sender
    raise MailboxProblem(_("Choose one of your connected mailboxes to send from."), field="sender")


def _addresses_of_mailboxes(workspace_id: uuid.UUID, member: Member) -> list[str]:
    rows = Mailbox.objects.filter(workspace_id=workspace_id, channel__owner=member)
    return list(rows.values_list("address", flat=True))
