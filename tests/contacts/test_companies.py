"""Companies and their domains."""

from types import SimpleNamespace

import pytest
from django.utils import timezone

from accounts.models import AuditEvent
from activities.models import Activity, Assignment
from contacts.models import Company, CompanyDomain, ProjectCompany
from contacts.problems import DirectoryProblem, DomainTaken, NotThere
from contacts.services.company_domains import add_company_domain, remove_company_domain
from contacts.services.create_company import create_company
from contacts.services.delete_company import delete_company
from contacts.services.edit_company import edit_company
from contacts.services.internal_domains import add_internal_domain
from contacts.services.merge_companies import merge_companies
from contacts.services.project_companies import add_project_company, remove_project_company
from contacts.services.public_domains import add_public_domain
from tests.contacts.asking import noted


def make(inside: SimpleNamespace, name: str, *domains: str) -> Company:
    return create_company(inside.id, by=inside.ana, name=name, domains=domains)


def record_on(inside: SimpleNamespace, company: Company) -> Assignment:
    activity = Activity.objects.create(
        workspace_id=inside.id,
        kind=Activity.Kind.NOTE,
        state=Activity.State.LOGGED,
        occurred_at=timezone.now(),
    )
    return Assignment.objects.create(
        workspace_id=inside.id,
        activity=activity,
        project=inside.one,
        company=company,
        interaction_type="Note",
        occurred_at=activity.occurred_at,
    )


def test_a_company_is_made_with_domains_and_projects(inside: SimpleNamespace) -> None:
    made = create_company(
        inside.id,
        by=inside.ana,
        name="  Beta \t Works ",
        domains=["@Beta.Example", "BÜRO.example"],
        project_ids=[inside.one.id],
    )
    assert made.name == "Beta Works"
    assert set(made.domains.values_list("domain", flat=True)) == {
        "beta.example",
        "xn--bro-hoa.example",
    }
    assert made.company_projects.get().project == inside.one
    assert ("domain", "beta.example") in noted()
    verbs = AuditEvent.objects.filter(subject_id=made.id).values_list("verb", flat=True)
    assert {"company created", "company domain added"} <= set(verbs)


def test_nothing_is_kept_of_a_company_whose_domain_is_refused(inside: SimpleNamespace) -> None:
    with pytest.raises(DirectoryProblem):
        make(inside, "Beta", "beta.example", "gmail.com")
    assert not Company.objects.filter(name="Beta").exists()
    assert noted() == []


@pytest.mark.parametrize(
    ("domain", "sentence"),
    [
        ("gmail.com", "public mailbox provider"),
        ("mail.gmail.com", "public mailbox provider"),
        ("co.uk", "public suffix"),
        ("github.io", "public suffix"),
        ("ours.example", "is internal, because ours.example is your own domain"),
        ("eu.ours.example", "is internal, because ours.example is your own domain"),
        ("acme", "is not a domain"),
        ("https://beta.example/", "is not a domain"),
        ("jane@beta.example", "is not a domain"),
        (".".join("a" * 20) + ".example", "is not a domain"),
    ],
)
def test_a_domain_that_no_company_can_have_is_refused(
    inside: SimpleNamespace, domain: str, sentence: str
) -> None:
    with pytest.raises(DirectoryProblem, match=sentence):
        add_company_domain(inside.id, by=inside.ana, company_id=inside.acme.id, domain=domain)


def test_the_inbound_domain_belongs_to_no_company(inside: SimpleNamespace, settings) -> None:
    settings.INBOUND_DOMAIN = "in.threadwell.example"
    with pytest.raises(DirectoryProblem, match="is internal"):
        make(inside, "Beta", "in.threadwell.example")


def test_a_domain_above_an_internal_one_may_be_a_companys(inside: SimpleNamespace) -> None:
    add_internal_domain(inside.id, by=inside.ana, domain="team.beta.example")
    assert make(inside, "Beta", "beta.example").domains.count() == 1


def test_a_domain_that_the_workspace_calls_public_is_refused(inside: SimpleNamespace) -> None:
    add_public_domain(inside.id, by=inside.ana, domain="webmail.example")
    with pytest.raises(DirectoryProblem, match="public mailbox provider"):
        make(inside, "Beta", "eu.webmail.example")


def test_a_domain_of_another_company_is_refused_and_names_it(inside: SimpleNamespace) -> None:
    with pytest.raises(DomainTaken, match=r"acme\.example belongs to Acme"):
        make(inside, "Beta", "acme.example")


def test_a_domain_below_another_companys_is_free(inside: SimpleNamespace) -> None:
    assert make(inside, "Acme Europe", "eu.acme.example").domains.get().shared is False


def test_a_shared_domain_stands_on_both_and_the_last_one_keeps_it(inside: SimpleNamespace) -> None:
    beta = make(inside, "Beta")
    add_company_domain(
        inside.id, by=inside.ana, company_id=beta.id, domain="acme.example", share=True
    )
    rows = CompanyDomain.objects.filter(domain="acme.example")
    assert [row.shared for row in rows] == [True, True]
    remove_company_domain(
        inside.id, by=inside.ana, company_id=inside.acme.id, domain="acme.example"
    )
    assert rows.get().company == beta
    assert rows.get().shared is False


