"""Who one address is (R2, R5, R6, V4)."""

from dataclasses import dataclass

from activities.matching.decision import Taken
from activities.matching.entries import Entry
from activities.matching.facts import CompanyFact, ContactFact, World
from activities.matching.words import Insider, Kind
from contacts.addresses import (
    domain_of,
    is_public_mail_domain,
    is_public_suffix,
    suffixes,
    without_tag,
)


@dataclass(slots=True)
class Known:
    """What the world knows of one address.

    `company` is the one that its domain names, where the engine may go by the domain at all.
    `block` and `ignore` are the workspace's entries that hit it.
    """

    taken: Taken
    external: bool
    contact: ContactFact | None = None
    company: CompanyFact | None = None
    block: Entry | None = None
    ignore: Entry | None = None


def recognise(address: str, world: World) -> Known:
    """Say who an address is; what was found out is kept in the world's memo."""
    known: Known | None = world.memo.get(address)
    if known is None:
        known = world.memo[address] = _recognise(address, world)
    return known


def as_internal(known: Known, world: World) -> Known:
    """The same address, taken for internal because it is one of the copy owner's own."""
    address = known.taken.address
    return _insider(address, Insider.MEMBER, world.contacts.get(address), world)


def _recognise(address: str, world: World) -> Known:
    domain = domain_of(address)
    by_domain = _internal_by_domain(domain, world)
    bare = without_tag(address) if "+" in address else address
    for form in (address,) if bare == address else (address, bare):
        why = world.internal.get(form) or by_domain
        contact = world.contacts.get(form)
        if why is not None:
            return _insider(address, why, contact, world)
        if form in world.erased:
            by = "" if form == address else form
            return _outsider(Taken(address, Kind.ERASED, by), world)
        if contact is not None:
            return _on_a_contact(address, form, contact, world)
    kind, suffix, company = _by_domain(domain, world)
    company_id = company.id if company is not None else None
    return _outsider(Taken(address, kind, suffix, None, company_id), world, None, company)


def _internal_by_domain(domain: str, world: World) -> Insider | None:
    for parent in suffixes(domain):
        if parent == world.inbound_domain:
            return Insider.INBOUND
        if parent in world.internal_domains:
            return Insider.DOMAIN
    return None


def _insider(address: str, why: Insider, contact: ContactFact | None, world: World) -> Known:
    known = Known(
        Taken(address, Kind.INTERNAL, why.value, contact.id if contact else None), external=False
    )
    # Nothing but its exact address keeps an internal person out.
    known.block = world.entries.block.find_exactly(address)
    known.ignore = world.entries.ignore.find_exactly(address)
    return known


def _outsider(
    taken: Taken,
    world: World,
    contact: ContactFact | None = None,
    company: CompanyFact | None = None,
) -> Known:
    block, ignore = world.entries.block, world.entries.ignore
    return Known(
        taken,
        True,
        contact,
        company,
        block.find(taken.address) if block else None,
        ignore.find(taken.address) if ignore else None,
    )


def _on_a_contact(address: str, form: str, contact: ContactFact, world: World) -> Known:
    company = None
    if not contact.profiles_chosen:
        _, _, company = _by_domain(domain_of(address), world)
    by = "" if form == address else form
    company_id = contact.company_id or (company.id if company else None)
    taken = Taken(address, Kind.CONTACT, by, contact.id, company_id)
    return _outsider(taken, world, contact, company)


def _by_domain(domain: str, world: World) -> tuple[Kind, str, CompanyFact | None]:
    """Ask the longest suffix that says anything, and no shorter one after it."""
    for suffix in suffixes(domain):
        fact = world.domains.get(suffix)
        if is_public_mail_domain(suffix) or is_public_suffix(suffix) or (fact and fact.public):
            return Kind.PUBLIC_DOMAIN, suffix, None
        if fact is None:
            continue
        if fact.shared or len(fact.company_ids) > 1:
            return Kind.SHARED_DOMAIN, suffix, None
        company = world.companies.get(fact.company_ids[0]) if fact.company_ids else None
        if company is not None:
            return Kind.COMPANY, suffix, company
    return Kind.UNKNOWN, "", None
