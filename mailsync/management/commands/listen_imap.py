"""Waits at every IMAP mailbox for news; a hint marks it dirty and wakes a worker up."""

import logging
import signal
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.db import connection

from accounts import tenancy
from mailsync.listening import Place, Switchboard
from mailsync.models import Folder, Mailbox
from mailsync.providers.errors import Permanent
from mailsync.providers.imap_idle import IdleConnection
from mailsync.services.open_provider import imap_account
from mailsync.services.want_sync import want_sync
from mailsync.tasks import kick, sync_mailbox

log = logging.getLogger(__name__)


class Command(BaseCommand):
    help = "Listens at all IMAP mailboxes from one process, and only marks them as having news."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--most", type=int, default=2000, help="mailboxes at most")

    def handle(self, *args: Any, **options: Any) -> None:
        tenancy.refuse_unsafe_role()
        board = Switchboard(lambda: places(options["most"]), open_at, hint)
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: board.end())
        log.info("listening at IMAP mailboxes")
        board.run()
        log.info("ended")


def places(most: int) -> list[Place]:
    """The mailboxes to listen at, of all workspaces, as ids."""
    try:
        return [Place(*row) for row in tenancy.call("mailsync_listening", most)]
    finally:
        connection.close()


def open_at(place: Place) -> IdleConnection:
    """Sign in and wait at the inbox, or at the first folder that is read."""
    try:
        with tenancy.in_workspace(place.workspace_id, place.owner_id):
            mailbox = Mailbox.objects.get(workspace_id=place.workspace_id, id=place.mailbox_id)
            folders = Folder.objects.filter(mailbox=mailbox, selected=True, gone_at=None)
            read = list(folders.order_by("provider_id"))
    finally:
        connection.close()
    folder = next((one for one in read if one.role == "inbox"), read[0] if read else None)
    if folder is None:
        raise Permanent("No folder of this mailbox is read.")
    return IdleConnection(imap_account(mailbox), folder.provider_id)


def hint(place: Place) -> None:
    """Mark the mailbox dirty first, then wake a worker up; only the first has to succeed."""
    try:
        ids = {"mailbox_id": place.mailbox_id, "owner_id": place.owner_id}
        wanted = want_sync(place.workspace_id, **ids)
    finally:
        connection.close()
    if wanted:
        kick(sync_mailbox, str(place.workspace_id), str(place.mailbox_id), str(place.owner_id))
