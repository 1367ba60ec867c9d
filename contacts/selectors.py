"""What the pages and the API show of the directory; who may see which project is asked here."""

import uuid
from typing import TypeVar

from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce, Lower
from django.utils.translation import gettext as _

from accounts.models import Member, MemberAddress
from accounts.policies import may
from contacts.addresses import normalise_address, normalise_domain
from contacts.models import (
    Company,
    CompanyDomain,
    Contact,
    ContactAddress,
    InternalDomain,
    Profile,
    Project,
    ProjectCompany,
    ProjectMember,
    PublicMailDomain,
)
from contacts.problems import DirectoryProblem

SUGGESTION_LIMIT = 200
_Meant = TypeVar("_Meant", Company, Contact)
_InProject = TypeVar("_InProject", Profile, ProjectCompany)


def visible_projects(workspace_id: uuid.UUID, member: Member) -> QuerySet[Project]:
    """Return the projects whose mail this member may see: the open ones and those that name them.

    Every list, count, search and API asks here. A role opens nothing: an admin who has to see a
    closed project names themself in its settings, which everybody finds in the audit.
    """
    named = ProjectMember.objects.filter(project=OuterRef("pk"), member=member)
    projects = Project.objects.filter(workspace_id=workspace_id)
    return projects.filter(Q(open_to_all=True) | Exists(named))


def administered_projects(workspace_id: uuid.UUID, member: Member) -> QuerySet[Project]:
    """Return the projects whose settings this member may open: an admin's are all of them."""
    if may(member, "edit projects"):
        return Project.objects.filter(workspace_id=workspace_id)
    return visible_projects(workspace_id, member)


def projects_with_counts(workspace_id: uuid.UUID, member: Member) -> QuerySet[Project]:
    """Return the projects that a member may open, with how many profiles and companies they have.

    Of a project that is only administered the settings are shown, and nothing that is in it.
    """
    return administered_projects(workspace_id, member).annotate(
        profile_count=_count(Profile), company_count=_count(ProjectCompany)
    )


def companies(workspace_id: uuid.UUID, member: Member, *, text: str = "") -> QuerySet[Company]:
    """Return the workspace's companies with domains and visible projects, narrowed by a text."""
    found = Company.objects.filter(workspace_id=workspace_id).prefetch_related(
        Prefetch("domains", CompanyDomain.objects.order_by("domain")),
        Prefetch("company_projects", _within(ProjectCompany, workspace_id, member)),
    )
    if text:
        owned = CompanyDomain.objects.filter(company=OuterRef("pk"), domain__contains=text.lower())
        found = found.filter(Q(name__icontains=text) | Exists(owned))
    return found


def contacts(workspace_id: uuid.UUID, member: Member, *, text: str = "") -> QuerySet[Contact]:
    """Return the workspace's contacts with addresses and visible profiles, narrowed by a text."""
    found = (
        Contact.objects.filter(workspace_id=workspace_id)
        .select_related("company")
        .prefetch_related(
            Prefetch("addresses", ContactAddress.objects.order_by("address")),
            Prefetch("profiles", _within(Profile, workspace_id, member)),
        )
    )
    if text:
        owned = ContactAddress.objects.filter(
            contact=OuterRef("pk"), address__contains=text.lower()
        )
        found = found.filter(Q(name__icontains=text) | Exists(owned))
    return found


def profiles(workspace_id: uuid.UUID, member: Member) -> QuerySet[Profile]:
    """Return the profiles in the projects that this member may see."""
    return _within(Profile, workspace_id, member).select_related("contact")


def internal_domains(workspace_id: uuid.UUID) -> QuerySet[InternalDomain]:
    """Return the domains whose people are our own."""
    return InternalDomain.objects.filter(workspace_id=workspace_id).order_by("domain")


def public_domains(workspace_id: uuid.UUID) -> QuerySet[PublicMailDomain]:
    """Return the mailbox providers that the workspace added to the list that ships."""
    return PublicMailDomain.objects.filter(workspace_id=workspace_id).order_by("domain")


def present_members(workspace_id: uuid.UUID) -> QuerySet[Member]:
    """Return the members who may be named to see a project."""
    rows = Member.objects.filter(workspace_id=workspace_id, deactivated_at=None)
    return rows.order_by("name", "id")


def company_names(workspace_id: uuid.UUID) -> list[tuple[str, str]]:
    """Return what a form suggests for companies: what to type, and whose name that is."""
    rows = Company.objects.filter(workspace_id=workspace_id).prefetch_related("domains")
    found = rows.order_by(Lower("name"), "id")[:SUGGESTION_LIMIT]
    return [(way_to_name(company), company.name) for company in found]


def way_to_name(company: Company) -> str:
    """Return the text by which company_meant finds this company: an own domain, or its name."""
    own = [row.domain for row in company.domains.all() if not row.shared]
    return own[0] if own else company.name


def search_text(text: str) -> str:
    """Return what a person searches for, bounded and without characters that no name holds."""
    return " ".join("".join(each if each.isprintable() else " " for each in text[:200]).split())


def former_addresses(workspace_id: uuid.UUID) -> QuerySet[MemberAddress]:
    """Return the addresses of former members, which an admin may release; each address once."""
    rows = MemberAddress.objects.filter(
        workspace_id=workspace_id, member__deactivated_at__isnull=False, verified_at__isnull=False
    )
    return (
        rows.select_related("member")
        .order_by("address", "member", "id")
        .distinct("address", "member")
    )


def company_meant(workspace_id: uuid.UUID, text: str, *, field: str = "company") -> Company:
    """Return the one company that a person means by its name or one of its domains."""
    rows = Company.objects.filter(workspace_id=workspace_id)
    domain = normalise_domain(text)
    owned = CompanyDomain.objects.filter(company=OuterRef("pk"), domain=domain)
    found = list(rows.filter(Exists(owned))[:2]) if domain else []
    found = found or list(rows.filter(name__iexact=text.strip())[:2])
    return _only(
        found,
        text,
        field,
        none=_("No company is called %(text)s. Create it first, or choose one from the list."),
        many=_("More than one company is called %(text)s. Enter a domain of the one you mean."),
    )


def contact_meant(workspace_id: uuid.UUID, text: str, *, field: str = "contact") -> Contact:
    """Return the one contact that a person means by an address or the name."""
    rows = Contact.objects.filter(workspace_id=workspace_id)
    address = normalise_address(text)
    owned = ContactAddress.objects.filter(contact=OuterRef("pk"), address=address)
    found = list(rows.filter(Exists(owned))[:2]) if address else []
    found = found or list(rows.filter(name__iexact=text.strip())[:2])
    return _only(
        found,
        text,
        field,
        none=_("No contact is called %(text)s. Enter an address or the whole name."),
        many=_("More than one contact is called %(text)s. Enter an address of the one you mean."),
    )


def _only(found: list[_Meant], text: str, field: str, *, none: str, many: str) -> _Meant:
    if len(found) != 1:
        sentence = many if found else none
        raise DirectoryProblem(sentence % {"text": text.strip()[:60]}, field=field)
    return found[0]


def _count(model: type[_InProject]) -> Coalesce:
    rows = model._default_manager.filter(project=OuterRef("pk")).order_by()
    counted = rows.values("project").annotate(many=Count("id")).values("many")
    return Coalesce(Subquery(counted), 0)


def _within(
    model: type[_InProject], workspace_id: uuid.UUID, member: Member
) -> QuerySet[_InProject]:
    seen = visible_projects(workspace_id, member)
    rows = model._default_manager.filter(workspace_id=workspace_id, project__in=seen)
    return rows.select_related("project").order_by("project__name", "id")
