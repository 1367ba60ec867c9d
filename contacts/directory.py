"""Looks many addresses and domains up at once, in a constant number of queries.

What comes back are plain values keyed by what was asked for, so that a batch of mail can be judged
without another query. The facts of the engine are built from these.
"""

import uuid
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from accounts.sealing import keyed_hash
from contacts.models import (
    Company,
    CompanyDomain,
    Contact,
    ContactAddress,
    ErasedAddress,
    InternalDomain,
    Profile,
    Project,
    ProjectCompany,
    PublicMailDomain,
)


@dataclass(frozen=True, slots=True)
class KnownContact:
    """A contact, the projects that it has a profile in, and whether a person chose them."""

    id: uuid.UUID
    name: str
    company_id: uuid.UUID | None
    profiles_chosen: bool
    projects: frozenset[uuid.UUID]


@dataclass(frozen=True, slots=True)
class KnownDomain:
    """What the workspace says about a domain: whose it is, and whether it is everybody's."""

    domain: str
    company_ids: tuple[uuid.UUID, ...]
    shared: bool
    public: bool


@dataclass(frozen=True, slots=True)
class KnownCompany:
    """A company and the projects that it belongs to."""

    id: uuid.UUID
    name: str
    projects: frozenset[uuid.UUID]


@dataclass(frozen=True, slots=True)
class KnownProject:
    """A project's settings, as far as mail is concerned."""

    id: uuid.UUID
    name: str
    interaction_type: str
    creates_contacts: bool
    assigns_forwards: bool


def contacts_by_address(
    workspace_id: uuid.UUID, addresses: Collection[str]
) -> dict[str, KnownContact]:
    """Return the contact of each address that has one. Three queries."""
    rows = ContactAddress.objects.filter(workspace_id=workspace_id, address__in=set(addresses))
    contact_of = dict(rows.values_list("address", "contact_id"))
    known = contacts_by_id(workspace_id, set(contact_of.values()))
    return {address: known[contact_id] for address, contact_id in contact_of.items()}


def contacts_by_id(
    workspace_id: uuid.UUID, ids: Collection[uuid.UUID]
) -> dict[uuid.UUID, KnownContact]:
    """Return these contacts with their profiles. Two queries."""
    profiles = Profile.objects.filter(workspace_id=workspace_id, contact_id__in=ids)
    projects_of = _grouped(profiles.values_list("contact_id", "project_id"))
    contacts = Contact.objects.filter(workspace_id=workspace_id, id__in=ids)
    return {
        row[0]: KnownContact(*row, projects=projects_of[row[0]])
        for row in contacts.values_list("id", "name", "company_id", "profiles_chosen")
    }


def domains_by_name(workspace_id: uuid.UUID, domains: Collection[str]) -> dict[str, KnownDomain]:
    """Return what is said about each of these very domains, their parents not asked. Two queries.

    A domain that the workspace counts as public is there too; the lists that ship are not asked.
    """
    asked = set(domains)
    rows = CompanyDomain.objects.filter(workspace_id=workspace_id, domain__in=asked)
    claims: dict[str, list[tuple[uuid.UUID, bool]]] = defaultdict(list)
    for domain, company_id, shared in rows.order_by("id").values_list(
        "domain", "company_id", "shared"
    ):
        claims[domain].append((company_id, shared))
    public = set(
        PublicMailDomain.objects.filter(workspace_id=workspace_id, domain__in=asked).values_list(
            "domain", flat=True
        )
    )
    return {
        domain: KnownDomain(
            domain,
            company_ids=tuple(company_id for company_id, _shared in claims[domain]),
            shared=any(shared for _company_id, shared in claims[domain]),
            public=domain in public,
        )
        for domain in [*claims, *(public - claims.keys())]
    }


def companies_by_id(
    workspace_id: uuid.UUID, ids: Collection[uuid.UUID]
) -> dict[uuid.UUID, KnownCompany]:
    """Return these companies with their projects. Two queries."""
    belongs = ProjectCompany.objects.filter(workspace_id=workspace_id, company_id__in=ids)
    projects_of = _grouped(belongs.values_list("company_id", "project_id"))
    companies = Company.objects.filter(workspace_id=workspace_id, id__in=ids)
    return {
        company_id: KnownCompany(company_id, name, projects_of[company_id])
        for company_id, name in companies.values_list("id", "name")
    }


def companies_by_domain(
    workspace_id: uuid.UUID, domains: Collection[str]
) -> tuple[dict[str, KnownDomain], dict[uuid.UUID, KnownCompany]]:
    """Return these domains and every company that they name. Four queries."""
    known = domains_by_name(workspace_id, domains)
    ids = {company_id for domain in known.values() for company_id in domain.company_ids}
    return known, companies_by_id(workspace_id, ids)


def projects(workspace_id: uuid.UUID) -> dict[uuid.UUID, KnownProject]:
    """Return all projects of the workspace, whoever may see them. One query."""
    rows = Project.objects.filter(workspace_id=workspace_id).values_list(
        "id", "name", "interaction_type", "creates_contacts", "assigns_forwards"
    )
    return {row[0]: KnownProject(*row) for row in rows}


def internal_domains(workspace_id: uuid.UUID) -> frozenset[str]:
    """Return the domains whose people are our own; what is below them is not spelt out."""
    rows = InternalDomain.objects.filter(workspace_id=workspace_id)
    return frozenset(rows.values_list("domain", flat=True))


def erased_addresses(workspace_id: uuid.UUID, addresses: Iterable[str]) -> frozenset[str]:
    """Return those of the addresses that were erased on request (V4). One query."""
    by_hash = {erasure_hash(workspace_id, address): address for address in addresses}
    rows = ErasedAddress.objects.filter(workspace_id=workspace_id, address_hash__in=by_hash)
    found = rows.values_list("address_hash", flat=True)
    return frozenset(by_hash[bytes(address_hash)] for address_hash in found)


def erasure_hash(workspace_id: uuid.UUID, address: str) -> bytes:
    """Return the only trace that an erased address leaves."""
    return keyed_hash("erased", str(workspace_id), address)


def _grouped(
    pairs: Iterable[tuple[uuid.UUID, uuid.UUID]],
) -> defaultdict[uuid.UUID, frozenset[uuid.UUID]]:
    found: dict[uuid.UUID, set[uuid.UUID]] = defaultdict(set)
    for owner, member in pairs:
        found[owner].add(member)
    return defaultdict(frozenset, {owner: frozenset(of) for owner, of in found.items()})
