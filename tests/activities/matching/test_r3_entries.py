"""R3: what an ignored or blocked entry does to a copy."""

import pytest

from activities.matching.facts import Effect, Outcome
from activities.matching.words import Kind
from tests.activities.matching.story import ANA, BEN, JANE, Story

NEWS = "x@news.example"


def jane_in_one() -> Story:
    story = Story()
    story.contact(JANE, "one")
    return story


def test_without_a_matching_entry_the_mail_is_logged() -> None:
    story = jane_in_one()
    story.entry("other.example")
    assert story.sync(NEWS, ANA, JANE).outcome is Outcome.LOGGED


def test_an_ignored_sender_is_named_with_the_entry() -> None:
    story = jane_in_one()
    entry = story.entry("news.example")
    taken = story.sync(NEWS, ANA, JANE).participants[0]
    assert (taken.kind, taken.entry_id) == (Kind.IGNORED, entry.id)


def test_sent_mail_to_an_ignored_address_is_unassigned_with_the_banner() -> None:
    story = jane_in_one()
    story.entry(JANE)
    decision = story.send(ANA, JANE, profile=(JANE, "one"))
    assert (decision.outcome, decision.banner) == (Outcome.UNASSIGNED, "ignored")


def test_blocked_mail_that_is_sent_is_refused_too() -> None:
    story = jane_in_one()
    story.entry("acme.example", Effect.BLOCK)
    assert story.send(ANA, JANE).outcome is Outcome.BLOCKED


def test_block_wins_over_ignore_whoever_set_it() -> None:
    story = jane_in_one()
    story.entry("acme.example")
    blocked = story.entry("news.example", Effect.BLOCK, member=ANA)
    decision = story.sync(NEWS, JANE, ANA)
    assert (decision.outcome, decision.entry_id) == (Outcome.BLOCKED, blocked.id)


@pytest.mark.parametrize("effect", Effect)
def test_the_workspaces_entry_wins_over_the_members(effect: Effect) -> None:
    story = jane_in_one()
    story.entry(NEWS, effect, member=ANA)
    entry = story.entry("news.example", effect)
    assert story.sync(NEWS, JANE, ANA).entry_id == entry.id


def test_a_members_entry_holds_for_what_they_bcc_and_send_and_for_nobody_else() -> None:
    story = jane_in_one()
    story.entry("acme.example", member=ANA)
    assert story.bcc(ANA, JANE, project="one").outcome is Outcome.UNASSIGNED
    assert story.send(ANA, JANE).outcome is Outcome.UNASSIGNED
    assert story.bcc(BEN, JANE, project="one").outcome is Outcome.LOGGED


def test_an_entry_never_matches_the_owners_own_address() -> None:
    story = jane_in_one()
    story.entry(ANA)
    assert story.sync(JANE, ANA, owner=ANA).outcome is Outcome.LOGGED
    assert story.sync(JANE, ANA, owner=BEN).outcome is Outcome.NOT_LOGGED


def test_of_internal_people_only_an_exact_address_matches() -> None:
    story = jane_in_one()
    story.entry("ours.example", Effect.BLOCK)
    story.entry("*@ours.example", Effect.BLOCK)
    story.entry("hr@ours.example")
    assert story.sync(JANE, "desk@ours.example").outcome is Outcome.LOGGED
    assert story.sync(JANE, "hr@ours.example").rule == "R3"
    assert story.sync(JANE, "hr+jobs@ours.example").rule == "R3"


def test_an_entry_never_matches_an_inbound_address() -> None:
    story = jane_in_one()
    inbound = "p1@in.threadwell.example"
    story.entry(inbound, Effect.BLOCK)
    assert story.bcc(ANA, JANE, inbound, project="one").outcome is Outcome.LOGGED


def test_an_entry_that_was_set_aside_for_this_message_does_not_hold() -> None:
    story = jane_in_one()
    entry = story.entry("news.example")
    story.entry("other.example")
    excepted = frozenset({entry.id})
    assert story.sync(NEWS, JANE, excepted=excepted).outcome is Outcome.LOGGED
    assert story.sync("x@other.example", JANE, excepted=excepted).rule == "R3"


def test_a_block_keeps_what_is_stored_and_marks_it_but_records_it_never() -> None:
    story = Story()
    story.bcc(ANA, JANE, project="one")
    story.contact(JANE, "one")
    story.entry("acme.example", Effect.BLOCK)
    (decision,) = story.again()
    assert (decision.outcome, decision.banner) == (Outcome.UNASSIGNED, "blocked")
    assert story.places() == set()


def test_an_entry_takes_nothing_away_that_is_logged() -> None:
    story = jane_in_one()
    story.sync(JANE, ANA)
    story.entry("acme.example", Effect.BLOCK)
    (decision,) = story.again()
    assert (decision.outcome, decision.rule) == (Outcome.LOGGED, "C1")
    assert decision.kept
    assert decision.banner == "blocked"


def test_a_thread_that_was_added_does_not_get_past_an_entry() -> None:
    story = jane_in_one()
    story.entry("news.example")
    story.sync(NEWS, JANE, ANA)
    story.add("t", "one")
    assert story.places() == set()
