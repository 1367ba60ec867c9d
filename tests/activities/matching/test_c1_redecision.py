"""C1: the world changes, and what was judged is judged again."""

import pytest

from activities.matching.facts import Outcome, Past
from tests.activities.matching.story import ANA, BEN, JANE, NEW, STRANGER, Story


def test_earlier_private_mail_that_now_matches_is_logged() -> None:
    story = Story()
    story.sync(ANA, JANE)
    story.contact(JANE, "one")
    assert story.again()[0].outcome is Outcome.LOGGED


def test_it_stays_private_where_the_mailbox_does_not_look_back() -> None:
    story = Story()
    story.sync(ANA, JANE, looks_back=False)
    story.contact(JANE, "one")
    (decision,) = story.again()
    assert (decision.outcome, decision.rule) == (Outcome.NOT_LOGGED, "C1")


def test_nor_is_its_owner_asked_about_it() -> None:
    story = Story("one", "two")
    story.sync(ANA, JANE, looks_back=False)
    story.contact(JANE, "one", "two")
    assert story.again()[0].rule == "C1"


def test_new_mail_is_logged_there_all_the_same() -> None:
    story = Story()
    story.contact(JANE, "one")
    assert story.sync(ANA, JANE, looks_back=False).outcome is Outcome.LOGGED


def test_the_reason_of_mail_that_matches_nothing_stays_its_own() -> None:
    story = Story()
    story.sync(ANA, STRANGER, looks_back=False)
    assert story.again()[0].rule == "R9"


def test_needs_project_and_unassigned_shrink_without_looking_back() -> None:
    story = Story("one", "two")
    story.contact(JANE, "one", "two", chosen=True)
    story.sync(ANA, JANE, looks_back=False)
    story.bcc(ANA, NEW, project="one", message="bcc", looks_back=False)
    story.contact(JANE, "one", chosen=True)
    story.contact(NEW, "one", chosen=True)
    story.again()
    assert story.places() == {(JANE, "one")}
    assert story.places("bcc") == {(NEW, "one")}


def test_a_persons_choice_reaches_mail_from_before() -> None:
    story = Story()
    story.sync(ANA, JANE, looks_back=False)
    story.contact(JANE, "one")
    story.add("t", "one")
    assert story.places() == {(JANE, "one")}


def test_a_persons_choice_brings_back_no_more_than_it_names() -> None:
    story = Story("one", "two")
    story.sync(ANA, JANE, NEW, looks_back=False)
    story.contact(JANE, "one", chosen=True)
    story.contact(NEW, "two", chosen=True)
    story.add("t", "one")
    assert story.places() == {(JANE, "one")}


def test_the_gap_of_logged_mail_is_filled_without_looking_back() -> None:
    story = Story()
    story.contact(JANE, "one")
    story.sync(ANA, JANE, NEW, looks_back=False)
    story.contact(NEW, "one")
    story.again()
    assert story.places() == {(JANE, "one"), (NEW, "one")}


def test_the_second_address_of_a_recorded_contact_is_no_gap() -> None:
    story = Story()
    story.contacts["jane@home.example"] = story.contact(JANE, "one")
    story.sync(ANA, JANE, "jane@home.example")
    assert story.again()[0].recorded == ()


def test_it_fills_gaps_and_asks_no_more_about_what_is_recorded() -> None:
    story = Story("one", "two")
    story.contact(JANE, "one", chosen=True)
    story.sync(ANA, JANE, NEW)
    story.contact(JANE, "one", "two", chosen=True)
    story.contact(NEW, "two", chosen=True)
    (decision,) = story.again()
    assert [one.address for one in decision.recorded] == [NEW]
    assert [past.address for past in decision.kept] == [JANE]
    assert not decision.ambiguous


@pytest.mark.parametrize("change", ["profile", "company", "entry", "scope"])
def test_it_takes_nothing_away(change: str) -> None:
    story = Story("one", "two")
    story.contact(JANE, "one", chosen=True)
    story.sync(ANA, JANE)
    if change == "profile":
        story.contact(JANE, "two", chosen=True)
    elif change == "company":
        story.contacts.clear()
    elif change == "entry":
        story.entry("acme.example")
    else:
        story.projects.pop("one")
    (decision,) = story.again()
    assert (decision.outcome, decision.recorded) == (Outcome.LOGGED, ())
    assert story.places() == {(JANE, "one")}


def test_an_address_that_moved_to_another_contact_stays_recorded_where_it_was() -> None:
    story = Story()
    story.contact(JANE, "one")
    story.sync(ANA, JANE)
    story.contacts[JANE] = story.contact("other@acme.example", "one")
    assert story.again()[0].recorded == ()


def test_each_copy_fills_its_own_gap() -> None:
    story = Story("one", "two")
    story.contact(JANE, "one", "two", chosen=True)
    story.mailboxes = {ANA: ("one",), BEN: ()}
    story.sync(ANA, JANE, BEN, owner=ANA)
    story.sync(ANA, JANE, BEN, owner=BEN, scope=("two",))
    assert story.places() == {(JANE, "one"), (JANE, "two")}
    assert [one.recorded for one in story.again()] == [(), ()]


def test_what_a_person_recorded_is_not_moved_or_doubled() -> None:
    story = Story("one", "two")
    story.bcc(ANA, JANE, project="one")
    contact = story.contact(JANE, "one", "two", chosen=True)
    story.by_hand["m"] = [Past(JANE, "two", contact.id, None, by_person=True, here=False)]
    story.again()
    assert story.places() == {(JANE, "two")}
