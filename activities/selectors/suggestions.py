"""Who a waiting mail may be about: ranked suggestions, each with its reason (U1, B4)."""

import re
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models.functions import Lower
from django.utils.translation import gettext as _

from activities.models import Assignment, ChannelProject, PrivateMessage
from activities.selectors.one_activity import Shown
from activities.selectors.visible import Sight, waiting
from contacts.addresses import domain_of, is_public_mail_domain, registrable_domain, without_tag
from contacts.models import (
    Company,
    CompanyDomain,
    Contact,
    ContactAddress,
    InternalDomain,
    Profile,
    ProjectCompany,
)
from contacts.selectors import search_text

MOST = 6
MOST_FOUND = 8
_WORD = re.compile(r"\w[\w&.'-]*")


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A contact or company to assign to, and why. `projects` are those it stands in already."""

    kind: str
    id: uuid.UUID
    name: str
    why: str
    projects: frozenset[uuid.UUID] = frozenset()

    @property
    def value(self) -> str:
        return f"{self.kind}:{self.id}"


@dataclass(frozen=True, slots=True)
class Asked:
    """What a mail says of whom it is about: the original sender of a forward, everybody from
    outside with their names, its words, and the projects of the ways it came in by."""

    original: str = ""
    outside: tuple[str, ...] = ()
    names: Mapping[str, str] = field(default_factory=dict)
    text: str = ""
    through: frozenset[uuid.UUID] = frozenset()
    activity_id: uuid.UUID | None = None

    @property
    def writer(self) -> str:
        """Who a new contact would be."""
        return self.original or next(iter(self.outside), "")


@dataclass(slots=True)
class _Found:
    contacts: dict[uuid.UUID, str] = field(default_factory=dict)
    companies: dict[uuid.UUID, str] = field(default_factory=dict)


def asked_of(mail: Shown) -> Asked:
    """What a kept mail says of whom it is about. One query."""
    channels = [copy.channel_id for copy in mail.copies]
    rows = ChannelProject.objects.filter(
        workspace_id=mail.activity.workspace_id, channel_id__in=channels
    )
    return Asked(
        original=_original_sender(mail),
        outside=tuple(_outside(mail)),
        names={one.address: one.name for one in mail.people},
        text=f"{mail.line.title} {mail.line.snippet}",
        through=frozenset(rows.values_list("project_id", flat=True)),
        activity_id=mail.activity.id,
    )


def asked_of_private(row: PrivateMessage) -> Asked:
    """What an unlogged mail of the member's own says of whom it is about. One query."""
    people = row.headers.get("participants", ())
    internal = _internal(row.decision)
    rows = ChannelProject.objects.filter(workspace_id=row.workspace_id, channel_id=row.channel_id)
    return Asked(
        outside=tuple(address for _role, address, _name in people if address not in internal),
        names={address: name for _role, address, name in people},
        text=row.subject,
        through=frozenset(rows.values_list("project_id", flat=True)),
    )


def suggest(sight: Sight, mail: Asked) -> list[Suggestion]:
    """The best guesses for one mail, best first: original sender, known address, earlier
    choices for the same address, domain, names in the text. A constant number of queries."""
    found = _Found()
    _by_address(
        sight, [mail.original] if mail.original else [], _("Wrote the forwarded mail"), found
    )
    _by_address(sight, mail.outside, _("Is on this mail"), found)
    _by_earlier_choice(sight, [mail.original, *mail.outside], found)
    _by_domain(sight, [mail.original, *mail.outside], found)
    _by_name(sight, mail.text, found)
    return _dressed(sight, found)[:MOST]


def find_whom(sight: Sight, text: str) -> list[Suggestion]:
    """Contacts and companies whose name, address or domain begins with or contains the text."""
    wanted = search_text(text)
    if len(wanted) < 2:
        return []
    found = _Found()
    workspace = sight.workspace_id
    for row in Company.objects.filter(workspace_id=workspace, name__icontains=wanted).order_by(
        Lower("name")
    )[:MOST_FOUND]:
        found.companies[row.id] = _("Company")
    domains = CompanyDomain.objects.filter(workspace_id=workspace, domain__contains=wanted.lower())
    for company_id, domain in domains.values_list("company_id", "domain")[:MOST_FOUND]:
        found.companies.setdefault(company_id, domain)
    for one in Contact.objects.filter(workspace_id=workspace, name__icontains=wanted).order_by(
        Lower("name")
    )[:MOST_FOUND]:
        found.contacts[one.id] = _("Contact")
    addresses = ContactAddress.objects.filter(
        workspace_id=workspace, address__contains=wanted.lower()
    )
    for contact_id, address in addresses.values_list("contact_id", "address")[:MOST_FOUND]:
        found.contacts.setdefault(contact_id, address)
    return _dressed(sight, found)[: MOST_FOUND * 2]


def named(sight: Sight, value: str) -> list[Suggestion]:
    """The one that a form names as "contact:id" or "company:id", if it is there."""
    kind, _sep, text = value.partition(":")
    try:
        row_id = uuid.UUID(text)
    except ValueError:
        return []
    found = _Found()
    if kind == "contact":
        found.contacts[row_id] = _("Contact")
    elif kind == "company":
        found.companies[row_id] = _("Company")
    return _dressed(sight, found)


def domain_to_link(sight: Sight, mail: Asked) -> str:
    """The domain that a company could be given for this mail; "" where none is anybody's own."""
    for address in [mail.original, *mail.outside]:
        domain = registrable_domain(domain_of(address)) if address else None
        if not domain or is_public_mail_domain(domain):
            continue
        taken = CompanyDomain.objects.filter(workspace_id=sight.workspace_id, domain=domain)
        ours = InternalDomain.objects.filter(workspace_id=sight.workspace_id, domain=domain)
        if not taken.exists() and not ours.exists():
            return domain
    return ""


