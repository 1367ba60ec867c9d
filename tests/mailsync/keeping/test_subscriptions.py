"""What a vendor was asked to tell us: made when a mailbox is live, renewed in time, ended."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from accounts import tenancy
from mailsync.models import Mailbox, Subscription
from mailsync.sandbox.faults import Answer
from mailsync.services.hear_pushes import secret_hash
from mailsync.services.pause_mailbox import pause_mailbox
from mailsync.services.subscriptions import keep_subscription
from tests.mailsync.conftest import is_wanted, record_of
from tests.mailsync.keeping.desk import Desk, drain, run_once

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def doors(live_server: Any, settings: Any) -> str:
    """Our doors on a real socket, where the sandbox pushes to."""
    settings.PUBLIC_BASE_URL = live_server.url
    return str(live_server.url)


@pytest.fixture
def mailbox(ours: SimpleNamespace, desk: Desk) -> Mailbox:
    mailbox = desk.connect(ours, ours.ana)
    assert run_once(mailbox).became_live
    return mailbox


def due(mailbox: Mailbox) -> bool:
    return any(row[1] == mailbox.id for row in tenancy.call("mailsync_due_subscriptions", 50))


def keep(mailbox: Mailbox) -> bool:
    return keep_subscription(
        mailbox.workspace_id, mailbox_id=mailbox.id, owner_id=mailbox.channel.owner_id
    )


def row_of(mailbox: Mailbox) -> Subscription | None:
    with tenancy.in_workspace(mailbox.workspace_id):
        return Subscription.objects.filter(mailbox=mailbox).first()


def change(mailbox: Mailbox, **facts: Any) -> None:
    with tenancy.in_workspace(mailbox.workspace_id):
        assert Subscription.objects.filter(mailbox=mailbox).update(**facts)


def watched(desk: Desk) -> int:
    """How many subscriptions the vendor has for the account."""
    if desk.vendor == "gmail":
        return int(desk.sandbox.tables.get("gmail watches", desk.address) is not None)
    return len(desk.sandbox.microsoft.graph.subscriptions.rows(desk.address))


def is_told(desk: Desk, mailbox: Mailbox, number: int) -> bool:
    """Whether a new mail makes the vendor push, and our door believes it."""
    drain(mailbox)
    assert not is_wanted(mailbox)
    desk.put(number)
    return desk.sandbox.pushes.wait(lambda: is_wanted(mailbox), 3)


def test_a_live_mailbox_is_subscribed_and_a_push_has_it_read(mailbox: Mailbox, desk: Desk) -> None:
    assert due(mailbox)
    assert keep(mailbox) is True
    assert not due(mailbox)
    # What came before anybody told us is read at once.
    assert is_wanted(mailbox)
    assert is_told(desk, mailbox, 1)
    assert run_once(mailbox, due=False).taken
    assert record_of(mailbox) == {"logged": ["Mail 1"]}
    row = row_of(mailbox)
    assert row is not None
    assert row.pushed_at is not None
    assert keep(mailbox) is False
    assert watched(desk) == 1


def test_of_a_secret_only_its_hash_is_kept(mailbox: Mailbox, desk: Desk) -> None:
    keep(mailbox)
    row = row_of(mailbox)
    assert row is not None
    if desk.vendor == "gmail":
        assert row.provider_id == ""
        return
    (told,) = desk.sandbox.microsoft.graph.subscriptions.rows(desk.address)
    secret = told["wanted"]["clientState"]
    assert 43 <= len(secret) <= 128
    assert bytes(row.secret_hash) == secret_hash(secret) != secret.encode()


def test_it_is_renewed_well_before_its_end_and_keeps_telling(mailbox: Mailbox, desk: Desk) -> None:
    keep(mailbox)
    row = row_of(mailbox)
    assert row is not None
    left = row.renew_at - datetime.now(UTC)
    wanted = timedelta(days=1) if desk.vendor == "gmail" else timedelta(days=3.5)
    assert wanted * 0.9 < left <= wanted
    change(mailbox, renew_at=datetime.now(UTC) - timedelta(seconds=1))
    assert due(mailbox)
    assert keep(mailbox) is False
    after = row_of(mailbox)
    assert after is not None
    assert (after.provider_id, after.failures) == (row.provider_id, 0)
    assert after.renew_at >= row.renew_at
    assert after.renewed_at >= row.renewed_at
    assert watched(desk) == 1
    assert is_told(desk, mailbox, 1)


def test_one_that_the_vendor_removed_is_made_anew_and_the_mailbox_read(
    mailbox: Mailbox, desk: Desk
) -> None:
    if desk.vendor == "gmail":
        pytest.skip("Gmail says nothing when a watch ends; it is renewed daily")
    keep(mailbox)
    drain(mailbox)
    before = row_of(mailbox)
    assert before is not None
    desk.sandbox.microsoft.graph.subscriptions.tell(desk.address, "subscriptionRemoved")
    assert desk.sandbox.pushes.wait(lambda: due(mailbox), 3)
    assert keep(mailbox) is True
    assert is_wanted(mailbox)
    after = row_of(mailbox)
    assert after is not None
    assert after.provider_id != before.provider_id
    assert is_told(desk, mailbox, 1)


def test_a_vendor_that_fails_is_asked_later_and_later(mailbox: Mailbox, desk: Desk) -> None:
    operation = "watch" if desk.vendor == "gmail" else "graph.subscribe"
    desk.sandbox.faults.choose(operation, Answer(503, b"down"), times=None)
    pauses = []
    for failures in range(1, 4):
        assert keep(mailbox) is False
        row = row_of(mailbox)
        assert row is not None
        assert row.failures == failures
        pauses.append((row.renew_at - datetime.now(UTC)).total_seconds())
        assert not due(mailbox)
        change(mailbox, renew_at=datetime.now(UTC) - timedelta(seconds=1))
    assert 290 < pauses[0] < 370
    assert 1.5 * pauses[0] < pauses[1] < 1.5 * pauses[2]
    desk.sandbox.faults.clear()
    assert keep(mailbox) is True
    # Nothing of this is the mailbox's own trouble: it goes on being read.
    assert drain(mailbox)


def test_a_paused_mailbox_asks_for_no_more_pushes_and_asks_again_when_it_goes_on(
    ours: SimpleNamespace, mailbox: Mailbox, desk: Desk
) -> None:
    keep(mailbox)
    with tenancy.in_workspace(ours.id, ours.ana.id):
        pause_mailbox(ours.id, by=ours.ana, mailbox_id=mailbox.id)
    assert due(mailbox)
    assert keep(mailbox) is False
    assert (row_of(mailbox), watched(desk)) == (None, 0)
    assert not due(mailbox)


def test_where_the_vendor_cannot_reach_us_nobody_is_asked(
    mailbox: Mailbox, desk: Desk, settings: Any
) -> None:
    settings.PUBLIC_BASE_URL = "http://threadwell.example"
    assert keep(mailbox) is False
    row = row_of(mailbox)
    assert row is not None
    assert row.expires_at is None
    assert (watched(desk), due(mailbox)) == (0, False)


def test_two_workers_do_not_subscribe_twice(mailbox: Mailbox, desk: Desk) -> None:
    assert [keep(mailbox), keep(mailbox)] == [True, False]
    assert watched(desk) == 1
