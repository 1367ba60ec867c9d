"""Reading a mailbox into the record: nothing lost, nothing twice."""

import threading
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.db import OperationalError, connection
from django.db.models.functions import Now
from django.test.utils import CaptureQueriesContext

from accounts import tenancy
from accounts.models import Member
from activities.models import Activity, Assignment, PrivateMessage, Sighting
from mailsync.models import Mailbox
from mailsync.providers.base import Header
from mailsync.providers.imap import ImapProvider
from mailsync.services import sync_mailbox as module
from mailsync.services.choose_folders import choose_folders
from mailsync.services.lease import LeaseLost, advance, take_lease
from mailsync.services.mailbox_settings import MailboxSettings, change_settings
from mailsync.services.want_sync import want_sync
from tests.dovecot import Dovecot
from tests.mailsync.conftest import (
    Account,
    activities_of,
    connect,
    make_account,
    record_of,
    reload,
    sync,
)
from tests.mailsync.mail import make_mail, when

STRANGER = "Zoe <zoe@new.example>"
LOGGED, PRIVATE = "logged", "not_logged"


def choose(cast: SimpleNamespace, mailbox: Mailbox, *names: str) -> None:
    with tenancy.in_workspace(cast.id, cast.ana.id):
        folders = mailbox.folders.filter(provider_id__in=names)
        choose_folders(
            cast.id, by=cast.ana, mailbox_id=mailbox.id, folder_ids=[one.id for one in folders]
        )
    reload(mailbox)


def test_mail_with_a_contact_is_logged_and_the_rest_stays_private(
    ours: SimpleNamespace, account: Account
) -> None:
    account.put(1)
    account.put(2, **{"from": STRANGER})
    account.put(3, folder="Sent", **{"from": "ana@ours.example", "to": "jane@client.example"})
    mailbox = connect(ours, ours.ana, account)
    run = sync(mailbox)
    assert record_of(mailbox) == {LOGGED: ["Mail 1", "Mail 3"], PRIVATE: ["Mail 2"]}
    assert (run.bodies, run.again) == (True, False)
    assert (mailbox.state, mailbox.leased_until) == ("live", None)
    with tenancy.in_workspace(ours.id, ours.ana.id):
        assert Assignment.objects.filter(contact=ours.jane, project=ours.one).count() == 2
        sent = Sighting.objects.get(scopes=["Sent"])
        assert sent.direction == "out"
    assert account.unread() == 2


def test_a_second_run_changes_nothing(ours: SimpleNamespace, account: Account) -> None:
    account.put(1, 2)
    mailbox = connect(ours, ours.ana, account)
    sync(mailbox)
    before = record_of(mailbox), mailbox.counts
    assert sync(mailbox).pages == 0
    assert (record_of(mailbox), mailbox.counts) == before


def test_the_newest_mail_is_logged_first(
    ours: SimpleNamespace, account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "PAGE_SIZES", (2,))
    account.put(1, 2, 3, 4, 5)
    mailbox = connect(ours, ours.ana, account)
    run = sync(mailbox, seconds=0)
    assert run.again
    assert mailbox.state == "backfilling"
    assert record_of(mailbox) == {LOGGED: ["Mail 4", "Mail 5"]}
    assert (mailbox.counts["done"], mailbox.counts["total"]) == (2, 5)
    while sync(mailbox, seconds=0).again:
        pass
    assert len(record_of(mailbox)[LOGGED]) == 5
    assert mailbox.state == "live"
    assert mailbox.counts["done"] == 5


def test_new_mail_during_the_backfill_is_logged_once(
    ours: SimpleNamespace, account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "PAGE_SIZES", (2,))
    account.put(1, 2, 3, 4, 5)
    mailbox = connect(ours, ours.ana, account)
    sync(mailbox, seconds=0)
    account.put(6)
    while sync(mailbox, seconds=0).again:
        pass
    assert record_of(mailbox)[LOGGED] == [f"Mail {number}" for number in range(1, 7)]


