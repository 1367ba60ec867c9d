"""Makes the workspace that the demo is about, through the services that the pages use."""

import json
import os
import secrets
import uuid
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from allauth.account.models import EmailAddress
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.urls import reverse

from accounts import tenancy
from accounts.models import Member, Role, User, Workspace
from accounts.services.create_workspace import create_workspace
from accounts.services.invitations import accept_invitation, invite
from activities.models import Entry
from activities.services.entries import add_entry
from bcc_inbound.management.demo import directory
from bcc_inbound.management.demo.found import SLUG, find
from bcc_inbound.selectors import shown_addresses
from bcc_inbound.services.ensure_addresses import ensure_addresses
from contacts.models import Company, Project
from contacts.services.create_company import create_company
from contacts.services.create_contact import create_contact
from contacts.services.internal_domains import add_internal_domain
from contacts.services.project_settings import ProjectSettings, create_project, edit_project


class Command(BaseCommand):
    help = "Makes the demo workspace, once, and prints how to get in as one line of JSON."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--password", default="", help="of both members; otherwise a random one is kept"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("Set DEMO=1 first: this makes members with a known password.")
        password = options["password"] or kept_password()
        ana = make_user(directory.ANA, password)
        ben = make_user(directory.BEN, password)
        found = find(directory.ANA.address)
        workspace_id = found.workspace_id if found else fill(ana, ben)
        print(json.dumps(describe(workspace_id, ana, password)))


def kept_password() -> str:
    """The password of an earlier run, or a new random one; it lies beside the blob store."""
    path = Path(settings.BLOB_ROOT).resolve().parent / "demo-password"
    if path.exists():
        return path.read_text(encoding="ascii").strip()
    password = secrets.token_urlsafe(12)
    path.parent.mkdir(parents=True, exist_ok=True)
    with os.fdopen(os.open(path, os.O_CREAT | os.O_WRONLY | os.O_EXCL, 0o600), "w") as file:
        file.write(password)
    return password


def make_user(who: directory.DemoMember, password: str) -> User:
    """A user who can sign in with this password and whose address counts as verified."""
    user = User.objects.filter(email=who.address).first()
    if user is None:
        user = User.objects.create_user(who.address, password, name=who.name)
    elif not user.check_password(password):
        user.set_password(password)
        user.save(update_fields=["password"])
    EmailAddress.objects.get_or_create(
        user=user, email=who.address, defaults={"verified": True, "primary": True}
    )
    return user


def fill(ana: User, ben: User) -> uuid.UUID:
    """Make the workspace with everything in it; either all of it is there, or nothing."""
    owner = create_workspace(ana, name="Demo", slug=SLUG, member_name=directory.ANA.name)
    workspace_id = owner.workspace_id
    with tenancy.in_workspace(workspace_id, owner.id):
        _invitation, token = invite(
            workspace_id, owner, email=directory.BEN.address, role=Role.MEMBER
        )
        accept_invitation(workspace_id, ben, token=token, member_name=directory.BEN.name)
        add_internal_domain(workspace_id, by=owner, domain=directory.OWN_DOMAIN)
        projects = make_projects(workspace_id, owner)
        make_customers(workspace_id, owner, projects)
        add_entry(
            workspace_id,
            by=owner,
            text=directory.IGNORED,
            effect=Entry.Effect.IGNORE,
            for_workspace=True,
        )
        ensure_addresses(workspace_id, owner)
    return workspace_id


def make_projects(workspace_id: uuid.UUID, owner: Member) -> dict[str, Project]:
    """The project that every workspace starts with is given its name, the other one is made."""
    first = Project.objects.filter(workspace_id=workspace_id).order_by("created_at").first()
    onboarding = ProjectSettings(name=directory.ONBOARDING)
    renewals = ProjectSettings(name=directory.RENEWALS, interaction_type="Renewal email")
    made = (
        edit_project(workspace_id, by=owner, project_id=first.id, settings=onboarding)
        if first
        else create_project(workspace_id, by=owner, settings=onboarding)
    )
    return {
        directory.ONBOARDING: made,
        directory.RENEWALS: create_project(workspace_id, by=owner, settings=renewals),
    }


def make_customers(workspace_id: uuid.UUID, owner: Member, projects: dict[str, Project]) -> None:
    companies: dict[str, Company] = {}
    for company in directory.COMPANIES:
        companies[company.name] = create_company(
            workspace_id,
            by=owner,
            name=company.name,
            domains=[company.domain],
            project_ids=[projects[name].id for name in company.projects],
        )
    for contact in directory.CONTACTS:
        create_contact(
            workspace_id,
            by=owner,
            name=contact.name,
            addresses=[contact.address],
            company_id=companies[contact.company].id if contact.company else None,
            project_ids=[projects[name].id for name in contact.projects],
        )


def describe(workspace_id: uuid.UUID, ana: User, password: str) -> dict[str, str]:
    """What a person needs to get in and to send the first mail."""
    with tenancy.in_workspace(workspace_id):
        workspace = Workspace.objects.get(id=workspace_id)
        member = Member.objects.get(workspace_id=workspace_id, user=ana)
        shown = shown_addresses(workspace_id, member, workspace_name=workspace.name)
    addresses = {one.project.name if one.project else "": one.text for one in shown}
    return {
        "workspace": workspace.name,
        "workspace_path": reverse("activities:list", args=[workspace.slug]),
        "outbox_path": reverse("accounts:outbox"),
        "sign_in": ana.email,
        "password": password,
        "project": directory.ONBOARDING,
        "inbound_address": addresses.get(directory.ONBOARDING, ""),
        "renewals_address": addresses.get(directory.RENEWALS, ""),
        "workspace_address": addresses.get("", ""),
    }
