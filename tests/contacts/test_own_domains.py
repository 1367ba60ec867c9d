"""Internal domains, public mailbox providers and released addresses."""

from types import SimpleNamespace

import pytest
from django.utils import timezone

from accounts.models import AuditEvent, MemberAddress
from contacts.models import InternalDomain, PublicMailDomain
from contacts.problems import DirectoryProblem, NotThere
from contacts.selectors import former_addresses
from contacts.services.internal_domains import add_internal_domain, remove_internal_domain
from contacts.services.public_domains import add_public_domain, remove_public_domain
from contacts.services.released_addresses import keep_address, release_address
from tests.contacts.asking import noted


def test_an_internal_domain_is_added_once_and_removed(inside: SimpleNamespace) -> None:
    for _ in range(2):
        row = add_internal_domain(inside.id, by=inside.ana, domain="Team.Example")
    assert AuditEvent.objects.filter(verb="internal domain added").count() == 1
    assert remove_internal_domain(inside.id, by=inside.ana, domain_id=row.id) == "team.example"
    assert not InternalDomain.objects.filter(domain="team.example").exists()
    assert noted() == [("domain", "team.example"), ("domain", "team.example")]


@pytest.mark.parametrize("domain", ["acme.example", "example.com.acme.example"])
def test_only_what_covers_a_company_is_refused_as_internal(
    inside: SimpleNamespace, domain: str
) -> None:
    if domain == "acme.example":
        with pytest.raises(DirectoryProblem, match=r"covers acme\.example, which belongs to Acme"):
            add_internal_domain(inside.id, by=inside.ana, domain=domain)
    else:
        assert add_internal_domain(inside.id, by=inside.ana, domain=domain).domain == domain


def test_an_internal_domain_above_a_companys_is_refused_and_names_it(
    inside: SimpleNamespace,
) -> None:
    inside.acme.domains.update(domain="eu.acme.example")
    with pytest.raises(DirectoryProblem, match=r"covers eu\.acme\.example"):
        add_internal_domain(inside.id, by=inside.ana, domain="acme.example")


@pytest.mark.parametrize("domain", ["gmail.com", "co.uk", "not a domain"])
def test_a_domain_of_everybody_is_not_internal(inside: SimpleNamespace, domain: str) -> None:
    with pytest.raises(DirectoryProblem):
        add_internal_domain(inside.id, by=inside.ana, domain=domain)


def test_a_public_domain_is_added_and_removed(inside: SimpleNamespace) -> None:
    row = add_public_domain(inside.id, by=inside.ana, domain="webmail.example")
    assert remove_public_domain(inside.id, by=inside.ana, domain_id=row.id) == "webmail.example"
    assert not PublicMailDomain.objects.exists()
    with pytest.raises(NotThere):
        remove_public_domain(inside.id, by=inside.ana, domain_id=row.id)


@pytest.mark.parametrize("domain", ["acme.example", "ours.example"])
def test_a_companys_or_internal_domain_is_not_public(inside: SimpleNamespace, domain: str) -> None:
    with pytest.raises(DirectoryProblem):
        add_public_domain(inside.id, by=inside.ana, domain=domain)


def test_the_address_of_a_former_member_is_released_and_kept_again(
    inside: SimpleNamespace,
) -> None:
    inside.ben.deactivated_at = timezone.now()
    inside.ben.save()
    row = former_addresses(inside.id).get()
    MemberAddress.objects.create(
        workspace_id=inside.id,
        member=inside.ben,
        address=row.address,
        origin=MemberAddress.Origin.MAILBOX,
        verified_at=timezone.now(),
    )
    release_address(inside.id, by=inside.ana, address_id=row.id)
    rows = MemberAddress.objects.filter(member=inside.ben)
    assert all(each.released_at for each in rows)
    assert former_addresses(inside.id).count() == 1
    keep_address(inside.id, by=inside.ana, address_id=row.id)
    assert not any(each.released_at for each in rows.all())
    assert noted() == [("address", "ben@ours.example")] * 2


def test_the_address_of_a_present_member_is_not_released(inside: SimpleNamespace) -> None:
    row = MemberAddress.objects.get(member=inside.ben)
    with pytest.raises(NotThere, match="Only an address of a former member"):
        release_address(inside.id, by=inside.ana, address_id=row.id)