def test_new_mail_flags_and_deletions_follow(ours: SimpleNamespace, account: Account) -> None:
    account.put(1, 2)
    account.put(3, **{"from": STRANGER})
    mailbox = connect(ours, ours.ana, account)
    sync(mailbox)
    account.put(4)
    account.mark_read(1)
    account.delete(2)
    account.delete(3)
    sync(mailbox)
    assert record_of(mailbox) == {LOGGED: ["Mail 1", "Mail 4"]}
    # The customer's record keeps what its mailbox lost (C4).
    assert activities_of(ours) == ["Mail 1", "Mail 2", "Mail 4"]
    with tenancy.in_workspace(ours.id, ours.ana.id):
        assert Sighting.objects.get(message__subject="Mail 1").flags == ["seen"]
        assert Sighting.objects.get(message__subject="Mail 2").gone_at is not None


def test_a_moved_mail_keeps_its_activity(ours: SimpleNamespace, account: Account) -> None:
    account.put(1)
    account.put(2, **{"from": STRANGER})
    mailbox = connect(ours, ours.ana, account)
    sync(mailbox)
    account.move(1, "INBOX", "Archive")
    account.move(2, "INBOX", "Archive")
    sync(mailbox)
    assert record_of(mailbox) == {LOGGED: ["Mail 1"], PRIVATE: ["Mail 2"]}
    assert activities_of(ours) == ["Mail 1"]


def test_a_mail_moved_to_the_trash_leaves_the_private_rows(
    ours: SimpleNamespace, account: Account
) -> None:
    account.put(1)
    account.put(2, **{"from": STRANGER})
    mailbox = connect(ours, ours.ana, account)
    sync(mailbox)
    account.move(1, "INBOX", "Trash")
    account.move(2, "INBOX", "Trash")
    sync(mailbox)
    assert record_of(mailbox) == {}
    assert activities_of(ours) == ["Mail 1"]


def test_drafts_junk_and_trash_are_never_read(ours: SimpleNamespace, account: Account) -> None:
    for folder in ("Drafts", "Junk", "Trash"):
        account.put(1, folder=folder)
    account.put_raw(make_mail(2), 2, flags="\\Draft")
    account.put_raw(make_mail(3), 3, flags="$Junk")
    mailbox = connect(ours, ours.ana, account)
    sync(mailbox)
    assert activities_of(ours) == []
    assert record_of(mailbox) == {PRIVATE: ["Mail 2", "Mail 3"]}


def test_mail_before_the_start_date_stays_unread_until_the_date_moves_back(
    ours: SimpleNamespace, account: Account
) -> None:
    account.put(1, 100)
    mailbox = connect(ours, ours.ana, account)
    for starts_at, expected in ((when(90), ["Mail 100"]), (None, ["Mail 1", "Mail 100"])):
        with tenancy.in_workspace(ours.id, ours.ana.id):
            change_settings(
                ours.id,
                by=ours.ana,
                mailbox_id=mailbox.id,
                settings=MailboxSettings(starts_at, looks_back=True, sharing="everything"),
            )
        sync(reload(mailbox))
        assert activities_of(ours) == expected


def test_a_folder_chosen_later_is_read_and_one_given_up_keeps_what_is_logged(
    ours: SimpleNamespace, account: Account
) -> None:
    account.client.create_folder("Customers")
    account.put(1)
    account.put(2, folder="Customers")
    account.put(3, **{"from": STRANGER})
    mailbox = connect(ours, ours.ana, account)
    sync(mailbox)
    assert activities_of(ours) == ["Mail 1"]
    choose(ours, mailbox, "Customers")
    assert mailbox.state == "connecting"
    sync(mailbox)
    account.put(4)
    sync(mailbox)
    assert activities_of(ours) == ["Mail 1", "Mail 2"]
    assert PRIVATE not in record_of(mailbox)


def test_a_folder_deleted_at_the_provider_takes_its_private_rows_along(
    ours: SimpleNamespace, account: Account
) -> None:
    account.client.create_folder("Customers")
    account.put(1, folder="Customers")
    account.put(2, folder="Customers", **{"from": STRANGER})
    mailbox = connect(ours, ours.ana, account)
    choose(ours, mailbox, "Customers", "INBOX")
    sync(mailbox)
    assert record_of(mailbox) == {LOGGED: ["Mail 1"], PRIVATE: ["Mail 2"]}
    account.client.delete_folder("Customers")
    sync(mailbox)
    assert record_of(mailbox) == {}
    assert activities_of(ours) == ["Mail 1"]


