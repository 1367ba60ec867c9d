"""What must hold for a mailbox at Gmail and at Microsoft alike, whatever the vendor does."""

import time
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest

from accounts import tenancy
from accounts.models import Member
from activities.models import Activity, PrivateMessage, Sighting
from mailsync.models import Folder, Mailbox
from mailsync.sandbox import mailboxes as sandbox_mailboxes
from mailsync.sandbox.faults import Answer
from mailsync.sandbox.server import Sandbox
from mailsync.services import compare_ids
from mailsync.services import sync_mailbox as module
from mailsync.services.choose_folders import choose_folders
from mailsync.services.hear_pushes import hear_address
from mailsync.services.open_provider import open_provider
from mailsync.services.pause_mailbox import pause_mailbox, resume_mailbox
from mailsync.services.want_sync import want_sync
from tests.activities.mailing import a_copy, arrive, make_channel
from tests.mailsync.conftest import activities_of, record_of, reload
from tests.mailsync.keeping.desk import STRANGER, Desk, drain, make_due, run_once
from tests.mailsync.mail import make_mail, when

LOGGED, PRIVATE = "logged", "not_logged"


@pytest.fixture
def small_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "PAGE_SIZES", (2,))


def read_two_pages(mailbox: Mailbox) -> None:
    """Runs of a page each, until two pages of the inbox are logged. Folders take turns."""
    for _ in range(4):
        if len(record_of(mailbox).get(LOGGED, ())) < 4:
            assert run_once(mailbox, seconds=0).again
    assert record_of(mailbox)[LOGGED] == mails(7, 8, 9, 10)


def mails(*numbers: int) -> list[str]:
    return [f"Mail {number}" for number in numbers]


def test_a_mailbox_is_read_from_its_newest_mail_back_and_followed(
    ours: SimpleNamespace, desk: Desk
) -> None:
    desk.put(1, 2)
    desk.put(3, **{"from": STRANGER})
    desk.put(4, place="sent", **{"from": "ana@ours.example", "to": "jane@client.example"})
    desk.put(5, place="outside")
    mailbox = desk.connect(ours, ours.ana)
    drain(mailbox)
    assert record_of(mailbox) == {LOGGED: mails(1, 2, 4), PRIVATE: mails(3)}
    desk.put(6)
    assert drain(mailbox) == 1
    assert record_of(mailbox)[LOGGED] == mails(1, 2, 4, 6)
    assert mailbox.state == "live"


def test_a_cursor_that_expires_in_mid_life_leaves_no_gap_and_nothing_twice(
    ours: SimpleNamespace, desk: Desk
) -> None:
    desk.put(1, 2, 3)
    desk.put(4, **{"from": STRANGER})
    mailbox = desk.connect(ours, ours.ana)
    drain(mailbox)
    desk.put(5)
    desk.delete(2)
    desk.lie("news", "expire")
    fetched = desk.fetched()
    drain(mailbox)
    assert record_of(mailbox) == {LOGGED: mails(1, 3, 5), PRIVATE: mails(4)}
    assert activities_of(ours) == mails(1, 2, 3, 5)
    assert (mailbox.state, mailbox.resyncing) == ("live", False)
    if desk.vendor == "gmail":
        # Its ids stay what they are, so only what is new is fetched.
        assert desk.fetched() == fetched + 1


def test_a_mail_that_came_into_scope_while_the_cursor_expired_is_judged(
    ours: SimpleNamespace, desk: Desk
) -> None:
    desk.put(1)
    desk.put(2, place="outside")
    mailbox = desk.connect(ours, ours.ana)
    drain(mailbox)
    desk.move(2, "inbox")
    desk.lie("news", "expire")
    drain(mailbox)
    assert record_of(mailbox)[LOGGED] == mails(1, 2)


@pytest.mark.usefixtures("small_pages")
def test_a_cursor_that_expires_during_the_backfill_leaves_no_gap_and_nothing_twice(
    ours: SimpleNamespace, desk: Desk
) -> None:
    desk.put(*range(1, 9))
    mailbox = desk.connect(ours, ours.ana)
    assert run_once(mailbox, seconds=0).again
    desk.put(9)
    desk.lie("news", "expire")
    drain(mailbox, seconds=0)
    assert record_of(mailbox) == {LOGGED: mails(*range(1, 10))}
    assert len(activities_of(ours)) == 9


