"""IDLE over many connections: quick hints, lost connections, mailboxes that come and go."""

import threading
import time
import uuid
from collections.abc import Callable, Iterator

import pytest

from mailsync import listening
from mailsync.listening import Place, Switchboard
from mailsync.providers.imap_idle import IdleConnection
from tests.mailsync.conftest import Account


class Board:
    """A running switchboard over accounts that the test names."""

    def __init__(self) -> None:
        self.accounts: dict[Place, Account] = {}
        self.hints: list[Place] = []
        self.opened = 0
        self.board = Switchboard(lambda: list(self.accounts), self.open_at, self.hints.append)
        self.thread = threading.Thread(target=self.board.run)

    def open_at(self, place: Place) -> IdleConnection:
        self.opened += 1
        return IdleConnection(self.accounts[place].settings(), "INBOX")

    def add(self, account: Account) -> Place:
        place = Place(uuid.uuid4(), uuid.uuid4(), uuid.uuid4())
        self.accounts[place] = account
        return place

    def wait(self, reached: Callable[[], bool], seconds: float = 20.0) -> float:
        started = time.monotonic()
        while not reached():
            assert time.monotonic() - started < seconds, "it did not happen in time"
            time.sleep(0.01)
        return time.monotonic() - started

    def ear(self, place: Place) -> listening.Ear | None:
        return self.board.ears.get(place.mailbox_id)

    def wait_until_heard(self, place: Place) -> None:
        self.wait(lambda: bool((ear := self.ear(place)) and ear.heard))
        self.hints.clear()


@pytest.fixture
def board(monkeypatch: pytest.MonkeyPatch) -> Iterator[Board]:
    monkeypatch.setattr(listening, "LOOK_SECONDS", 0.2)
    running = Board()
    running.thread.start()
    yield running
    running.board.end()
    running.thread.join(timeout=10)
    assert not running.thread.is_alive()


def test_new_mail_is_a_hint_within_a_second(board: Board, account: Account) -> None:
    place = board.add(account)
    board.wait_until_heard(place)
    times = []
    for number in range(1, 4):
        account.put(number)
        times.append(board.wait(lambda: bool(board.hints)))
        time.sleep(0.2)
        assert set(board.hints) == {place}
        board.hints.clear()
    # The best of a few, because the machine that tests may be busy with other things.
    assert min(times) < 1.0


def test_silence_is_no_hint(board: Board, account: Account) -> None:
    board.wait_until_heard(board.add(account))
    account.client.noop()
    time.sleep(0.5)
    assert board.hints == []


def test_a_lost_connection_is_opened_again_and_the_mailbox_counts_as_dirty(
    board: Board, account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listening, "FIRST_WAIT", 0.5)
    place = board.add(account)
    board.wait_until_heard(place)
    account.cut()
    board.wait(lambda: board.hints == [place])
    board.wait_until_heard(place)
    account.put(1)
    board.wait(lambda: board.hints == [place])


def test_a_mailbox_that_is_no_longer_read_is_let_go(board: Board, account: Account) -> None:
    place = board.add(account)
    board.wait_until_heard(place)
    del board.accounts[place]
    board.wait(lambda: board.ear(place) is None)


def test_idle_is_renewed_before_the_server_ends_it(
    board: Board, account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = board.add(account)
    board.wait_until_heard(place)
    ear = board.ear(place)
    assert ear is not None
    before = ear.since
    monkeypatch.setattr(listening, "RENEW_SECONDS", 0.1)
    board.wait(lambda: ear.since > before)
    monkeypatch.undo()
    board.wait_until_heard(place)
    account.put(1)
    board.wait(lambda: board.hints == [place])
    assert board.opened == 1


def test_fifty_mailboxes_are_heard_by_a_handful_of_threads(board: Board, account: Account) -> None:
    places = [board.add(account) for _ in range(50)]
    for place in places:
        board.wait_until_heard(place)
    account.put(1)
    board.wait(lambda: set(board.hints) == set(places))
    # By their name, since other tests leave threads of their own in this process.
    listeners = [one for one in threading.enumerate() if one.name.startswith("idle")]
    assert 0 < len(listeners) <= listening.WORKERS
