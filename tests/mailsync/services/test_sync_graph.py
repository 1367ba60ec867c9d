"""Reading a Microsoft mailbox into the record, from the sign-in to the activity."""

import json
from types import SimpleNamespace
from typing import Any

import pytest
from django.db.models.functions import Now

from accounts import tenancy
from activities.models import Activity, Message, PrivateMessage
from mailsync.models import Mailbox, Spending, Subscription
from mailsync.providers.graph_consent import GraphConsent
from mailsync.sandbox.faults import Answer, Lie
from mailsync.services import sync_mailbox as module
from mailsync.services.choose_projects import set_projects
from mailsync.services.connect_vendor import connect_vendor, reconnect_vendor
from mailsync.services.fetch_bodies import fetch_bodies
from mailsync.services.set_up_mailbox import start_reading
from mailsync.services.subscriptions import keep_subscription
from mailsync.services.vendors import Vendor, vendor_of
from tests.mailsync.conftest import activities_of, is_wanted, record_of, reload, sync
from tests.mailsync.mail import make_mail
from tests.mailsync.microsoft import ANA, MicrosoftAccount, consent

STRANGER = "Zoe <zoe@new.example>"
LOGGED, PRIVATE = "logged", "not_logged"


def vendor() -> Vendor:
    found = vendor_of(Mailbox.Provider.GRAPH)
    assert found is not None
    return found


@pytest.fixture
def mailbox(ours: SimpleNamespace, microsoft: MicrosoftAccount) -> Mailbox:
    """Ana's Microsoft mailbox, connected with a grant of its own and about to be read."""
    made = connect_vendor(ours.id, by=ours.ana, vendor=vendor(), grant=consent(ANA, send=True))
    with tenancy.in_workspace(ours.id, ours.ana.id):
        set_projects(ours.id, ours.ana, made, [ours.one.id])
        start_reading(ours.id, by=ours.ana, mailbox_id=made.id)
    microsoft.sandbox.log.clear()
    return reload(made)


def test_the_past_is_logged_with_its_bodies_and_the_rest_stays_private(
    ours: SimpleNamespace, microsoft: MicrosoftAccount, mailbox: Mailbox
) -> None:
    microsoft.put(1)
    microsoft.put_raw(make_mail(2, **{"from": STRANGER}), 2)
    out = {"from": f"Ana <{ANA}>", "to": "jane@client.example"}
    microsoft.put_raw(make_mail(3, **out), 3, "sent", "seen")
    microsoft.put_raw(make_mail(4), 4, "junk")
    assert sync(mailbox).bodies
    assert record_of(mailbox) == {LOGGED: ["Mail 1", "Mail 3"], PRIVATE: ["Mail 2"]}
    assert mailbox.state == "live"
    assert fetch_bodies(ours.id, channel_id=mailbox.channel_id) == 2
    with tenancy.in_workspace(ours.id, ours.ana.id):
        assert set(Message.objects.values_list("body_state", flat=True)) == {"present"}
    counts = microsoft.sandbox.log.counts()
    # A page for each of inbox, sent mail and archive, and what follows from each; a body only of
    # what is logged, and nobody's body with a list.
    assert counts["graph.value"] == 2
    assert microsoft.graph.full_bodies == 0
    assert "junk" not in json.dumps(mailbox.cursor)


def test_what_happens_later_is_followed(
    ours: SimpleNamespace, microsoft: MicrosoftAccount, mailbox: Mailbox
) -> None:
    first, second = microsoft.put(1, 2)
    sync(mailbox)
    (third,) = microsoft.put(3)
    microsoft.move(first, "archive")
    microsoft.delete(second)
    microsoft.flag(third, "seen")
    sync(mailbox)
    assert record_of(mailbox) == {LOGGED: ["Mail 1", "Mail 3"]}
    # What is logged stays, also when the mailbox no longer has it.
    assert activities_of(ours) == ["Mail 1", "Mail 2", "Mail 3"]
    microsoft.move(third, "inbox")
    assert sync(mailbox).pages == 0


def test_a_private_mail_that_goes_to_the_trash_vanishes(
    ours: SimpleNamespace, microsoft: MicrosoftAccount, mailbox: Mailbox
) -> None:
    message = microsoft.put_raw(make_mail(2, **{"from": STRANGER}), 2)
    sync(mailbox)
    microsoft.move(message, "trash")
    sync(mailbox)
    assert record_of(mailbox) == {}


