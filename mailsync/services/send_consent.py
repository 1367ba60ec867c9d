"""Notes that a mail service no longer lets us send from a mailbox."""

from accounts import tenancy
from mailsync.models import Mailbox
from mailsync.services.outbox_claim import Claim


def withdraw_sending(taken: Claim) -> None:
    """The mailbox of this mail sends no more, until its owner allows it again. Commits."""
    with tenancy.in_workspace(taken.workspace_id, taken.owner.id):
        Mailbox.objects.filter(workspace_id=taken.workspace_id, id=taken.mail.mailbox_id).update(
            can_send=False
        )
