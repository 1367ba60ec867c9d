"""B2: who may bring mail to an inbound address."""

import pytest

from activities.matching.facts import Effect, HeldBecause, Outcome, Verdict
from tests.activities.matching.story import ANA, JANE, NEW, STRANGER, Story


def acme() -> Story:
    story = Story()
    story.company("Acme", "acme.example")
    return story


@pytest.mark.parametrize("reason", HeldBecause)
def test_an_unaccepted_sender_is_held_with_the_reason(reason: HeldBecause) -> None:
    decision = acme().bcc(STRANGER, JANE, verdict=Verdict.HELD, held_because=reason)
    assert (decision.outcome, decision.steps[-1].code) == (Outcome.HELD, reason.value)
    assert not decision.recorded


@pytest.mark.parametrize("verdict", [Verdict.MEMBER, Verdict.TRUSTED, Verdict.RELEASED])
def test_an_accepted_sender_is_judged(verdict: Verdict) -> None:
    decision = acme().bcc(ANA, NEW, project="one", verdict=verdict)
    assert decision.recorded[0].creates_contact


def test_a_customers_accepted_answer_creates_nobody() -> None:
    decision = acme().bcc(NEW, ANA, project="one", verdict=Verdict.REPLY)
    assert [(one.contact_id, one.company_id) for one in decision.recorded] == [(None, "Acme")]


def test_a_block_is_asked_before_the_sender_and_an_ignore_after() -> None:
    story = acme()
    story.entry("news.example")
    held = {"verdict": Verdict.HELD, "held_because": HeldBecause.NOT_A_MEMBER}
    assert story.bcc("x@news.example", JANE, **held).outcome is Outcome.HELD
    story.entry("lawyer.example", Effect.BLOCK)
    assert story.bcc("x@lawyer.example", JANE, **held).outcome is Outcome.BLOCKED


def test_a_held_copy_stays_held_when_the_world_changes() -> None:
    story = acme()
    story.bcc(STRANGER, NEW, verdict=Verdict.HELD, held_because=HeldBecause.NOT_A_MEMBER)
    story.entry("acme.example", Effect.BLOCK)
    assert story.again()[0].outcome is Outcome.HELD
