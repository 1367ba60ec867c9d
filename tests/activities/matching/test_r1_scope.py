"""R1: sync looks only at what is in scope."""

from dataclasses import replace

import pytest

from activities.matching.facts import Outcome, OutOfScope
from tests.activities.matching.story import ANA, JANE, Story


def jane_in_one() -> Story:
    story = Story()
    story.contact(JANE, "one")
    return story


@pytest.mark.parametrize("reason", OutOfScope)
def test_what_is_out_of_scope_is_not_logged(reason: OutOfScope) -> None:
    decision = jane_in_one().sync(ANA, JANE, out_of_scope=reason)
    assert (decision.outcome, decision.rule) == (Outcome.NOT_LOGGED, "R1")
    assert decision.steps[-1].code == reason.value


def test_scope_is_the_headline_even_where_an_entry_hits() -> None:
    story = jane_in_one()
    story.entry("acme.example")
    assert story.sync(ANA, JANE, out_of_scope=OutOfScope.SPAM).rule == "R1"


def test_what_comes_into_scope_later_is_judged_then() -> None:
    story = jane_in_one()
    story.sync(ANA, JANE, out_of_scope=OutOfScope.SPAM)
    assert story.sync(ANA, JANE).outcome is Outcome.LOGGED


def test_what_is_logged_never_goes_out_of_scope_again() -> None:
    story = jane_in_one()
    story.sync(ANA, JANE)
    one = story.arrived[0]
    one.copy = replace(one.copy, out_of_scope=OutOfScope.TRASH)
    assert story.again()[0].outcome is Outcome.LOGGED
    one.earned = []
    assert story.again()[0].outcome is Outcome.LOGGED


def test_a_bcc_has_no_folder() -> None:
    assert jane_in_one().bcc(ANA, JANE, project="one").outcome is Outcome.LOGGED
