"""R7: which projects a linked participant is recorded in."""

from activities.matching.facts import Outcome, Verdict
from tests.activities.matching.story import ANA, BEN, JANE, NEW, STRANGER, Story


def both() -> Story:
    story = Story("one", "two", "three")
    story.contact(JANE, "one", "two", chosen=True)
    return story


def test_two_addresses_of_one_contact_are_one_question() -> None:
    story = both()
    story.contacts["jane@home.example"] = story.contacts[JANE]
    assert len(story.sync(ANA, JANE, "jane@home.example").ambiguous) == 1


def test_a_project_outside_the_scope_is_no_candidate() -> None:
    story = both()
    story.mailboxes[ANA] = ("two", "three")
    assert {one.project_id for one in story.sync(JANE, ANA).recorded} == {"two"}


def test_the_address_of_a_project_names_it() -> None:
    story = both()
    story.bcc(ANA, JANE, project="two")
    assert story.places() == {(JANE, "two")}


def test_the_address_of_the_workspace_asks_the_sender() -> None:
    decision = both().bcc(ANA, JANE)
    assert (decision.outcome, decision.rule) == (Outcome.NEEDS_PROJECT, "R7")
    assert decision.ambiguous[0].candidates == ("one", "two")


def test_without_a_member_to_ask_it_is_unassigned() -> None:
    decision = both().bcc(STRANGER, JANE, verdict=Verdict.TRUSTED)
    assert (decision.outcome, decision.ambiguous) == (Outcome.UNASSIGNED, ())
    assert decision.steps[-1].code == "nobody_to_ask"


def test_the_project_picked_in_the_composer_is_the_only_one_in_scope() -> None:
    story = both()
    story.send(ANA, JANE, picked_project_id="two")
    assert story.places() == {(JANE, "two")}


def test_mail_from_a_profile_goes_there_also_when_the_profile_has_gone() -> None:
    story = Story("one", "two")
    story.contact(JANE, "one", chosen=True)
    (one,) = story.send(ANA, JANE, profile=(JANE, "two")).recorded
    assert (one.project_id, one.contact_id, one.creates_profile) == ("two", JANE, False)


def test_mail_from_a_profile_without_the_contact_on_it_is_judged_by_who_is() -> None:
    story = both()
    decision = story.send(ANA, STRANGER, profile=(JANE, "two"))
    assert (decision.outcome, decision.rule) == (Outcome.UNASSIGNED, "R9")


def test_a_thread_that_a_message_named_settles_the_others() -> None:
    story = both()
    story.bcc(ANA, JANE, project="two")
    decision = story.sync(JANE, ANA, message="answer")
    assert [(one.project_id, one.rule) for one in decision.recorded] == [("two", "R7")]


def test_a_thread_placed_in_no_candidate_settles_nothing() -> None:
    story = both()
    story.bcc(ANA, STRANGER, project="three")
    assert story.sync(JANE, ANA, message="answer").outcome is Outcome.NEEDS_PROJECT


def test_what_the_engine_logged_places_nothing() -> None:
    story = both()
    story.contact(NEW, "one", chosen=True)
    story.sync(NEW, ANA)
    assert story.sync(JANE, ANA, message="answer").outcome is Outcome.NEEDS_PROJECT


def test_a_customers_accepted_answer_places_nothing() -> None:
    story = both()
    story.bcc(JANE, ANA, project="one", verdict=Verdict.REPLY)
    assert story.sync(JANE, ANA, message="answer").outcome is Outcome.NEEDS_PROJECT


def test_an_engine_made_profile_does_not_hide_the_companys_other_projects() -> None:
    story = Story("one", "two")
    story.company("Acme", "acme.example")
    story.contact(NEW, "one")
    assert story.sync(NEW, ANA).outcome is Outcome.NEEDS_PROJECT
    story.contact(NEW, "one", chosen=True)
    assert story.sync(NEW, BEN, message="n", thread="u").outcome is Outcome.LOGGED


def test_a_company_in_other_projects_only_is_the_reason() -> None:
    story = Story("one", "two")
    story.company("Acme", "acme.example", "two")
    story.mailboxes[ANA] = ("one",)
    decision = story.sync(NEW, ANA)
    assert (decision.rule, decision.steps[-1].args) == ("R7", (NEW, "two"))
