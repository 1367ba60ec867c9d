"""Mailboxes read by real processes: killed, doubled, woken up, without a broker."""

import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.parse import quote

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.models.functions import Now

from accounts import tenancy
from activities.models import Message, PrivateMessage, Sighting
from mailsync import tasks
from mailsync.models import Mailbox
from mailsync.services import sync_mailbox as module
from tests.dovecot import PASSWORD, Dovecot
from tests.mailsync.conftest import (
    Account,
    activities_of,
    connect,
    is_wanted,
    make_account,
    record_of,
    reload,
    sync,
)
from tests.mailsync.mail import make_mail, when

STRANGER = "Zoe <zoe@new.example>"
ROOT = Path(__file__).resolve().parents[2]

pytestmark = pytest.mark.django_db(transaction=True)


def environment() -> dict[str, str]:
    """That of a process which works on the test's database."""
    facts = connection.settings_dict
    secret = f"{quote(facts['USER'])}:{quote(facts['PASSWORD'] or '')}"
    place = f"{facts['HOST']}:{facts['PORT']}/{facts['NAME']}"
    return os.environ | {"DATABASE_URL": f"postgres://{secret}@{place}"}


def start(*command: str, **options: Any) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "manage.py", *command],
        cwd=ROOT,
        env=environment() | options,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def wait(reached: Callable[[], bool], seconds: float) -> float:
    started = time.monotonic()
    while not reached():
        assert time.monotonic() - started < seconds, "it did not happen in time"
        time.sleep(0.02)
    return time.monotonic() - started


def make_due(mailbox: Mailbox, **facts: Any) -> None:
    with tenancy.in_workspace(mailbox.workspace_id, mailbox.channel.owner_id):
        Mailbox.objects.filter(id=mailbox.id).update(due_at=Now(), **facts)


def everything(mailbox: Mailbox) -> list[tuple[str, str]]:
    with tenancy.in_workspace(mailbox.workspace_id, mailbox.channel.owner_id):
        way = {"workspace_id": mailbox.workspace_id, "channel_id": mailbox.channel_id}
        return sorted(
            [
                *PrivateMessage.objects.filter(**way).values_list("provider_id", "outcome"),
                *Sighting.objects.filter(**way).values_list("provider_id", "outcome"),
            ]
        )


def test_a_worker_killed_in_the_backfill_ends_in_the_identical_result(
    ours: SimpleNamespace, rival: SimpleNamespace, account: Account
) -> None:
    client = account.client
    for number in range(1, 701):
        extra = {"from": STRANGER} if number % 3 else {}
        client.append("INBOX", make_mail(number, **extra), msg_time=when(number))
    killed, whole = connect(ours, ours.ana, account), connect(rival, rival.ana, account)
    while sync(whole).again:
        pass
    stopped_at: list[int] = []
    dice = random.Random(11)  # noqa: S311 - the kills are to come at other moments, not secretly
    for _ in range(3):
        # What the lease would do in three minutes.
        make_due(killed, leased_until=None)
        worker, before = start("sync_loop", "--once"), len(everything(killed))
        # Not before it got anywhere, however busy the machine is.
        while len(everything(killed)) == before and worker.poll() is None:
            time.sleep(0.01)
        time.sleep(dice.random() * 0.2)
        worker.kill()
        worker.communicate()
        stopped_at.append(len(everything(killed)))
    assert 0 < stopped_at[0] < 700
    make_due(killed, leased_until=None)
    while sync(killed).again:
        pass
    assert len(everything(whole)) == 700
    assert everything(killed) == everything(whole)
    assert len(activities_of(ours)) == len(activities_of(rival)) == 233


