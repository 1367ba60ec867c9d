"""R8: a member adds a thread to a project, or takes it out."""

from activities.matching.facts import Automated, Outcome, Verdict
from activities.matching.words import Effect
from tests.activities.matching.story import ANA, BEN, BULK, JANE, NEW, STRANGER, Story


def jane_in(*projects: str) -> Story:
    story = Story("one", "two", "three")
    story.contact(JANE, *projects, chosen=True)
    return story


def test_a_project_that_the_mailbox_is_not_synced_to_may_be_chosen() -> None:
    story = jane_in("three")
    story.mailboxes[ANA] = ("one",)
    assert story.sync(JANE, ANA).outcome is Outcome.NOT_LOGGED
    story.add("t", "three")
    assert story.places() == {(JANE, "three")}


def test_a_choice_asks_neither_who_is_recognised_nor_whether_a_machine_wrote() -> None:
    story = jane_in("three")
    story.company("Acme", "acme.example", "three")
    story.mailboxes[ANA] = ("one",)
    assert story.sync(NEW, JANE, ANA, automated=BULK).rule == "R11"
    story.add("t", "three")
    assert story.places() == {(NEW, "three"), (JANE, "three")}
    assert NEW not in story.contacts


def test_automated_mail_is_recorded_in_the_chosen_project_only() -> None:
    story = jane_in("three")
    story.contact(NEW, "one", chosen=True)
    story.sync(STRANGER, JANE, NEW, automated=Automated(report=True))
    story.add("t", "three")
    assert story.places() == {(JANE, "three")}


def test_every_copy_that_a_choice_reaches_earns_it() -> None:
    story = jane_in("three")
    story.sync(JANE, ANA)
    story.bcc(ANA, JANE, project="one")
    story.add("t", "three")
    assert [bool(one.earned) for one in story.arrived] == [True, True]


def test_a_choice_records_nobody_who_is_not_matched_there() -> None:
    story = jane_in("one", "two")
    story.sync(JANE, STRANGER, ANA)
    story.add("t", "three")
    assert story.places() == set()
    assert story.waiting() == {JANE: ("one", "two")}


def test_a_choice_does_not_match_by_domain_where_the_project_creates_no_contacts() -> None:
    story = Story("one", creates_contacts=False)
    story.company("Acme", "acme.example")
    story.sync(NEW, ANA)
    story.add("t", "one")
    assert story.places() == set()


def test_a_choice_goes_beyond_what_is_recorded_already() -> None:
    story = jane_in("one")
    story.sync(JANE, ANA)
    story.contact(JANE, "one", "two", chosen=True)
    story.add("t", "two")
    assert story.places() == {(JANE, "one"), (JANE, "two")}
    assert story.again()[0].recorded == ()


def test_for_a_colleagues_private_mail_a_choice_is_no_more_than_a_hint() -> None:
    story = jane_in("one", "two", "three")
    story.mailboxes[BEN] = ("one", "two")
    story.sync(JANE, BEN, owner=BEN)
    story.add("t", "three", member=ANA)
    assert story.outcome() is Outcome.NEEDS_PROJECT
    story.add("t", "two", member=ANA)
    assert story.places() == {(JANE, "two")}


def test_a_hint_logs_nothing_of_a_colleague_that_their_mailbox_would_not() -> None:
    story = jane_in("three")
    story.mailboxes[BEN] = ("one",)
    story.sync(JANE, BEN, owner=BEN)
    story.add("t", "three", member=ANA)
    assert story.places() == set()


def test_a_choice_reaches_what_is_an_activity_already_and_what_came_by_bcc() -> None:
    story = jane_in("one")
    story.sync(JANE, BEN, owner=BEN)
    story.bcc(BEN, JANE, project="two", message="bcc")
    story.contact(JANE, "one", "three", chosen=True)
    story.add("t", "three", member=ANA)
    assert (JANE, "three") in story.places()
    assert (JANE, "three") in story.places("bcc")


def test_a_private_copy_of_an_activity_is_not_opened_by_a_colleagues_choice() -> None:
    story = jane_in("three")
    story.mailboxes = {ANA: ("one",), BEN: ("one",)}
    story.sync(JANE, ANA, BEN, owner=ANA)
    story.sync(JANE, ANA, BEN, owner=BEN)
    story.add("t", "three", member=ANA)
    assert [bool(one.earned) for one in story.arrived] == [True, False]


