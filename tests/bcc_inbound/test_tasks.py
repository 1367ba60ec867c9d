"""The wake-ups: lost ones are made up for, and one workspace does not keep the others waiting."""

from types import SimpleNamespace

import pytest
from kombu.exceptions import OperationalError

from bcc_inbound import tasks
from tests.bcc_inbound.conftest import a_mail, deliveries, give_addresses
from tests.bcc_inbound.test_processing import hand_over


@pytest.fixture
def kicks(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    sent: list[str] = []
    monkeypatch.setattr(tasks.process, "delay", sent.append)
    return sent


def test_the_sweep_finds_what_nobody_was_woken_up_for(
    live: SimpleNamespace, rival: SimpleNamespace, kicks: list[str]
) -> None:
    give_addresses(rival)
    hand_over(live.to_one)
    hand_over(rival.to_one)
    tasks.sweep()
    assert sorted(kicks) == sorted([str(live.id), str(rival.id)])


def test_the_sweep_wakes_nobody_for_nothing(live: SimpleNamespace, kicks: list[str]) -> None:
    tasks.sweep()
    assert kicks == []


def test_one_batch_at_a_time_and_then_it_is_the_others_turn(
    live: SimpleNamespace, kicks: list[str]
) -> None:
    for number in range(60):
        hand_over(live.to_one, a_mail(subject=str(number)))
    tasks.process(str(live.id))
    assert [one.state for one in deliveries(live)].count("processed") == 50
    assert kicks == [str(live.id)]
    tasks.process(str(live.id))
    tasks.process(str(live.id))
    assert kicks == [str(live.id)] * 2
    assert {one.state for one in deliveries(live)} == {"processed"}


def test_without_a_queue_the_task_works_everything_off(live: SimpleNamespace) -> None:
    for number in range(60):
        hand_over(live.to_one, a_mail(subject=str(number)))
    tasks.process.apply(args=[str(live.id)])
    assert {one.state for one in deliveries(live)} == {"processed"}


def test_a_page_does_not_fail_because_the_broker_is_down(
    live: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    def down(_workspace_id: str) -> None:
        raise OperationalError("no broker")

    monkeypatch.setattr(tasks.process, "delay", down)
    tasks.kick(live.id)
