"""What the workspace knows of the people on a page of mail; all of it in a few queries."""

import re
import uuid
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.db.models import Q
from django.db.models.functions import Lower

from activities.mail.fingerprint import fold_subject
from activities.models import Assignment, Participant
from activities.selectors.asked import Asked
from activities.selectors.visible import Sight
from activities.selectors.whom import Key
from contacts.addresses import domain_of, is_public_mail_domain, suffixes, without_tag
from contacts.models import Company, CompanyDomain, Contact, ContactAddress, Project

SHORTEST_NAME = 4
MOST_WORDS = 60
MOST_CHOICES = 300

_WORD = re.compile(r"\w[\w&.'’-]*")


@dataclass(slots=True)
class Known:
    """Who the addresses, domains, threads, subjects and words of a page lead to.

    A key is ("contact" or "company", id); `domains` tell with it whether the domain is shared.
    """

    addresses: dict[str, list[Key]] = field(default_factory=lambda: defaultdict(list))
    domains: dict[str, list[tuple[Key, bool]]] = field(default_factory=lambda: defaultdict(list))
    chosen: dict[str, list[Key]] = field(default_factory=lambda: defaultdict(list))
    chosen_domains: dict[str, list[Key]] = field(default_factory=lambda: defaultdict(list))
    subjects: dict[tuple[str, str], list[Key]] = field(default_factory=lambda: defaultdict(list))
    threads: dict[uuid.UUID, list[Key]] = field(default_factory=lambda: defaultdict(list))
    names: dict[str, list[Key]] = field(default_factory=lambda: defaultdict(list))
    projects: dict[str, Project] = field(default_factory=dict)

    def of(self, address: str) -> list[Key]:
        """The contacts of an address, or of it without its +tag (R2)."""
        return self.addresses.get(address) or self.addresses.get(without_tag(address)) or []

    def domain_of(self, address: str) -> str:
        """The longest suffix of the address's domain that a company has (R6)."""
        return next((one for one in suffixes(domain_of(address)) if one in self.domains), "")


def load_known(sight: Sight, mails: Sequence[Asked]) -> Known:
    """Everything that the suggestions for these mails need. Nine queries at most."""
    known = Known()
    asked = {one for mail in mails for one in (*mail.writers, *mail.inside, *mail.readers)}
    _by_address(sight, asked, known)
    _by_domain(sight, asked, known)
    bases = {without_tag(one) for mail in mails for one in mail.writers}
    _by_choice(sight, bases, known)
    _by_chosen_domain(sight, {one for mail in mails for one in mail.writers}, known)
    _by_thread(sight, {mail.thread_id for mail in mails if mail.thread_id}, known)
    words = {run for mail in mails for run in runs_of(f"{mail.subject}\n{mail.text}")}
    words |= {mail.original_name.lower() for mail in mails if mail.original_name}
    _by_name(sight, words, known)
    rows = Project.objects.filter(workspace_id=sight.workspace_id, id__in=sight.project_ids)
    known.projects = {plain(row.name): row for row in rows}
    return known


def runs_of(text: str) -> list[str]:
    """The words of a text, and those that follow each other two by two and three by three."""
    words = [word.strip(".'’-").lower() for word in _WORD.findall(text)[:MOST_WORDS]]
    runs = (
        " ".join(words[start : start + length])
        for length in (1, 2, 3)
        for start in range(len(words) - length + 1)
    )
    return [run for run in dict.fromkeys(runs) if len(run) >= SHORTEST_NAME]


def plain(name: str) -> str:
    """A project's name as it is written behind a #: letters and digits alone."""
    return "".join(letter for letter in name.casefold() if letter.isalnum())


def _by_address(sight: Sight, asked: set[str], known: Known) -> None:
    forms = {form for one in asked for form in (one, without_tag(one))}
    rows = ContactAddress.objects.filter(workspace_id=sight.workspace_id, address__in=forms)
    for contact_id, address in rows.values_list("contact_id", "address"):
        known.addresses[address].append(("contact", contact_id))


