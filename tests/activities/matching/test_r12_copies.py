"""R12: what the copies of one message add up to."""

from activities.matching.copies import add_up, decide_together
from activities.matching.engine import decide
from activities.matching.facts import HeldBecause, Outcome, Verdict
from tests.activities.matching.story import ANA, BEN, JANE, NEW, STRANGER, Story


def jane_in_both() -> Story:
    story = Story("one", "two")
    story.contact(JANE, "one", "two", chosen=True)
    story.mailboxes[BEN] = ("one",)
    return story


def test_an_activity_is_on_every_profile_that_one_of_its_copies_earned() -> None:
    story = jane_in_both()
    story.mailboxes = {ANA: ("two",), BEN: ("one",)}
    story.sync(JANE, ANA, BEN, owner=ANA)
    story.sync(JANE, ANA, BEN, owner=BEN)
    assert story.places() == {(JANE, "one"), (JANE, "two")}


def test_who_is_recorded_through_another_copy_is_not_asked_about() -> None:
    story = jane_in_both()
    story.sync(JANE, ANA, BEN, owner=BEN)
    decision = story.sync(JANE, ANA, BEN, owner=ANA)
    assert (decision.outcome, decision.recorded[0].rule) == (Outcome.LOGGED, "R12")
    assert story.places() == {(JANE, "one")}


def test_copies_that_arrive_together_are_asked_about_together() -> None:
    story = jane_in_both()
    story.sync(JANE, ANA, BEN, owner=ANA)
    story.sync(JANE, ANA, BEN, owner=BEN)
    copies = [one.copy for one in story.arrived]
    alone = [decide(copy, story.world()) for copy in copies]
    assert add_up(alone).ambiguous == ()
    for order in (copies, copies[::-1]):
        decisions = decide_together(order, story.world())
        assert [one.ambiguous for one in decisions] == [(), ()]
        total = add_up(decisions)
        assert (total.outcome, total.ambiguous) == (Outcome.LOGGED, ())
        assert {one.project_id for one in total.recorded} == {"one"}


def test_copies_that_record_nothing_stay_as_they_are() -> None:
    story = jane_in_both()
    story.sync(JANE, ANA, BEN, owner=ANA)
    story.sync(JANE, ANA, STRANGER, owner=ANA)
    total = add_up(decide_together([one.copy for one in story.arrived], story.world()))
    assert (total.outcome, len(total.ambiguous)) == (Outcome.NEEDS_PROJECT, 1)


def test_what_sync_drops_and_bcc_brings_is_kept() -> None:
    story = Story()
    story.sync(ANA, STRANGER)
    story.bcc(ANA, STRANGER, project="one")
    assert story.outcome() is Outcome.UNASSIGNED


def test_what_bcc_left_unassigned_sync_can_assign() -> None:
    story = Story("one", "two")
    story.contact(JANE, "one", chosen=True)
    story.bcc(ANA, JANE, project="two")
    assert story.outcome() is Outcome.UNASSIGNED
    story.sync(ANA, JANE)
    assert story.outcome() is Outcome.LOGGED


def test_a_held_copy_adds_nothing() -> None:
    story = jane_in_both()
    story.sync(JANE, ANA)
    held = HeldBecause.NOT_AUTHENTICATED
    story.bcc(ANA, JANE, project="one", verdict=Verdict.HELD, held_because=held)
    assert story.outcome() is Outcome.NEEDS_PROJECT


def test_of_two_records_in_one_project_the_one_with_the_contact_stands() -> None:
    story = Story(creates_contacts=False)
    story.company("Acme", "acme.example")
    alone = story.bcc(ANA, NEW, project="one")
    story.contact(NEW, "one")
    on_profile = story.sync(NEW, ANA)
    for order in ((alone, on_profile), (on_profile, alone)):
        assert [one.contact_id for one in add_up(order).recorded] == [NEW]


def test_no_copies_add_up_to_nothing() -> None:
    assert add_up([]).outcome is Outcome.NOT_LOGGED