def test_adding_a_domain_twice_changes_nothing(inside: SimpleNamespace) -> None:
    add_company_domain(inside.id, by=inside.ana, company_id=inside.acme.id, domain="ACME.example")
    assert inside.acme.domains.count() == 1
    assert noted() == []


def test_a_domain_that_is_gone_cannot_be_removed(inside: SimpleNamespace) -> None:
    with pytest.raises(NotThere):
        remove_company_domain(
            inside.id, by=inside.ana, company_id=inside.acme.id, domain="other.example"
        )


def test_a_renamed_company_is_audited_with_both_names(inside: SimpleNamespace) -> None:
    edit_company(inside.id, by=inside.ana, company_id=inside.acme.id, name="Acme Ltd")
    event = AuditEvent.objects.get(verb="company renamed")
    assert (event.before, event.after) == ({"name": "Acme"}, {"name": "Acme Ltd"})


@pytest.mark.parametrize("name", ["", "  \x00 ", "x" * 201])
def test_a_name_that_is_empty_or_too_long_is_refused(inside: SimpleNamespace, name: str) -> None:
    with pytest.raises(DirectoryProblem):
        edit_company(inside.id, by=inside.ana, company_id=inside.acme.id, name=name)


def test_a_company_without_history_is_deleted_and_its_contacts_stay(
    inside: SimpleNamespace,
) -> None:
    inside.jane.company = inside.acme
    inside.jane.save()
    assert delete_company(inside.id, by=inside.ana, company_id=inside.acme.id) == ["acme.example"]
    inside.jane.refresh_from_db()
    assert inside.jane.company is None
    assert noted() == [("domain", "acme.example")]


def test_a_company_with_history_is_not_deleted(inside: SimpleNamespace) -> None:
    record_on(inside, inside.acme)
    with pytest.raises(DirectoryProblem, match="Merge it into another company"):
        delete_company(inside.id, by=inside.ana, company_id=inside.acme.id)
    assert inside.acme.domains.count() == 1


def test_a_merge_moves_domains_contacts_projects_and_history(inside: SimpleNamespace) -> None:
    beta = make(inside, "Beta", "beta.example")
    add_company_domain(
        inside.id, by=inside.ana, company_id=beta.id, domain="acme.example", share=True
    )
    add_project_company(inside.id, by=inside.ana, project_id=inside.one.id, company_id=beta.id)
    add_project_company(inside.id, by=inside.ana, project_id=inside.two.id, company_id=beta.id)
    inside.jane.company = beta
    inside.jane.save()
    recorded = record_on(inside, beta)

    merge_companies(inside.id, by=inside.ana, kept_id=inside.acme.id, gone_id=beta.id)

    assert not Company.objects.filter(id=beta.id).exists()
    domains = dict(inside.acme.domains.values_list("domain", "shared"))
    assert domains == {"acme.example": False, "beta.example": False}
    assert ProjectCompany.objects.filter(company=inside.acme).count() == 2
    inside.jane.refresh_from_db()
    recorded.refresh_from_db()
    assert inside.jane.company == inside.acme
    assert recorded.company == inside.acme


def test_what_is_recorded_on_both_merged_companies_stands_once(inside: SimpleNamespace) -> None:
    beta = make(inside, "Beta")
    recorded = record_on(inside, inside.acme)
    recorded.pk = None
    Assignment.objects.create(
        workspace_id=inside.id,
        activity=recorded.activity,
        project=inside.one,
        company=beta,
        interaction_type="Note",
        occurred_at=recorded.occurred_at,
    )
    merge_companies(inside.id, by=inside.ana, kept_id=inside.acme.id, gone_id=beta.id)
    assert Assignment.objects.get().company == inside.acme


def test_a_company_is_not_merged_with_itself(inside: SimpleNamespace) -> None:
    with pytest.raises(DirectoryProblem, match="two different"):
        merge_companies(inside.id, by=inside.ana, kept_id=inside.acme.id, gone_id=inside.acme.id)


def test_a_company_enters_and_leaves_a_project_once(inside: SimpleNamespace) -> None:
    for _ in range(2):
        add_project_company(
            inside.id, by=inside.ana, project_id=inside.two.id, company_id=inside.acme.id
        )
    assert inside.acme.company_projects.count() == 2
    for _ in range(2):
        remove_project_company(
            inside.id, by=inside.ana, project_id=inside.two.id, company_id=inside.acme.id
        )
    assert inside.acme.company_projects.get().project == inside.one
    assert AuditEvent.objects.filter(verb="company taken out of project").count() == 1


def test_a_company_of_another_workspace_is_not_there(
    inside: SimpleNamespace, rival: SimpleNamespace
) -> None:
    with pytest.raises(NotThere):
        edit_company(inside.id, by=inside.ana, company_id=rival.acme.id, name="Stolen")
