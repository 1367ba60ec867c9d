"""To Microsoft's sign-in and back, in the pages: what differs from Google is only the vendor."""

from types import SimpleNamespace
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from django.test import Client

from accounts import tenancy
from mailsync.models import Mailbox
from mailsync.providers.grants import Visit
from mailsync.sandbox.server import Sandbox
from mailsync.tasks import part
from tests.mailsync.conftest import record_of, reload, sync
from tests.mailsync.microsoft import MicrosoftAccount, visit
from tests.mailsync.vendors import sandbox
from tests.mailsync.views.test_vendors import (
    browser,
    come_back,
    connect_rest,
    mailboxes,
    said,
    set_out,
)

__all__ = ["sandbox"]

pytestmark = pytest.mark.django_db(transaction=True)
OTHER = "other@ours.example"


@pytest.fixture
def microsoft(sandbox: Sandbox, settings: Any) -> MicrosoftAccount:
    settings.PUBLIC_BASE_URL = "http://testserver"
    with sandbox.lock:
        sandbox.microsoft.add_account(OTHER)
    return MicrosoftAccount(sandbox, aliases=["sales@extra.example"])


def come_from(client: Client, address: str, account: str, **options: Any) -> Any:
    answer = visit(Visit(address, b""), account, **options)
    return come_back(client, f"http://testserver/oauth/microsoft/?{urlencode(answer)}")


def test_a_microsoft_mailbox_is_connected_read_lost_and_reconnected(
    ours: SimpleNamespace, microsoft: MicrosoftAccount
) -> None:
    microsoft.put(1)
    client = browser(ours)
    answer = come_from(client, set_out(client, "mailboxes/microsoft/"), microsoft.address)
    assert answer.status_code == 302, answer.content
    with tenancy.in_workspace(ours.id, ours.ana.id):
        mailbox = Mailbox.objects.select_related("channel").get()
    connect_rest(client, ours, mailbox)
    sync(mailbox)
    assert record_of(mailbox) == {"logged": ["Mail 1"]}
    with microsoft.sandbox.lock:
        microsoft.sandbox.microsoft.revoke(microsoft.address)
    microsoft.put(2)
    sync(mailbox)
    assert mailbox.state == "needs_reconnect"
    assert "password" not in mailbox.state_detail
    path = f"mailboxes/{mailbox.id}/visit/"
    wrong = come_from(client, set_out(client, path), OTHER)
    assert f"You signed in as {OTHER}" in said(wrong)
    come_from(client, set_out(client, path, send="yes"), microsoft.address)
    assert (reload(mailbox).state, mailbox.can_send) == ("resyncing", True)
    sync(mailbox)
    assert record_of(mailbox) == {"logged": ["Mail 1", "Mail 2"]}
    client.post(f"/w/ours/mailboxes/{mailbox.id}/disconnection/", {"logged": "remove"})
    part()
    with tenancy.in_workspace(ours.id, ours.ana.id):
        row = Mailbox.objects.get()
        assert (row.state, row.sealed_grant, row.taken_off) == ("disconnected", None, True)
    assert record_of(mailbox) == {}


def test_a_microsoft_visit_without_reading_is_refused(
    ours: SimpleNamespace, microsoft: MicrosoftAccount
) -> None:
    client = browser(ours)
    address = set_out(client, "mailboxes/microsoft/")
    answer = come_from(client, address, microsoft.address, without=reading_in(address))
    assert answer.status_code == 302
    assert said(answer)
    assert mailboxes(ours) == 0


def reading_in(address: str) -> tuple[str, ...]:
    """The right to read, as the vendor's page names it."""
    scopes = parse_qs(urlsplit(address).query)["scope"][0].split()
    return tuple(one for one in scopes if one.endswith("Mail.Read"))
