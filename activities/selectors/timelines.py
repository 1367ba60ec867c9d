"""All that is logged, and the one timeline of a contact, a company and a project."""

import uuid
from collections.abc import Iterable

from django.db.models import OuterRef, QuerySet

from accounts.models import MemberAddress
from activities.models import Activity, Assignment
from activities.selectors.lines import Line, line_of, with_rows
from activities.selectors.searching import found_in
from activities.selectors.visible import Sight, logged, there_is, with_level
from contacts.addresses import domain_of, suffixes
from contacts.models import Company, Contact, ContactAddress, InternalDomain, Profile, Project


def activities(
    sight: Sight,
    *,
    project_id: uuid.UUID | None = None,
    kind: str = "",
    text: str = "",
    arrived: str = "",
) -> QuerySet[Activity]:
    """What is logged in the projects of the member, narrowed by the filters of the page."""
    rows = logged(sight)
    if project_id is not None:
        there = Assignment.objects.filter(
            workspace_id=sight.workspace_id, activity=OuterRef("pk"), project_id=project_id
        )
        rows = rows.filter(there_is(there))
    if kind in Activity.Kind.values:
        rows = rows.filter(kind=kind)
    return found_in(rows, sight.workspace_id, text=text, arrived=arrived)


def of_contact(
    sight: Sight, contact: Contact, *, project_id: uuid.UUID | None = None
) -> QuerySet[Assignment]:
    """The contact's assignments in the member's projects, each activity once."""
    return _once(sight, Assignment.objects.filter(contact=contact), project_id)


def of_company(
    sight: Sight, company: Company, *, project_id: uuid.UUID | None = None
) -> QuerySet[Assignment]:
    """What is recorded on the company or on people at it, each activity once."""
    return _once(sight, Assignment.objects.filter(company=company), project_id)


def of_project(sight: Sight, project: Project) -> QuerySet[Assignment]:
    """What is recorded in the project, each activity once."""
    return _once(sight, Assignment.objects.all(), project.id)


def lines_at(sight: Sight, assignments: Iterable[Assignment]) -> list[Line]:
    """The rows of one page of a timeline, in its order. Six queries."""
    ids = [one.activity_id for one in assignments]
    rows = with_level(Activity.objects.filter(workspace_id=sight.workspace_id, id__in=ids), sight)
    found = {row.id: row for row in with_rows(rows, sight)}
    return [line_of(found[activity_id]) for activity_id in ids if activity_id in found]


def contact_shown(sight: Sight, contact_id: uuid.UUID) -> Contact | None:
    rows = Contact.objects.filter(workspace_id=sight.workspace_id, id=contact_id)
    return rows.select_related("company").first()


def company_shown(sight: Sight, company_id: uuid.UUID) -> Company | None:
    return Company.objects.filter(workspace_id=sight.workspace_id, id=company_id).first()


def project_shown(sight: Sight, project_id: uuid.UUID) -> Project | None:
    """The project, if the member may see it."""
    rows = Project.objects.filter(
        workspace_id=sight.workspace_id, id__in=sight.project_ids & {project_id}
    )
    return rows.first()


def profiles_shown(sight: Sight, contact: Contact) -> list[Profile]:
    rows = Profile.objects.filter(
        workspace_id=sight.workspace_id, contact=contact, project_id__in=sight.project_ids
    )
    return list(rows.select_related("project").order_by("project__name", "id"))


def internal_addresses(workspace_id: uuid.UUID, contact: Contact) -> list[str]:
    """Those of the contact's addresses that are our own, so that no mail is linked by them (R2)."""
    owned = ContactAddress.objects.filter(workspace_id=workspace_id, contact=contact)
    addresses = list(owned.order_by("address").values_list("address", flat=True))
    members = MemberAddress.objects.filter(
        workspace_id=workspace_id,
        address__in=addresses,
        verified_at__isnull=False,
        released_at=None,
    )
    ours = set(members.values_list("address", flat=True))
    parents = {one for address in addresses for one in suffixes(domain_of(address))}
    rows = InternalDomain.objects.filter(workspace_id=workspace_id, domain__in=parents)
    domains = set(rows.values_list("domain", flat=True))
    return [
        address
        for address in addresses
        if address in ours or domains.intersection(suffixes(domain_of(address)))
    ]


def _once(
    sight: Sight, rows: QuerySet[Assignment], project_id: uuid.UUID | None
) -> QuerySet[Assignment]:
    wanted = sight.project_ids if project_id is None else sight.project_ids & {project_id}
    # The order is the index's own, so that a page at any depth reads a page and no more.
    return (
        rows.filter(workspace_id=sight.workspace_id, project_id__in=wanted)
        .order_by("-occurred_at", "-activity_id")
        .distinct("occurred_at", "activity_id")
    )