def test_an_expired_folder_is_read_again_and_nothing_is_doubled(
    ours: SimpleNamespace, microsoft: MicrosoftAccount, mailbox: Mailbox
) -> None:
    microsoft.put(1, 2)
    sync(mailbox)
    microsoft.put(3)
    microsoft.sandbox.faults.choose("graph.delta", Lie("expire"))
    sync(mailbox)
    assert mailbox.state == "live"
    assert record_of(mailbox) == {LOGGED: ["Mail 1", "Mail 2", "Mail 3"]}
    with tenancy.in_workspace(ours.id, ours.ana.id):
        assert Activity.objects.filter(workspace_id=ours.id).count() == 3


def test_throttled_on_a_later_page_reading_goes_on_there(
    ours: SimpleNamespace,
    microsoft: MicrosoftAccount,
    mailbox: Mailbox,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(module, "PAGE_SIZES", (2,))
    microsoft.put(*range(1, 11))
    refusal = Answer(429, b"", {"Retry-After": "70"})
    microsoft.sandbox.faults.choose("graph.delta", refusal, skip=4)
    run = sync(mailbox)
    assert (run.error, mailbox.state) == ("Throttled", "throttled")
    seen = len(record_of(mailbox)[LOGGED])
    assert 0 < seen < 10
    with tenancy.in_workspace(ours.id, ours.ana.id):
        left = Mailbox.objects.annotate(now=Now()).get(id=mailbox.id)
        assert (left.due_at - left.now).total_seconds() > 65
    sync(mailbox)
    assert len(record_of(mailbox)[LOGGED]) == 10


def test_a_grant_that_ends_on_the_way_keeps_what_was_read_and_goes_on_when_reconnected(
    ours: SimpleNamespace,
    microsoft: MicrosoftAccount,
    mailbox: Mailbox,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(module, "PAGE_SIZES", (2,))
    microsoft.put(*range(1, 11))
    sync(mailbox, seconds=0)
    before = record_of(mailbox)[LOGGED]
    assert 0 < len(before) < 10
    microsoft.sandbox.microsoft.revoke(ANA)
    sync(mailbox)
    assert mailbox.state == "needs_reconnect"
    assert record_of(mailbox)[LOGGED] == before
    reconnect_vendor(
        ours.id, by=ours.ana, vendor=vendor(), mailbox_id=mailbox.id, grant=consent(ANA)
    )
    sync(mailbox)
    assert len(record_of(mailbox)[LOGGED]) == 10
    assert GraphConsent().is_configured()


def test_the_same_mail_in_two_folders_is_one_activity(
    ours: SimpleNamespace, microsoft: MicrosoftAccount, mailbox: Mailbox
) -> None:
    microsoft.put(1)
    microsoft.put(1, folder="archive")
    sync(mailbox)
    assert activities_of(ours) == ["Mail 1"]


def test_every_request_is_counted_against_the_mailbox(
    ours: SimpleNamespace, microsoft: MicrosoftAccount, mailbox: Mailbox
) -> None:
    microsoft.put(1, 2)
    sync(mailbox)
    asked = sum(
        count
        for operation, count in microsoft.sandbox.log.counts().items()
        if operation.startswith("graph.")
    )
    with tenancy.in_workspace(ours.id, ours.ana.id):
        spent = Spending.objects.get(mailbox=mailbox).spent
        assert sum(spent.values()) == asked
        assert not PrivateMessage.objects.filter(workspace_id=ours.id).exists()


def test_a_push_of_microsoft_opens_the_door_and_the_mailbox_is_wanted(
    ours: SimpleNamespace,
    microsoft: MicrosoftAccount,
    mailbox: Mailbox,
    live_server: Any,
    settings: Any,
) -> None:
    settings.PUBLIC_BASE_URL = live_server.url
    sync(mailbox)
    # The sandbox asks the real door for a proof, as Microsoft does.
    kept = {"mailbox_id": mailbox.id, "owner_id": ours.ana.id}
    assert keep_subscription(ours.id, **kept)
    (row,) = microsoft.graph.subscriptions.rows(ANA)
    assert row["wanted"]["notificationUrl"] == f"{live_server.url}/hooks/graph/"
    sync(mailbox)
    assert not is_wanted(mailbox)
    microsoft.put(1)
    assert microsoft.sandbox.pushes.wait(lambda: is_wanted(mailbox))
    sync(mailbox)
    assert activities_of(ours) == ["Mail 1"]
    # A subscription that Microsoft took away is made anew once its owner was told so.
    microsoft.graph.subscriptions.tell(ANA, "subscriptionRemoved")
    assert microsoft.sandbox.pushes.wait(lambda: _is_due(mailbox))
    assert keep_subscription(ours.id, **kept)
    assert microsoft.graph.subscriptions.rows(ANA)[0]["id"] != row["id"]


def _is_due(mailbox: Mailbox) -> bool:
    with tenancy.in_workspace(mailbox.workspace_id):
        rows = Subscription.objects.filter(mailbox=mailbox, renew_at__lte=Now())
        return rows.exists()
