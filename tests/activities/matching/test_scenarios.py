"""Every row of the scenario table, at the level of the engine."""

from activities.matching.facts import (
    Automated,
    Effect,
    HeldBecause,
    Outcome,
    Verdict,
)
from activities.matching.sentences import headline, sentences
from tests.activities.matching.story import ANA, BEN, JANE, NEW, STRANGER, Story

LOGGED, NOT_LOGGED, UNASSIGNED = Outcome.LOGGED, Outcome.NOT_LOGGED, Outcome.UNASSIGNED
BOTH = "both@customer.example"
FIRST, SECOND = "first@customer.example", "second@customer.example"


def two_projects() -> Story:
    """Mailboxes on projects one and two, with contacts of one, of two and of both."""
    story = Story("one", "two")
    story.contact(FIRST, "one", chosen=True)
    story.contact(SECOND, "two", chosen=True)
    story.contact(BOTH, "one", "two", chosen=True)
    return story


def acme(*projects: str, creates_contacts: bool = True) -> Story:
    """Acme with acme.example in every project."""
    story = Story(*projects, creates_contacts=creates_contacts)
    story.company("Acme", "acme.example")
    return story


def test_s1_mail_to_a_contact_is_logged_with_the_interaction_type_of_the_project() -> None:
    story = Story()
    story.contact(JANE, "one")
    decision = story.sync(ANA, JANE)
    assert (decision.outcome, decision.rule) == (LOGGED, "R5")
    assert [one.interaction_type for one in decision.recorded] == ["mail in one"]


def test_s2_two_mailboxes_on_one_project_log_a_mail_once() -> None:
    story = Story()
    story.contact(JANE, "one")
    story.sync(ANA, BEN, JANE, owner=ANA)
    story.sync(ANA, BEN, JANE, owner=BEN)
    assert story.places() == {(JANE, "one")}


def test_s3_mail_to_nobody_known_is_not_logged() -> None:
    decision = Story().sync(ANA, STRANGER)
    assert (decision.outcome, decision.rule) == (NOT_LOGGED, "R9")


def test_s4_a_contact_of_one_project_is_logged_in_that_one_only() -> None:
    story = two_projects()
    assert story.sync(ANA, FIRST).outcome is LOGGED
    assert story.places() == {(FIRST, "one")}


def test_s5_a_contact_of_both_projects_waits_in_needs_project() -> None:
    story = two_projects()
    decision = story.sync(ANA, BOTH)
    assert (decision.outcome, decision.rule) == (Outcome.NEEDS_PROJECT, "R7")
    assert story.waiting() == {BOTH: ("one", "two")}
    assert story.places() == set()


def test_s6_adding_the_thread_to_a_project_logs_it_there_and_what_comes_later() -> None:
    story = two_projects()
    story.sync(ANA, BOTH)
    story.add("t", "one")
    story.sync(BOTH, ANA, message="answer")
    assert story.places() == {(BOTH, "one")} == story.places("answer")
    assert not story.waiting()


def test_s7_adding_the_thread_to_both_projects_logs_it_in_both() -> None:
    story = two_projects()
    story.sync(ANA, BOTH)
    story.add("t", "one")
    story.add("t", "two")
    assert story.places() == {(BOTH, "one"), (BOTH, "two")}


def test_s8_while_nobody_picks_it_is_in_no_project() -> None:
    story = two_projects()
    story.sync(ANA, BOTH)
    story.again()
    assert story.places() == set()
    assert story.outcome() is Outcome.NEEDS_PROJECT


def test_s9_a_mailbox_on_one_project_logs_its_contact() -> None:
    story = two_projects()
    story.mailboxes = {ANA: ("one",), BEN: ("two",)}
    story.sync(ANA, FIRST)
    assert story.places() == {(FIRST, "one")}


