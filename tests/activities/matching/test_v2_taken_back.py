"""V2: a member takes back a mail of their own mailbox."""

from datetime import timedelta

from activities.matching.facts import Outcome
from tests.activities.matching.story import ANA, BEN, JANE, Story


def taken_back_by_ana() -> Story:
    story = Story()
    story.contact(JANE, "one")
    story.sync(JANE, ANA, BEN)
    story.take_back("m", ANA)
    return story


def test_neither_the_copy_nor_a_later_one_counts() -> None:
    story = taken_back_by_ana()
    assert story.places() == set()
    decision = story.sync(JANE, ANA, BEN)
    assert (decision.outcome, decision.rule) == (Outcome.NOT_LOGGED, "V2")


def test_a_colleagues_copy_does() -> None:
    story = taken_back_by_ana()
    assert story.sync(JANE, ANA, BEN, owner=BEN).outcome is Outcome.LOGGED


def test_adding_the_thread_does_not_bring_it_back() -> None:
    story = taken_back_by_ana()
    story.add("t", "one")
    assert story.places() == set()


def test_a_newer_bcc_of_the_same_member_does() -> None:
    story = taken_back_by_ana()
    assert story.bcc(ANA, JANE, project="one").outcome is Outcome.LOGGED


def test_an_older_bcc_of_the_same_member_is_taken_back_too() -> None:
    story = Story()
    story.contact(JANE, "one")
    story.bcc(ANA, JANE, project="one")
    story.take_back("m", ANA)
    assert story.outcome() is Outcome.NOT_LOGGED


def test_a_newer_act_by_hand_brings_the_mailboxs_copy_back() -> None:
    story = taken_back_by_ana()
    later, earlier = story.now + timedelta(1), story.now - timedelta(1)
    assert story.sync(JANE, ANA, owner_acted_at=earlier).rule == "V2"
    assert story.sync(JANE, ANA, owner_acted_at=later).outcome is Outcome.LOGGED
