"""A workspace to measure in: members, projects, companies with domains, contacts with profiles."""

import uuid
from dataclasses import dataclass

from django.utils import timezone

from accounts import tenancy
from accounts.models import Member, MemberAddress, Role, User, Workspace
from activities.models import Channel, ChannelProject
from benchmarks import corpus
from contacts.models import (
    Company,
    CompanyDomain,
    Contact,
    ContactAddress,
    InternalDomain,
    Profile,
    Project,
    ProjectCompany,
)


@dataclass(frozen=True, slots=True)
class Place:
    """The workspace, one member with a mailbox in it, and an inbound address of a project."""

    id: uuid.UUID
    member: Member
    mailbox: Channel
    inbound: Channel
    projects: tuple[Project, ...]


def make_workspace(*, projects: int = 3) -> Place:
    """Make a workspace that knows the companies and contacts of the corpus.

    Each company belongs to one project, so that its people are logged without a choice.
    """
    workspace = Workspace(name="Bench", slug=f"bench-{uuid.uuid4().hex[:8]}")
    with tenancy.in_workspace(workspace.id):
        workspace.save(force_insert=True)
        made = Project.objects.bulk_create(
            Project(workspace=workspace, name=f"Project {number}", interaction_type="Email")
            for number in range(projects)
        )
        InternalDomain.objects.create(workspace=workspace, domain=corpus.OWN_DOMAIN)
        member = _make_member(workspace)
        _make_customers(workspace, made)
    with tenancy.in_workspace(workspace.id, member.id):
        mailbox = _make_channel(workspace, made, source="sync", owner=member)
        inbound = _make_channel(workspace, made[:1], source="bcc", owner=None)
    return Place(workspace.id, member, mailbox, inbound, tuple(made))


def _make_member(workspace: Workspace) -> Member:
    address = corpus.member_address(0)
    user = User.objects.filter(email=address).first() or User.objects.create_user(address)
    member = Member.objects.create(workspace=workspace, user=user, role=Role.OWNER, name="Member")
    MemberAddress.objects.create(
        workspace=workspace,
        member=member,
        address=address,
        origin=MemberAddress.Origin.SIGN_IN,
        verified_at=timezone.now(),
    )
    return member


def _make_customers(workspace: Workspace, projects: list[Project]) -> None:
    numbers = range(corpus.COMPANIES)
    companies = Company.objects.bulk_create(
        Company(workspace=workspace, name=f"Company {number}") for number in numbers
    )
    CompanyDomain.objects.bulk_create(
        CompanyDomain(workspace=workspace, company=company, domain=corpus.company_domain(number))
        for number, company in enumerate(companies)
    )
    ProjectCompany.objects.bulk_create(
        ProjectCompany(
            workspace=workspace, company=company, project=projects[number % len(projects)]
        )
        for number, company in enumerate(companies)
    )
    contacts = Contact.objects.bulk_create(
        Contact(
            workspace=workspace, name=f"Person {one}", company=companies[one % corpus.COMPANIES]
        )
        for one in range(corpus.CONTACTS)
    )
    ContactAddress.objects.bulk_create(
        ContactAddress(workspace=workspace, contact=contact, address=corpus.contact_address(number))
        for number, contact in enumerate(contacts)
    )
    Profile.objects.bulk_create(
        Profile(
            workspace=workspace,
            contact=contact,
            project=projects[number % corpus.COMPANIES % len(projects)],
            origin=Profile.Origin.ENGINE,
        )
        for number, contact in enumerate(contacts)
    )


def _make_channel(
    workspace: Workspace, projects: list[Project], *, source: str, owner: Member | None
) -> Channel:
    channel = Channel.objects.create(
        workspace=workspace, owner=owner, source=source, name=f"{source} bench"
    )
    ChannelProject.objects.bulk_create(
        ChannelProject(workspace=workspace, channel=channel, project=project)
        for project in projects
    )
    return channel