def test_s10_a_contact_of_another_project_is_not_logged() -> None:
    story = two_projects()
    story.mailboxes = {ANA: ("one",), BEN: ("two",)}
    decision = story.sync(ANA, SECOND)
    assert (decision.outcome, decision.rule) == (NOT_LOGGED, "R7")


def test_s11_contacts_of_different_projects_are_logged_each_in_their_own() -> None:
    story = two_projects()
    assert story.sync(ANA, FIRST, SECOND).outcome is LOGGED
    assert story.places() == {(FIRST, "one"), (SECOND, "two")}


def test_s12_who_fits_one_project_is_logged_while_who_fits_both_waits() -> None:
    story = two_projects()
    assert story.sync(ANA, FIRST, BOTH).outcome is LOGGED
    assert story.places() == {(FIRST, "one")}
    assert story.waiting() == {BOTH: ("one", "two")}


def test_s13_mail_from_an_ignored_domain_is_on_no_profile() -> None:
    story = Story()
    story.contact(JANE, "one")
    entry = story.entry("news.example")
    decision = story.sync("x@news.example", ANA, cc=(JANE,))
    assert (decision.outcome, decision.rule) == (NOT_LOGGED, "R3")
    assert decision.entry_id == entry.id


def test_s13b_ignored_mail_that_a_member_bccs_is_unassigned_with_a_banner() -> None:
    story = Story()
    story.contact(JANE, "one")
    story.entry("news.example")
    decision = story.bcc(ANA, "x@news.example", JANE)
    assert (decision.outcome, decision.rule, decision.banner) == (UNASSIGNED, "R3", "ignored")
    assert story.places() == set()


def test_s14_somebody_new_at_a_company_becomes_a_contact_and_is_logged() -> None:
    story = acme()
    decision = story.sync(NEW, ANA)
    (one,) = decision.recorded
    assert (decision.outcome, one.rule, one.company_id) == (LOGGED, "R6", "Acme")
    assert one.creates_contact
    assert story.contacts[NEW].projects == {"one"}


def test_s15_a_project_that_creates_no_contacts_does_not_match_by_domain() -> None:
    story = acme(creates_contacts=False)
    decision = story.sync(NEW, ANA)
    assert (decision.outcome, decision.rule) == (NOT_LOGGED, "R6")
    assert "does not create contacts" in headline(decision, {})
    assert sentences(decision, {})[-1].remedy == "create_contacts"


def test_s16_mail_between_colleagues_is_not_logged() -> None:
    decision = Story().sync(ANA, BEN)
    assert (decision.outcome, decision.rule) == (NOT_LOGGED, "R4")


def test_s17_mail_between_colleagues_with_a_contact_in_cc_is_logged() -> None:
    story = Story()
    story.contact(JANE, "one")
    assert story.sync("a@ours.example", "b@ours.example", cc=(JANE,)).outcome is LOGGED


def test_s18_a_forward_to_a_colleague_is_not_logged() -> None:
    story = Story()
    story.contact(JANE, "one")
    story.sync(JANE, ANA)
    decision = story.sync(ANA, "b@ours.example", message="forward")
    assert (decision.outcome, decision.rule) == (NOT_LOGGED, "R4")
    assert story.outcome() is LOGGED


def test_s19_a_forward_to_a_colleague_that_is_bccd_is_unassigned() -> None:
    story = Story()
    story.contact(JANE, "one")
    story.sync(JANE, ANA)
    decision = story.bcc(ANA, "b@ours.example", project="one", message="forward")
    assert (decision.outcome, decision.rule) == (UNASSIGNED, "R4")


def test_s20_a_bcc_of_mail_to_nobody_known_is_unassigned() -> None:
    decision = Story().bcc(ANA, STRANGER, project="one")
    assert (decision.outcome, decision.rule) == (UNASSIGNED, "R9")


def test_s21_a_bcc_of_mail_to_a_contact_is_logged() -> None:
    story = Story()
    story.contact(JANE, "one")
    assert story.bcc(ANA, JANE, project="one").outcome is LOGGED
    assert story.places() == {(JANE, "one")}


