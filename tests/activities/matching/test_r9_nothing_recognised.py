"""R9: mail with nobody on it who is known."""

from activities.matching.facts import Outcome, Source
from tests.activities.matching.story import ANA, JANE, STRANGER, Story


def test_sync_leaves_it_private_and_the_other_ways_in_keep_it() -> None:
    story = Story()
    assert story.sync(STRANGER, ANA).outcome is Outcome.NOT_LOGGED
    assert story.bcc(ANA, STRANGER).outcome is Outcome.UNASSIGNED
    assert story.send(ANA, STRANGER).outcome is Outcome.UNASSIGNED
    by_hand = story._arrive(Source.MANUAL, ANA, (STRANGER,), owner_id=ANA)
    assert by_hand.outcome is Outcome.UNASSIGNED


def test_somebody_known_among_strangers_is_enough() -> None:
    story = Story()
    story.contact(JANE, "one")
    assert story.sync(STRANGER, ANA, JANE).outcome is Outcome.LOGGED