def test_a_vendor_that_calls_every_cursor_stale_is_not_asked_for_ever(
    ours: SimpleNamespace, desk: Desk
) -> None:
    desk.put(1)
    mailbox = desk.connect(ours, ours.ana)
    drain(mailbox)
    desk.lie("news", "expire", times=None)
    desk.sandbox.log.clear()
    run = run_once(mailbox)
    if desk.vendor == "gmail":
        assert run.error == "Transient"
    assert sum(desk.sandbox.log.counts(desk.address).values()) < 40
    desk.sandbox.faults.clear()
    drain(mailbox)
    assert record_of(mailbox) == {LOGGED: mails(1)}


def test_the_same_push_five_times_old_after_new_means_one_more_pass_at_most(
    ours: SimpleNamespace, sandbox: Sandbox
) -> None:
    desk = Desk(sandbox, "gmail")
    mailbox = desk.connect(ours, ours.ana)
    drain(mailbox)
    before = int(mailbox.cursor["history"])
    desk.put(1)
    heard = [hear_address(desk.address) for _ in range(5)]
    assert [len(one.wanted) for one in heard] == [1, 0, 0, 0, 0]
    assert run_once(mailbox, due=False).taken
    assert int(mailbox.cursor["history"]) > before
    after = mailbox.cursor
    for _ in range(5):
        hear_address(desk.address)
    assert run_once(mailbox, due=False).taken
    assert not run_once(mailbox, due=False).taken
    assert mailbox.cursor == after
    assert record_of(mailbox) == {LOGGED: mails(1)}


