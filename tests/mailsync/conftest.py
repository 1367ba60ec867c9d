"""An account on the real server for each test."""

import uuid

import pytest
from imapclient import IMAPClient

from mailsync.providers.imap import ImapProvider
from mailsync.providers.imap_connection import ImapAccount
from tests.dovecot import PASSWORD, Dovecot, dovecot
from tests.mailsync.mail import make_mail, when

__all__ = ["dovecot"]


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
