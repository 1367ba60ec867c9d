"""W1: a decision explains itself, as sentences and as JSON."""

import json
import string
from itertools import pairwise
from typing import Any

from activities.matching import rules
from activities.matching.decision import Decision
from activities.matching.engine import RULES
from activities.matching.facts import Automated, HeldBecause, Outcome, OutOfScope, Verdict
from activities.matching.reasons import REASONS, REMEDIES
from activities.matching.sentences import headline, sentences
from activities.matching.words import AutomatedClass, Defect, Effect, State
from tests.activities.matching.story import ANA, BULK, JANE, NEW, STRANGER, Story

NAMES = {
    "one": "Onboarding",
    "two": "Renewal",
    "Acme": "Acme",
    "entry news.example": "news.example",
}


def jane_in(*projects: str) -> Story:
    story = Story("one", "two")
    story.company("Acme", "acme.example", "one")
    story.contact(JANE, *projects, chosen=True)
    return story


def test_the_steps_tell_what_passed_and_then_what_failed_first() -> None:
    told = sentences(Story().sync(ANA, STRANGER), {})
    assert [one.state for one in told[:-1]] == [State.PASSED] * (len(told) - 1)
    assert (told[-1].rule, told[-1].state, told[-1].remedy) == ("R9", State.FAILED, "add_contact")
    assert told[-1].remedy_text


def test_a_logged_mail_names_who_was_recorded_where() -> None:
    decision = jane_in("one").sync(JANE, NEW, ANA)
    texts = [one.text for one in sentences(decision, NAMES) if one.state is State.DECIDED]
    assert texts == [
        f"{JANE} is a contact in Onboarding, so it is logged on the contact's profile.",
        f"{NEW} is at a domain of Acme, which is in Onboarding, so it is logged on the profile of "
        "a contact made for this address.",
    ]
    assert headline(decision, NAMES) == f"Logged. {texts[0]}"


def test_who_waits_is_told_between_which_projects() -> None:
    decision = jane_in("one", "two").sync(JANE, ANA)
    told = sentences(decision, NAMES)[-1]
    assert (told.rule, told.remedy) == ("R7", "pick_project")
    assert "fits Onboarding or Renewal" in headline(decision, NAMES)


def test_a_name_that_the_reader_may_not_know_is_not_told() -> None:
    story = jane_in("one")
    story.entry("news.example", member=ANA)
    decision = story.sync("x@news.example", JANE)
    assert "news.example, which is ignored" in headline(decision, NAMES)
    assert headline(decision, {}) == (
        "Not logged. It matches an entry of its owner, which is ignored."
    )


def test_the_stored_form_reads_back_as_it_was() -> None:
    story = jane_in("one", "two")
    story.entry("news.example")
    for decision in (
        story.sync(JANE, NEW, ANA),
        story.sync("x@news.example", ANA),
        story.bcc(ANA, STRANGER, verdict=Verdict.HELD, held_because=HeldBecause.NOT_A_MEMBER),
        story.send(ANA, JANE, profile=(JANE, "two")),
        story.again()[-1],
    ):
        stored = json.dumps(decision.to_json())
        assert Decision.from_json(json.loads(stored)) == decision
        assert sentences(Decision.from_json(json.loads(stored)), NAMES)


def test_the_stored_form_of_blocked_mail_names_nobody_on_it() -> None:
    story = jane_in("one")
    story.entry("lawyer.example", Effect.BLOCK)
    stored = json.dumps(story.sync("x@lawyer.example", JANE).to_json())
    assert "@" not in stored


def test_of_several_causes_the_first_in_the_order_is_the_headline() -> None:
    """Take the causes away one by one, from the first: the next becomes the headline."""
    story = Story("one", "two", creates_contacts=False)
    story.company("Acme", "acme.example", "one")
    story.contact("out@elsewhere.example", "two", chosen=True)
    story.contact("gone@customer.example", "one", chosen=True)
    story.take_out("t", "one")
    story.entry("news.example")
    story.erased = {"erased@customer.example"}
    story.mailboxes[ANA] = ("one",)
    causes: list[tuple[str, dict[str, Any], tuple[str, ...]]] = [
        ("R1", {"out_of_scope": OutOfScope.SPAM}, ()),
        ("R3", {}, ("x@news.example",)),
        ("V2", {"taken_back": True}, ()),
        ("U2", {"dismissed": True}, ()),
        ("R8", {}, ("gone@customer.example",)),
        ("R11", {"automated": BULK}, ()),
        ("R6", {}, (NEW,)),
        ("R7", {}, ("out@elsewhere.example",)),
        ("V4", {}, ("erased@customer.example",)),
        ("R9", {}, (STRANGER,)),
    ]
    for place, (rule, _, _) in enumerate(causes):
        facts = {key: value for _, more, _ in causes[place:] for key, value in more.items()}
        people = [address for _, _, on_it in causes[place:] for address in on_it]
        message = f"m{place}"
        if facts.pop("taken_back", False):
            story.taken_back[message, ANA] = story.now
        if facts.pop("dismissed", False):
            story.dismissed[message] = story.now
        decision = story.sync(ANA, *people, message=message, **facts)
        assert (decision.outcome, decision.rule) == (Outcome.NOT_LOGGED, rule)


def test_mail_between_colleagues_comes_before_what_people_did_with_it() -> None:
    story = Story()
    story.taken_back["m", ANA] = story.now
    story.dismissed["m"] = story.now
    automated = Automated(report=True)
    assert story.sync(ANA, "b@ours.example", automated=automated).rule == "R4"


def test_every_code_has_its_sentence_and_every_remedy_its_own() -> None:
    codes = {
        one.value for kind in (OutOfScope, HeldBecause, Defect, AutomatedClass) for one in kind
    }
    assert codes <= REASONS.keys()
    assert {reason.remedy for reason in REASONS.values()} | {"pick_project"} == REMEDIES.keys()
    for reason in REASONS.values():
        fields = {name for _, name, _, _ in string.Formatter().parse(reason.text) if name}
        assert fields == set(reason.arguments)


def test_every_rule_tells_the_user_one_sentence_and_stands_in_a_table() -> None:
    tabled = {rule.name for tuple_ in RULES.values() for rule in tuple_}
    written = [one for one in vars(rules).values() if isinstance(one, rules.Rule)]
    assert tabled == {rule.name for rule in written}
    for rule in written:
        assert rule.sentence.endswith(".")
        assert ". " not in rule.sentence


def test_the_catch_all_stands_last_and_only_there() -> None:
    for tuple_ in RULES.values():
        assert [rule.name for rule in tuple_].index("nobody_is_recognised") == len(tuple_) - 1
        assert all(first is not second for first, second in pairwise(tuple_))