def test_a_new_uidvalidity_doubles_nothing(ours: SimpleNamespace, account: Account) -> None:
    account.put(1, 2)
    account.put(3, **{"from": STRANGER})
    account.put(4, **{"from": STRANGER, "message_id": "", "date": ""})
    account.put(5, folder="Sent")
    mailbox = connect(ours, ours.ana, account)
    sync(mailbox)
    with tenancy.in_workspace(ours.id, ours.ana.id):
        before = set(Sighting.objects.values_list("id", flat=True))
        private = set(PrivateMessage.objects.values_list("id", flat=True))
    account.renew_uidvalidity()
    account.delete(2)
    account.put(6)
    sync(mailbox)
    assert (mailbox.state, mailbox.resyncing) == ("live", False)
    assert record_of(mailbox) == {
        LOGGED: ["Mail 1", "Mail 5", "Mail 6"],
        PRIVATE: ["Mail 3", "Mail 4"],
    }
    with tenancy.in_workspace(ours.id, ours.ana.id):
        assert set(PrivateMessage.objects.values_list("id", flat=True)) == private
        assert Sighting.objects.exclude(id__in=before).count() == 1
        assert not Sighting.objects.filter(provider_id__startswith="expired", gone_at=None)
        assert Activity.objects.count() == 4
    account.mark_read(1)
    sync(mailbox)
    with tenancy.in_workspace(ours.id, ours.ana.id):
        assert Sighting.objects.get(message__subject="Mail 1").flags == ["seen"]


def test_a_new_uidvalidity_in_the_middle_of_the_backfill_is_survived(
    ours: SimpleNamespace, account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "PAGE_SIZES", (2,))
    account.put(1, 2, 3, 4, 5)
    mailbox = connect(ours, ours.ana, account)
    sync(mailbox, seconds=0)
    account.renew_uidvalidity()
    for _ in range(10):
        if not sync(mailbox, seconds=0).again:
            break
    assert record_of(mailbox) == {LOGGED: [f"Mail {number}" for number in range(1, 6)]}
    assert mailbox.state == "live"


def test_two_mailboxes_with_the_same_mail_are_one_activity(
    ours: SimpleNamespace, rival: SimpleNamespace, dovecot: Dovecot, account: Account
) -> None:
    ben = make_account(dovecot)
    other = make_account(dovecot)
    for one in (account, ben, other):
        one.put(1, cc="ben@ours.example")
    sync(connect(ours, ours.ana, account))
    sync(connect(ours, ours.ben, ben))
    sync(connect(rival, rival.ana, other))
    assert activities_of(ours) == ["Mail 1"]
    assert activities_of(rival) == ["Mail 1"]
    with tenancy.in_workspace(ours.id):
        assert Sighting.objects.count() == 2


def test_a_wrong_password_asks_the_owner_and_keeps_the_cursor(
    ours: SimpleNamespace, account: Account
) -> None:
    account.put(1)
    mailbox = connect(ours, ours.ana, account)
    sync(mailbox)
    cursor = mailbox.cursor
    account.server.add_user(account.user, "another")
    run = sync(mailbox)
    assert (run.error, mailbox.state) == ("AuthorizationLost", "needs_reconnect")
    assert "no longer accepts" in mailbox.state_detail
    assert mailbox.cursor == cursor
    assert not sync(mailbox).taken


def test_a_server_that_is_down_is_tried_again_later(
    ours: SimpleNamespace, account: Account
) -> None:
    account.put(1)
    mailbox = connect(ours, ours.ana, account)
    sync(mailbox)
    with tenancy.in_workspace(ours.id, ours.ana.id):
        Mailbox.objects.filter(id=mailbox.id).update(port=9)
    run = sync(mailbox)
    assert (run.error, mailbox.state, mailbox.failures) == ("Transient", "live", 1)
    assert "could not be reached" in mailbox.state_detail
    owner = {"mailbox_id": mailbox.id, "owner_id": ours.ana.id}
    # A hint does not shorten the pause.
    want_sync(ours.id, **owner)
    assert take_lease(ours.id, **owner) is None
    with tenancy.in_workspace(ours.id, ours.ana.id):
        Mailbox.objects.filter(id=mailbox.id).update(port=account.server.port)
    account.put(2)
    sync(mailbox)
    assert (mailbox.failures, mailbox.state_detail) == (0, "")
    assert activities_of(ours) == ["Mail 1", "Mail 2"]


