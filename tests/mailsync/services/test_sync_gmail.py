"""Reading a Gmail mailbox into the record: nothing lost, nothing twice, whatever Google does."""

from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.db.models.functions import Now

from accounts import tenancy
from activities.models import Activity, PrivateMessage, Sighting
from mailsync.models import Mailbox
from mailsync.problems import MailboxProblem
from mailsync.providers.errors import Throttled
from mailsync.sandbox.faults import Answer, Reset, Truncate
from mailsync.sandbox.google_errors import rate_limited
from mailsync.sandbox.server import Sandbox
from mailsync.services import sync_mailbox as module
from mailsync.services.choose_projects import choose_projects
from mailsync.services.connect_vendor import connect_vendor, reconnect_vendor
from mailsync.services.open_private_body import open_private_body
from mailsync.services.resync import set_ids_aside
from mailsync.services.set_up_mailbox import start_reading
from mailsync.services.vendors import VENDORS
from tests.mailsync.conftest import activities_of, record_of, reload, sync
from tests.mailsync.google import GmailBench, connect_google, lie
from tests.mailsync.mail import when

STRANGER = "Zoe <zoe@new.example>"
GOOGLE = VENDORS[0]


class Connected(GmailBench):
    """A Gmail account that is Ana's mailbox, set up for project One."""

    mailbox: Mailbox

    def run(self, seconds: float = 60) -> list[str]:
        """Run until there is no more to do; the errors on the way."""
        errors = []
        for _ in range(40):
            run = sync(self.mailbox, seconds=seconds)
            errors += [run.error] if run.error else []
            if not run.again:
                return errors
        raise AssertionError("it never came to an end")

    def fetched(self) -> int:
        return self.sandbox.log.counts(self.address)["messages.get"]


@pytest.fixture
def gmail(ours: SimpleNamespace, sandbox: Sandbox) -> Connected:
    bench = Connected(sandbox)
    grant = connect_google(bench.address)
    bench.mailbox = connect_vendor(ours.id, by=ours.ana, vendor=GOOGLE, grant=grant)
    here = {"by": ours.ana, "mailbox_id": bench.mailbox.id}
    with tenancy.in_workspace(ours.id, ours.ana.id):
        choose_projects(ours.id, project_ids=[ours.one.id], **here)
        start_reading(ours.id, **here)
    reload(bench.mailbox)
    sandbox.log.clear()
    return bench


@pytest.fixture
def pages_of_two(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "PAGE_SIZES", (2,))


def named(*numbers: int) -> list[str]:
    return [f"Mail {number}" for number in numbers]


def test_labels_decide_what_is_logged(ours: SimpleNamespace, gmail: Connected) -> None:
    gmail.put(1)
    gmail.put(2, **{"from": STRANGER})
    gmail.put(3, scope="SENT", **{"from": gmail.address, "to": "jane@client.example"})
    gmail.put(4, scope="INBOX SENT", **{"from": gmail.address, "to": "jane@client.example"})
    gmail.put(5, scope="INBOX SPAM")
    gmail.put(6, scope=gmail.extra)
    assert gmail.run() == []
    assert gmail.mailbox.state == "live"
    assert activities_of(ours) == named(1, 3, 4)
    assert gmail.fetched() == 4
    assert gmail.unread() == 4
    gmail.relabel(6, add="INBOX")
    gmail.relabel(5, remove="SPAM")
    gmail.relabel(1, remove="INBOX")
    gmail.relabel(2, add="TRASH", remove="INBOX")
    gmail.run()
    # What comes into scope is judged with its own date; what is logged stays.
    assert activities_of(ours) == named(1, 3, 4, 5, 6)
    assert record_of(gmail.mailbox) == {"logged": named(1, 3, 4, 5, 6)}


def test_a_quiet_mailbox_costs_one_question(ours: SimpleNamespace, gmail: Connected) -> None:
    gmail.put(1)
    gmail.run()
    gmail.sandbox.log.clear()
    gmail.run()
    assert gmail.sandbox.log.counts() == {"history.list": 1}


