"""Who a waiting mail may be about: ranked suggestions, each with its reason (U1, B4).

`suggest` answers for a whole page of mail in a constant number of queries.
"""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace

from activities.selectors.asked import Asked, reaches
from activities.selectors.suggestion_ranking import NamedProject, named_projects, ranked
from activities.selectors.suggestion_sources import load_known
from activities.selectors.visible import Sight
from activities.selectors.whom import OneClick, Suggestion, dressed
from contacts.addresses import domain_of, is_public_mail_domain, registrable_domain
from contacts.models import CompanyDomain, InternalDomain


@dataclass(frozen=True, slots=True)
class Suggested:
    """The answer for one mail: `whom`, best first, and the projects that it names."""

    whom: tuple[Suggestion, ...] = ()
    projects: tuple[NamedProject, ...] = ()

    @property
    def best(self) -> Suggestion | None:
        return self.whom[0] if self.whom else None


def suggest(sight: Sight, mails: Sequence[Asked]) -> list[Suggested]:
    """The best guesses for each of these mails, in order. A constant number of queries."""
    if not mails:
        return []
    known = load_known(sight, mails)
    reasons = [ranked(mail, known) for mail in mails]
    everybody = dressed(sight, {key: "" for one in reasons for key in one})
    names = {(one.kind, one.id): one for one in everybody}
    return [
        Suggested(
            tuple(replace(names[key], why=why) for key, why in one.items() if key in names),
            tuple(named_projects(mail, known)),
        )
        for mail, one in zip(mails, reasons, strict=True)
    ]


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


def default_projects(
    sight: Sight, mail: Asked, suggestion: Suggestion | None, named: Sequence[NamedProject] = ()
) -> frozenset[uuid.UUID]:
    """The projects to tick first: what the subject names with a #, else those of the suggestion
    among those of the way in."""
    if hashed := frozenset(one.id for one in named if one.hashed):
        return hashed
    through = reaches(sight, mail)
    if suggestion is not None and suggestion.projects:
        # Where several fit, a person chooses: nothing is ticked for them.
        both = suggestion.projects & through if through else suggestion.projects
        if both:
            return both if len(both) == 1 else frozenset()
    certain = through or frozenset(one.id for one in named) or sight.project_ids
    return certain if len(certain) == 1 else frozenset()


def one_click(sight: Sight, mail: Asked, suggested: Suggested) -> OneClick | None:
    """The row's best suggestion, where exactly one project is certain."""
    if suggested.best is None:
        return None
    projects = default_projects(sight, mail, suggested.best, suggested.projects)
    return OneClick(suggested.best, next(iter(projects))) if len(projects) == 1 else None
