"""An account on the real server for each test."""

import uuid
from collections import defaultdict
from types import SimpleNamespace
from typing import Any

import pytest
from django.db.models.functions import Now
from imapclient import IMAPClient

from accounts import tenancy
from accounts.models import Member
from activities.models import Activity, PrivateMessage, Sighting
from contacts.models import Project
from mailsync.models import Hint, Mailbox
from mailsync.providers.imap import ImapProvider
from mailsync.providers.imap_connection import ImapAccount
from mailsync.services import hints
from mailsync.services.connect_mailbox import Connection, connect_mailbox
from mailsync.services.sync_mailbox import Run, sync_mailbox
from tests.accounts.conftest import browser_type_launch_args
from tests.dovecot import PASSWORD, Dovecot, dovecot
from tests.mailsync.mail import make_mail, when
from tests.mailsync.microsoft import microsoft
from tests.mailsync.vendors import sandbox

__all__ = ["browser_type_launch_args", "dovecot", "microsoft", "sandbox"]


class Account:
    """One account: `put` and friends act as the user's own mail program."""

    def __init__(self, server: Dovecot, user: str) -> None:
        self.server, self.user = server, user
        self.client: IMAPClient = server.open(user)

    def put(self, *numbers: int, folder: str = "INBOX", **fields: str) -> None:
        for number in numbers:
            self.client.append(folder, make_mail(number, **fields), msg_time=when(number))

    def put_raw(self, raw: bytes, number: int = 1, folder: str = "INBOX", flags: str = "") -> None:
        self.client.append(folder, raw, flags=flags.split(), msg_time=when(number))

    def uid_of(self, number: int, folder: str = "INBOX") -> int:
        self.client.select_folder(folder)
        return int(
            self.client.search(["HEADER", "Message-ID", f"<mail-{number}@client.example>"])[0]
        )

    def move(self, number: int, folder: str, target: str) -> None:
        self.client.move([self.uid_of(number, folder)], target)

    def delete(self, number: int, folder: str = "INBOX") -> None:
        uid = self.uid_of(number, folder)
        self.client.delete_messages([uid])
        self.client.expunge([uid])

    def mark_read(self, number: int, folder: str = "INBOX") -> None:
        self.client.add_flags([self.uid_of(number, folder)], [b"\\Seen"])

    def unread(self, folder: str = "INBOX") -> int:
        return int(self.client.folder_status(folder, ["UNSEEN"])[b"UNSEEN"])

    def renew_uidvalidity(self, folder: str = "INBOX") -> None:
        self.client.shutdown()
        self.server.clients.remove(self.client)
        self.server.renew_uidvalidity(self.user, folder)
        self.client = self.server.open(self.user)
        self.client.select_folder(folder)

    def cut(self) -> None:
        """Every connection to the account ends, as when the server restarts."""
        self.server.cut(self.user)
        self.client = self.server.open(self.user)

    def settings(self, password: str = PASSWORD) -> ImapAccount:
        return ImapAccount(self.server.host, self.server.port, "none", self.user, password)

    def provider(self) -> ImapProvider:
        return ImapProvider(self.settings(), self.user)


@pytest.fixture
def account(dovecot: Dovecot) -> Account:
    """A new, empty account of this test alone."""
    return make_account(dovecot)


def make_account(server: Dovecot, name: str = "") -> Account:
    return Account(server, server.add_user(name or f"ana-{uuid.uuid4().hex[:12]}@ours.example"))


def connect(cast: SimpleNamespace, member: Member, account: Account, *projects: Project) -> Mailbox:
    """Connect the account as this member's mailbox, to project One where none is named."""
    settings = account.settings()
    return connect_mailbox(
        cast.id,
        by=member,
        connection=Connection(
            address=account.user,
            host=settings.host,
            port=settings.port,
            security=settings.security,
            username=settings.username,
            password=settings.password,
        ),
        project_ids=[project.id for project in projects or (cast.one,)],
    )


def sync(mailbox: Mailbox, **options: Any) -> Run:
    """Make the mailbox due and run it once."""
    owner_id = mailbox.channel.owner_id
    assert owner_id is not None
    with tenancy.in_workspace(mailbox.workspace_id, owner_id):
        Mailbox.objects.filter(id=mailbox.id).update(due_at=Now())
    run = sync_mailbox(mailbox.workspace_id, mailbox_id=mailbox.id, owner_id=owner_id, **options)
    reload(mailbox)
    return run


def reload(mailbox: Mailbox) -> Mailbox:
    with tenancy.in_workspace(mailbox.workspace_id, mailbox.channel.owner_id):
        fresh = Mailbox.objects.select_related("channel").get(id=mailbox.id)
        mailbox.__dict__.update(fresh.__dict__)
        return mailbox


def is_wanted(mailbox: Mailbox) -> bool:
    """Whether a hint has made one more run due, now or in a moment."""
    with tenancy.in_workspace(mailbox.workspace_id, mailbox.channel.owner_id):
        return hints.wait_of(mailbox.workspace_id, mailbox.id) is not None


def pass_the_quiet(mailbox: Mailbox) -> None:
    """As though a second without hints had passed."""
    with tenancy.in_workspace(mailbox.workspace_id, mailbox.channel.owner_id):
        Hint.objects.filter(mailbox=mailbox).update(due_at=Now())


def record_of(mailbox: Mailbox) -> dict[str, list[str]]:
    """Subjects of the mailbox's copies that are there, by outcome; logged ones also by sighting."""
    found: dict[str, list[str]] = defaultdict(list)
    with tenancy.in_workspace(mailbox.workspace_id, mailbox.channel.owner_id):
        way = {"workspace_id": mailbox.workspace_id, "channel_id": mailbox.channel_id}
        for row in PrivateMessage.objects.filter(**way).order_by("received_at", "id"):
            found[row.outcome].append(row.subject)
        for copy in (
            Sighting.objects.filter(**way, gone_at=None)
            .select_related("message")
            .order_by("received_at", "id")
        ):
            found[copy.outcome].append(copy.message.subject)
    return dict(found)


def activities_of(cast: SimpleNamespace) -> list[str]:
    with tenancy.in_workspace(cast.id):
        rows = Activity.objects.filter(workspace_id=cast.id).order_by("occurred_at", "id")
        return list(rows.values_list("message__subject", flat=True))
