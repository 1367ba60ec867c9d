"""Which addresses cannot be a member's own, because they are a customer's or a colleague's."""

from collections.abc import Iterable
from enum import StrEnum

from accounts.models import Member, MemberAddress
from contacts.addresses import domain_of, suffixes
from contacts.models import CompanyDomain, ContactAddress


class Whose(StrEnum):
    """Whose an address is instead."""

    MEMBERS = "member's"
    CUSTOMERS = "customer's"


def whose_else(member: Member, addresses: Iterable[str]) -> dict[str, Whose]:
    """Those of the addresses that are somebody else's in the workspace. Three queries."""
    asked = sorted(addresses)
    if not asked:
        return {}
    way = {"workspace_id": member.workspace_id}
    members = MemberAddress.objects.filter(
        **way, address__in=asked, verified_at__isnull=False, released_at=None
    ).exclude(member=member)
    contacts = ContactAddress.objects.filter(**way, address__in=asked)
    above = {address: suffixes(domain_of(address)) for address in asked}
    companies = set(
        CompanyDomain.objects.filter(
            **way, domain__in={domain for domains in above.values() for domain in domains}
        ).values_list("domain", flat=True)
    )
    of_companies = {one for one in asked if companies.intersection(above[one])}
    customers = of_companies.union(contacts.values_list("address", flat=True))
    found = dict.fromkeys(customers, Whose.CUSTOMERS)
    return found | dict.fromkeys(members.values_list("address", flat=True), Whose.MEMBERS)
