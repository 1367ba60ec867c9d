"""IMAP behaves as every provider does."""

from typing import ClassVar

import pytest

from mailsync.providers.imap import ImapProvider
from tests.mailsync.conftest import Account
from tests.mailsync.providers.conformance import Conformance


class ImapBench:
    """See `conformance.Bench`; a real Dovecot does as it should, so it cannot be told to fail."""

    cannot: ClassVar[frozenset[str]] = frozenset({"throttle", "fail", "send"})
    inbox, sent, trash, extra = "INBOX", "Sent", "Trash", "Customers"

    def __init__(self, account: Account) -> None:
        self.account = account
        account.client.create_folder("Customers")

    def open(self) -> ImapProvider:
        return self.account.provider()

    def put(self, *numbers: int, scope: str = "", **fields: str) -> None:
        self.account.put(*numbers, folder=scope or "INBOX", **fields)

    def move(self, number: int, source: str, target: str) -> None:
        self.account.move(number, source, target)

    def delete(self, number: int) -> None:
        self.account.delete(number)

    def mark_read(self, number: int) -> None:
        self.account.mark_read(number)

    def unread(self) -> int:
        return self.account.unread()

    def expire(self) -> str | None:
        self.account.renew_uidvalidity()
        return "INBOX"

    def throttle(self, seconds: int) -> None:
        raise NotImplementedError

    def fail(self) -> None:
        raise NotImplementedError

    def end_grant(self) -> None:
        self.account.server.add_user(self.account.user, "another password")


class TestImap(Conformance):
    @pytest.fixture
    def bench(self, account: Account) -> ImapBench:
        return ImapBench(account)
