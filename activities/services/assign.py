"""Assigns activities by hand, and remembers where that was asked for (U2)."""

import uuid
from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass, field

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import Member
from activities.models import (
    Activity,
    Assignment,
    Change,
    PendingParticipant,
    Thread,
)
from activities.problems import RecordProblem
from activities.services.heed_entries import heed_entries
from activities.services.lock_activities import lock_activities
from activities.services.record_change import moved_activities, record_change
from activities.services.redecide import redecide_thread
from activities.services.settle import settle
from activities.services.snapshot import Snapshot, take_snapshots
from activities.services.take_back import bring_own_copies_back
from activities.services.taken_out import lift_taken_out
from activities.services.undo_made import Made
from contacts.models import (
    Company,
    CompanyDomain,
    Contact,
    ContactAddress,
    Profile,
    Project,
    ProjectCompany,
)
from contacts.selectors import visible_projects
from contacts.services.checks import find
from contacts.services.company_domains import add_company_domain
from contacts.services.create_company import create_company
from contacts.services.create_contact import create_contact
from contacts.services.profiles import give_profile
from contacts.services.project_companies import add_project_company

MOST_PROJECTS = 50


@dataclass(frozen=True, slots=True)
class Whom:
    """Who it is about: a contact or company that is there, or one to be made on the spot.

    `new_contact` is a name (it may be empty) for `address`; `new_company` is a name. With
    `link_domain` the company gets this domain and joins the projects, so that later mail from it
    logs itself; `joins` makes it join them without a domain ("always to this project").
    """

    contact_id: uuid.UUID | None = None
    company_id: uuid.UUID | None = None
    new_contact: str | None = None
    new_company: str | None = None
    address: str = ""
    link_domain: str = ""
    joins: bool = False


@dataclass(slots=True)
class _Target:
    project: Project
    contact: Contact | None
    company: Company | None
    addresses: frozenset[str] = field(default_factory=frozenset)


@transaction.atomic
def assign(
    workspace_id: uuid.UUID,
    *,
    by: Member,
    activity_ids: Collection[uuid.UUID],
    whom: Sequence[Whom],
    project_ids: Collection[uuid.UUID],
    expected: str = "",
) -> Change:
    """Record the activities on everybody named, in each of the projects, and return the change.

    `expected` is the state that the form showed. Raises NotThere, AlreadyDone (nothing was
    changed), RecordProblem for what the person can put right, and DirectoryProblem from what is
    made on the spot. What is recorded there already stays as it is.
    """
    activities = lock_activities(workspace_id, by, activity_ids, expected=expected)
    heed_entries(workspace_id, by=by, activities=activities)
    lift_taken_out(workspace_id, activities)
    projects = _projects(workspace_id, by, project_ids)
    made = Made()
    targets = [t for one in whom for t in _resolve(workspace_id, by, one, projects, made)]
    if not targets:
        raise RecordProblem(_("Choose a company or a contact."), field="whom")
    ids = [activity.id for activity in activities]
    before = take_snapshots(workspace_id, ids)
    for target in targets:
        _record(workspace_id, by, activities, target)
    brought = bring_own_copies_back(workspace_id, by, activities)
    settle(workspace_id, activities, by=by, at=timezone.now())
    before |= _settle_their_threads(workspace_id, by, activities, before)
    return record_change(
        workspace_id,
        by=by,
        kind=Change.Kind.ASSIGN,
        summary=_summary(len(activities), targets),
        moved=[
            *moved_activities(before, take_snapshots(workspace_id, before.keys())),
            *brought,
        ],
        made=asdict(made),
    )


def _projects(
    workspace_id: uuid.UUID, by: Member, project_ids: Collection[uuid.UUID]
) -> list[Project]:
    wanted = set(project_ids)
    found = list(visible_projects(workspace_id, by).filter(id__in=wanted).order_by("name", "id"))
    if not wanted or len(wanted) > MOST_PROJECTS or len(found) != len(wanted):
        raise RecordProblem(_("Choose the project that this belongs to."), field="projects")
    return found


def _resolve(
    workspace_id: uuid.UUID, by: Member, whom: Whom, projects: list[Project], made: Made
) -> list[_Target]:
    if whom.contact_id or whom.new_contact is not None:
        return _contact(workspace_id, by, whom, projects, made)
    if whom.company_id or whom.new_company is not None:
        return _company(workspace_id, by, whom, projects, made)
    return []


