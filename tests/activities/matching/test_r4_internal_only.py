"""R4: mail without anybody from outside."""

from activities.matching.facts import Outcome
from tests.activities.matching.story import ANA, BEN, JANE, STRANGER, Story


def test_one_outsider_who_can_be_linked_is_enough() -> None:
    story = Story()
    story.contact(JANE, "one")
    assert story.sync(ANA, BEN, "c@ours.example", cc=(JANE,)).outcome is Outcome.LOGGED


def test_a_side_reply_inside_a_logged_thread_is_not_logged() -> None:
    story = Story()
    story.contact(JANE, "one")
    story.sync(JANE, ANA)
    assert story.sync(ANA, BEN, message="aside").rule == "R4"


def test_a_thread_that_was_added_does_not_bring_its_internal_mail() -> None:
    story = Story()
    story.contact(JANE, "one")
    story.sync(JANE, ANA)
    story.sync(ANA, BEN, message="aside")
    story.add("t", "one")
    assert story.places("aside") == set()


def test_internal_mail_is_kept_where_somebody_meant_to_keep_it() -> None:
    assert Story().bcc(ANA, BEN, project="one").outcome is Outcome.UNASSIGNED
    assert Story().send(ANA, BEN).outcome is Outcome.UNASSIGNED


def test_somebody_unknown_outside_is_not_internal_mail() -> None:
    assert Story().sync(ANA, STRANGER).rule == "R9"


def test_mail_without_any_participant_is_internal() -> None:
    assert Story().sync(ANA).rule == "R4"
