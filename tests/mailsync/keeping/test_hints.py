"""Hints make runs follow: at once after a quiet time, and one more however many come with it."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.db.models.functions import Now

from accounts import tenancy, wake
from mailsync.models import Hint, Mailbox, Subscription
from mailsync.providers.pushes import Push
from mailsync.services import hints
from mailsync.services import sync_mailbox as module
from mailsync.services.hear_pushes import hear_address, hear_subscribed, secret_hash
from mailsync.services.lease import advance, end_lease, take_lease
from mailsync.services.subscriptions import keep_subscription
from mailsync.services.sync_mailbox import Run, sync_mailbox
from mailsync.services.want_sync import want_sync
from tests.mailsync.conftest import is_wanted, record_of, reload
from tests.mailsync.keeping.desk import Desk, drain, make_due

# What one reading without news asks the vendor: Gmail's history, or the delta of two folders.
CALLS_A_RUN = {"gmail": ("history.list", 1), "graph": ("graph.delta", 2)}


@pytest.fixture
def mailbox(ours: SimpleNamespace, desk: Desk) -> Mailbox:
    """Up to date, and not read for a while."""
    mailbox = desk.connect(ours, ours.ana)
    drain(mailbox)
    rest(mailbox)
    desk.sandbox.log.clear()
    return mailbox


def rest(mailbox: Mailbox, *, minutes: float = 1) -> None:
    """As though its last run had begun so long ago, and the next poll were not due."""
    with tenancy.in_workspace(mailbox.workspace_id, mailbox.channel.owner_id):
        Mailbox.objects.filter(id=mailbox.id).update(
            began_at=Now() - timedelta(minutes=minutes), due_at=Now() + timedelta(minutes=5)
        )


def ids_of(mailbox: Mailbox) -> dict[str, Any]:
    return {"mailbox_id": mailbox.id, "owner_id": mailbox.channel.owner_id}


def hint(mailbox: Mailbox) -> None:
    assert want_sync(mailbox.workspace_id, **ids_of(mailbox))


def work(mailbox: Mailbox) -> Run:
    return sync_mailbox(mailbox.workspace_id, **ids_of(mailbox))


def is_swept(mailbox: Mailbox) -> bool:
    return any(row[1] == mailbox.id for row in tenancy.call("mailsync_due", 50))


def row_of(mailbox: Mailbox) -> Hint:
    with tenancy.in_workspace(mailbox.workspace_id):
        return Hint.objects.get(mailbox=mailbox)


def age(mailbox: Mailbox, seconds: float) -> None:
    """As though all that was heard had been heard so much earlier."""
    row, back = row_of(mailbox), timedelta(seconds=seconds)
    with tenancy.in_workspace(mailbox.workspace_id):
        Hint.objects.filter(mailbox=mailbox).update(
            since=row.since - back, heard_at=row.heard_at - back, due_at=row.due_at - back
        )


def test_the_first_hint_after_a_quiet_time_is_followed_at_once(mailbox: Mailbox) -> None:
    assert not work(mailbox).taken
    assert not is_swept(mailbox)
    hint(mailbox)
    assert is_swept(mailbox)
    assert work(mailbox).taken
    assert not is_wanted(mailbox)


def test_hints_right_after_a_run_began_are_followed_by_one_more_after_a_second(
    mailbox: Mailbox,
) -> None:
    hint(mailbox)
    assert work(mailbox).taken
    for _ in range(5):
        hint(mailbox)
    early = work(mailbox)
    assert not early.taken
    assert early.again
    assert 0 < early.wait <= 1
    assert not is_swept(mailbox)
    time.sleep(early.wait + 0.05)
    assert is_swept(mailbox)
    late = work(mailbox)
    assert late.taken
    assert not late.again
    assert not work(mailbox).again


def test_a_run_during_which_hints_came_says_when_the_next_should_follow(
    mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = module._record_all

    def pushed(*arguments: Any, **named: Any) -> bool:
        done = whole(*arguments, **named)
        hint(mailbox)
        return done

    monkeypatch.setattr(module, "_record_all", pushed)
    hint(mailbox)
    run = work(mailbox)
    assert run.again
    assert 0 < run.wait <= 1


def test_hints_that_go_on_put_the_run_off_but_not_for_ever(mailbox: Mailbox) -> None:
    hint(mailbox)
    assert work(mailbox).taken
    hint(mailbox)
    rest(mailbox, minutes=10)
    first = row_of(mailbox)
    age(mailbox, 0.8)
    hint(mailbox)
    row = row_of(mailbox)
    assert row.due_at > first.due_at
    assert row.since < first.since
    assert not work(mailbox).taken
    age(mailbox, 10)
    hint(mailbox)
    assert row_of(mailbox).due_at < row_of(mailbox).heard_at
    assert work(mailbox).taken


def test_steady_hints_that_are_no_burst_put_the_run_off_for_ten_seconds_at_most(
    mailbox: Mailbox,
) -> None:
    hint(mailbox)
    assert work(mailbox).taken
    hint(mailbox)
    rest(mailbox)
    row, longest = row_of(mailbox), timedelta(seconds=10)
    while row.due_at > row.heard_at:
        assert row.heard_at - row.since < longest
        age(mailbox, 0.9)
        hint(mailbox)
        row = row_of(mailbox)
    assert longest <= row.heard_at - row.since < longest + timedelta(seconds=2)
    assert work(mailbox).taken


def test_a_burst_that_never_ends_puts_the_run_off_for_two_minutes(mailbox: Mailbox) -> None:
    hint(mailbox)
    assert work(mailbox).taken
    for _ in range(hints.BURST):
        hint(mailbox)
    rest(mailbox, minutes=10)
    age(mailbox, 100)
    with tenancy.in_workspace(mailbox.workspace_id):
        Hint.objects.filter(mailbox=mailbox).update(times=400)
    hint(mailbox)
    row = row_of(mailbox)
    assert row.due_at == row.heard_at + hints.QUIET_AFTER_A_BURST
    assert not work(mailbox).taken
    age(mailbox, 20)
    hint(mailbox)
    row = row_of(mailbox)
    assert row.due_at == row.since + timedelta(minutes=2) < row.heard_at
    assert work(mailbox).taken


def test_a_burst_has_ended_only_when_it_was_quiet_for_five_seconds(mailbox: Mailbox) -> None:
    hint(mailbox)
    assert work(mailbox).taken
    for _ in range(hints.BURST):
        hint(mailbox)
    row = row_of(mailbox)
    assert (row.times, row.due_at - row.heard_at) == (6, timedelta(seconds=5))
    # The server stalled, and goes on.
    rest(mailbox)
    age(mailbox, 3)
    assert not work(mailbox).taken
    hint(mailbox)
    assert row_of(mailbox).due_at - row.due_at > timedelta(seconds=0)
    early = work(mailbox)
    assert not early.taken
    assert 4 < early.wait <= 5
    age(mailbox, 5)
    assert work(mailbox).taken
    hint(mailbox)
    row = row_of(mailbox)
    assert row.times == 1
    assert row.due_at - row.heard_at <= timedelta(seconds=1)


def test_a_single_hint_right_after_a_run_waits_for_half_a_second_or_for_the_second_to_end(
    mailbox: Mailbox,
) -> None:
    hint(mailbox)
    assert work(mailbox).taken
    reload(mailbox)
    hint(mailbox)
    row = row_of(mailbox)
    soonest, half = mailbox.began_at + hints.QUIET, row.heard_at + hints.QUIET / 2
    assert row.due_at == max(soonest, half)
    hint(mailbox)
    row = row_of(mailbox)
    assert row.due_at == row.heard_at + hints.QUIET


def test_hints_that_come_now_and_then_are_no_burst_however_many(mailbox: Mailbox) -> None:
    hint(mailbox)
    assert work(mailbox).taken
    hint(mailbox)
    rest(mailbox)
    for _ in range(hints.BURST + 1):
        age(mailbox, 1.2)
        hint(mailbox)
    row = row_of(mailbox)
    assert row.times > hints.BURST
    assert row.due_at - row.heard_at == timedelta(seconds=1)


def test_what_was_heard_just_now_is_not_written_again(mailbox: Mailbox) -> None:
    hint(mailbox)
    before = row_of(mailbox)
    hint(mailbox)
    assert row_of(mailbox).heard_at == before.heard_at
    with tenancy.in_workspace(mailbox.workspace_id):
        assert hints.note(mailbox.workspace_id, [mailbox.id]) == set()


def push(mailbox: Mailbox, desk: Desk) -> None:
    """Through the door of its vendor, whose subscription has a secret of ours."""
    if desk.vendor == "gmail":
        hear_address(desk.address)
        return
    with tenancy.in_workspace(mailbox.workspace_id):
        Subscription.objects.update_or_create(
            workspace_id=mailbox.workspace_id,
            mailbox=mailbox,
            defaults={"provider_id": "one", "secret_hash": secret_hash("s-one")},
        )
    assert hear_subscribed([Push("one", "s-one")]).known == 1


def test_pushes_about_what_is_due_already_are_written_down_while_a_worker_has_the_mailbox(
    mailbox: Mailbox, desk: Desk
) -> None:
    make_due(mailbox)
    lease = take_lease(mailbox.workspace_id, **ids_of(mailbox))
    assert lease is not None
    rest(mailbox)
    heard = []
    for _ in range(3):
        push(mailbox, desk)
        row = row_of(mailbox)
        assert row.due_at == row.since
        heard.append(row.heard_at)
    assert heard[0] < heard[1] < heard[2]
    end_lease(lease)
    push(mailbox, desk)
    assert row_of(mailbox).heard_at == heard[2]


def test_a_hint_that_follows_a_run_by_a_moment_is_never_taken_for_an_old_one(
    mailbox: Mailbox,
) -> None:
    hint(mailbox)
    assert work(mailbox).taken
    with tenancy.in_workspace(mailbox.workspace_id):
        assert hints.note(mailbox.workspace_id, [mailbox.id]) == {mailbox.id}
    assert is_wanted(mailbox)


@contextmanager
def a_page_commits(mailbox: Mailbox) -> Iterator[Callable[[], Any]]:
    """Another worker has written a page and is about to commit; what is yielded lets it end."""
    go_on, written = threading.Event(), threading.Event()
    ended: list[Any] = []

    def page() -> None:
        lease = take_lease(mailbox.workspace_id, **ids_of(mailbox))
        assert lease is not None
        with tenancy.in_workspace(mailbox.workspace_id, mailbox.channel.owner_id):
            advance(lease, lease.cursor)
            written.set()
            go_on.wait(20)
        ended.append(end_lease(lease))
        connection.close()

    worker = threading.Thread(target=page)
    worker.start()
    assert written.wait(20)

    def end() -> Any:
        go_on.set()
        worker.join(20)
        return ended[0]

    try:
        yield end
    finally:
        end()


@pytest.mark.django_db(transaction=True)
def test_a_push_waits_for_no_page_that_commits_and_the_end_of_its_run_sees_it(
    mailbox: Mailbox, desk: Desk
) -> None:
    make_due(mailbox)
    with a_page_commits(mailbox) as end:
        with connection.cursor() as cursor:
            cursor.execute("set lock_timeout = '2s'")
        if desk.vendor == "gmail":
            assert len(hear_address(desk.address).wanted) == 1
        for seconds in (0, 0.3):
            # The first makes the row, the second changes it.
            time.sleep(seconds)
            hint(mailbox)
        with connection.cursor() as cursor:
            cursor.execute("reset lock_timeout")
        assert end() is not None
    assert is_wanted(mailbox)


class Worker:
    """Does what the queue asks for, in order and one after another, as a Celery worker would."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, mailbox: Mailbox) -> None:
        self.mailbox, self.asked, self.runs, self.ended = mailbox, [0.0], 0, False
        monkeypatch.setattr(wake, "wake", self.wake)
        self.thread = threading.Thread(target=self.work)
        self.thread.start()

    def wake(self, task: str, *ids: str) -> bool:
        if task.endswith(".sync_mailbox"):
            self.asked.append(time.monotonic())
        return True

    def work(self) -> None:
        while not self.ended:
            due = [at for at in self.asked if at <= time.monotonic()]
            if not due:
                time.sleep(0.01)
                continue
            self.asked.remove(due[0])
            run = work(self.mailbox)
            self.runs += run.taken
            if run.again:
                self.asked.append(time.monotonic() + run.wait)
        connection.close()

    def end(self) -> None:
        self.ended = True
        self.thread.join(20)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("stalls", [False, True])
