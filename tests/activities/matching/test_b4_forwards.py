"""B4: a forward, whose original participants stand in its text only."""

from dataclasses import replace

import pytest

from activities.matching.decision import Decision
from activities.matching.facts import Effect, Outcome, Verdict
from tests.activities.matching.story import ANA, JANE, NEW, Story

INBOUND = "p1@in.threadwell.example"


def assigning(*on: str) -> Story:
    story = Story("one", "two")
    for name in on:
        story.projects[name] = replace(story.projects[name], assigns_forwards=True)
    story.contact(JANE, "one", chosen=True)
    return story


def forward(story: Story, original: str = JANE, project: str | None = "one") -> Decision:
    return story.bcc(ANA, INBOUND, project=project, forwarded_from=original)


def test_a_known_original_sender_is_assigned_where_the_project_says_so() -> None:
    decision = forward(assigning("one"))
    assert (decision.outcome, decision.rule) == (Outcome.LOGGED, "B4")
    assert [(one.contact_id, one.project_id) for one in decision.recorded] == [(JANE, "one")]


def test_without_the_switch_it_is_unassigned() -> None:
    assert forward(assigning()).outcome is Outcome.UNASSIGNED


def test_a_contact_of_another_project_is_not_known() -> None:
    assert forward(assigning("one", "two"), project="two").rule == "R4"


def test_a_forward_never_creates_anybody() -> None:
    story = assigning("one")
    story.company("Acme", "acme.example")
    assert forward(story, NEW).rule == "R4"


@pytest.mark.parametrize("effect", Effect)
def test_entries_are_asked_for_the_original_sender(effect: Effect) -> None:
    story = assigning("one")
    story.entry("acme.example", effect)
    decision = forward(story)
    assert (decision.outcome, decision.rule) == (Outcome.UNASSIGNED, "R3")
    assert decision.banner


def test_an_erased_or_internal_original_sender_is_nobody() -> None:
    story = assigning("one")
    story.erased = {JANE}
    assert forward(story).rule == "R4"
    assert forward(story, ANA).rule == "R4"


def test_a_contact_of_several_projects_is_not_guessed_at() -> None:
    story = assigning("one", "two")
    story.contact(JANE, "one", "two", chosen=True)
    assert forward(story, project=None).rule == "R4"


def test_of_several_projects_the_one_that_the_thread_is_placed_in_takes_it() -> None:
    story = assigning("one", "two")
    story.contact(JANE, "one", "two", chosen=True)
    story.add("t", "two")
    decision = forward(story, project=None)
    assert [(one.project_id, one.rule) for one in decision.recorded] == [("two", "B4")]


def test_a_forward_makes_no_profile_where_only_the_company_is() -> None:
    story = assigning("one", "two")
    story.company("Acme", "acme.example")
    story.contact(JANE, "one")
    decision = forward(story, project=None)
    assert [(one.project_id, one.creates_profile) for one in decision.recorded] == [("one", False)]
    story.add("t", "two")
    assert story.places() == {(JANE, "one")}


def test_a_forward_that_was_taken_out_of_the_project_stays_out() -> None:
    story = assigning("one")
    forward(story)
    story.take_out("t", "one")
    assert story.again()[0].steps[-1].code == "taken_out"


def test_a_forward_seen_by_sync_assigns_nothing() -> None:
    story = assigning("one")
    assert story.sync(ANA, "b@ours.example", forwarded_from=JANE).rule == "R4"


def test_a_forward_in_an_answer_from_outside_is_recorded_on_its_writer_alone() -> None:
    story = assigning("one")
    story.contact("eve@else.example", "one", chosen=True)
    story.bcc("eve@else.example", ANA, project="one", verdict=Verdict.REPLY, forwarded_from=JANE)
    assert story.places() == {("eve@else.example", "one")}
