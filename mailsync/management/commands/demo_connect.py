"""Connects the demo's two mailboxes as their owners would: on the pages and at the sign-in."""

from argparse import ArgumentParser
from typing import Any
from urllib.parse import urlsplit

from django.core.management.base import BaseCommand, CommandError

from accounts import tenancy
from accounts.models import User
from mailsync.management.visitor import Page, UnexpectedPage, Visitor
from mailsync.models import Mailbox

SLUG = "demo"
# Whose mailbox it is, at which vendor, and the projects that it is synced to.
MAILBOXES = (
    ("ana@demo.example", "google", ("Onboarding", "Renewals")),
    ("ben@demo.example", "microsoft", ("Renewals",)),
)


class Command(BaseCommand):
    help = "Connects the demo's mailboxes at the sandbox, once, through the product's own pages."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--site", required=True, help="where Threadwell is, with its scheme")
        parser.add_argument("--password", required=True, help="of both members")

    def handle(self, *args: Any, **options: Any) -> None:
        for address, vendor, projects in MAILBOXES:
            if is_connected(address):
                continue
            try:
                connect(options["site"], options["password"], address, vendor, projects)
            except UnexpectedPage as trouble:
                raise CommandError(f"{address} could not be connected: {trouble}") from trouble


def is_connected(address: str) -> bool:
    user = User.objects.filter(email=address).first()
    rows = tenancy.call("accounts_membership", user.pk, SLUG) if user else []
    if not rows:
        raise CommandError("There is no demo workspace yet. Run demo_workspace first.")
    workspace_id, member_id = rows[0]
    with tenancy.in_workspace(workspace_id, member_id):
        mine = Mailbox.objects.filter(
            workspace_id=workspace_id, channel__owner_id=member_id, address=address
        )
        return mine.exclude(provider=Mailbox.Provider.FILE).exists()


def connect(
    site: str, password: str, address: str, vendor: str, project_names: tuple[str, ...]
) -> None:
    """Sign in, go to the vendor and come back, choose folders and projects, and allow sending."""
    visitor = Visitor(site)
    sign_in = visitor.open("/accounts/login/")
    visitor.send(sign_in, "/accounts/login/", login=address, password=password)
    leaving = visitor.send(
        visitor.open(f"/w/{SLUG}/mailboxes/connection/"), f"/mailboxes/{vendor}/"
    )
    folders = _agree(visitor, leaving, address)
    projects = visitor.send(folders, "/setup/folders/", days="0")
    ids = [
        value
        for form in projects.forms
        for name, value in form.choices.get("projects", {}).items()
        if name in project_names
    ]
    after = visitor.send(projects, "/setup/projects/", projects=ids)
    if urlsplit(after.url).path.endswith("/setup/domain/"):
        visitor.send(after, "/setup/domain/")
    writing = visitor.open(f"/w/{SLUG}/compose/")
    _agree(visitor, visitor.send(writing, "/visit/", send="yes"), address)


def _agree(visitor: Visitor, leaving: Page, address: str) -> Page:
    """Follow the page to the vendor, sign in there and allow all that it asks for."""
    elsewhere = [one for one in leaving.buttons if not one.startswith(visitor.site)]
    if not elsewhere:
        raise UnexpectedPage("The page leads to no sign-in.")
    consent = visitor.open(elsewhere[0])
    return visitor.send(consent, urlsplit(consent.url).path, account=address, answer="allow")
