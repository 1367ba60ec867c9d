"""The database as the restricted role, and the named cast that tests are written about."""

from collections.abc import Iterator
from functools import cache
from types import SimpleNamespace
from typing import Any

import environ
import pytest
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import connection, connections

from accounts import tenancy
from accounts.models import Member, MemberAddress, Role, User, Workspace
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

PASSWORD = "correct horse battery"


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings: None) -> None:
    """Create and migrate the test database as the owner of its tables."""
    owner = environ.Env().db_url("DATABASE_OWNER_URL")
    for settings_dict in (settings.DATABASES["default"], connections["default"].settings_dict):
        settings_dict.update({key: owner[key] for key in ("USER", "PASSWORD", "HOST", "PORT")})


@pytest.fixture(scope="session")
def django_db_setup(
    django_db_modify_db_settings: None, django_db_setup: None, django_db_blocker: Any
) -> Iterator[None]:
    """Hand the migrated database to the restricted role: every test signs in as it."""
    role = environ.Env().db_url("DATABASE_URL")
    name = str(connection.settings_dict["NAME"])
    # pytest-django makes no test database where no test of the run asks for one by `db`.
    assert name.startswith("test_"), f"{name} is no test database; ask for the fixture `db`."
    with django_db_blocker.unblock():
        with connection.cursor() as cursor:
            cursor.execute(f'grant truncate on all tables in schema public to "{role["USER"]}"')
        owner = dict(connection.settings_dict)
        _sign_in_as(role)
    yield
    with django_db_blocker.unblock():
        _sign_in_as(owner)


def _sign_in_as(who: dict[str, Any]) -> None:
    connection.close()
    for settings_dict in (settings.DATABASES["default"], connection.settings_dict):
        settings_dict.update({"USER": who["USER"], "PASSWORD": who["PASSWORD"]})


def make_workspace(slug: str, own_domain: str) -> SimpleNamespace:
    """A workspace with Ana (owner) and Ben (member), projects One and Two, and three customers.

    Jane stands in One only, Omar in Two only, Mia in both; Acme (acme.example) belongs to One.
    """
    workspace = Workspace(slug=slug, name=slug.title())
    cast = SimpleNamespace(workspace=workspace, id=workspace.id, slug=slug, domain=own_domain)
    with tenancy.in_workspace(workspace.id):
        workspace.save(force_insert=True)
        cast.ana = make_member(cast, "ana", Role.OWNER)
        cast.ben = make_member(cast, "ben", Role.MEMBER)
        InternalDomain.objects.create(workspace=workspace, domain=own_domain)
        cast.one = Project.objects.create(workspace=workspace, name="One", interaction_type="Email")
        cast.two = Project.objects.create(workspace=workspace, name="Two", interaction_type="Call")
        cast.acme = make_company(cast, "Acme", "acme.example", cast.one)
        cast.jane = make_contact(cast, "Jane", "jane@client.example", cast.one)
        cast.omar = make_contact(cast, "Omar", "omar@client.example", cast.two)
        cast.mia = make_contact(cast, "Mia", "mia@client.example", cast.one, cast.two)
    return cast


def make_member(cast: SimpleNamespace, name: str, role: Role) -> Member:
    """A signed-up user `name`@<own domain> of the workspace, with a verified sign-in address."""
    address = f"{name}@{cast.domain}"
    user, _ = User.objects.get_or_create(email=address, defaults={"password": hashed_password()})
    member = Member.objects.create(workspace_id=cast.id, user=user, role=role, name=name.title())
    MemberAddress.objects.create(
        workspace_id=cast.id,
        member=member,
        address=address,
        origin=MemberAddress.Origin.SIGN_IN,
        verified_at=member.joined_at or user.date_joined,
    )
    return member


@cache
def hashed_password() -> str:
    """The hash of everybody's password, made once: a good hash is slow by design."""
    return make_password(PASSWORD)


def make_company(cast: SimpleNamespace, name: str, domain: str, *projects: Project) -> Company:
    """A company with one domain, in the given projects."""
    company = Company.objects.create(workspace_id=cast.id, name=name)
    CompanyDomain.objects.create(workspace_id=cast.id, company=company, domain=domain)
    for project in projects:
        ProjectCompany.objects.create(workspace_id=cast.id, company=company, project=project)
    return company


def make_contact(cast: SimpleNamespace, name: str, address: str, *projects: Project) -> Contact:
    """A contact with one address whose profiles a person chose."""
    contact = Contact.objects.create(workspace_id=cast.id, name=name, profiles_chosen=True)
    ContactAddress.objects.create(workspace_id=cast.id, contact=contact, address=address)
    for project in projects:
        Profile.objects.create(workspace_id=cast.id, contact=contact, project=project)
    return contact


@pytest.fixture
def ours(db: None) -> SimpleNamespace:
    """The workspace that most tests are about; its own domain is ours.example."""
    return make_workspace("ours", "ours.example")


@pytest.fixture
def rival(db: None) -> SimpleNamespace:
    """Another tenant with the same customers."""
    return make_workspace("rival", "rival.example")


@pytest.fixture
def inside(ours: SimpleNamespace) -> Iterator[SimpleNamespace]:
    """The same as `ours`, with the test body inside the workspace's transaction as Ana."""
    with tenancy.in_workspace(ours.id, ours.ana.id):
        yield ours
