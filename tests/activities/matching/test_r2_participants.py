"""R2: who counts, and who is one of us."""

from activities.matching.facts import Insider, Outcome, World
from activities.matching.recognition import recognise
from activities.matching.words import Kind
from tests.activities.matching.story import ANA, JANE, Story


def kind_of(address: str, story: Story) -> Kind:
    return recognise(address, story.world()).taken.kind


def test_a_members_address_is_internal_also_with_a_tag() -> None:
    world = World(internal={"ana@gmail.com": Insider.MEMBER})
    assert recognise("ana@gmail.com", world).taken.by == "member"
    assert recognise("ana+news@gmail.com", world).taken.kind is Kind.INTERNAL
    assert recognise("bea@gmail.com", world).external


def test_a_mailbox_and_its_aliases_are_internal() -> None:
    world = World(internal={"alias@other.example": Insider.MAILBOX})
    assert recognise("alias@other.example", world).taken.by == "mailbox"


def test_an_internal_domain_covers_its_subdomains_and_nothing_beside_it() -> None:
    assert kind_of("x@ours.example", Story()) is Kind.INTERNAL
    assert kind_of("x@eu.ours.example", Story()) is Kind.INTERNAL
    assert kind_of("x@yours.example", Story()) is Kind.UNKNOWN
    assert kind_of("x@ours.example.org", Story()) is Kind.UNKNOWN


def test_anything_at_the_inbound_domain_is_internal() -> None:
    known = recognise("p-1a2b@in.threadwell.example", Story().world())
    assert known.taken.by == "inbound_address"


def test_internal_wins_over_contact_and_the_contact_is_named() -> None:
    story = Story()
    story.contact("ben@ours.example", "one")
    decision = story.sync(ANA, "ben@ours.example")
    assert (decision.outcome, decision.rule) == (Outcome.NOT_LOGGED, "R4")
    assert decision.participants[1].contact_id == "ben@ours.example"


def test_the_owners_own_address_is_internal_though_nobody_listed_it() -> None:
    story = Story()
    decision = story.sync("ana@home.example", ANA, owner=ANA)
    assert decision.participants[0].kind is Kind.UNKNOWN
    story.mailboxes["ana@home.example"] = ("one",)
    decision = story.sync("ana@home.example", ANA, owner="ana@home.example")
    assert decision.participants[0].kind is Kind.INTERNAL
    decision = story.sync("ana+lists@home.example", ANA, owner="ana@home.example")
    assert decision.participants[0].kind is Kind.INTERNAL


def test_an_address_that_matches_nothing_is_looked_up_without_its_tag() -> None:
    story = Story()
    story.contact(JANE, "one")
    decision = story.sync("jane+invoices@acme.example", ANA)
    assert decision.recorded[0].contact_id == JANE
    assert decision.participants[0].by == JANE


def test_a_tagged_address_that_is_a_contact_of_its_own_is_that_contact() -> None:
    story = Story()
    story.contact(JANE, "one")
    story.contact("jane+board@acme.example", "one")
    decision = story.sync("jane+board@acme.example", ANA)
    assert decision.recorded[0].contact_id == "jane+board@acme.example"


def test_from_to_and_cc_all_count_and_each_address_once() -> None:
    story = Story()
    story.contact(JANE, "one")
    assert story.sync(JANE, ANA).outcome is Outcome.LOGGED
    assert story.sync(ANA, JANE).outcome is Outcome.LOGGED
    decision = story.sync(ANA, ANA, JANE, cc=(JANE,))
    assert [taken.address for taken in decision.participants] == [ANA, JANE]
    assert len(decision.recorded) == 1