def _by_domain(sight: Sight, asked: set[str], known: Known) -> None:
    domains = {suffix for one in asked for suffix in suffixes(domain_of(one))}
    rows = CompanyDomain.objects.filter(workspace_id=sight.workspace_id, domain__in=domains)
    for company_id, domain, shared in rows.values_list("company_id", "domain", "shared"):
        known.domains[domain].append((("company", company_id), shared))


def _assigned(sight: Sight) -> Q:
    return Q(workspace_id=sight.workspace_id, project_id__in=sight.project_ids)


def _by_choice(sight: Sight, bases: set[str], known: Known) -> None:
    """Where mail of these addresses, or forwards of it, was recorded.

    Who is a contact is found as one: their mail may be thousands, and is not gone through.
    """
    strangers = {one for one in bases if not known.addresses.get(one)}
    ways = (
        ("activity__message__participants__base", strangers),
        ("activity__message__forwarded__base", bases),
    )
    for path, wanted in ways:
        rows = Assignment.objects.filter(_assigned(sight), **{f"{path}__in": wanted})
        found = rows.order_by("-created_at").values_list(
            "contact_id", "company_id", "origin", path, "activity__message__subject"
        )
        for contact_id, company_id, origin, base, subject in found[:MOST_CHOICES]:
            key = _key(contact_id, company_id)
            if key is None:
                continue
            if origin == Assignment.Origin.PERSON:
                known.chosen[base].append(key)
            known.subjects[base, fold_subject(subject)].append(key)


def _by_chosen_domain(sight: Sight, asked: set[str], known: Known) -> None:
    """What people chose for others of the same domain, where it is nobody's and not public."""
    domains = {
        domain_of(one)
        for one in asked
        if not known.domain_of(one) and not is_public_mail_domain(domain_of(one))
    }
    newest = Participant.objects.filter(workspace_id=sight.workspace_id, domain__in=domains)
    messages = newest.order_by("-id").values("message_id")[:MOST_CHOICES]
    rows = Assignment.objects.filter(
        _assigned(sight),
        origin=Assignment.Origin.PERSON,
        activity__message__in=messages,
        activity__message__participants__domain__in=domains,
    )
    path = "activity__message__participants__domain"
    found = rows.order_by("-created_at").values_list("contact_id", "company_id", path)
    for contact_id, company_id, domain in found[:MOST_CHOICES]:
        key = _key(contact_id, company_id)
        if key is not None:
            known.chosen_domains[domain].append(key)


def _by_thread(sight: Sight, roots: set[uuid.UUID], known: Known) -> None:
    """Where other mails of the threads are recorded, in projects that the member may see."""
    rows = Assignment.objects.filter(_assigned(sight), activity__thread__root__in=roots)
    found = rows.order_by("-created_at").values_list(
        "contact_id", "company_id", "activity__thread__root_id"
    )
    for contact_id, company_id, root_id in found[:MOST_CHOICES]:
        key = _key(contact_id, company_id)
        if key is not None:
            known.threads[root_id].append(key)


def _by_name(sight: Sight, words: Iterable[str], known: Known) -> None:
    wanted = [word for word in words if len(word) >= SHORTEST_NAME]
    companies = Company.objects.annotate(plain=Lower("name")).filter(
        workspace_id=sight.workspace_id, plain__in=wanted
    )
    for company_id, name in companies.values_list("id", "plain"):
        known.names[name].append(("company", company_id))
    # One word of a name is anybody's.
    people = Contact.objects.annotate(plain=Lower("name")).filter(
        workspace_id=sight.workspace_id, plain__in=[word for word in wanted if " " in word]
    )
    for contact_id, name in people.values_list("id", "plain"):
        known.names[name].append(("contact", contact_id))


def _key(contact_id: uuid.UUID | None, company_id: uuid.UUID | None) -> Key | None:
    if contact_id:
        return "contact", contact_id
    return ("company", company_id) if company_id else None
