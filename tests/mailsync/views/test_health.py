"""Sync health: admins see how every mailbox does, what helps, and nothing of what is in it."""

from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts import tenancy
from mailsync.models import Folder, Mailbox, Quarantine, Spending, Subscription
from tests.mailsync.granted import make_vendor_mailbox

PAGE = "/w/ours/settings/sync-health/"


def browser(cast: SimpleNamespace, member: str = "ana") -> Client:
    client = Client()
    client.force_login(getattr(cast, member).user)
    return client


@pytest.fixture
def lost(ours: SimpleNamespace) -> Mailbox:
    """Ben's, with a word in everything that is his alone."""
    mailbox = make_vendor_mailbox(
        ours,
        ours.ben,
        state=Mailbox.State.NEEDS_RECONNECT,
        state_detail="Google no longer lets Threadwell in.",
        synced_at=timezone.now() - timedelta(hours=2),
    )
    here = {"workspace_id": ours.id, "mailbox": mailbox}
    with tenancy.in_workspace(ours.id):
        Folder.objects.create(**here, provider_id="SECRET", name="SECRET folder", selected=True)
        Quarantine.objects.create(**here, provider_id="SECRET", error="SECRET error")
        Spending.objects.create(**here, spent={str(int(timezone.now().timestamp())): 1000})
        Subscription.objects.create(
            **here, provider_id="SECRET", expires_at=timezone.now() + timedelta(days=5)
        )
    return mailbox


def test_an_admin_sees_the_state_of_every_mailbox_and_nothing_private(
    ours: SimpleNamespace, lost: Mailbox
) -> None:
    make_vendor_mailbox(ours, ours.ana, synced_at=timezone.now() - timedelta(hours=1))
    page = browser(ours).get(PAGE).content.decode()
    assert page.index("ben@ours.example") < page.index("ana@ours.example")
    for words in (
        "Google no longer lets Threadwell in.",
        "Ask Ben to reconnect",
        "1 message could not be taken",
        "Pushes until",
        "Behind",
        "Left of the allowance",
    ):
        assert words in page, words
    assert "SECRET" not in page


def test_it_is_for_admins_alone(ours: SimpleNamespace, lost: Mailbox) -> None:
    client = browser(ours, "ben")
    assert client.get(PAGE).status_code == 404
    for act in ("retry", "request"):
        assert client.post(f"{PAGE}{lost.id}/{act}/").status_code == 404


def test_the_owner_is_asked_to_reconnect(ours: SimpleNamespace, lost: Mailbox) -> None:
    client = browser(ours)
    assert client.post(f"{PAGE}{lost.id}/request/").status_code == 303
    client.post(f"{PAGE}{lost.id}/request/")
    (asked,) = mail.outbox
    assert asked.to == ["ben@ours.example"]
    assert "Asked" in client.get(PAGE).content.decode()


def test_reading_is_tried_again_except_where_the_owner_has_to_act(
    ours: SimpleNamespace, lost: Mailbox
) -> None:
    failing = make_vendor_mailbox(
        ours, ours.ana, failures=5, due_at=timezone.now() + timedelta(hours=1)
    )
    client = browser(ours)
    assert client.post(f"{PAGE}{lost.id}/retry/").status_code == 404
    assert client.post(f"{PAGE}{failing.id}/retry/").status_code == 303
    with tenancy.in_workspace(ours.id):
        failing.refresh_from_db()
    assert failing.failures == 0
    assert failing.due_at <= timezone.now()


def test_a_hundred_mailboxes_cost_no_more_queries_than_one(
    ours: SimpleNamespace, lost: Mailbox
) -> None:
    client = browser(ours)
    client.get(PAGE)
    with CaptureQueriesContext(connection) as few:
        client.get(PAGE)
    for number in range(20):
        make_vendor_mailbox(ours, ours.ana, account_id=str(number))
    with CaptureQueriesContext(connection) as many:
        client.get(PAGE)
    assert len(many) <= len(few)
