"""The rows of the scenario table about mailboxes: real IMAP accounts that are connected in the
pages.
"""

import pytest

from tests.journeys.stage import Scene


@pytest.fixture
def two(office: Scene) -> Scene:
    """Projects One and Two with their contacts; Ana's mailbox is on both."""
    office.two_projects()
    office.ana.connects("One", "Two")
    return office


def test_s1_mail_to_a_contact_is_logged_with_the_interaction_type_of_the_project(
    office: Scene,
) -> None:
    office.contact("Jane", "jane@client.example", "One")
    office.ana.connects("One")
    mail = office.ana.sends("jane@client.example")
    page = office.logs(mail, "Jane in One")
    assert office.types_on(page) == ["One mail"]
    assert office.ana.sees_in_folder(mail, "Sent").place == "One"


def test_s2_two_mailboxes_on_one_project_log_a_mail_once(office: Scene) -> None:
    office.contact("Jane", "jane@client.example", "One")
    office.ana.connects("One")
    office.ben.connects("One")
    mail = office.ana.sends("jane@client.example", cc="ben@ours.example")
    office.ben.gets(mail)
    office.has_sources(mail, "Mailbox of Ana", "Mailbox of Ben")
    office.logs(mail, "Jane in One")


def test_s3_mail_to_nobody_known_is_not_logged_and_stays_in_sent(office: Scene) -> None:
    office.ana.connects("One")
    mail = office.ana.sends("z@nobody.example")
    assert office.ana.sees_in_folder(mail, "Sent").place == "No contact"
    assert office.ana.sees_nothing_of(mail)


def test_s4_a_contact_of_one_project_is_logged_in_that_one_only(two: Scene) -> None:
    mail = two.ana.sends("jane@client.example")
    two.logs(mail, "Jane in One")


def test_s5_a_contact_of_both_projects_waits_in_the_owners_needs_project(two: Scene) -> None:
    mail = two.ana.sends("mia@client.example")
    assert two.ana.is_asked_about(mail) == ["One", "Two"]
    assert two.ana.sees_in_folder(mail).place == "Choose project"
    assert two.ben.sees_nothing_of(mail)
    assert two.timeline("Mia") == []


def test_s6_adding_the_thread_to_a_project_logs_it_there_and_what_comes_later(two: Scene) -> None:
    mail = two.ana.sends("mia@client.example")
    two.ana.is_asked_about(mail)
    two.ana.adds_thread(mail, "One")
    two.logs(mail, "Mia in One")
    later = two.ana.receives("mia@client.example", answers=mail)
    two.logs(later, "Mia in One")
    assert two.ana.offers(later) == []


def test_s7_adding_the_thread_to_both_projects_logs_it_in_both(two: Scene) -> None:
    mail = two.ana.sends("mia@client.example")
    two.ana.is_asked_about(mail)
    two.ana.adds_thread(mail, "One", "Two")
    page = two.logs(mail, "Mia in One", "Mia in Two")
    assert sorted(two.types_on(page)) == ["One mail", "Two mail"]


def test_s8_while_nobody_picks_it_is_in_no_project(two: Scene) -> None:
    mail = two.ana.sends("mia@client.example")
    two.ana.is_asked_about(mail)
    two.decides_all_again()
    assert two.ana.is_asked_about(mail) == ["One", "Two"]
    assert mail.subject not in two.ana.open("activities/").html


def test_s9_a_mailbox_on_one_project_logs_its_contact(office: Scene) -> None:
    office.two_projects()
    office.ana.connects("One")
    office.ben.connects("Two")
    mail = office.ana.sends("jane@client.example")
    office.logs(mail, "Jane in One")


def test_s10_a_contact_of_another_project_is_not_logged_and_stays_in_sent(office: Scene) -> None:
    office.two_projects()
    office.ana.connects("One")
    office.ben.connects("Two")
    mail = office.ana.sends("omar@client.example")
    line = office.ana.sees_in_folder(mail, "Sent")
    assert line.place == "Only you"
    assert "Two" in line.reason
    assert office.ana.sees_nothing_of(mail)


def test_s11_contacts_of_different_projects_are_logged_each_in_their_own(two: Scene) -> None:
    mail = two.ana.sends("jane@client.example, omar@client.example")
    two.logs(mail, "Jane in One", "Omar in Two")


def test_s12_who_fits_one_project_is_logged_while_who_fits_both_waits(two: Scene) -> None:
    mail = two.ana.sends("jane@client.example, mia@client.example")
    two.logs(mail, "Jane in One")
    assert two.ana.is_asked_about(mail) == ["One", "Two"]
    assert two.timeline("Mia") == []


def test_s13_mail_from_an_ignored_domain_stands_in_the_inbox_marked(office: Scene) -> None:
    office.contact("Jane", "jane@client.example", "One")
    office.ana.keeps_out("news.example", "ignore")
    office.ana.connects("One")
    mail = office.ana.receives("x@news.example", cc="jane@client.example")
    line = office.ana.sees_in_folder(mail)
    assert line.place == "Ignored"
    assert "news.example" in line.reason
    assert office.timeline("Jane") == []


def test_s14_somebody_new_at_a_company_becomes_a_contact_and_is_logged(office: Scene) -> None:
    office.company("Acme", "acme.example", "One")
    office.ana.connects("One")
    mail = office.ana.receives("Nora <new@acme.example>")
    office.logs(mail, "Nora in One")
    assert office.contacts() == ["Nora"]
    assert office.timeline("Acme") == [mail.subject]


def test_s15_a_project_that_creates_no_contacts_logs_nobody_by_domain(office: Scene) -> None:
    office.company("Acme", "acme.example", "One")
    office.sets_project("One", creates_contacts=None)
    office.ana.connects("One")
    mail = office.ana.receives("Nora <new@acme.example>")
    line = office.ana.sees_in_folder(mail)
    assert line.place == "Only you"
    assert "does not create contacts" in line.reason
    assert office.contacts() == []


def test_s16_mail_between_colleagues_is_not_logged(office: Scene) -> None:
    office.ana.connects("One")
    mail = office.ana.sends("b@ours.example")
    assert office.ana.sees_in_folder(mail).place == "Internal"
    assert office.ana.sees_nothing_of(mail)


def test_s17_mail_between_colleagues_with_a_contact_in_cc_is_logged(office: Scene) -> None:
    office.contact("Jane", "jane@client.example", "One")
    office.ana.connects("One")
    mail = office.ana.sends("b@ours.example", cc="jane@client.example")
    office.logs(mail, "Jane in One")


def test_s18_a_forward_to_a_colleague_is_not_logged_and_once_bccd_it_is_unassigned(
    office: Scene,
) -> None:
    office.contact("Jane", "jane@client.example", "One")
    office.ana.connects("One")
    first = office.ana.receives("jane@client.example")
    office.logs(first, "Jane in One")
    forward = office.ana.sends("b@ours.example", subject=f"Fwd: {first.subject}")
    assert office.ana.sees_in_folder(forward).place == "Internal"
    assert office.ana.sees_nothing_of(forward)
    office.ana.bccs(forward)
    office.ana.sees_unassigned(forward)
    assert office.timeline("Jane") == [first.subject]