def _contact(
    workspace_id: uuid.UUID, by: Member, whom: Whom, projects: list[Project], made: Made
) -> list[_Target]:
    ids = [project.id for project in projects]
    if whom.contact_id:
        contact = find(Contact, workspace_id, whom.contact_id)
        stands_in = Profile.objects.filter(workspace_id=workspace_id, contact=contact)
        there = set(stands_in.values_list("project_id", flat=True))
        for project_id in ids:
            # A profile that is there stays what it is: assigning a mail chooses nothing for it.
            if project_id not in there:
                give_profile(workspace_id, by=by, contact_id=contact.id, project_id=project_id)
    else:
        contact = create_contact(
            workspace_id,
            by=by,
            name=whom.new_contact or "",
            addresses=[whom.address] if whom.address else [],
            company_id=whom.company_id,
            project_ids=ids,
        )
        made.contacts.append(str(contact.id))
    owned = ContactAddress.objects.filter(workspace_id=workspace_id, contact=contact)
    addresses = frozenset(owned.values_list("address", flat=True))
    return [_Target(project, contact, contact.company, addresses) for project in projects]


def _company(
    workspace_id: uuid.UUID, by: Member, whom: Whom, projects: list[Project], made: Made
) -> list[_Target]:
    if whom.company_id:
        company = find(Company, workspace_id, whom.company_id)
    else:
        company = create_company(workspace_id, by=by, name=whom.new_company or "")
        made.companies.append(str(company.id))
    if whom.link_domain or whom.joins or not whom.company_id:
        linked = ProjectCompany.objects.filter(workspace_id=workspace_id, company=company)
        there = set(linked.values_list("project_id", flat=True))
        for project in projects:
            if project.id not in there:
                add_project_company(
                    workspace_id, by=by, project_id=project.id, company_id=company.id
                )
                made.links.append([str(project.id), str(company.id)])
    if whom.link_domain:
        domains = CompanyDomain.objects.filter(workspace_id=workspace_id, company=company)
        there_before = set(domains.values_list("domain", flat=True))
        linked_domain = add_company_domain(
            workspace_id, by=by, company_id=company.id, domain=whom.link_domain
        ).domain
        if linked_domain not in there_before:
            made.domains.append([linked_domain, str(company.id)])
    return [_Target(project, None, company) for project in projects]


def _record(
    workspace_id: uuid.UUID, by: Member, activities: list[Activity], target: _Target
) -> None:
    same = Assignment.objects.filter(
        workspace_id=workspace_id,
        activity__in=activities,
        project=target.project,
        contact=target.contact,
    )
    if target.contact is None:
        same = same.filter(company=target.company)
    there = set(same.values_list("activity_id", flat=True))
    Assignment.objects.bulk_create(
        Assignment(
            workspace_id=workspace_id,
            activity=activity,
            project=target.project,
            contact=target.contact,
            company=target.company,
            address=_address_on(activity, target.addresses),
            interaction_type=target.project.interaction_type,
            origin=Assignment.Origin.PERSON,
            rule="U2",
            made_by=by,
            occurred_at=activity.occurred_at,
        )
        for activity in activities
        if activity.id not in there
    )
    for activity in activities:
        activity.taken_out.pop(str(target.project.id), None)
    # Who was recorded by hand in one of their candidates does not wait any longer (R7).
    PendingParticipant.objects.filter(
        workspace_id=workspace_id,
        activity__in=activities,
        contact=target.contact,
        company=target.company,
        candidates__contains=[target.project.id],
    ).delete()


def _address_on(activity: Activity, addresses: frozenset[str]) -> str:
    if not addresses or activity.message is None:
        return ""
    on_it = activity.message.participants.filter(address__in=addresses)
    return on_it.values_list("address", flat=True).first() or ""


def _settle_their_threads(
    workspace_id: uuid.UUID,
    by: Member,
    activities: list[Activity],
    known: dict[uuid.UUID, Snapshot],
) -> dict[uuid.UUID, Snapshot]:
    """A mail assigned by hand places its thread, which may settle others who wait on it (R7).

    Returns the earlier state of what else is touched.
    """
    threads = {activity.thread_id for activity in activities if activity.thread_id}
    roots = Thread.objects.filter(workspace_id=workspace_id, id__in=threads).values("root")
    waiting = PendingParticipant.objects.filter(workspace_id=workspace_id, thread__root__in=roots)
    found = set(waiting.values_list("thread__root_id", flat=True))
    on_them = Activity.objects.filter(workspace_id=workspace_id, thread__root__in=found)
    ids = set(on_them.values_list("id", flat=True)) - known.keys()
    before = take_snapshots(workspace_id, ids)
    for root_id in found:
        for activity_id in redecide_thread(workspace_id, root_id, by.id):
            if activity_id not in known and activity_id not in before:
                before[activity_id] = {}
    return before


def _summary(count: int, targets: list[_Target]) -> str:
    names = list(dict.fromkeys(str(target.contact or target.company) for target in targets))
    words = ngettext(
        "%(count)d activity assigned to %(whom)s",
        "%(count)d activities assigned to %(whom)s",
        count,
    )
    return words % {"count": count, "whom": ", ".join(names)}
