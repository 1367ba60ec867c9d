"""A vendor's mailbox as a row, for tests that ask no vendor."""

from types import SimpleNamespace
from typing import Any

from accounts import sealing, tenancy
from accounts.models import Member
from mailsync.models import Mailbox
from mailsync.services.grants import row_name
from tests.activities.mailing import make_channel


def make_vendor_mailbox(
    cast: SimpleNamespace, member: Member, *, secret: bytes = b"secret", **facts: Any
) -> Mailbox:
    with tenancy.in_workspace(cast.id, member.id):
        mailbox = Mailbox(
            workspace_id=cast.id,
            channel=make_channel(cast, member, cast.one),
            **{
                "provider": Mailbox.Provider.GMAIL,
                "address": member.user.email,
                "account_id": f"account of {member.name}",
                "state": Mailbox.State.LIVE,
                "grant_version": 1,
            }
            | facts,
        )
        mailbox.sealed_grant = sealing.seal(secret, row=row_name(mailbox.id))
        mailbox.save()
    return mailbox
