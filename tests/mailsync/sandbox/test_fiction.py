"""The demo's fictional mail: enough of it, of every kind, and about nobody who exists."""

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from activities.mail.mime import parse
from mailsync.sandbox.fiction.arriving import ARRIVING
from mailsync.sandbox.fiction.more import BENS
from mailsync.sandbox.fiction.past import in_threads, letters_of, past_of
from mailsync.sandbox.fiction.play import arrive, fill
from mailsync.sandbox.server import Sandbox

NOON = datetime(2027, 3, 9, 12, tzinfo=UTC)
PEOPLE = ("ana@demo.example", "ben@demo.example")


@pytest.mark.parametrize("address", PEOPLE)
def test_each_mailbox_holds_thirty_threads_and_more(address: str) -> None:
    threads = set()
    for mail in past_of(address, NOON):
        message, _ = parse(mail.raw)
        threads.add((message.references or message.in_reply_to or (message.message_id,))[0])
    assert len(threads) >= 30


def test_the_past_ends_on_the_day_that_is_asked_for() -> None:
    for address in PEOPLE:
        times = [mail.received_at for mail in past_of(address, NOON)]
        assert times == sorted(times)
        assert (NOON - times[-1]).days < 5


def test_the_same_mail_is_the_same_in_both_mailboxes() -> None:
    prints = [{parse(mail.raw)[0].fingerprint for mail in past_of(one, NOON)} for one in PEOPLE]
    assert len(prints[0] & prints[1]) >= 5


def test_nobody_in_it_exists() -> None:
    raws = [mail.raw for one in PEOPLE for mail in past_of(one, NOON)]
    raws += [letter.write(NOON, (), "x") for letter in ARRIVING]
    for raw in raws:
        for domain in re.findall(rb"[\w.+-]+@([\w.-]+\w)", raw):
            assert domain.endswith(b".example"), domain


@pytest.mark.parametrize("letters", [BENS, ARRIVING], ids=["more", "arriving"])
def test_an_answer_stands_in_the_thread_of_what_it_answers(letters: tuple) -> None:
    names = [letter.name for letter in letters]
    assert len(set(names)) == len(names)
    for letter, thread in in_threads(letters, "x"):
        assert bool(thread) == bool(letter.answers)
        if letter.answers:
            assert letter.subject.startswith("Re: ")


def test_mail_keeps_arriving_in_the_mailboxes_it_is_meant_for(tmp_path: Path) -> None:
    with Sandbox(state=tmp_path / "state") as sandbox:
        boxes = fill(sandbox)
        before = {box.address: len(box.messages) for box in boxes}
        for _ in range(len(ARRIVING)):
            arrive(sandbox)
        for box in boxes:
            assert len(box.messages) - before[box.address] == len(letters_of(box.address, ARRIVING))
    with Sandbox(state=tmp_path / "state") as again:
        assert [len(box.messages) for box in fill(again)] == [len(box.messages) for box in boxes]
        assert arrive(again).name == ARRIVING[0].name
        ids = [one.message_id for box in again.mailboxes for one in box.messages.values()]
        assert len([one for one in ids if "import-done.round-1" in one]) == 1
