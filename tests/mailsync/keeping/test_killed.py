"""Killed between any two steps, stopped, doubled or stormed upon: the record comes out the same."""

import random
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection, transaction

from accounts import tenancy
from mailsync.models import Mailbox
from mailsync.sandbox.faults import Answer, Reset, Truncate
from mailsync.services import sync_mailbox as module
from mailsync.services.fetch_bodies import fetch_bodies
from mailsync.services.lease import take_lease
from mailsync.services.sync_mailbox import sync_mailbox
from tests.mailsync.conftest import activities_of, record_of, reload
from tests.mailsync.keeping.desk import (
    STRANGER,
    Desk,
    contents,
    drain,
    make_due,
    run_once,
)

LOGGED = "logged"


class Killed(BaseException):
    """As kill -9: nothing in the product catches it."""


@pytest.fixture(autouse=True)
def small_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "PAGE_SIZES", (3,))


def fill(desk: Desk) -> None:
    desk.put(1, 2, 5, 6)
    desk.put(3, **{"from": STRANGER})
    desk.put(4, place="sent", **{"from": "ana@ours.example", "to": "jane@client.example"})


@contextmanager
def killed_at(step: int) -> Iterator[list[int]]:
    """The process ends before its statement number `step`; yields how many there were."""
    seen = [0]

    def count(execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
        seen[0] += 1
        if seen[0] == step:
            raise Killed
        return execute(sql, *rest)

    with connection.execute_wrapper(count):
        yield seen


@contextmanager
def undone_afterwards() -> Iterator[None]:
    """Everything that is written in here is taken back, so that one setting serves many tries."""
    with transaction.atomic():
        mark = transaction.savepoint()
        yield
        transaction.savepoint_rollback(mark)


def end_leases(mailbox: Mailbox) -> None:
    """As though the dead worker's time were over."""
    make_due(mailbox, leased_until=None)


def test_killed_before_any_statement_a_rerun_gives_the_identical_result(
    ours: SimpleNamespace, desk: Desk
) -> None:
    fill(desk)
    mailbox = desk.connect(ours, ours.ana)
    with undone_afterwards(), killed_at(0) as seen:
        drain(mailbox)
        wanted, statements = contents(mailbox), seen[0]
    reload(mailbox)
    assert len(wanted["copies"]) == 5
    for step in random.Random(5).sample(range(1, statements), 25):  # noqa: S311 - a test's dice
        with undone_afterwards():
            with suppress(Killed), killed_at(step):
                drain(mailbox)
            end_leases(mailbox)
            drain(mailbox)
            assert contents(mailbox) == wanted, f"killed at {step} of {statements}"
        reload(mailbox)


def test_killed_while_following_what_is_new_a_rerun_gives_the_identical_result(
    ours: SimpleNamespace, desk: Desk
) -> None:
    fill(desk)
    mailbox = desk.connect(ours, ours.ana)
    drain(mailbox)
    desk.put(7, 8)
    desk.delete(1)
    desk.move(2, "outside")
    with undone_afterwards(), killed_at(0) as seen:
        drain(mailbox)
        wanted, statements = contents(mailbox), seen[0]
    reload(mailbox)
    for step in random.Random(6).sample(range(1, statements), 15):  # noqa: S311 - a test's dice
        with undone_afterwards():
            with suppress(Killed), killed_at(step):
                drain(mailbox)
            end_leases(mailbox)
            drain(mailbox)
            assert contents(mailbox) == wanted, f"killed at {step} of {statements}"
        reload(mailbox)


def test_a_storm_of_refusals_resets_and_cut_answers_changes_nothing(
    ours: SimpleNamespace, desk: Desk
) -> None:
    fill(desk)
    mailbox = desk.connect(ours, ours.ana)
    with undone_afterwards():
        drain(mailbox)
        wanted = contents(mailbox)
    reload(mailbox)
    storm(desk, calls=1_500)
    for _ in range(400):
        run_once(mailbox)
        if mailbox.state == "live" and not mailbox.failures:
            break
        assert mailbox.state != "needs_reconnect"
        make_due(mailbox, attempts=0)
    desk.sandbox.faults.clear()
    drain(mailbox)
    assert contents(mailbox) == wanted


def storm(desk: Desk, *, calls: int) -> None:
    """Of the next calls 30 % are throttled, 20 % fail, 5 % are cut off, 5 % answer half."""
    dice = random.Random(7)  # noqa: S311 - a test's dice
    throttled, down = desk.throttle(1), Answer(503, b"<html>down</html>")
    for number in range(calls):
        fate = dice.random()
        effect = (
            throttled
            if fate < 0.3
            else down
            if fate < 0.5
            else Reset()
            if fate < 0.55
            else Truncate()
            if fate < 0.6
            else None
        )
        if effect is not None:
            desk.sandbox.faults.choose("*", effect, skip=number, mailbox=desk.address)


def test_a_worker_that_was_stopped_past_its_lease_writes_nothing_when_it_goes_on(
    ours: SimpleNamespace, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(desk)
    mailbox = desk.connect(ours, ours.ana)
    whole, done = module.record_page, list[bool]()

    def stopped(*arguments: Any, **named: Any) -> bool:
        if not done:
            done.append(True)
            end_leases(mailbox)
            drain(mailbox)
        return whole(*arguments, **named)

    monkeypatch.setattr(module, "record_page", stopped)
    first = run_once(mailbox)
    assert (first.taken, first.pages) == (True, 0)
    assert sum(len(names) for names in record_of(mailbox).values()) == 6
    assert len(activities_of(ours)) == 5


@pytest.mark.django_db(transaction=True)
def test_two_workers_on_one_mailbox_take_turns(ours: SimpleNamespace, desk: Desk) -> None:
    fill(desk)
    mailbox = desk.connect(ours, ours.ana)
    runs = []

    def work() -> None:
        try:
            for _ in range(6):
                runs.append(
                    sync_mailbox(ours.id, mailbox_id=mailbox.id, owner_id=ours.ana.id, seconds=0)
                )
        finally:
            connection.close()

    workers = [threading.Thread(target=work) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(timeout=60)
    drain(mailbox)
    assert {run.error for run in runs} == {""}
    assert sum(len(names) for names in record_of(mailbox).values()) == 6
    assert len(activities_of(ours)) == 5
    assert take_lease(ours.id, mailbox_id=mailbox.id, owner_id=ours.ana.id) is None


def test_bodies_come_after_the_decision_and_within_the_budget(
    ours: SimpleNamespace, desk: Desk
) -> None:
    fill(desk)
    mailbox = desk.connect(ours, ours.ana)
    drain(mailbox)
    desk.sandbox.faults.choose("*", desk.throttle(90), mailbox=desk.address)
    assert fetch_bodies(ours.id, channel_id=mailbox.channel_id) == 5
    assert fetch_bodies(ours.id, channel_id=mailbox.channel_id) == 0
    with tenancy.in_workspace(ours.id), connection.cursor() as cursor:
        cursor.execute(
            "select extract(epoch from min(body_due_at) - statement_timestamp())"
            " from activities_message"
        )
        assert cursor.fetchone()[0] > 85
        cursor.execute("update activities_message set body_due_at = now()")
    assert fetch_bodies(ours.id, channel_id=mailbox.channel_id) == 5
    with tenancy.in_workspace(ours.id), connection.cursor() as cursor:
        cursor.execute("select distinct body_state from activities_message")
        assert cursor.fetchall() == [("present",)]
