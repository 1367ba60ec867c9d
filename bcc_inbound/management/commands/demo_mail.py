"""Fills the demo by the product's own doors: SMTP for what is sent to it, files for past mail."""

import json
import smtplib
import time
from argparse import ArgumentParser
from email.policy import SMTP
from email.utils import parseaddr
from io import StringIO
from pathlib import Path
from typing import Any

from django.core.management import call_command, get_commands
from django.core.management.base import BaseCommand, CommandError

from accounts import tenancy
from accounts.models import Member, Workspace
from bcc_inbound.management.demo import directory
from bcc_inbound.management.demo.found import find
from bcc_inbound.management.demo.mails import write_mails
from bcc_inbound.models import Delivery
from bcc_inbound.selectors import shown_addresses

FILES = Path(__file__).resolve().parents[1] / "demo"
WORKER_SECONDS = 20.0


class Command(BaseCommand):
    help = "Sends the demo's mail by SMTP and imports its past mail. Repeating it changes nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--smtp-host", default="127.0.0.1")
        parser.add_argument("--smtp-port", type=int, default=8025)
        parser.add_argument("--no-import", action="store_true", help="only send")

    def handle(self, *args: Any, **options: Any) -> None:
        found = find(directory.ANA.address)
        if found is None:
            raise CommandError("There is no demo workspace yet. Run demo_workspace first.")
        with tenancy.in_workspace(found.workspace_id, found.member_id):
            workspace = Workspace.objects.get(id=found.workspace_id)
            member = Member.objects.get(id=found.member_id)
            shown = shown_addresses(workspace.id, member, workspace_name=workspace.name)
        addresses = {one.project.name if one.project else "": one.text for one in shown}
        sent = send(options["smtp_host"], options["smtp_port"], addresses)
        print(f"Sent {sent} mails by SMTP.")
        if not options["no_import"]:
            self.import_files()
        wait_for_worker(found.workspace_id)

    def import_files(self) -> None:
        """The mailboxes and the import belong to the other channel; they are asked by name."""
        if "demo_mailboxes" not in get_commands() or "import_mail" not in get_commands():
            return
        said = StringIO()
        call_command("demo_mailboxes", stdout=said)
        for mailbox in json.loads(said.getvalue().strip().splitlines()[-1]):
            path = FILES / mailbox["file"]
            call_command("import_mail", str(path), mailbox=mailbox["id"], stdout=self.stdout)


def send(host: str, port: int, addresses: dict[str, str]) -> int:
    """Hand every mail to the listener as its sender's server would: the address is in no header."""
    count = 0
    with smtplib.SMTP(host, port, timeout=30) as client:
        for mail, message in write_mails():
            if not mail.to:
                message["To"] = addresses[mail.place]
            envelope_sender = parseaddr(mail.sender)[1]
            client.sendmail(envelope_sender, [addresses[mail.place]], message.as_bytes(policy=SMTP))
            count += 1
    return count


def wait_for_worker(workspace_id: Any) -> None:
    """Give the worker a moment, so that the first page that is opened has something on it."""
    deadline = time.monotonic() + WORKER_SECONDS
    while time.monotonic() < deadline:
        with tenancy.in_workspace(workspace_id):
            due = Delivery.objects.filter(
                workspace_id=workspace_id, state=Delivery.State.DUE
            ).exists()
        if not due:
            return
        time.sleep(0.2)
