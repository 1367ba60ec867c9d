"""Microsoft Graph behaves as every provider does."""

from typing import ClassVar

import pytest

from mailsync.providers.graph import GraphProvider
from mailsync.sandbox.faults import Answer
from mailsync.sandbox.graph_query import error
from mailsync.sandbox.mailboxes import Message
from mailsync.sandbox.server import Sandbox
from tests.mailsync.mail import make_mail, when
from tests.mailsync.microsoft import MicrosoftAccount
from tests.mailsync.providers.conformance import Conformance


class GraphBench:
    """See `conformance.Bench`."""

    cannot: ClassVar[frozenset[str]] = frozenset({"size"})

    def __init__(self, sandbox: Sandbox) -> None:
        self.account, self.sandbox = MicrosoftAccount(sandbox), sandbox
        self.inbox, self.sent, self.trash = map(self.account.folder, ("inbox", "sent", "trash"))
        with sandbox.lock:
            self.extra = sandbox.microsoft.add_folder(self.account.address, "Customers")

    def open(self) -> GraphProvider:
        return self.account.provider()

    def put(self, *numbers: int, scope: str = "", **fields: str) -> None:
        with self.sandbox.lock:
            for number in numbers:
                self.sandbox.mailboxes.deliver(
                    self.account.address,
                    make_mail(number, **fields),
                    scopes=[scope or self.inbox],
                    received_at=when(number),
                )

    def move(self, number: int, source: str, target: str) -> None:
        with self.sandbox.lock:
            self.sandbox.mailboxes.move(self.account.address, self._of(number).id, target)

    def delete(self, number: int) -> None:
        self.account.delete(self._of(number))

    def mark_read(self, number: int) -> None:
        self.account.flag(self._of(number), "seen")

    def unread(self) -> int:
        inside = [one for one in self.account.box.messages.values() if self.inbox in one.scopes]
        return sum("seen" not in one.flags for one in inside)

    def expire(self) -> str | None:
        self.account.box.forgotten = self.account.box.latest + 1
        with self.sandbox.lock:
            self.put(999, scope=self.trash)
        return self.inbox

    def throttle(self, seconds: int) -> None:
        refusal = error(429, "ApplicationThrottled", "Slow down.", {"Retry-After": str(seconds)})
        self.sandbox.faults.choose("*", Answer(429, refusal.body, refusal.headers))

    def fail(self) -> None:
        self.sandbox.faults.choose("*", Answer(503, b"<html>down</html>"))

    def end_grant(self) -> None:
        with self.sandbox.lock:
            self.sandbox.microsoft.revoke(self.account.address)

    def _of(self, number: int) -> Message:
        wanted = f"<mail-{number}@client.example>"
        return next(one for one in self.account.box.messages.values() if one.message_id == wanted)


class TestGraph(Conformance):
    @pytest.fixture
    def bench(self, sandbox: Sandbox) -> GraphBench:
        return GraphBench(sandbox)
