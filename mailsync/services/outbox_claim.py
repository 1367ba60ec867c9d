"""One worker at a time on a mail that is to be sent, by the database and its clock.

The claim and the attempt are committed before any work, and so is the word that the mail service
is about to be handed the mail. Whoever was stopped past the lease finds another fence.
"""

import uuid
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import Now

from accounts import tenancy
from accounts.models import Member
from mailsync.models import OutgoingMail
from mailsync.services.lease import LeaseLost

# What stands for the id of the sent copy where nobody knows it.
CONFIRMED = "sent, under an id that is not known"

LEASE = timedelta(minutes=2)
# Far above what a server may take: 25 MB at a slow pace, and every answer a minute late.
LEASE_TO_SEND = timedelta(minutes=10)

State = OutgoingMail.State


@dataclass(frozen=True, slots=True)
class Claim:
    """A mail in the hands of one worker, as it was read."""

    workspace_id: uuid.UUID
    owner: Member
    mail: OutgoingMail

    @property
    def row(self) -> Any:
        """The row, as long as it is this worker's."""
        return OutgoingMail.objects.filter(
            workspace_id=self.workspace_id,
            id=self.mail.id,
            fence=self.mail.fence,
            state=State.SENDING,
        )


def claim(workspace_id: uuid.UUID, *, mail_id: uuid.UUID, owner_id: uuid.UUID) -> Claim | None:
    """Take the mail if it is due and nobody has it, otherwise None. Commits."""
    due = Q(state__in=[State.HELD, State.UNKNOWN], send_at__lte=Now())
    died = Q(state=State.SENDING, leased_until__lt=Now())
    present = Member.objects.filter(
        workspace_id=workspace_id, id=OuterRef("owner_id"), deactivated_at=None
    )
    with tenancy.in_workspace(workspace_id, owner_id):
        rows = OutgoingMail.objects.filter(
            due | died, Exists(present), workspace_id=workspace_id, owner_id=owner_id, id=mail_id
        )
        if not rows.update(
            state=State.SENDING,
            fence=F("fence") + 1,
            attempts=F("attempts") + 1,
            leased_until=Now() + LEASE,
        ):
            return None
        mail = OutgoingMail.objects.select_related("mailbox__channel").get(
            workspace_id=workspace_id, id=mail_id
        )
        owner = Member.objects.get(workspace_id=workspace_id, id=owner_id)
    return Claim(workspace_id, owner, mail)


def offer(taken: Claim) -> None:
    """Write down that the mail may have been sent from here on; raises LeaseLost. Commits."""
    _change(taken, offered_at=Now(), leased_until=Now() + LEASE_TO_SEND)


def accepted(taken: Claim, ref: str) -> None:
    """Write down that the mail was taken, and under which id: from here on it is only to be
    recorded, whatever Sent shows. Raises LeaseLost. Commits."""
    _change(taken, provider_ref=ref)


def put_back(taken: Claim, **facts: Any) -> None:
    """End the attempt with this state, error and time; raises LeaseLost. Commits."""
    _change(taken, leased_until=None, **facts)


def _change(taken: Claim, **facts: Any) -> None:
    with tenancy.in_workspace(taken.workspace_id, taken.owner.id):
        if not taken.row.update(**facts):
            raise LeaseLost
