"""R6: an address at a company's domain, and who is made a contact."""

import pytest

from activities.matching.facts import Automated, AutomatedClass, DomainFact, Outcome, Past
from activities.matching.words import Kind
from tests.activities.matching.story import ANA, BULK, JANE, NEW, Story


def acme(*projects: str, creates_contacts: bool = True) -> Story:
    story = Story(*projects, creates_contacts=creates_contacts)
    story.company("Acme", "acme.example")
    return story


def test_a_domain_covers_its_subdomains() -> None:
    assert acme().sync("x@eu.acme.example", ANA).recorded[0].company_id == "Acme"
    assert acme().sync("x@notacme.example", ANA).outcome is Outcome.NOT_LOGGED


def test_the_longest_domain_decides() -> None:
    story = acme()
    story.company("Acme Europe", "eu.acme.example")
    assert story.sync("x@eu.acme.example", ANA).recorded[0].company_id == "Acme Europe"


@pytest.mark.parametrize(
    ("fact", "kind"),
    [
        (DomainFact("eu.acme.example", ("Acme", "Beta"), shared=True), Kind.SHARED_DOMAIN),
        (DomainFact("eu.acme.example", ("Acme",), shared=True), Kind.SHARED_DOMAIN),
        (DomainFact("eu.acme.example", ("Acme", "Beta")), Kind.SHARED_DOMAIN),
        (DomainFact("eu.acme.example", public=True), Kind.PUBLIC_DOMAIN),
    ],
)
def test_a_longer_domain_that_is_shared_or_public_recognises_nobody(
    fact: DomainFact, kind: Kind
) -> None:
    story = acme()
    story.domains["eu.acme.example"] = fact
    decision = story.sync("x@eu.acme.example", ANA)
    assert (decision.outcome, decision.participants[0].kind) == (Outcome.NOT_LOGGED, kind)


@pytest.mark.parametrize("domain", ["gmail.com", "github.io", "co.uk"])
def test_a_public_domain_is_no_companys_whatever_the_directory_says(domain: str) -> None:
    story = Story()
    story.company("Wrong", domain)
    assert story.sync(f"x@{domain}", ANA).participants[0].kind is Kind.PUBLIC_DOMAIN
    assert story.sync(f"x@some.{domain}", ANA).outcome is Outcome.NOT_LOGGED


def test_a_companys_own_name_below_a_public_suffix_is_its_domain() -> None:
    story = Story()
    story.company("Pages", "pages.github.io")
    assert story.sync("x@pages.github.io", ANA).outcome is Outcome.LOGGED


def test_26_outsiders_create_nobody_and_25_do() -> None:
    others = [f"p{number}@nowhere.example" for number in range(25)]
    few = acme().sync(NEW, ANA, *others[:24]).recorded[0]
    many = acme().sync(NEW, ANA, *others).recorded[0]
    assert few.creates_contact
    assert (many.creates_contact, many.contact_id, many.company_id) == (False, None, "Acme")


@pytest.mark.parametrize("name", ["no-reply", "noreply", "donotreply", "mailer-daemon", "bounce+1"])
def test_an_address_that_nobody_reads_creates_nobody_but_matches_its_company(name: str) -> None:
    (one,) = acme().sync(f"{name}@acme.example", ANA).recorded
    assert (one.creates_contact, one.company_id) == (False, "Acme")


def test_automated_mail_that_was_let_through_creates_nobody() -> None:
    story = acme()
    story.let_through = {AutomatedClass.BULK}
    (one,) = story.sync(NEW, ANA, automated=BULK).recorded
    assert (one.creates_contact, one.contact_id, one.company_id) == (False, None, "Acme")


def test_automated_mail_by_bcc_creates_nobody_either() -> None:
    (one,) = acme().bcc(ANA, NEW, project="one", automated=Automated(report=True)).recorded
    assert (one.creates_contact, one.company_id) == (False, "Acme")


def test_with_creation_off_a_bcc_and_a_send_go_to_the_company_alone() -> None:
    story = acme(creates_contacts=False)
    for decision in (story.bcc(ANA, NEW, project="one"), story.send(ANA, NEW)):
        (one,) = decision.recorded
        assert (one.creates_contact, one.contact_id, one.company_id) == (False, None, "Acme")


def test_a_project_without_creation_is_no_candidate_under_sync() -> None:
    story = acme("one", "two")
    story.projects["two"] = Story("two", creates_contacts=False).projects["two"]
    assert story.sync(NEW, ANA).outcome is Outcome.LOGGED
    assert story.places() == {(NEW, "one")}


def test_a_contact_without_profiles_is_matched_by_its_domain_and_gets_one() -> None:
    story = acme()
    story.contact(JANE)
    (one,) = story.sync(JANE, ANA).recorded
    assert (one.contact_id, one.creates_profile, one.creates_contact) == (JANE, True, False)


def test_a_contact_whose_profiles_a_person_took_away_is_not() -> None:
    story = acme()
    story.contact(JANE, chosen=True)
    assert story.sync(JANE, ANA).rule == "R7"


def test_two_addresses_without_a_contact_are_two_people() -> None:
    assert len(acme().sync(NEW, ANA, "other@acme.example").recorded) == 2


def test_what_stands_on_a_company_alone_becomes_its_contacts() -> None:
    story = acme(creates_contacts=False)
    story.bcc(ANA, NEW, project="one")
    assert story.again()[0].recorded == ()
    story.contact(NEW, "one")
    (one,) = story.again()[0].recorded
    assert (one.contact_id, one.refines) == (NEW, True)
    assert [past.contact_id for past in story.arrived[0].earned] == [NEW]
    assert story.again()[0].recorded == ()


def test_what_a_person_put_on_a_company_stays_there() -> None:
    story = acme(creates_contacts=False)
    story.bcc(ANA, "z@nowhere.example", project="one")
    story.assign("m", "one", "Acme")
    assert story.again()[0].recorded == ()


def test_what_a_person_put_there_for_an_address_does_too() -> None:
    story = acme(creates_contacts=False)
    by_hand = Past(NEW, "one", None, "Acme", by_person=True)
    story.contact(NEW, "one")
    story.by_hand["again"] = [by_hand]
    decision = story.sync(NEW, ANA, message="again")
    assert (decision.recorded, decision.kept) == ((), (by_hand,))


def test_what_was_refined_once_is_not_refined_again() -> None:
    story = acme()
    story.contact(NEW, "one")
    story.by_hand["m"] = [
        Past(NEW, "one", None, "Acme", here=False),
        Past(NEW, "one", NEW, "Acme", here=True),
    ]
    assert story.sync(NEW, ANA).recorded == ()
