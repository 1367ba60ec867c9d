"""A Microsoft account at the sandbox for tests, and what opens it."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
import requests

from mailsync.providers.errors import Throttled
from mailsync.providers.grants import Budget, Grant, Unlimited, Visit
from mailsync.providers.graph import GraphProvider
from mailsync.providers.graph_consent import GraphConsent
from mailsync.sandbox.mailboxes import Mailbox, Message
from mailsync.sandbox.server import Sandbox
from tests.mailsync.mail import make_mail, when

ANA = "ana@ours.example"
PLAIN = {"openid", "profile", "offline_access"}
CALLBACK = "http://127.0.0.1:8000/mailboxes/graph/callback/"


@dataclass
class HeldTokens:
    """One mailbox's secret in memory; `asked` counts how often the vendor was asked."""

    secret: bytes
    asked: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def load(self) -> bytes:
        return self.secret

    def refresh(self, stale: bytes, ask: Callable[[bytes], bytes]) -> bytes:
        with self._lock:
            if self.secret == stale:
                self.asked += 1
                self.secret = ask(stale)
            return self.secret


@dataclass
class Places:
    """A budget of four calls at a time, shared by providers; `spent` counts the units."""

    spent: float = 0
    left: float = 10_000
    _places: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(4))

    def spend(self, units: float) -> None:
        if self.left < units:
            raise Throttled(60)
        self.left -= units
        self.spent += units

    @contextmanager
    def call(self) -> Iterator[None]:
        if not self._places.acquire(timeout=10):
            raise Throttled(1)
        try:
            yield
        finally:
            self._places.release()


def visit(
    at: Visit, account: str, *, without: tuple[str, ...] = (), answer: str = "allow"
) -> dict[str, str]:
    """Go where the visit leads, allow what is not left out, and come back with this."""
    page = requests.get(at.url, timeout=10)
    assert page.status_code == 200, page.text
    wanted = dict(parse_qsl(urlsplit(at.url).query))["scope"].split()
    given = [one for one in wanted if one not in {*without, *PLAIN}]
    form = {"account": account, "scopes": given, "answer": answer}
    back = requests.post(at.url, data=form, timeout=10, allow_redirects=False)
    assert back.status_code == 302, back.text
    return dict(parse_qsl(urlsplit(back.headers["Location"]).query))


def consent(address: str, *, send: bool = False, without: tuple[str, ...] = ()) -> Grant:
    """The grant of somebody who accepts."""
    asks = GraphConsent()
    at = asks.begin(redirect_uri=CALLBACK, state="here", send=send, hint=address)
    answer = visit(at, address, without=without)
    return asks.finish(kept=at.kept, answer=answer, redirect_uri=CALLBACK)


class MicrosoftAccount:
    """A mailbox of the sandbox: puts mail into it, and opens providers for it."""

    def __init__(self, sandbox: Sandbox, address: str = ANA, **facts: Any) -> None:
        self.sandbox, self.address = sandbox, address
        self.graph = sandbox.microsoft.graph
        with sandbox.lock:
            self.box: Mailbox = sandbox.microsoft.add_account(address, **facts)
        self.tokens = HeldTokens(consent(address, send=True).secret)
        sandbox.log.clear()

    def provider(self, budget: Budget | None = None) -> GraphProvider:
        return GraphProvider(self.tokens, budget or Unlimited())

    def folder(self, role: str) -> str:
        return next(one.id for one in self.box.folders.values() if one.role == role)

    def put(self, *numbers: int, folder: str = "inbox", **headers: str) -> list[Message]:
        return [self.put_raw(make_mail(one, **headers), one, folder) for one in numbers]

    def put_raw(self, raw: bytes, number: int, folder: str = "inbox", *flags: str) -> Message:
        with self.sandbox.lock:
            return self.sandbox.mailboxes.deliver(
                self.address,
                raw,
                scopes=[self.folder(folder)],
                flags=flags,
                received_at=when(number),
            )

    def move(self, message: Message, role: str) -> None:
        with self.sandbox.lock:
            self.sandbox.mailboxes.move(self.address, message.id, self.folder(role))

    def delete(self, message: Message) -> None:
        with self.sandbox.lock:
            self.sandbox.mailboxes.delete(self.address, message.id)

    def flag(self, message: Message, *add: str) -> None:
        with self.sandbox.lock:
            self.sandbox.mailboxes.flag(self.address, message.id, add=add)


@pytest.fixture
def microsoft(sandbox: Sandbox) -> MicrosoftAccount:
    return MicrosoftAccount(sandbox)
