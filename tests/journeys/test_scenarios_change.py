"""The rows of the scenario table about several people, later acts, and a directory that changes."""

import pytest

from activities.models import Activity, Message, PrivateMessage, Sighting
from bcc_inbound.models import Delivery
from tests.journeys.people import write
from tests.journeys.stage import Scene

LAWYER = "x@lawyer.example"


@pytest.fixture
def two(office: Scene) -> Scene:
    """Projects One and Two with their contacts; Ana's mailbox is on both."""
    office.two_projects()
    office.ana.connects("One", "Two")
    return office


@pytest.mark.every_door
def test_s27_the_same_mail_in_two_mailboxes_and_by_bcc_is_one_activity_with_three_sources(
    office: Scene,
) -> None:
    office.contact("Jane", "jane@client.example", "One")
    office.ana.connects("One")
    office.ben.connects("One")
    mail = office.ana.sends("jane@client.example", cc="ben@ours.example")
    office.ben.gets(mail)
    office.ana.bccs(mail)
    office.has_sources(mail, "Mailbox of Ana", "Mailbox of Ben", "Sent in by Ana")
    office.logs(mail, "Jane in One")
    (row,) = office.api("activities/")
    assert row["title"] == mail.subject
    assert sorted(one["source"] for one in row["sources"]) == ["bcc", "sync", "sync"]


def test_s28_a_company_that_gets_the_domain_gets_the_earlier_mail(office: Scene) -> None:
    office.ana.connects("One")
    mail = office.ana.receives("Zoe <z@new.example>")
    assert office.ana.sees_in_folder(mail).place == "No contact"
    office.company("New", "", "One")
    office.domain("New", "new.example")
    office.logs(mail, "Zoe in One")
    assert office.contacts() == ["Zoe"]


@pytest.mark.every_door
def test_s31_of_blocked_mail_nothing_is_stored_but_the_count_and_the_line(office: Scene) -> None:
    office.contact("Jane", "jane@client.example", "One")
    office.ana.connects("One")
    office.ana.keeps_out("lawyer.example", "block")
    office.ana.receives(LAWYER, cc="jane@client.example")
    office.ana.sends(LAWYER, cc="jane@client.example")
    office.ana.sends("jane@client.example", cc=LAWYER)
    office.ana.sends_bcc("jane@client.example", cc=LAWYER)
    assert office.sees_blocked("lawyer.example", times=4)
    for table in (Activity, Message, Sighting, PrivateMessage):
        assert office.count(table) == 0
    assert office.everything_stored_of(Delivery, "raw", "header_from", "envelope_sender") == []


def test_s32_what_one_member_ignores_is_logged_by_the_copy_of_another(office: Scene) -> None:
    office.contact("Jane", "jane@client.example", "One")
    office.ana.keeps_out("news.example", "ignore", whose="mine")
    office.ana.connects("One")
    office.ben.connects("One")
    mail = office.ana.receives("x@news.example", to="ana@ours.example, jane@client.example")
    assert office.ana.sees_in_folder(mail).place == "Ignored"
    office.ben.gets(mail)
    office.logs(mail, "Jane in One")
    office.has_sources(mail, "Mailbox of Ben")


def test_s33_somebody_new_at_a_company_of_two_projects_is_created_where_the_owner_picks(
    office: Scene,
) -> None:
    office.project("Two")
    office.company("Acme", "acme.example", "One", "Two")
    office.ana.connects("One", "Two")
    mail = office.ana.receives("Nora <new@acme.example>")
    assert office.ana.is_asked_about(mail) == ["One", "Two"]
    assert office.contacts() == []
    office.ana.adds_thread(mail, "Two")
    office.logs(mail, "Nora in Two")
    assert office.contacts() == ["Nora"]


def test_s34_picking_for_the_second_contact_leaves_the_first_where_it_is(two: Scene) -> None:
    mail = two.ana.sends("jane@client.example, mia@client.example")
    two.logs(mail, "Jane in One")
    two.ana.is_asked_about(mail)
    two.ana.adds_thread(mail, "Two")
    two.logs(mail, "Jane in One", "Mia in Two")
    assert two.ana.offers(mail) == []


def test_s36_what_was_taken_out_of_a_project_stays_out_of_it(two: Scene) -> None:
    mail = two.ana.receives("jane@client.example")
    two.logs(mail, "Jane in One")
    two.ana.takes_thread_out(mail, "One")
    assert two.ana.sees_nothing_of(mail)
    later = two.ana.receives("jane@client.example", answers=mail)
    line = two.ana.sees_in_folder(later)
    assert line.place == "Taken out"
    assert "took its thread out of One" in line.reason
    assert two.timeline("Jane") == []


def test_s37_a_second_profile_leaves_the_old_mail_and_makes_the_new_one_wait(two: Scene) -> None:
    old = two.ana.receives("jane@client.example")
    two.logs(old, "Jane in One")
    two.profile("Jane", "Two")
    two.decides_all_again()
    two.logs(old, "Jane in One")
    assert two.ana.offers(old) == []
    new = two.ana.receives("jane@client.example")
    assert two.ana.is_asked_about(new) == ["One", "Two"]


def test_s38_mail_through_a_list_of_our_own_is_a_persons_mail(office: Scene) -> None:
    office.company("Acme", "acme.example", "One")
    office.ana.connects("One")
    mail = office.ana.receives(
        "Nora <new@acme.example>",
        to="success@ours.example",
        list_id="Success <success.ours.example>",
        list_unsubscribe="<mailto:success-leave@ours.example>",
        precedence="list",
    )
    office.logs(mail, "Nora in One")


def test_s39_what_both_members_take_back_is_gone_and_no_later_copy_brings_it_back(
    office: Scene,
) -> None:
    office.contact("Jane", "jane@client.example", "One")
    office.ana.connects("One")
    office.ben.connects("One")
    mail = office.ana.receives("jane@client.example", cc="ben@ours.example")
    office.ben.gets(mail)
    office.has_sources(mail, "Mailbox of Ana", "Mailbox of Ben")
    office.ana.takes_back(mail)
    office.has_sources(mail, "Mailbox of Ben")
    office.logs(mail, "Jane in One")
    office.ben.takes_back(mail)
    for member in (office.ana, office.ben):
        assert member.sees_nothing_of(mail)
        member.gets(mail, "Archive")
        assert member.sees_in_folder(mail, "Archive").place == "Taken back"
        assert member.sees_nothing_of(mail)
    assert office.timeline("Jane") == []


def test_a_strangers_answer_in_a_logged_thread_is_judged_by_itself(two: Scene) -> None:
    mail = two.ana.sends("jane@client.example")
    two.logs(mail, "Jane in One")
    answer = two.ana.gets(write("z@nobody.example", "ana@ours.example", answers=mail))
    # Its thread is in the record, and it is not.
    assert two.ana.sees_in_folder(answer).place == "One"
    assert two.ana.sees_nothing_of(answer)
    assert two.timeline("Jane") == [mail.subject]