def test_taking_out_is_no_hint_for_the_other_project() -> None:
    story = jane_in("one", "two")
    story.sync(JANE, ANA)
    story.take_out("t", "one")
    assert story.places() == set()
    assert story.waiting() == {JANE: ("two",)}


def test_what_is_taken_out_everywhere_asks_nobody() -> None:
    story = jane_in("one", "two")
    story.sync(JANE, ANA)
    story.take_out("t", "one")
    story.take_out("t", "two")
    assert story.again()[0].steps[-1].code == "taken_out"


def test_taking_out_holds_for_every_copy_and_every_colleague() -> None:
    story = jane_in("one")
    story.sync(JANE, BEN, owner=BEN)
    story.bcc(BEN, JANE, project="one", message="bcc")
    story.take_out("t", "one", member=ANA)
    assert story.places() == set() == story.places("bcc")
    assert story.outcome("bcc") is Outcome.UNASSIGNED
    assert story.sync(JANE, BEN, owner=BEN, message="later").steps[-1].code == "taken_out"


def test_others_stay_where_they_are_when_one_project_is_left() -> None:
    story = jane_in("one")
    story.contact(NEW, "two", chosen=True)
    story.sync(JANE, NEW, ANA)
    story.take_out("t", "one")
    assert story.places() == {(NEW, "two")}
    assert story.sync(JANE, NEW, ANA, message="later").outcome is Outcome.LOGGED
    assert story.places("later") == {(NEW, "two")}


def test_taking_out_takes_back_what_an_earlier_message_had_named() -> None:
    story = jane_in("one", "two")
    story.send(ANA, JANE, profile=(JANE, "one"))
    story.take_out("t", "one")
    decision = story.bcc(ANA, JANE, message="newer")
    assert decision.ambiguous[0].candidates == ("one", "two")


def test_adding_again_reaches_past_taking_out() -> None:
    story = jane_in("one")
    story.sync(JANE, ANA)
    story.take_out("t", "one")
    story.add("t", "one")
    assert story.places() == {(JANE, "one")}


def test_a_newer_bcc_or_send_reaches_past_it_for_its_own_message() -> None:
    story = jane_in("one")
    story.sync(JANE, ANA)
    story.take_out("t", "one")
    story.bcc(ANA, JANE, project="one", message="bcc")
    story.send(ANA, JANE, profile=(JANE, "one"), message="sent")
    story.again()
    assert story.places() == set()
    assert story.places("bcc") == {(JANE, "one")} == story.places("sent")
    assert story.sync(JANE, ANA, message="later").steps[-1].code == "taken_out"


def test_a_customers_accepted_answer_reaches_past_nothing() -> None:
    story = jane_in("one")
    story.take_out("t", "one")
    decision = story.bcc(JANE, ANA, project="one", message="answer", verdict=Verdict.REPLY)
    assert (decision.outcome, decision.rule) == (Outcome.UNASSIGNED, "R8")


def test_a_message_that_was_taken_off_a_project_by_hand_is_not_put_back() -> None:
    story = jane_in("one")
    taken_out = {"one": story.now}
    assert story.sync(JANE, ANA, taken_out=taken_out).steps[-1].code == "taken_out"
    story.add("t", "one")
    assert story.places() == {(JANE, "one")}


def test_a_message_taken_off_after_the_thread_was_added_stays_off() -> None:
    story = jane_in("one")
    story.add("t", "one")
    assert (
        story.sync(JANE, ANA, taken_out={"one": story.now.replace(year=2027)}).steps[-1].code
        == "taken_out"
    )


def test_a_message_taken_off_one_project_is_not_asked_about_for_another() -> None:
    story = jane_in("one", "two")
    story.send(ANA, JANE, profile=(JANE, "one"))
    decision = story.sync(JANE, ANA, message="off", taken_out={"one": story.now})
    assert decision.steps[-1].code == "taken_out"


def test_a_bcc_that_is_newer_puts_a_message_back() -> None:
    story = jane_in("one")
    taken_out = {"one": story.now}
    assert story.bcc(ANA, JANE, project="one", taken_out=taken_out).outcome is Outcome.LOGGED


def test_a_choice_for_a_project_that_is_gone_changes_nothing() -> None:
    story = jane_in("one")
    story.add("t", "gone")
    assert story.sync(JANE, ANA).outcome is Outcome.LOGGED


def test_a_blocked_message_of_the_thread_is_still_refused() -> None:
    story = jane_in("one")
    story.entry("acme.example", Effect.BLOCK)
    story.add("t", "one")
    assert story.sync(JANE, ANA).outcome is Outcome.BLOCKED