def test_pushes_during_a_run_make_one_more_pass_follow(
    ours: SimpleNamespace, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    mailbox = desk.connect(ours, ours.ana)
    drain(mailbox)
    whole = module._record_all

    def pushed(*arguments: object, **named: object) -> bool:
        done = whole(*arguments, **named)
        for number in range(1, 6):
            desk.put(number)
            want_sync(ours.id, mailbox_id=mailbox.id, owner_id=ours.ana.id)
        return done

    with monkeypatch.context() as patched:
        patched.setattr(module, "_record_all", pushed)
        assert run_once(mailbox).again
    assert not run_once(mailbox, due=False).again
    assert record_of(mailbox) == {LOGGED: mails(1, 2, 3, 4, 5)}


@pytest.mark.usefixtures("small_pages")
def test_mail_that_arrives_during_the_backfill_is_logged_once(
    ours: SimpleNamespace, desk: Desk
) -> None:
    desk.put(*range(1, 7))
    mailbox = desk.connect(ours, ours.ana)
    number = 7
    while run_once(mailbox, seconds=0).again:
        if number < 10:
            desk.put(number)
            number += 1
    drain(mailbox)
    assert record_of(mailbox) == {LOGGED: mails(*range(1, 10))}
    assert len(activities_of(ours)) == 9


def test_what_is_added_and_deleted_before_it_was_fetched_is_skipped(
    ours: SimpleNamespace, desk: Desk
) -> None:
    mailbox = desk.connect(ours, ours.ana)
    drain(mailbox)
    desk.put(1, 2)
    desk.delete(1)
    assert drain(mailbox) == 1
    assert record_of(mailbox) == {LOGGED: mails(2)}


def test_an_old_mail_comes_into_scope_with_its_own_date_and_its_log_stays_when_it_leaves(
    ours: SimpleNamespace, desk: Desk
) -> None:
    desk.put(1, place="outside")
    desk.put(2)
    mailbox = desk.connect(ours, ours.ana)
    drain(mailbox)
    assert LOGGED in record_of(mailbox)
    assert record_of(mailbox)[LOGGED] == mails(2)
    desk.move(1, "inbox")
    drain(mailbox)
    assert activities_of(ours) == mails(1, 2)
    with tenancy.in_workspace(ours.id, ours.ana.id):
        first = Activity.objects.get(message__subject="Mail 1")
        assert first.occurred_at == when(1)
        assert Sighting.objects.get(message__subject="Mail 1").received_at == when(1)
    desk.move(1, "outside")
    drain(mailbox)
    assert activities_of(ours) == mails(1, 2)


@pytest.mark.usefixtures("small_pages")
def test_what_is_throttled_on_page_three_goes_on_there_and_no_sooner_than_told(
    ours: SimpleNamespace, desk: Desk
) -> None:
    desk.put(*range(1, 11))
    mailbox = desk.connect(ours, ours.ana)
    read_two_pages(mailbox)
    place = mailbox.cursor
    desk.fault("past", desk.throttle(240))
    told_at = datetime.now(UTC)
    run = run_once(mailbox, seconds=0)
    assert run.error in {"Throttled", "ToldToWait"}
    assert mailbox.state == "throttled"
    assert mailbox.due_at >= told_at + timedelta(seconds=240)
    assert (mailbox.cursor, record_of(mailbox)[LOGGED]) == (place, mails(7, 8, 9, 10))
    want_sync(ours.id, mailbox_id=mailbox.id, owner_id=ours.ana.id)
    assert not run_once(mailbox, due=False).taken
    desk.sandbox.log.clear()
    drain(mailbox, seconds=0)
    assert record_of(mailbox) == {LOGGED: mails(*range(1, 11))}
    if desk.vendor == "gmail":
        assert desk.fetched() == 6


def test_ids_that_differ_only_in_case_are_two_messages(
    ours: SimpleNamespace, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids = iter(["AAbbCC", "aabbcc", "AABBCC"])
    monkeypatch.setitem(sandbox_mailboxes._IDS, desk.box.vendor, lambda *_: next(ids))
    desk.put(1, 2, 3)
    mailbox = desk.connect(ours, ours.ana)
    drain(mailbox)
    desk.delete(2)
    drain(mailbox)
    assert record_of(mailbox) == {LOGGED: mails(1, 3)}


def test_eight_days_without_pushes_lose_nothing(ours: SimpleNamespace, desk: Desk) -> None:
    desk.put(1)
    mailbox = desk.connect(ours, ours.ana)
    drain(mailbox)
    desk.put(*range(2, 6))
    desk.delete(1)
    # By then Gmail and Microsoft have forgotten the place where we stood.
    desk.box.forgotten = desk.box.latest + 1
    desk.put(6)
    drain(mailbox)
    assert record_of(mailbox) == {LOGGED: mails(*range(2, 7))}
    assert activities_of(ours) == mails(*range(1, 7))


@pytest.mark.usefixtures("small_pages")
def test_a_grant_that_ends_on_page_three_keeps_the_pages_before_and_goes_on_when_it_is_renewed(
    ours: SimpleNamespace, desk: Desk
) -> None:
    desk.put(*range(1, 11))
    mailbox = desk.connect(ours, ours.ana)
    read_two_pages(mailbox)
    desk.revoke()
    run_once(mailbox, seconds=0)
    assert mailbox.state == "needs_reconnect"
    assert "econnect" in mailbox.state_detail
    assert record_of(mailbox)[LOGGED] == mails(7, 8, 9, 10)
    assert not run_once(mailbox).taken
    desk.put(11)
    desk.reconnect(mailbox, ours.ana)
    drain(mailbox, seconds=0)
    assert record_of(mailbox) == {LOGGED: mails(*range(1, 12))}
    assert len(activities_of(ours)) == 11


def choose(mailbox: Mailbox, by: Member, desk: Desk, *places: str) -> None:
    with tenancy.in_workspace(mailbox.workspace_id, by.id):
        chosen = [desk.places[place] for place in places]
        ids = Folder.objects.filter(mailbox=mailbox, provider_id__in=chosen).values_list(
            "id", flat=True
        )
        choose_folders(mailbox.workspace_id, by=by, mailbox_id=mailbox.id, folder_ids=list(ids))


@pytest.mark.parametrize("first", ["choice", "end of the grant"])
def test_a_choice_of_folders_is_followed_after_reconnecting(
    first: str, ours: SimpleNamespace, desk: Desk
) -> None:
    desk.put(1)
    desk.put(2, place="outside")
    mailbox = desk.connect(ours, ours.ana)
    drain(mailbox)
    desk.revoke()
    if first == "choice":
        choose(mailbox, ours.ana, desk, "inbox", "outside")
    run_once(mailbox)
    assert mailbox.state == "needs_reconnect"
    if first != "choice":
        choose(mailbox, ours.ana, desk, "inbox", "outside")
    desk.reconnect(mailbox, ours.ana)
    drain(mailbox)
    assert record_of(mailbox) == {LOGGED: mails(1, 2)}
    assert not mailbox.read_anew


def test_a_choice_of_folders_is_followed_after_a_pause(ours: SimpleNamespace, desk: Desk) -> None:
    desk.put(1)
    desk.put(2, place="outside")
    mailbox = desk.connect(ours, ours.ana)
    drain(mailbox)
    way = {"by": ours.ana, "mailbox_id": mailbox.id}
    with tenancy.in_workspace(ours.id, ours.ana.id):
        pause_mailbox(ours.id, **way)
    choose(mailbox, ours.ana, desk, "inbox", "outside")
    with tenancy.in_workspace(ours.id, ours.ana.id):
        resume_mailbox(ours.id, **way)
    drain(mailbox)
    assert record_of(mailbox) == {LOGGED: mails(1, 2)}


def test_sent_mail_that_is_put_into_the_trash_as_well_is_out_of_scope_and_its_log_stays(
    ours: SimpleNamespace, sandbox: Sandbox
) -> None:
    desk = Desk(sandbox, "gmail")
    fields = {"from": "ana@ours.example", "place": "sent"}
    desk.put(1, to="zoe@new.example", **fields)
    desk.put(2, to="jane@client.example", **fields)
    mailbox = desk.connect(ours, ours.ana)
    drain(mailbox)
    assert record_of(mailbox) == {LOGGED: mails(2), PRIVATE: mails(1)}
    label(desk, 1, "SENT", "TRASH")
    label(desk, 2, "SENT", "TRASH")
    drain(mailbox)
    assert record_of(mailbox) == {LOGGED: mails(2), PRIVATE: mails(1)}
    assert reason_of(mailbox) == ("trash", "R1")
    label(desk, 1, "SENT")
    drain(mailbox)
    assert reason_of(mailbox)[0] == ""
    assert reason_of(mailbox)[1] != "R1"


def test_a_private_mail_that_gets_one_more_selected_label_is_not_judged_anew(
    ours: SimpleNamespace, sandbox: Sandbox
) -> None:
    desk = Desk(sandbox, "gmail")
    desk.put(1, **{"from": STRANGER})
    mailbox = desk.connect(ours, ours.ana)
    drain(mailbox)
    fetched = desk.fetched()
    label(desk, 1, "INBOX", "SENT")
    drain(mailbox)
    assert (desk.fetched(), reason_of(mailbox)[0]) == (fetched, "")


def label(desk: Desk, number: int, *labels: str) -> None:
    with desk.sandbox.lock:
        desk.sandbox.mailboxes.place(desk.address, desk.id_of(number), labels)


def reason_of(mailbox: Mailbox) -> tuple[str, str]:
    """Why the only private row is out of scope, and the rule that decided."""
    with tenancy.in_workspace(mailbox.workspace_id, mailbox.channel.owner_id):
        row = PrivateMessage.objects.get(channel=mailbox.channel_id)
        return row.out_of_scope, row.rule


@pytest.mark.usefixtures("small_pages")
def test_a_looping_page_token_is_noticed(
    ours: SimpleNamespace, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.put(*range(1, 9))
    monkeypatch.setattr("mailsync.providers.gmail_lists.PAGE", 2)
    mailbox = desk.connect(ours, ours.ana)
    desk.lie("past", "loop", times=None)
    errors = {run_once(mailbox, seconds=5).error for _ in range(3)}
    assert errors - {""}
    assert sum(desk.sandbox.log.counts(desk.address).values()) < 200
    desk.sandbox.faults.clear()
    make_due(mailbox, attempts=0)
    drain(mailbox)
    assert record_of(mailbox) == {LOGGED: mails(*range(1, 9))}


def test_one_mail_in_two_mailboxes_and_sent_in_is_one_record_here_and_one_there(
    ours: SimpleNamespace, rival: SimpleNamespace, sandbox: Sandbox
) -> None:
    anas = Desk(sandbox, "gmail")
    bens = Desk(sandbox, "graph", "ben@ours.example")
    theirs = Desk(sandbox, "gmail", "ana@rival.example")
    for desk in (anas, bens, theirs):
        desk.put(1, to="ana@ours.example, ben@ours.example, ana@rival.example")
    raw = make_mail(1, to="ana@ours.example, ben@ours.example, ana@rival.example")
    for desk, cast, member in (
        (anas, ours, ours.ana),
        (bens, ours, ours.ben),
        (theirs, rival, rival.ana),
    ):
        drain(desk.connect(cast, member))
    with tenancy.in_workspace(ours.id, ours.ana.id):
        inbound = make_channel(ours, None, ours.one, source="bcc")
    arrive(ours, a_copy(inbound, raw, sender=ours.ana))
    assert activities_of(ours) == mails(1)
    assert activities_of(rival) == mails(1)
    with tenancy.in_workspace(ours.id, ours.ana.id):
        assert Sighting.objects.count() == 3


@pytest.mark.usefixtures("small_pages")
def test_a_gap_that_takes_longer_than_a_run_is_read_run_after_run_and_then_compared(
    ours: SimpleNamespace, desk: Desk
) -> None:
    yesterday = datetime.now(UTC) - timedelta(days=1)
    desk.put(1, at=yesterday)
    mailbox = desk.connect(ours, ours.ana)
    drain(mailbox)
    desk.put(*range(2, 30), at=yesterday)
    make_due(mailbox, compared_at=yesterday, synced_at=yesterday)
    run = run_once(mailbox, seconds=0)
    assert (run.again, run.wait, run.past_read) == (True, 0, False)
    assert len(record_of(mailbox)[LOGGED]) == 3
    # Its owner sees that it is behind.
    assert (mailbox.state, mailbox.synced_at) == ("resyncing", yesterday)
    assert mailbox.due_at <= datetime.now(UTC)
    assert (mailbox.compared_at, mailbox.comparing) == (yesterday, {})
    assert drain(mailbox, seconds=0) > 12
    assert mailbox.state == "live"
    for at in (mailbox.synced_at, mailbox.compared_at):
        assert at is not None
        assert at > yesterday
    assert set(record_of(mailbox)[LOGGED]) == set(mails(*range(1, 30)))
    assert "repaired" not in mailbox.counts, "What was not read yet is not missing."


def skip_news(mailbox: Mailbox) -> None:
    """Move the cursor past what is new without recording it, as a lying vendor would."""
    with open_provider(mailbox) as provider:
        cursor, done = mailbox.cursor, False
        while not done:
            page = provider.changes(cursor, 50)
            cursor, done = page.cursor, page.done
    make_due(mailbox, cursor=cursor)


def test_the_nightly_comparison_finds_what_nobody_told(ours: SimpleNamespace, desk: Desk) -> None:
    yesterday = datetime.now(UTC) - timedelta(days=1)
    desk.put(1, at=yesterday)
    mailbox = desk.connect(ours, ours.ana)
    drain(mailbox)
    assert mailbox.compared_at is not None
    desk.put(2, 3, at=yesterday)
    skip_news(mailbox)
    drain(mailbox)
    assert record_of(mailbox) == {LOGGED: mails(1)}
    make_due(mailbox, compared_at=yesterday)
    drain(mailbox)
    assert sorted(record_of(mailbox)[LOGGED]) == mails(1, 2, 3)
    assert mailbox.counts["repaired"] == 2
    make_due(mailbox, compared_at=yesterday)
    drain(mailbox)
    assert mailbox.counts["repaired"] == 2
    assert len(activities_of(ours)) == 3


def test_a_comparison_goes_on_in_the_next_run_where_the_time_was_up(
    ours: SimpleNamespace, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    yesterday = datetime.now(UTC) - timedelta(days=1)
    monkeypatch.setattr(compare_ids, "PAGE_SIZE", 2)
    desk.put(*range(1, 10), at=yesterday)
    mailbox = desk.connect(ours, ours.ana)
    drain(mailbox)
    desk.put(10, 11, at=yesterday)
    skip_news(mailbox)
    make_due(mailbox, compared_at=yesterday)
    run = run_once(mailbox, seconds=0)
    assert (run.again, run.wait, mailbox.state) == (True, 0, "live")
    assert mailbox.comparing["cursor"]
    assert mailbox.compared_at == yesterday
    assert mailbox.synced_at > yesterday, "Everything new is read all the same."
    place = mailbox.comparing["cursor"]
    desk.fault("past", desk.throttle(30))
    assert run_once(mailbox, seconds=0).error == "Throttled"
    assert mailbox.comparing["cursor"] == place
    assert drain(mailbox, seconds=0) > 2
    assert mailbox.comparing == {}
    assert mailbox.compared_at > yesterday
    assert set(record_of(mailbox)[LOGGED]) == set(mails(*range(1, 12)))
    assert mailbox.counts["repaired"] == 2


# Gmail lists without a cursor, so that none can expire.
@pytest.mark.parametrize("desk", ["graph"], indirect=True)
def test_a_comparison_that_is_cut_short_leaves_the_folders_where_they_are(
    ours: SimpleNamespace, desk: Desk
) -> None:
    yesterday = datetime.now(UTC) - timedelta(days=1)
    desk.put(1, at=yesterday)
    mailbox = desk.connect(ours, ours.ana)
    drain(mailbox)
    desk.sandbox.log.clear()
    run_once(mailbox)
    asked_in_calm = desk.sandbox.log.counts(desk.address)["graph.delta"]
    make_due(mailbox, compared_at=yesterday)
    desk.lie("past", "expire", skip=asked_in_calm)
    run_once(mailbox)
    found = reload(mailbox)
    assert (found.state, found.resyncing) == ("live", False)
    assert found.compared_at == yesterday
    drain(mailbox)
    assert reload(mailbox).compared_at > yesterday


def begin_to_compare(cast: SimpleNamespace, desk: Desk, monkeypatch: pytest.MonkeyPatch) -> Mailbox:
    """A mailbox whose comparison stands in the middle, and nothing is missing."""
    yesterday = datetime.now(UTC) - timedelta(days=1)
    monkeypatch.setattr(compare_ids, "PAGE_SIZE", 2)
    desk.put(*range(1, 10), at=yesterday)
    mailbox = desk.connect(cast, cast.ana)
    drain(mailbox)
    make_due(mailbox, compared_at=yesterday)
    assert run_once(mailbox, seconds=0).again
    assert mailbox.comparing["cursor"]
    return mailbox


# What reading news asks Microsoft for comes before what the comparison asks for.
@pytest.mark.parametrize("desk", ["graph"], indirect=True)
@pytest.mark.parametrize("status", [400, 500])
def test_a_place_of_the_comparison_that_was_spoilt_is_given_up_and_the_mailbox_is_read_on(
    status: int, ours: SimpleNamespace, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    mailbox = begin_to_compare(ours, desk, monkeypatch)
    before = mailbox.compared_at
    desk.fault("past", Answer(status, b'{"error": {"code": "BadRequest"}}'), skip=2, times=None)
    run = run_once(mailbox)
    assert run.error == {400: "", 500: "Transient"}[status]
    assert (mailbox.state, mailbox.comparing, mailbox.compared_at) == ("live", {}, before)
    desk.sandbox.faults.clear()
    make_due(mailbox, failures=0)
    drain(mailbox)
    assert mailbox.compared_at > before
    assert "repaired" not in mailbox.counts


@pytest.mark.parametrize("desk", ["graph"], indirect=True)
def test_a_comparison_that_is_refused_at_its_beginning_is_tried_again_an_hour_later(
    ours: SimpleNamespace, desk: Desk
) -> None:
    yesterday = datetime.now(UTC) - timedelta(days=1)
    mailbox = desk.connect(ours, ours.ana)
    drain(mailbox)
    make_due(mailbox, compared_at=yesterday)
    desk.fault("past", Answer(400, b'{"error": {"code": "BadRequest"}}'), skip=2)
    for _ in range(2):
        run = run_once(mailbox)
        assert (run.error, run.again, mailbox.compared_at) == ("", False, yesterday)
    make_due(mailbox, comparing={"refused_at": time.time() - 3601})
    drain(mailbox)
    assert mailbox.compared_at > yesterday


def test_a_comparison_that_began_a_day_ago_begins_anew(
    ours: SimpleNamespace, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    mailbox = begin_to_compare(ours, desk, monkeypatch)
    stale = {"began_at": time.time() - 86_401, "missing": 7}
    make_due(mailbox, comparing=mailbox.comparing | stale)
    drain(mailbox)
    assert mailbox.comparing == {}
    assert "repaired" not in mailbox.counts


def test_folders_are_asked_for_once_an_hour_and_not_with_every_reading(
    ours: SimpleNamespace, desk: Desk
) -> None:
    asked = {"gmail": "labels.list", "graph": "graph.folders"}[desk.vendor]
    mailbox = desk.connect(ours, ours.ana)
    drain(mailbox)
    desk.sandbox.log.clear()
    for _ in range(3):
        drain(mailbox)
    assert desk.sandbox.log.counts(desk.address)[asked] == 0
    make_due(mailbox, folders_at=datetime.now(UTC) - timedelta(minutes=61))
    drain(mailbox)
    assert desk.sandbox.log.counts(desk.address)[asked] >= 1


def test_reading_that_has_nothing_new_asks_very_little(ours: SimpleNamespace, desk: Desk) -> None:
    desk.put(*range(1, 6))
    mailbox = desk.connect(ours, ours.ana)
    drain(mailbox)
    desk.sandbox.log.clear()
    drain(mailbox)
    selected = 2
    most = {"gmail": 1, "graph": selected}[desk.vendor]
    assert sum(desk.sandbox.log.counts(desk.address).values()) <= most