def test_history_that_expired_is_made_up_for_without_fetching_anything_twice(
    ours: SimpleNamespace, gmail: Connected
) -> None:
    gmail.put(1, 2, 3, 4)
    gmail.put(5, **{"from": STRANGER})
    gmail.run()
    gmail.put(6)
    gmail.delete(2)
    gmail.delete(5)
    gmail.expire()
    gmail.sandbox.log.clear()
    gmail.run()
    assert (gmail.mailbox.state, gmail.mailbox.resyncing) == ("live", False)
    assert record_of(gmail.mailbox) == {"logged": named(1, 3, 4, 6)}
    assert activities_of(ours) == named(1, 2, 3, 4, 6)
    assert gmail.fetched() == 1


def test_a_mail_that_is_opened_while_its_label_is_read_again_is_asked_for_by_its_own_id(
    ours: SimpleNamespace, gmail: Connected
) -> None:
    gmail.put(1, **{"from": STRANGER})
    gmail.run()
    with tenancy.in_workspace(ours.id, ours.ana.id):
        set_ids_aside(gmail.mailbox, None)
        private = PrivateMessage.objects.get()
    assert private.provider_id.startswith("expired:")
    gmail.sandbox.log.clear()
    body = open_private_body(ours.id, by=ours.ana, private_id=private.id)
    assert body.text.strip() == "Body of mail 1."
    assert gmail.sandbox.log.counts() == {"messages.get": 1}


def test_an_id_that_means_another_mail_by_now_opens_nothing(
    ours: SimpleNamespace, gmail: Connected
) -> None:
    gmail.put(1, 2, **{"from": STRANGER})
    gmail.run()
    with tenancy.in_workspace(ours.id, ours.ana.id):
        set_ids_aside(gmail.mailbox, None)
        private = PrivateMessage.objects.get(subject="Mail 1")
        PrivateMessage.objects.filter(id=private.id).update(
            provider_id=f"expired:1:{gmail.id_of(2)}"
        )
    gmail.delete(1)
    with pytest.raises(MailboxProblem, match="no longer"):
        open_private_body(ours.id, by=ours.ana, private_id=private.id)


@pytest.mark.usefixtures("pages_of_two")
def test_history_that_expires_during_the_backfill_loses_nothing(
    ours: SimpleNamespace, gmail: Connected
) -> None:
    gmail.put(*range(1, 8))
    sync(gmail.mailbox, seconds=0)
    gmail.put(8)
    gmail.expire()
    gmail.run(seconds=0)
    assert record_of(gmail.mailbox) == {"logged": named(*range(1, 9))}
    assert activities_of(ours) == named(*range(1, 9))


@pytest.mark.usefixtures("pages_of_two")
def test_a_pause_on_the_third_page_goes_on_there(ours: SimpleNamespace, gmail: Connected) -> None:
    gmail.put(*range(1, 11))
    refusal = rate_limited()
    headers = dict(refusal.headers) | {"Retry-After": "40"}
    gmail.sandbox.faults.choose("batch", Answer(403, refusal.body, headers), skip=2)
    assert sync(gmail.mailbox).error == "Throttled"
    assert (gmail.mailbox.state, len(record_of(gmail.mailbox)["logged"])) == ("throttled", 4)
    with tenancy.in_workspace(ours.id, ours.ana.id):
        due = Mailbox.objects.annotate(now=Now()).get(id=gmail.mailbox.id)
    assert timedelta(seconds=38) < due.due_at - due.now < timedelta(seconds=60)
    assert gmail.run() == []
    assert len(record_of(gmail.mailbox)["logged"]) == 10
    assert gmail.fetched() == 10


