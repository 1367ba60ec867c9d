"""Two people who change the directory at the same moment, on connections of their own."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from types import SimpleNamespace

import pytest
from django.db import connection

from accounts import tenancy
from contacts.models import CompanyDomain, ContactAddress, InternalDomain, Profile
from contacts.problems import DirectoryProblem
from contacts.services.company_domains import add_company_domain
from contacts.services.contact_addresses import add_contact_address
from contacts.services.internal_domains import add_internal_domain
from contacts.services.profiles import give_profile

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(ours: SimpleNamespace, *acts: Callable[[], object]) -> list[str]:
    """Run the acts side by side and return what those that were refused were told."""
    start = Barrier(len(acts))

    def run(act: Callable[[], object]) -> str:
        try:
            with tenancy.in_workspace(ours.id, ours.ana.id):
                start.wait(10)
                act()
        except DirectoryProblem as problem:
            return problem.sentence
        finally:
            connection.close()
        return ""

    with ThreadPoolExecutor(len(acts)) as pool:
        return [told for told in pool.map(run, acts) if told]


def test_a_domain_never_becomes_internal_and_a_companys(ours: SimpleNamespace) -> None:
    for number in range(5):
        domain = f"d{number}.example"
        told = at_once(
            ours,
            lambda domain=domain: add_internal_domain(ours.id, by=ours.ana, domain=domain),
            lambda domain=domain: add_company_domain(
                ours.id, by=ours.ana, company_id=ours.acme.id, domain=f"eu.{domain}"
            ),
        )
        assert len(told) == 1
        with tenancy.in_workspace(ours.id):
            internal = InternalDomain.objects.filter(domain=domain).count()
            owned = CompanyDomain.objects.filter(domain=f"eu.{domain}").count()
        assert internal + owned == 1


def test_an_address_goes_to_one_contact_and_the_other_hears_whose_it_is(
    ours: SimpleNamespace,
) -> None:
    told = at_once(
        ours,
        *(
            lambda contact=contact: add_contact_address(
                ours.id, by=ours.ana, contact_id=contact.id, address="new@client.example"
            )
            for contact in (ours.jane, ours.omar, ours.mia)
        ),
    )
    assert len(told) == 2
    assert all("belongs to" in sentence for sentence in told)
    with tenancy.in_workspace(ours.id):
        assert ContactAddress.objects.filter(address="new@client.example").count() == 1


def test_a_profile_that_two_give_is_one(ours: SimpleNamespace) -> None:
    def give() -> Profile:
        return give_profile(ours.id, by=ours.ana, contact_id=ours.jane.id, project_id=ours.two.id)

    assert at_once(ours, give, give, give) == []
    with tenancy.in_workspace(ours.id):
        assert ours.jane.profiles.count() == 2