def test_s22_a_forwarded_conversation_is_unassigned() -> None:
    story = acme()
    story.contact(JANE, "one", company="Acme")
    decision = story.bcc(ANA, "p1@in.threadwell.example", project="one", forwarded_from=JANE)
    assert (decision.outcome, decision.rule) == (UNASSIGNED, "R4")
    assert story.places() == set()


def test_s23_what_a_person_assigned_stays_as_it_is() -> None:
    story = acme()
    story.bcc(ANA, STRANGER, project="one")
    story.assign("m", "one", "Acme")
    assert story.again()[0].recorded == ()
    assert story.places() == {("", "one")}


def test_s24_without_a_mailbox_only_the_bcc_logs() -> None:
    story = Story()
    story.contact(JANE, "one")
    assert story.places() == set()
    story.bcc(ANA, JANE, project="one")
    assert story.places() == {(JANE, "one")}


def test_s25_mail_from_a_profile_is_logged_in_its_project_without_asking() -> None:
    story = two_projects()
    assert story.send(ANA, BOTH, profile=(BOTH, "two")).outcome is LOGGED
    story.sync(ANA, BOTH)
    assert story.places() == {(BOTH, "two")}
    assert not story.waiting()


def test_s26_mail_from_the_app_to_nobody_known_is_unassigned() -> None:
    decision = Story().send(ANA, STRANGER)
    assert (decision.outcome, decision.rule) == (UNASSIGNED, "R9")


def test_s27_one_mail_by_two_mailboxes_and_a_bcc_has_three_sources() -> None:
    story = Story()
    story.contact(JANE, "one")
    story.sync(ANA, JANE, BEN, owner=ANA)
    story.sync(ANA, JANE, BEN, owner=BEN)
    story.bcc(ANA, JANE, BEN, project="one")
    assert [len(one.earned) for one in story.arrived] == [1, 1, 1]
    assert story.places() == {(JANE, "one")}


def test_s28_a_company_that_gets_the_domain_gets_the_earlier_mail() -> None:
    story = Story()
    assert story.sync("z@new.example", ANA).outcome is NOT_LOGGED
    story.company("New", "new.example")
    assert story.again()[0].outcome is LOGGED
    assert story.places() == {("z@new.example", "one")}
    assert "z@new.example" in story.contacts


def test_s29_a_bcc_of_a_stranger_and_a_forged_one_are_held() -> None:
    story = Story()
    story.contact(JANE, "one")
    for reason in (HeldBecause.NOT_A_MEMBER, HeldBecause.NOT_AUTHENTICATED):
        decision = story.bcc(STRANGER, JANE, verdict=Verdict.HELD, held_because=reason)
        assert (decision.outcome, decision.rule) == (Outcome.HELD, "B2")
    assert story.places() == set()


def test_s30_mail_in_one_workspace_is_nothing_in_another() -> None:
    ours, rival = acme(), acme()
    ours.contact(JANE, "one")
    rival.contact(JANE, "one")
    ours.sync(JANE, ANA)
    assert rival.places() == set()
    assert rival.contacts.keys() == {JANE}


def test_s31_of_blocked_mail_nothing_is_told_but_the_entry() -> None:
    story = Story()
    story.contact(JANE, "one")
    entry = story.entry("lawyer.example", Effect.BLOCK)
    lawyer = "x@lawyer.example"
    for decision in (
        story.sync(lawyer, ANA, JANE),
        story.sync(ANA, lawyer, JANE),
        story.sync(ANA, JANE, cc=(lawyer,)),
        story.bcc(ANA, lawyer, JANE, project="one"),
    ):
        assert (decision.outcome, decision.entry_id) == (Outcome.BLOCKED, entry.id)
        assert decision.participants == () == decision.recorded