def test_the_mailbox_of_a_former_member_is_left_alone(
    ours: SimpleNamespace, account: Account
) -> None:
    account.put(1)
    mailbox = connect(ours, ours.ben, account)
    lease = take_lease(ours.id, mailbox_id=mailbox.id, owner_id=ours.ben.id)
    assert lease is not None
    with tenancy.in_workspace(ours.id):
        Member.objects.filter(id=ours.ben.id).update(deactivated_at=Now())
    with pytest.raises(LeaseLost), tenancy.in_workspace(ours.id, ours.ben.id):
        advance(lease, lease.cursor)
    with tenancy.in_workspace(ours.id, ours.ben.id):
        Mailbox.objects.update(leased_until=None)
    assert not sync(mailbox).taken
    assert tenancy.call("mailsync_due", 10) == tenancy.call("mailsync_listening", 10) == []


def test_a_mailbox_that_somebody_reads_is_left_alone(
    ours: SimpleNamespace, account: Account
) -> None:
    mailbox = connect(ours, ours.ana, account)
    lease = take_lease(ours.id, mailbox_id=mailbox.id, owner_id=ours.ana.id)
    assert lease is not None
    assert not sync(mailbox).taken


@pytest.mark.django_db(transaction=True)
def test_only_one_of_many_takes_the_lease(ours: SimpleNamespace, account: Account) -> None:
    mailbox = connect(ours, ours.ana, account)
    start, taken = threading.Barrier(8), []

    def take() -> None:
        connection.ensure_connection()
        start.wait()
        lease = take_lease(ours.id, mailbox_id=mailbox.id, owner_id=ours.ana.id)
        taken.append(lease is not None)
        connection.close()

    workers = [threading.Thread(target=take) for _ in range(8)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert sorted(taken) == [False] * 7 + [True]


def test_the_conditions_of_a_lease_stand_in_the_update_itself(
    ours: SimpleNamespace, account: Account
) -> None:
    mailbox = connect(ours, ours.ana, account)
    with CaptureQueriesContext(connection) as asked:
        lease = take_lease(ours.id, mailbox_id=mailbox.id, owner_id=ours.ana.id)
        assert lease is not None
        with tenancy.in_workspace(ours.id, ours.ana.id):
            advance(lease, {"folders": {}})
    updates = [one["sql"] for one in asked if one["sql"].startswith("UPDATE")]
    assert len(updates) == 2
    # Conditions inside of `id in (select ...)` are not looked at again after waiting for a lock.
    assert not [sql for sql in updates if '"id" IN (SELECT' in sql]


def test_a_worker_stopped_past_its_lease_writes_nothing(
    ours: SimpleNamespace, account: Account
) -> None:
    account.put(1)
    mailbox = connect(ours, ours.ana, account)
    stopped = take_lease(ours.id, mailbox_id=mailbox.id, owner_id=ours.ana.id)
    assert stopped is not None
    with tenancy.in_workspace(ours.id, ours.ana.id):
        Mailbox.objects.filter(id=mailbox.id).update(leased_until=Now() - timedelta(seconds=1))
    assert sync(mailbox).taken
    with pytest.raises(LeaseLost), tenancy.in_workspace(ours.id, ours.ana.id):
        advance(stopped, {"folders": {}})
    assert reload(mailbox).cursor["folders"]
    assert mailbox.state == "live"


def test_a_hint_during_a_run_makes_one_more_follow(
    ours: SimpleNamespace, account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    account.put(1)
    mailbox = connect(ours, ours.ana, account)
    owner = {"mailbox_id": mailbox.id, "owner_id": ours.ana.id}
    real = module.record_page

    def hinted(*args: object, **kwargs: object) -> bool:
        for _ in range(5):
            assert want_sync(ours.id, **owner)
        return real(*args, **kwargs)  # type: ignore[arg-type]

    monkeypatch.setattr(module, "record_page", hinted)
    assert sync(mailbox).again
    assert not sync(mailbox).again


def test_a_bad_message_is_set_aside_and_its_neighbours_flow(
    ours: SimpleNamespace, account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    from mailsync.services import log_copies

    real = log_copies.log_messages

    def picky(workspace_id, copies):  # type: ignore[no-untyped-def]
        if any(copy.message.subject == "Mail 3" for copy in copies):
            raise ValueError("this one is bad")
        return real(workspace_id, copies)

    monkeypatch.setattr(log_copies, "log_messages", picky)
    account.put(1, 2, 3, 4, 5)
    mailbox = connect(ours, ours.ana, account)
    sync(mailbox)
    assert record_of(mailbox)[LOGGED] == ["Mail 1", "Mail 2", "Mail 4", "Mail 5"]
    with tenancy.in_workspace(ours.id, ours.ana.id):
        (row,) = mailbox.quarantine.all()
        assert (row.error, row.attempts) == ("ValueError", 1)
        mailbox.quarantine.update(attempts=0)
    monkeypatch.setattr(log_copies, "log_messages", real)
    sync(mailbox)
    assert len(record_of(mailbox)[LOGGED]) == 5
    with tenancy.in_workspace(ours.id, ours.ana.id):
        assert mailbox.quarantine.get().resolved_at is not None


def test_a_message_that_stays_unreadable_goes_on_waiting_for_somebody(
    ours: SimpleNamespace, account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = ImapProvider.fetch_headers

    def unreadable(provider: ImapProvider, refs: Sequence[str]) -> list[Header]:
        return [replace(header, raw=None) for header in real(provider, refs)]

    account.put(1)
    mailbox = connect(ours, ours.ana, account)
    with monkeypatch.context() as patched:
        patched.setattr(ImapProvider, "fetch_headers", unreadable)
        for _ in range(2):
            sync(mailbox)
            with tenancy.in_workspace(ours.id, ours.ana.id):
                row = mailbox.quarantine.get()
                assert (row.resolved_at, row.attempts) == (None, 1)
                mailbox.quarantine.update(attempts=0)
    sync(mailbox)
    assert record_of(mailbox) == {LOGGED: ["Mail 1"]}
    with tenancy.in_workspace(ours.id, ours.ana.id):
        assert mailbox.quarantine.get().resolved_at is not None


@pytest.mark.parametrize(("error", "attempts"), [(OperationalError, 0), (KeyError, 1)])
def test_after_an_unforeseen_error_nobody_waits_for_the_lease(
    ours: SimpleNamespace,
    account: Account,
    monkeypatch: pytest.MonkeyPatch,
    error: type[Exception],
    attempts: int,
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise error

    account.put(1)
    mailbox = connect(ours, ours.ana, account)
    with monkeypatch.context() as patched:
        patched.setattr(module, "record_page", fail)
        with pytest.raises(error):
            sync(mailbox)
    assert (reload(mailbox).leased_until, mailbox.attempts) == (None, attempts)
    sync(mailbox)
    assert record_of(mailbox) == {LOGGED: ["Mail 1"]}


def test_a_message_that_ends_the_process_is_skipped_in_the_end(
    ours: SimpleNamespace, account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = module.record_page.__globals__["copy_of"]

    def deadly(reading, header):  # type: ignore[no-untyped-def]
        if b"Mail 2" in (header.raw or b""):
            raise SystemExit
        return real(reading, header)

    monkeypatch.setitem(module.record_page.__globals__, "copy_of", deadly)
    account.put(1, 2, 3)
    mailbox = connect(ours, ours.ana, account)
    died = 0
    for _ in range(12):
        with tenancy.in_workspace(ours.id, ours.ana.id):
            Mailbox.objects.filter(id=mailbox.id).update(leased_until=None)
        try:
            sync(mailbox)
        except SystemExit:
            died += 1
    assert 0 < died < 8
    assert record_of(mailbox)[LOGGED] == ["Mail 1", "Mail 3"]
    assert mailbox.state == "live"
