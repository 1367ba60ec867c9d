"""Gives the demo a mailbox that a file of old mail can be imported into."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts import tenancy
from accounts.models import Member, User
from contacts.models import Project
from mailsync.models import Mailbox
from mailsync.services.connect_mailbox import connect_files

SLUG = "demo"
# Whose mailbox it is, the file of old mail, and the projects that it is synced to.
MAILBOXES = (("ana@demo.example", "archive.mbox", ("Onboarding",)),)


class Command(BaseCommand):
    help = "Makes the demo's file mailboxes, once, and prints them as one line of JSON."

    def handle(self, *args: Any, **options: Any) -> None:
        made = [
            {"id": str(ensure_mailbox(address, projects).id), "file": file}
            for address, file, projects in MAILBOXES
        ]
        self.stdout.write(json.dumps(made))


def ensure_mailbox(address: str, project_names: tuple[str, ...]) -> Mailbox:
    """The file mailbox of a demo member, made through the service where it is missing."""
    user = User.objects.filter(email=address).first()
    rows = tenancy.call("accounts_membership", user.pk, SLUG) if user else []
    if not rows:
        raise CommandError("There is no demo workspace yet. Run demo_workspace first.")
    workspace_id, member_id = rows[0]
    with tenancy.in_workspace(workspace_id, member_id):
        there = Mailbox.objects.filter(
            workspace_id=workspace_id,
            channel__owner_id=member_id,
            address=address,
            provider=Mailbox.Provider.FILE,
        ).first()
        member = Member.objects.get(workspace_id=workspace_id, id=member_id)
        projects = Project.objects.filter(workspace_id=workspace_id, name__in=project_names)
        project_ids = list(projects.values_list("id", flat=True))
    return there or connect_files(workspace_id, by=member, address=address, project_ids=project_ids)