@pytest.mark.usefixtures("pages_of_two")
def test_a_grant_taken_back_on_the_third_page_keeps_two_and_goes_on_after_reconnecting(
    ours: SimpleNamespace, gmail: Connected
) -> None:
    gmail.put(*range(1, 11))
    gone = Answer(401, b"{}")
    gmail.sandbox.faults.choose("batch", gone, skip=2, times=None)
    gmail.sandbox.faults.choose("refresh", Answer(400, b'{"error": "invalid_grant"}'), times=None)
    assert sync(gmail.mailbox).error == "AuthorizationLost"
    assert (gmail.mailbox.state, len(record_of(gmail.mailbox)["logged"])) == ("needs_reconnect", 4)
    assert "seven days" in gmail.mailbox.state_detail
    assert gmail.sandbox.log.counts()["refresh"] == 1
    gmail.sandbox.faults.clear()
    gmail.put(11)
    grant = connect_google(gmail.address)
    reconnect_vendor(ours.id, by=ours.ana, vendor=GOOGLE, mailbox_id=gmail.mailbox.id, grant=grant)
    reload(gmail.mailbox)
    assert gmail.run() == []
    assert activities_of(ours) == named(*range(1, 12))


def test_through_a_storm_of_faults_every_mail_is_logged_once(
    ours: SimpleNamespace, gmail: Connected, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "PAGE_SIZES", (5,))
    gmail.put(*range(1, 31))
    refusal = rate_limited()
    slow = Answer(429, refusal.body, refusal.headers)
    for skip in range(0, 60, 6):
        gmail.sandbox.faults.choose("messages.get", slow, skip=skip)
        gmail.sandbox.faults.choose("*", Truncate(), skip=skip * 3)
        gmail.sandbox.faults.choose("history.list", Answer(500, b"<html>"), skip=skip)
        gmail.sandbox.faults.choose("batch", Reset(after=True), skip=skip)
    for _ in range(60):
        run = sync(gmail.mailbox)
        if run.past_read:
            break
    gmail.run()
    assert record_of(gmail.mailbox) == {"logged": named(*range(1, 31))}
    with tenancy.in_workspace(ours.id, ours.ana.id):
        assert Activity.objects.count() == Sighting.objects.count() == 30


def test_pages_in_a_circle_end_the_run_and_not_the_mailbox(
    ours: SimpleNamespace, gmail: Connected
) -> None:
    gmail.put(1)
    gmail.run()
    gmail.put(2)
    lie(gmail, "history.list", "loop", times=3)
    run = sync(gmail.mailbox)
    assert run.error == "Transient"
    assert "lead back" in gmail.mailbox.state_detail
    gmail.sandbox.faults.clear()
    gmail.run()
    assert activities_of(ours) == named(1, 2)


def test_a_mailbox_never_asks_for_more_than_google_allows_a_minute(
    ours: SimpleNamespace, gmail: Connected, settings: object
) -> None:
    settings.GMAIL_UNITS_A_MINUTE = 900
    gmail.put(*range(1, 61))
    run = sync(gmail.mailbox)
    assert run.error == Throttled.__name__
    assert isinstance(gmail.mailbox.state_detail, str)
    counts = gmail.sandbox.log.counts(gmail.address)
    spent = counts["messages.get"] * 20 + counts["messages.list"] * 5 + counts["history.list"] * 2
    assert 900 * 0.6 < spent <= 900
    # What was fetched was kept: nothing is fetched again.
    assert len(record_of(gmail.mailbox)["logged"]) == counts["messages.get"]


def test_mail_that_came_and_went_is_skipped_and_the_newest_is_not(
    ours: SimpleNamespace, gmail: Connected
) -> None:
    gmail.run()
    gmail.put(1, 2, 3)
    gmail.delete(2)
    gmail.run()
    assert activities_of(ours) == named(1, 3)
    assert gmail.fetched() == 2


def test_mail_before_the_first_day_is_not_even_fetched(
    ours: SimpleNamespace, gmail: Connected
) -> None:
    gmail.put(1, 2, 300)
    with tenancy.in_workspace(ours.id, ours.ana.id):
        gmail.mailbox.channel.starts_at = when(200)
        gmail.mailbox.channel.save(update_fields=["starts_at"])
    gmail.run()
    assert activities_of(ours) == ["Mail 300"]
    assert gmail.fetched() == 1
