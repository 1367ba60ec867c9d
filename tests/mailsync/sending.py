"""A member whose mailbox sends, and the pages that they write on."""

from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client

from accounts import tenancy
from mailsync.models import OutgoingMail
from mailsync.services.send_server import OutgoingServer, set_outgoing_server
from tests.mailsync.conftest import Account, connect, reload
from tests.mailsync.submission import Submission, submission

__all__ = ["office", "submission"]


@pytest.fixture
def office(
    ours: SimpleNamespace, account: Account, submission: Submission, settings: Any
) -> SimpleNamespace:
    """Ana's mailbox on both projects, with a server for what she sends, and her browser."""
    settings.MAIL_ALLOW_PRIVATE_HOSTS = True
    ours.mailbox = connect(ours, ours.ana, account, ours.one, ours.two)
    ours.account, ours.submission = account, submission
    server = OutgoingServer(submission.host, submission.port, "none")
    set_outgoing_server(ours.id, by=ours.ana, mailbox_id=ours.mailbox.id, server=server)
    reload(ours.mailbox)
    ours.sender = f"{ours.mailbox.id}:{ours.mailbox.address}"
    ours.browser = Client()
    ours.browser.force_login(ours.ana.user)
    return ours


def mails(cast: SimpleNamespace) -> list[OutgoingMail]:
    """What Ana writes and wrote, oldest first."""
    with tenancy.in_workspace(cast.id, cast.ana.id):
        return list(OutgoingMail.objects.select_related("activity").order_by("id"))
