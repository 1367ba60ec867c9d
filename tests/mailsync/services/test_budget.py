"""One budget a mailbox and one for all of us, kept by the database for every worker at once."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from accounts import tenancy
from mailsync.models import CallPlace, Mailbox, ProjectSpending, Spending
from mailsync.models.allowances import long_ago
from mailsync.providers.errors import Throttled
from mailsync.providers.grants import Unlimited
from mailsync.services import budget as module
from mailsync.services.budget import budget_of, fair_pause
from mailsync.spending import Window
from tests.mailsync.webhooks.conftest import make_mailbox

GMAIL, GRAPH, IMAP = Mailbox.Provider.GMAIL, Mailbox.Provider.GRAPH, Mailbox.Provider.IMAP


def pause_for(mailbox: Mailbox, units: float) -> float:
    """How long the mailbox is told to wait; 0 where it got the units."""
    try:
        budget_of(mailbox).spend(units)
    except Throttled as error:
        return error.retry_after
    return 0


def age(mailbox: Mailbox, seconds: int) -> None:
    """As though everything had been spent so much earlier."""
    with tenancy.in_workspace(mailbox.workspace_id):
        row = Spending.objects.get(mailbox=mailbox)
        row.spent = {str(int(name) - seconds): units for name, units in row.spent.items()}
        row.save(update_fields=["spent"])


def test_gmail_is_never_asked_for_more_than_its_units_in_a_minute(ours: SimpleNamespace) -> None:
    mailbox = make_mailbox(ours, ours.ana, GMAIL)
    assert [pause_for(mailbox, 1_900) for _ in range(3)] == [0, 0, 0]
    assert 58 < pause_for(mailbox, 1_900) <= 61
    assert pause_for(mailbox, 300) == 0
    age(mailbox, 62)
    assert pause_for(mailbox, 6_000) == 0


def test_what_is_refused_is_not_counted(ours: SimpleNamespace) -> None:
    mailbox = make_mailbox(ours, ours.ana, GMAIL)
    pause_for(mailbox, 5_000)
    for _ in range(5):
        assert pause_for(mailbox, 2_000)
    assert pause_for(mailbox, 1_000) == 0


def test_an_operator_may_set_what_google_grants(ours: SimpleNamespace, settings: Any) -> None:
    settings.GMAIL_UNITS_A_MINUTE = 15_000
    assert pause_for(make_mailbox(ours, ours.ana, GMAIL), 14_000) == 0


def test_two_mailboxes_do_not_share_their_budget(ours: SimpleNamespace) -> None:
    one, two = (make_mailbox(ours, member, GMAIL) for member in (ours.ana, ours.ben))
    assert [pause_for(one, 6_000), pause_for(two, 6_000)] == [0, 0]


def test_a_workspace_cannot_spend_what_the_others_need(
    ours: SimpleNamespace, rival: SimpleNamespace, settings: Any
) -> None:
    settings.GMAIL_PROJECT_UNITS_A_MINUTE = 10_000
    greedy = [make_mailbox(ours, ours.ana, GMAIL) for _ in range(3)]
    modest = make_mailbox(rival, rival.ana, GMAIL)
    assert [pause_for(one, 4_000) for one in greedy[:2]] == [0, 0]
    assert pause_for(greedy[2], 1_000) > 50
    assert pause_for(modest, 1_900) == 0
    assert ProjectSpending.objects.get().provider == GMAIL
    with tenancy.in_workspace(ours.id):
        # The project said no, so the mailbox's own budget was not touched.
        assert not Spending.objects.filter(mailbox=greedy[2]).exclude(spent={}).exists()


def test_fair_shares_get_smaller_with_every_workspace() -> None:
    window = Window(60, 1_000)
    three = {"100": {"a": 700.0, "b": 100.0}}
    assert fair_pause(window, three, 100.5, "a", 50) > 0
    assert fair_pause(window, three, 100.5, "b", 150) == 0
    assert fair_pause(window, three, 100.5, "c", 150) == 0
    assert fair_pause(window, three, 100.5, "c", 250) > 0


def test_graph_allows_so_many_requests_in_ten_minutes(ours: SimpleNamespace) -> None:
    mailbox = make_mailbox(ours, ours.ana, GRAPH, "one")
    assert pause_for(mailbox, 10_000) == 0
    assert 590 < pause_for(mailbox, 1) <= 610


def test_a_mailbox_without_rules_has_no_limits(ours: SimpleNamespace) -> None:
    assert isinstance(budget_of(make_mailbox(ours, ours.ana, IMAP)), Unlimited)


def test_a_fifth_call_at_a_time_waits_and_then_is_told_to_come_again(
    ours: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "PATIENCE", 0.1)
    budget = budget_of(make_mailbox(ours, ours.ana, GRAPH, "one"))
    with budget.call(), budget.call(), budget.call():
        with budget.call(), pytest.raises(Throttled), budget.call():
            pass
        with budget.call():
            pass


def test_a_call_that_failed_gives_its_place_back(ours: SimpleNamespace) -> None:
    budget = budget_of(make_mailbox(ours, ours.ana, GRAPH, "one"))
    for _ in range(6):
        with pytest.raises(ZeroDivisionError), budget.call():
            raise ZeroDivisionError


def test_the_place_of_a_worker_that_died_gets_free(
    ours: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "PATIENCE", 0.0)
    mailbox = make_mailbox(ours, ours.ana, GRAPH, "one")
    budget = budget_of(mailbox)
    dead = [budget.call() for _ in range(4)]
    for one in dead:
        one.__enter__()
    with pytest.raises(Throttled), budget.call():
        pass
    with tenancy.in_workspace(ours.id):
        CallPlace.objects.filter(mailbox=mailbox, number=2).update(held_until=long_ago())
    with budget.call(), pytest.raises(Throttled), budget.call():
        pass
    # Workers that come to life again give back what was theirs, and nothing twice.
    for one in dead:
        one.__exit__(None, None, None)
    with budget.call(), budget.call(), budget.call(), budget.call():
        pass


def test_the_database_has_no_fifth_place(ours: SimpleNamespace) -> None:
    mailbox = make_mailbox(ours, ours.ana, GRAPH, "one")
    with tenancy.in_workspace(ours.id):
        for number in (0, 5):
            with pytest.raises(IntegrityError), transaction.atomic():
                CallPlace.objects.create(workspace_id=ours.id, mailbox=mailbox, number=number)


@pytest.mark.django_db(transaction=True)
def test_many_workers_at_once_never_make_five_calls(ours: SimpleNamespace) -> None:
    mailbox = make_mailbox(ours, ours.ana, GRAPH, "one")
    lock, under_way, most, done = threading.Lock(), 0, 0, 0

    def work(_: int) -> None:
        nonlocal under_way, most, done
        try:
            with budget_of(mailbox).call():
                with lock:
                    under_way += 1
                    most = max(most, under_way)
                time.sleep(0.1)
                with lock:
                    under_way -= 1
                    done += 1
        except Throttled:
            pass
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(work, range(40)))
    assert 2 <= most <= 4
    assert done > 10


@pytest.mark.django_db(transaction=True)
def test_many_workers_at_once_never_spend_more_than_there_is(ours: SimpleNamespace) -> None:
    mailbox = make_mailbox(ours, ours.ana, GMAIL)

    def work(_: int) -> bool:
        try:
            return pause_for(mailbox, 500) == 0
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as pool:
        assert sum(pool.map(work, range(18))) == 12