def also_waiting(sight: Sight, mail: Asked, domain: str) -> int:
    """How many more mails of the queue come from this domain, counted up to 99."""
    rows = waiting(sight).filter(group_domain=domain)
    if mail.activity_id is not None:
        rows = rows.exclude(id=mail.activity_id)
    return len(rows.values_list("id", flat=True)[:99])


def default_projects(
    sight: Sight, mail: Asked, suggestion: Suggestion | None
) -> frozenset[uuid.UUID]:
    """The projects to tick first: those of the suggestion among those of the way in."""
    through = mail.through & sight.project_ids
    if suggestion is not None and suggestion.projects:
        # Where several fit, a person chooses: nothing is ticked for them.
        both = suggestion.projects & through if through else suggestion.projects
        if both:
            return both if len(both) == 1 else frozenset()
    certain = through or sight.project_ids
    return certain if len(certain) == 1 else frozenset()


def _original_sender(mail: Shown) -> str:
    for copy in mail.copies:
        if copy.copy_facts.get("forwarded_from"):
            return str(copy.copy_facts["forwarded_from"])
    return ""


def _outside(mail: Shown) -> list[str]:
    internal = {one for copy in mail.copies for one in _internal(copy.decision)}
    return [one.address for one in mail.people if one.address not in internal]


def _internal(decision: Mapping[str, Any]) -> set[str]:
    """The addresses that were taken for our own."""
    people = decision.get("participants", ())
    return {one["address"] for one in people if one.get("kind") == "internal"}


def _by_address(sight: Sight, addresses: Iterable[str], why: str, found: _Found) -> None:
    asked = {form for one in addresses for form in (one, without_tag(one))}
    if not asked:
        return
    rows = ContactAddress.objects.filter(workspace_id=sight.workspace_id, address__in=asked)
    for contact_id in rows.values_list("contact_id", flat=True)[:MOST]:
        found.contacts.setdefault(contact_id, why)


def _by_earlier_choice(sight: Sight, addresses: Iterable[str], found: _Found) -> None:
    asked = [one for one in addresses if one]
    rows = Assignment.objects.filter(
        workspace_id=sight.workspace_id,
        project_id__in=sight.project_ids,
        origin=Assignment.Origin.PERSON,
        activity__message__participants__address__in=asked,
        # By this the index finds them; the address itself stands in none.
        activity__message__participants__base__in={without_tag(one) for one in asked},
    ).order_by("-created_at")
    for contact_id, company_id in rows.values_list("contact_id", "company_id")[:20]:
        if contact_id:
            found.contacts.setdefault(contact_id, _("Chosen before for this address"))
        elif company_id:
            found.companies.setdefault(company_id, _("Chosen before for this address"))


def _by_domain(sight: Sight, addresses: Iterable[str], found: _Found) -> None:
    domains = {domain_of(one) for one in addresses if one}
    domains |= {registrable_domain(one) or one for one in domains}
    rows = CompanyDomain.objects.filter(workspace_id=sight.workspace_id, domain__in=domains)
    for company_id, domain, shared in rows.values_list("company_id", "domain", "shared")[:MOST]:
        words = _("Shares %(domain)s") if shared else _("Has the domain %(domain)s")
        found.companies.setdefault(company_id, words % {"domain": domain})


def _by_name(sight: Sight, text: str, found: _Found) -> None:
    words = [word.strip(".'-").lower() for word in _WORD.findall(text)[:60]]
    runs = {
        " ".join(words[start : start + length])
        for length in (1, 2, 3)
        for start in range(len(words) - length + 1)
    }
    names = [run for run in runs if len(run) > 3]
    rows = Company.objects.annotate(plain=Lower("name")).filter(
        workspace_id=sight.workspace_id, plain__in=names
    )
    for company_id in rows.values_list("id", flat=True)[:3]:
        found.companies.setdefault(company_id, _("Is named in the text"))
    people = Contact.objects.annotate(plain=Lower("name")).filter(
        workspace_id=sight.workspace_id, plain__in=[name for name in names if " " in name]
    )
    for contact_id in people.values_list("id", flat=True)[:3]:
        found.contacts.setdefault(contact_id, _("Is named in the text"))


def _dressed(sight: Sight, found: _Found) -> list[Suggestion]:
    workspace, visible = sight.workspace_id, sight.project_ids
    belongs: dict[uuid.UUID, set[uuid.UUID]] = {}
    profiles = Profile.objects.filter(
        workspace_id=workspace, contact_id__in=found.contacts, project_id__in=visible
    )
    places = ProjectCompany.objects.filter(
        workspace_id=workspace, company_id__in=found.companies, project_id__in=visible
    )
    for owner, project_id in [
        *profiles.values_list("contact_id", "project_id"),
        *places.values_list("company_id", "project_id"),
    ]:
        belongs.setdefault(owner, set()).add(project_id)
    contacts = Contact.objects.filter(workspace_id=workspace).in_bulk(list(found.contacts))
    companies = Company.objects.filter(workspace_id=workspace).in_bulk(list(found.companies))
    dressed = [
        Suggestion(
            "contact", row_id, str(contacts[row_id]), why, frozenset(belongs.get(row_id, ()))
        )
        for row_id, why in found.contacts.items()
        if row_id in contacts
    ]
    dressed += [
        Suggestion(
            "company", row_id, str(companies[row_id]), why, frozenset(belongs.get(row_id, ()))
        )
        for row_id, why in found.companies.items()
        if row_id in companies
    ]
    return dressed