def test_two_workers_on_one_mailbox_write_every_page_once(
    ours: SimpleNamespace, account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "PAGE_SIZES", (5,))
    account.put(*range(1, 41))
    mailbox = connect(ours, ours.ana, account)
    runs: list[module.Run] = []

    def work() -> None:
        for _ in range(6):
            # Each takes the mailbox out of the other's hands, as an expired lease does.
            make_due(mailbox, leased_until=Now() - timedelta(seconds=1))
            runs.append(
                module.sync_mailbox(
                    ours.id, mailbox_id=mailbox.id, owner_id=ours.ana.id, seconds=0.2
                )
            )
        connection.close()

    workers = [threading.Thread(target=work) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    while sync(mailbox).again:
        pass
    assert record_of(mailbox) == {"logged": [f"Mail {number}" for number in range(1, 41)]}
    assert reload(mailbox).counts["done"] == 40


def test_without_a_broker_the_loop_does_everything(
    ours: SimpleNamespace, account: Account, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    account.put(1, 2)
    mailbox = connect(ours, ours.ana, account)
    done = start("sync_loop", "--once", REDIS_URL="redis://127.0.0.1:9/0")
    output, _ = done.communicate(timeout=60)
    assert done.returncode == 0, output
    assert reload(mailbox).state == "live"
    with tenancy.in_workspace(ours.id):
        assert {row.body_state for row in Message.objects.all()} == {"present"}
    assert PASSWORD not in output


def test_a_broker_that_is_down_is_counted_and_nothing_else(
    ours: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(**_: Any) -> None:
        raise ConnectionError

    monkeypatch.setattr(tasks.sweep_bodies, "apply_async", refuse)
    before = tasks.lost_kicks
    tasks.kick(tasks.sweep_bodies)
    assert tasks.lost_kicks == before + 1


def test_kicks_carry_ids_and_nothing_else(
    ours: SimpleNamespace, account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent: list[tuple[str, ...]] = []
    monkeypatch.setattr(
        tasks.sync_mailbox, "apply_async", lambda args, **_: sent.append(tuple(args))
    )
    mailbox = connect(ours, ours.ana, account)
    tasks.sweep()
    assert sent == [(str(ours.id), str(mailbox.id), str(ours.ana.id))]


def test_workspaces_take_turns_when_much_is_due(
    ours: SimpleNamespace, rival: SimpleNamespace, dovecot: Dovecot
) -> None:
    for _ in range(3):
        connect(ours, ours.ana, make_account(dovecot))
    connect(rival, rival.ana, make_account(dovecot))
    due = [row[0] for row in tenancy.call("mailsync_due", 2)]
    assert set(due) == {ours.id, rival.id}


@pytest.fixture
def listener() -> Iterator["subprocess.Popen[str]"]:
    process = start("listen_imap", REDIS_URL="redis://127.0.0.1:9/0")
    yield process
    if process.poll() is None:
        process.kill()
    process.communicate()


def test_the_listener_marks_a_mailbox_dirty_within_seconds_and_finds_new_ones(
    ours: SimpleNamespace, account: Account, listener: "subprocess.Popen[str]"
) -> None:
    assert listener.stdout is not None
    assert "listening" in listener.stdout.readline()
    mailbox = connect(ours, ours.ana, account)
    sync(mailbox)
    for line in listener.stdout:
        if str(mailbox.id) in line:
            break
    wait(lambda: is_wanted(mailbox), 10)
    witness, times = account.server.open(account.user), []
    witness.select_folder("INBOX", readonly=True)
    witness.idle()
    for number in range(1, 9):
        sync(mailbox)
        account.put(number)
        # A busy Dovecot now and then tells nobody: only what it told us has the listener heard.
        if witness.idle_check(timeout=10):
            times.append(wait(lambda: is_wanted(mailbox), 60))
        if len(times) == 4:
            break
    # The best of a few, because the machine that tests may be busy with other things.
    assert min(times) < 2.0
    listener.send_signal(signal.SIGTERM)
    output, _ = listener.communicate(timeout=30)
    assert listener.returncode == 0
    assert "ended" in output


def test_a_task_that_finds_nothing_to_do_says_nothing(ours: SimpleNamespace) -> None:
    call_command("sync_loop", once=True)
