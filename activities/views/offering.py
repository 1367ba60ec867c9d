"""What the assign form of a mail offers, on every page that has one."""

import uuid
from dataclasses import dataclass
from typing import Any

from accounts.middleware import WorkspaceRequest
from activities.selectors.asked import Asked
from activities.selectors.link_effect import link_effect
from activities.selectors.suggestions import default_projects, domain_to_link, suggest
from activities.selectors.visible import Sight
from activities.selectors.whom import Suggestion, find_whom
from activities.views.lists import projects_of
from contacts.addresses import domain_of, is_public_mail_domain, registrable_domain


@dataclass(frozen=True, slots=True)
class Choice:
    """One choice of the assign form; `projects` are those that it ticks, `stands_in` those that
    the contact or company is in already."""

    value: str
    kind: str
    name: str
    why: str
    projects: tuple[uuid.UUID, ...]
    stands_in: frozenset[uuid.UUID] = frozenset()


def assigning(request: WorkspaceRequest, sight: Sight, mail: Asked) -> dict[str, Any]:
    """What the assign form of one mail offers: suggestions, projects, and the domain to link."""
    suggested = suggest(sight, [mail])[0]
    find = request.GET.get("find", "").strip()
    found = find_whom(sight, find) if find else []
    values = {one.value for one in found}
    suggestions = [one for one in suggested.whom if one.value not in values]
    domain = domain_to_link(sight, mail)
    best = next(iter([*found, *suggestions]), None)
    ticked = {str(one) for one in default_projects(sight, mail, best, suggested.projects)}
    new = _somebody_new(request, mail, domain)

    def choice(one: Suggestion) -> Choice:
        projects = default_projects(sight, mail, one, suggested.projects)
        return Choice(one.value, one.kind, one.name, one.why, tuple(projects), one.projects)

    anybody = tuple(default_projects(sight, mail, None, suggested.projects))
    return {
        "suggestions": [choice(one) for one in suggestions],
        "found": [choice(one) for one in found],
        "new_choices": new_choices(new["new_company"], new["new_contact"], anybody),
        "find": find,
        "whom": request.POST.get("whom") or (best.value if best else _likeliest_new(domain)),
        "projects": projects_of(sight),
        "named_projects": suggested.projects,
        "ticked_projects": set(request.POST.getlist("projects")) or ticked,
        "link_domain": domain,
        "effect": link_effect(sight, mail, domain) if domain else None,
        "writer": mail.writer,
        **new,
    }


def new_choices(company: str, contact: str, projects: tuple[uuid.UUID, ...] = ()) -> list[Choice]:
    """A company and a contact that are not there yet, by the names that they would get."""
    return [
        Choice("new-company", "new-company", company, "", projects),
        Choice("new-contact", "new-contact", contact, "", projects),
    ]


def _somebody_new(request: WorkspaceRequest, mail: Asked, domain: str) -> dict[str, str]:
    """The names that a new company or contact would get, as typed before or read from the mail."""
    name = mail.names.get(mail.writer, "")
    company = request.POST.get("company_name", "")[:200]
    return {
        "writer_name": name,
        "new_company": company or _company_name(domain or domain_of(mail.writer)),
        "new_contact": request.POST.get("contact_name", "")[:200] or name or mail.writer,
    }


def _likeliest_new(domain: str) -> str:
    """Where nobody is suggested: a domain of their own makes a company, else it is a person."""
    return "new-company" if domain else "new-contact"


def _company_name(domain: str) -> str:
    if is_public_mail_domain(domain):
        return ""
    domain = registrable_domain(domain) or domain
    return domain.partition(".")[0].replace("-", " ").title()
