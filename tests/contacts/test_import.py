"""The CSV import: what a row means, what is refused, and that a second run changes nothing."""

from types import SimpleNamespace

import pytest

from accounts.models import AuditEvent
from contacts.models import Company, Contact, DirectoryChange, Profile
from contacts.problems import DirectoryProblem
from contacts.services.import_directory import ImportReport, import_directory
from contacts.services.read_csv import BYTES_LIMIT, ROWS_LIMIT, decode_csv, read_csv
from tests.contacts.asking import noted

FILE = """company,domains,name,addresses,projects
Beta,beta.example;beta.co.example,,,One
,,Zoe,zoe@beta.example zoe@home.example,One;two
Beta,,Yan,yan@beta.example,
"""


def run(inside: SimpleNamespace, text: str, *, dry_run: bool = False) -> ImportReport:
    return import_directory(inside.id, by=inside.ana, rows=read_csv(text), dry_run=dry_run)


def refusals(inside: SimpleNamespace, *lines: str) -> list[str]:
    text = "\n".join(["company,domains,name,addresses,projects", *lines])
    return [f"{each.line}: {each.sentence}" for each in run(inside, text).refused]


def test_a_file_makes_companies_domains_contacts_and_profiles(inside: SimpleNamespace) -> None:
    report = run(inside, FILE)
    assert (report.changed, report.unchanged, report.refused) == (3, 0, ())
    beta = Company.objects.get(name="Beta")
    assert beta.domains.count() == 2
    assert beta.company_projects.get().project == inside.one
    zoe = Contact.objects.get(name="Zoe")
    assert zoe.addresses.count() == 2
    assert zoe.profiles_chosen
    assert {profile.origin for profile in zoe.profiles.all()} == {Profile.Origin.IMPORT}
    assert zoe.profiles.count() == 2
    assert Contact.objects.get(name="Yan").company == beta


def test_a_second_run_changes_nothing(inside: SimpleNamespace) -> None:
    run(inside, FILE)
    before = AuditEvent.objects.count(), DirectoryChange.objects.count()
    report = run(inside, FILE)
    assert (report.changed, report.unchanged) == (0, 3)
    assert (AuditEvent.objects.count(), DirectoryChange.objects.count()) == before


def test_a_dry_run_says_the_same_and_keeps_nothing(inside: SimpleNamespace) -> None:
    report = run(inside, FILE + "Gamma,gmail.com,,,\n", dry_run=True)
    assert report.changed == 3
    assert [refusal.line for refusal in report.refused] == [5]
    assert not Company.objects.filter(name__in=["Beta", "Gamma"]).exists()
    assert not AuditEvent.objects.exists()
    assert not DirectoryChange.objects.exists()


def test_a_refused_row_leaves_its_neighbours_in_peace(inside: SimpleNamespace) -> None:
    report = run(inside, FILE.replace("beta.co.example", "co.uk"))
    assert [refusal.line for refusal in report.refused] == [2]
    assert Contact.objects.filter(name="Zoe").exists()


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("Beta,gmail.com,,,", "public mailbox provider"),
        ("Beta,acme.example,,,", "acme.example belongs to Acme"),
        ("Beta,ours.example,,,", "is internal"),
        ("Beta,not a domain,,,", "is not a domain"),
        (",other.example,,,", "Name the company"),
        (",,Zoe,,", "neither a company nor an address"),
        ("Acme,,Zoe,,", "Zoe has no address"),
        (",,Zoe,zoe@nowhere,", "is not an email address"),
        (",,Zoe,jane@client.example omar@client.example,", "belong to two contacts"),
        (",,Zoe,zoe@client.example,Three", "No project is called Three"),
        (",,Zoe," + " ".join(f"z{n}@z.example" for n in range(60)) + ",", "more than 50 values"),
    ],
)
def test_a_row_that_cannot_be_imported_says_why(
    inside: SimpleNamespace, line: str, sentence: str
) -> None:
    [refusal] = refusals(inside, line)
    assert refusal.startswith("2: ")
    assert sentence in refusal


def test_a_contact_at_another_company_is_refused_not_moved(inside: SimpleNamespace) -> None:
    run(inside, "name,email,company\nJane,jane@client.example,Acme\n")
    [refusal] = refusals(inside, "Beta,,Jane,jane@client.example,")
    assert "Jane is at Acme, and the file says Beta" in refusal
    assert not Company.objects.filter(name="Beta").exists()


def test_a_name_that_a_person_set_is_not_overwritten(inside: SimpleNamespace) -> None:
    assert run(inside, "name,email\nJanet,jane@client.example\n").unchanged == 1
    assert not Contact.objects.filter(name="Janet").exists()


def test_two_companies_of_one_name_are_told_apart_by_a_domain(inside: SimpleNamespace) -> None:
    Company.objects.create(workspace_id=inside.id, name="ACME")
    assert "one domain that only this company has" in refusals(inside, "Acme,,,,Two")[0]
    assert run(inside, "company,domain,project\nAcme,acme.example,Two\n").changed == 1
    assert inside.acme.company_projects.count() == 2


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_a_file_may_separate_by_comma_semicolon_or_tab(delimiter: str) -> None:
    text = delimiter.join(["\ufeffName", "EMail"]) + "\r\n" + delimiter.join(["Zoe", "z@z.example"])
    [row] = read_csv(text)
    assert (row.name, row.addresses, row.line) == ("Zoe", ("z@z.example",), 2)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "has to name the columns"),
        ("colour,name\nred,Zoe\n", "Unknown here: colour"),
        ("name,contact\nZoe,Zoe\n", "names a column twice"),
        ("name\n" + "Zoe\n" * (ROWS_LIMIT + 1), "more than 1000 rows"),
        ("name\n" + "x" * BYTES_LIMIT, "larger than 500 kB"),
        ('name\n"' + "x" * 200_000, "cannot be read"),
    ],
)
def test_a_file_that_is_no_import_is_refused_whole(text: str, sentence: str) -> None:
    with pytest.raises(DirectoryProblem, match=sentence):
        read_csv(text)


def test_a_file_in_another_encoding_is_refused() -> None:
    with pytest.raises(DirectoryProblem, match="UTF-8"):
        decode_csv("naïve".encode("latin-1"))
    assert decode_csv("naïve".encode("utf-8-sig")) == "naïve"


def test_a_large_import_is_one_change_to_decide_mail_by(inside: SimpleNamespace) -> None:
    run(inside, "name,email\n" + "".join(f"P{n},p{n}@many.example\n" for n in range(201)))
    assert noted() == [("everything", "")]
