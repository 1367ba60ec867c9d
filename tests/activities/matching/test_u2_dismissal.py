"""U2: mail that somebody called not about a customer."""

from activities.matching.facts import Outcome
from tests.activities.matching.story import ANA, BEN, JANE, STRANGER, Story


def dismissed() -> Story:
    story = Story()
    story.bcc(ANA, STRANGER, JANE, project="one")
    story.dismiss("m")
    story.contact(JANE, "one")
    return story


def test_no_later_decision_logs_it() -> None:
    assert dismissed().again()[0].rule == "U2"


def test_no_later_copy_logs_it() -> None:
    story = dismissed()
    assert story.sync(ANA, STRANGER, JANE).outcome is Outcome.NOT_LOGGED
    assert story.bcc(BEN, STRANGER, JANE, project="one").outcome is Outcome.UNASSIGNED


def test_without_the_dismissal_it_would_be_logged() -> None:
    story = dismissed()
    story.dismissed.clear()
    assert story.again()[0].outcome is Outcome.LOGGED


def test_a_hand_that_adds_the_thread_later_does() -> None:
    story = dismissed()
    story.add("t", "one")
    assert story.places() == {(JANE, "one")}


def test_such_a_hand_brings_it_into_the_projects_that_it_named_only() -> None:
    story = Story("one", "two")
    story.bcc(ANA, JANE, BEN, "two@customer.example")
    story.dismiss("m")
    story.contact(JANE, "one", chosen=True)
    story.contact("two@customer.example", "two", chosen=True)
    story.add("t", "one")
    assert story.places() == {(JANE, "one")}


def test_a_choice_that_is_older_does_not() -> None:
    story = Story()
    story.add("t", "one")
    story.dismiss("m")
    story.contact(JANE, "one")
    assert story.sync(ANA, JANE).rule == "U2"


def test_another_message_of_the_thread_is_judged_as_ever() -> None:
    story = dismissed()
    assert story.sync(JANE, ANA, message="answer").outcome is Outcome.LOGGED
