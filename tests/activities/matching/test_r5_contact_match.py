"""R5: an address that belongs to a contact."""

from activities.matching.facts import Outcome
from tests.activities.matching.story import ANA, JANE, STRANGER, Story


def test_a_contact_in_any_header_is_recorded() -> None:
    story = Story()
    story.contact(JANE, "one", company="Acme")
    (one,) = story.sync(STRANGER, ANA, cc=(JANE,)).recorded
    assert (one.contact_id, one.company_id, one.rule) == (JANE, "Acme", "R5")
    assert (one.creates_contact, one.creates_profile) == (False, False)


def test_somebody_else_is_not() -> None:
    story = Story()
    story.contact(JANE, "one")
    assert story.sync(STRANGER, ANA).outcome is Outcome.NOT_LOGGED


def test_two_addresses_of_one_contact_are_one_record() -> None:
    story = Story()
    story.contacts["jane@home.example"] = story.contact(JANE, "one")
    assert len(story.sync(ANA, JANE, "jane@home.example").recorded) == 1


def test_a_contact_without_a_profile_anywhere_is_not_recorded() -> None:
    story = Story()
    story.contact(JANE)
    decision = story.sync(ANA, JANE)
    assert (decision.outcome, decision.rule) == (Outcome.NOT_LOGGED, "R7")
    assert decision.steps[-1].code == "in_no_project"