def test_a_burst_of_pushes_over_seconds_makes_two_runs_and_nothing_is_missed(
    mailbox: Mailbox,
    desk: Desk,
    live_server: Any,
    settings: Any,
    monkeypatch: pytest.MonkeyPatch,
    stalls: bool,
) -> None:
    settings.PUBLIC_BASE_URL = live_server.url
    keep_subscription(mailbox.workspace_id, **ids_of(mailbox))
    drain(mailbox)
    rest(mailbox)
    desk.sandbox.log.clear()
    worker = Worker(monkeypatch, mailbox)
    try:
        began, number = time.monotonic(), 0
        while time.monotonic() < began + 4:
            number += 1
            desk.put(number)
            # For two seconds nobody hears anything, as where a server stalls.
            time.sleep(2 if stalls and number == 15 else 0.1)
        deadline = time.monotonic() + 10
        while len(record_of(mailbox).get("logged", ())) < number:
            assert time.monotonic() < deadline
            time.sleep(0.1)
        time.sleep(1.5)
    finally:
        worker.end()
    assert worker.runs == 2
    operation, calls = CALLS_A_RUN[desk.vendor]
    assert desk.sandbox.log.counts(desk.address)[operation] <= 2 * 2 * calls
    assert not is_wanted(mailbox)
