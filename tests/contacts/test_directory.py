"""Looking many addresses up in a constant number of queries."""

from types import SimpleNamespace

import pytest

from contacts import directory
from contacts.models import ErasedAddress
from contacts.services.company_domains import add_company_domain
from contacts.services.create_company import create_company
from contacts.services.public_domains import add_public_domain
from tests.conftest import make_contact


def test_contacts_are_found_by_address_with_their_projects(inside: SimpleNamespace) -> None:
    found = directory.contacts_by_address(
        inside.id, ["jane@client.example", "mia@client.example", "nobody@client.example"]
    )
    assert set(found) == {"jane@client.example", "mia@client.example"}
    assert found["mia@client.example"].projects == {inside.one.id, inside.two.id}
    assert found["jane@client.example"].profiles_chosen


@pytest.mark.parametrize("how_many", [1, 40])
def test_a_hundred_addresses_cost_as_many_queries_as_one(
    inside: SimpleNamespace, how_many: int, django_assert_num_queries
) -> None:
    addresses = [f"c{number}@client.example" for number in range(how_many)]
    for address in addresses:
        make_contact(inside, address, address, inside.one)
    with django_assert_num_queries(3):
        assert len(directory.contacts_by_address(inside.id, addresses)) == how_many
    with django_assert_num_queries(4):
        directory.companies_by_domain(inside.id, ["acme.example", *addresses])


def test_domains_say_whose_they_are_shared_or_public(inside: SimpleNamespace) -> None:
    beta = create_company(inside.id, by=inside.ana, name="Beta", domains=["beta.example"])
    add_company_domain(
        inside.id, by=inside.ana, company_id=beta.id, domain="acme.example", share=True
    )
    add_public_domain(inside.id, by=inside.ana, domain="webmail.example")
    domains, companies = directory.companies_by_domain(
        inside.id, ["acme.example", "beta.example", "webmail.example", "other.example"]
    )
    assert set(domains) == {"acme.example", "beta.example", "webmail.example"}
    assert domains["acme.example"].shared
    assert set(domains["acme.example"].company_ids) == {inside.acme.id, beta.id}
    assert domains["beta.example"].company_ids == (beta.id,)
    assert not domains["beta.example"].shared
    assert domains["webmail.example"].public
    assert companies[inside.acme.id].projects == {inside.one.id}


def test_projects_and_internal_domains_are_all_there(inside: SimpleNamespace) -> None:
    assert directory.projects(inside.id)[inside.two.id].interaction_type == "Call"
    assert directory.internal_domains(inside.id) == {"ours.example"}


def test_an_erased_address_is_known_by_its_hash_in_its_own_workspace_alone(
    inside: SimpleNamespace, rival: SimpleNamespace
) -> None:
    address = "gone@client.example"
    assert directory.erasure_hash(inside.id, address) != directory.erasure_hash(rival.id, address)
    ErasedAddress.objects.create(
        workspace_id=inside.id, address_hash=directory.erasure_hash(inside.id, address)
    )
    assert directory.erased_addresses(inside.id, [address, "jane@client.example"]) == {address}


def test_nothing_of_another_workspace_is_found(
    inside: SimpleNamespace, rival: SimpleNamespace
) -> None:
    assert directory.contacts_by_address(rival.id, ["jane@client.example"]) == {}
    assert directory.projects(rival.id) == {}
