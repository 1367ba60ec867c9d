"""A Gmail account of the sandbox for tests: its owner's hands, its grant, its provider."""

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from typing import Any, ClassVar
from urllib.parse import parse_qs, parse_qsl, urlsplit

import requests

from mailsync.providers.errors import AuthorizationLost
from mailsync.providers.gmail import GmailProvider
from mailsync.providers.gmail_consent import GmailConsent
from mailsync.providers.grants import Grant
from mailsync.sandbox.faults import Answer, Lie
from mailsync.sandbox.google_errors import rate_limited
from mailsync.sandbox.server import Sandbox
from tests.mailsync.mail import make_mail, when

BACK = "http://127.0.0.1:8000/back/"


@dataclass
class HeldTokens:
    """One mailbox's secret in memory, with a count of how often it was renewed."""

    secret: bytes
    renewed: int = 0

    def load(self) -> bytes:
        if not self.secret:
            raise AuthorizationLost
        return self.secret

    def refresh(self, stale: bytes, ask: Callable[[bytes], bytes]) -> bytes:
        if stale == self.secret:
            self.secret = ask(self.secret)
            self.renewed += 1
        return self.secret


@dataclass
class CountingBudget:
    """Counts the units and the calls under way, and refuses nothing."""

    units: list[float] = field(default_factory=list)
    calls: int = 0

    def spend(self, units: float) -> None:
        self.units.append(units)

    def call(self) -> AbstractContextManager[None]:
        self.calls += 1
        return nullcontext()


def visit(url: str, address: str, *, without: tuple[str, ...] = (), answer: str = "allow") -> str:
    """Fill in the sign-in page as this person; returns where the browser is sent back to."""
    page = requests.get(url, timeout=10)
    assert page.status_code == 200, page.text
    scopes = dict(parse_qsl(urlsplit(url).query))["scope"].split()
    given = [one for one in scopes if not one.endswith(without or ("nothing",))]
    form = {"account": address, "scopes": given, "answer": answer}
    back = requests.post(url, data=form, timeout=10, allow_redirects=False)
    assert back.status_code == 302, back.text
    return back.headers["Location"]


def answer_in(url: str) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}


def lie(bench: "GmailBench", operation: str, word: str, **when_: Any) -> None:
    bench.sandbox.faults.choose(operation, Lie(word), **when_)


def connect_google(address: str, *, send: bool = True, **options: Any) -> Grant:
    """Sign in at the sandbox as the product does."""
    consent = GmailConsent()
    begun = consent.begin(redirect_uri=BACK, state="here", send=send, hint=address)
    answer = answer_in(visit(begun.url, address, **options))
    return consent.finish(kept=begun.kept, answer=answer, redirect_uri=BACK)


class GmailBench:
    """See `providers.conformance.Bench`."""

    cannot: ClassVar[frozenset[str]] = frozenset()
    inbox, sent, trash = "INBOX", "SENT", "TRASH"

    def __init__(
        self, sandbox: Sandbox, address: str = "ana@ours.example", *, send: bool = True
    ) -> None:
        self.sandbox, self.address = sandbox, address
        with sandbox.lock:
            self.box = sandbox.google.add_account(address, "Ana", ["ana.alias@ours.example"])
            self.extra = sandbox.google.add_label(address, "Customers")
        self.tokens = HeldTokens(connect_google(address, send=send).secret)
        self.budget = CountingBudget()
        sandbox.log.clear()

    def open(self) -> GmailProvider:
        return GmailProvider(self.tokens, self.budget)

    def put(self, *numbers: int, scope: str = "", flags: str = "", **fields: str) -> None:
        with self.sandbox.lock:
            for number in numbers:
                self.sandbox.mailboxes.deliver(
                    self.address,
                    make_mail(number, **fields),
                    scopes=scope.split() or ["INBOX"],
                    flags=flags.split(),
                    received_at=when(number),
                )

    def id_of(self, number: int) -> str:
        wanted = f"<mail-{number}@client.example>"
        return next(one.id for one in self.box.messages.values() if one.message_id == wanted)

    def move(self, number: int, source: str, target: str) -> None:
        self.relabel(number, add=target, remove=source)

    def relabel(self, number: int, *, add: str = "", remove: str = "") -> None:
        with self.sandbox.lock:
            self.sandbox.mailboxes.relabel(
                self.address, self.id_of(number), add=add.split(), remove=remove.split()
            )

    def delete(self, number: int) -> None:
        with self.sandbox.lock:
            self.sandbox.mailboxes.delete(self.address, self.id_of(number))

    def mark_read(self, number: int) -> None:
        with self.sandbox.lock:
            self.sandbox.mailboxes.flag(self.address, self.id_of(number), add=["seen"])

    def unread(self) -> int:
        inbox = [one for one in self.box.messages.values() if "INBOX" in one.scopes]
        return sum("seen" not in one.flags for one in inbox)

    def expire(self) -> str | None:
        self.box.forgotten = self.box.latest + 1
        with self.sandbox.lock:
            self.put(999, scope="DRAFT")
        return None

    def throttle(self, seconds: int) -> None:
        refusal = rate_limited()
        headers = dict(refusal.headers) | {"Retry-After": str(seconds)}
        self.sandbox.faults.choose("*", Answer(403, refusal.body, headers), mailbox=self.address)

    def fail(self) -> None:
        self.sandbox.faults.choose("*", Answer(503, b"<html>down</html>"), mailbox=self.address)

    def end_grant(self) -> None:
        with self.sandbox.lock:
            self.sandbox.google.revoke(self.address)