def test_s32_what_one_member_ignores_is_logged_by_the_copy_of_another() -> None:
    story = Story()
    story.contact(JANE, "one")
    story.entry("news.example", member=ANA)
    assert story.sync("x@news.example", JANE, ANA, owner=ANA).outcome is NOT_LOGGED
    assert story.sync("x@news.example", JANE, ANA, owner=BEN).outcome is LOGGED
    assert [bool(one.earned) for one in story.arrived] == [False, True]


def test_s33_somebody_new_at_a_company_of_two_projects_waits_and_is_created_when_picked() -> None:
    story = acme("one", "two")
    assert story.sync(NEW, ANA).outcome is Outcome.NEEDS_PROJECT
    assert NEW not in story.contacts
    story.add("t", "two")
    assert story.contacts[NEW].projects == {"two"}
    assert story.places() == {(NEW, "two")}


def test_s34_picking_for_the_second_contact_leaves_the_first_where_it_is() -> None:
    story = two_projects()
    story.sync(ANA, FIRST, BOTH)
    story.add("t", "two")
    assert story.places() == {(FIRST, "one"), (BOTH, "two")}


def test_s35_the_answer_to_mail_from_a_profile_follows_it() -> None:
    story = two_projects()
    story.send(ANA, BOTH, profile=(BOTH, "two"))
    story.sync(BOTH, ANA, message="answer")
    assert story.places("answer") == {(BOTH, "two")}


def test_s36_what_was_taken_out_of_a_project_stays_out_of_it() -> None:
    story = two_projects()
    story.sync(FIRST, ANA)
    story.take_out("t", "one")
    decision = story.sync(FIRST, ANA, message="later")
    assert (decision.outcome, decision.rule) == (NOT_LOGGED, "R8")
    assert "took its thread out of one" in headline(decision, {"one": "one"})
    assert story.places() == set() == story.places("later")


def test_s37_a_second_profile_changes_nothing_that_is_logged_but_asks_from_then_on() -> None:
    story = two_projects()
    story.sync(FIRST, ANA)
    story.contact(FIRST, "one", "two", chosen=True)
    story.again()
    assert story.places() == {(FIRST, "one")}
    assert not story.waiting()
    assert story.sync(FIRST, ANA, message="new", thread="u").outcome is Outcome.NEEDS_PROJECT


def test_s38_mail_through_a_list_of_our_own_is_a_persons_mail() -> None:
    decision = acme().sync(
        NEW,
        "success@ours.example",
        automated=Automated(bulk=True),
        list_id="success.ours.example",
    )
    assert decision.outcome is LOGGED
    assert decision.recorded[0].creates_contact


def test_s39_what_both_members_take_back_is_gone_and_no_resync_brings_it_back() -> None:
    story = Story()
    story.contact(JANE, "one")
    story.sync(JANE, ANA, BEN, owner=ANA)
    story.sync(JANE, ANA, BEN, owner=BEN)
    story.take_back("m", ANA)
    assert story.places() == {(JANE, "one")}
    story.take_back("m", BEN)
    assert story.places() == set()
    assert story.sync(JANE, ANA, BEN, owner=ANA).rule == "V2"
    assert story.sync(JANE, ANA, BEN, owner=BEN).rule == "V2"


def test_s40_a_customers_reply_all_is_accepted_and_attributed_to_nobody() -> None:
    story = acme()
    story.contact(JANE, "one")
    story.bcc(ANA, JANE, project="one")
    decision = story.bcc(JANE, ANA, NEW, project="one", message="reply", verdict=Verdict.REPLY)
    assert decision.outcome is LOGGED
    assert story.places("reply") == {(JANE, "one"), (NEW, "one")}
    assert NEW not in story.contacts
    assert story.threads["t"].placed == {"one"}


def test_every_row_has_its_test() -> None:
    rows = {f"s{number}" for number in range(1, 41)} | {"s13b"}
    assert rows == {name.split("_")[1] for name in globals() if name.startswith("test_s")}
