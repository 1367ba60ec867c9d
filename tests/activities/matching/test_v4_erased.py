"""V4: somebody who was erased on request."""

from activities.matching.facts import Outcome
from tests.activities.matching.story import ANA, JANE, NEW, Story


def jane_erased() -> Story:
    story = Story()
    story.company("Acme", "acme.example")
    story.erased = {JANE}
    return story


def test_the_address_matches_nobody_neither_by_contact_nor_by_domain() -> None:
    story = jane_erased()
    story.contact(JANE, "one")
    decision = story.sync(JANE, ANA)
    assert (decision.outcome, decision.rule) == (Outcome.NOT_LOGGED, "V4")


def test_nor_does_it_with_a_tag() -> None:
    assert jane_erased().sync("jane+x@acme.example", ANA).rule == "V4"


def test_by_bcc_it_is_kept_with_the_reason() -> None:
    decision = jane_erased().bcc(ANA, JANE, project="one")
    assert (decision.outcome, decision.banner) == (Outcome.UNASSIGNED, "erased")


def test_mail_is_logged_for_the_others_on_it() -> None:
    story = jane_erased()
    story.sync(JANE, NEW, ANA)
    assert story.places() == {(NEW, "one")}


def test_a_thread_that_was_added_does_not_bring_them_back() -> None:
    story = jane_erased()
    story.sync(JANE, ANA)
    story.add("t", "one")
    assert story.places() == set()


def test_a_colleague_of_theirs_is_matched_as_ever() -> None:
    assert jane_erased().sync(NEW, ANA).outcome is Outcome.LOGGED
