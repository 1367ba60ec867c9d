"""The sandbox mail service beside a row: accounts at both vendors, connected to the product."""

import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlsplit

import requests

from accounts import tenancy
from benchmarks import corpus
from benchmarks.workspace import Place
from mailsync.models import Mailbox
from mailsync.services.choose_projects import set_projects
from mailsync.services.connect_vendor import connect_vendor
from mailsync.services.set_up_mailbox import start_reading
from mailsync.services.sync_mailbox import Run, sync_mailbox
from mailsync.services.vendors import vendor_of

if TYPE_CHECKING:
    from mailsync.sandbox.server import Sandbox

VENDORS = ("gmail", "graph")
_BACK = "http://127.0.0.1/back/"


@contextmanager
def sandbox_running(**settings_of_ours: object) -> "Iterator[Sandbox]":
    """Run the sandbox in this process, with the vendors' settings and these pointing to it."""
    from django.conf import settings

    from mailsync.sandbox.server import Sandbox

    with Sandbox() as sandbox:
        for name, value in (sandbox.settings() | settings_of_ours).items():
            setattr(settings, name, value)
        yield sandbox


@dataclass(frozen=True, slots=True)
class Account:
    """One account at the sandbox and the mailbox that the product made of it."""

    sandbox: "Sandbox"
    vendor: str
    address: str
    inbox: str
    place: Place
    mailbox: Mailbox

    def put(self, raw: bytes, at: datetime | None = None) -> None:
        with self.sandbox.lock:
            self.sandbox.mailboxes.deliver(self.address, raw, scopes=[self.inbox], received_at=at)

    def run(self) -> Run:
        """One run of the product's, as a worker does it."""
        return sync_mailbox(
            self.place.id, mailbox_id=self.mailbox.id, owner_id=self.place.member.id
        )

    def now(self) -> Mailbox:
        """The mailbox's row as it stands."""
        with tenancy.in_workspace(self.place.id, self.place.member.id):
            return Mailbox.objects.get(id=self.mailbox.id)


def letter(subject: str, *, sender: str, to: str, at: datetime) -> bytes:
    """A short mail of plain text."""
    return (
        f"From: {sender}\r\nTo: {to}\r\nSubject: {subject}\r\nDate: {format_datetime(at)}\r\n"
        f"Message-ID: <{uuid.uuid4().hex}@mail.example>\r\nMIME-Version: 1.0\r\n"
        f"Content-Type: text/plain; charset=utf-8\r\n\r\nThe text of {subject}.\r\n"
    ).encode()


def open_account(
    sandbox: "Sandbox", place: Place, vendor: str, address: str, mails: Mapping[datetime, bytes]
) -> Account:
    """An account with these mails in its inbox, connected and about to be read from the start."""
    with sandbox.lock:
        app = sandbox.google if vendor == "gmail" else sandbox.microsoft
        box = app.add_account(address, name="Member")
        roles = {one.role: one.id for one in box.folders.values()}
        inbox = "INBOX" if vendor == "gmail" else roles["inbox"]
        for at, raw in mails.items():
            sandbox.mailboxes.deliver(address, raw, scopes=[inbox], received_at=at)
    return Account(sandbox, vendor, address, inbox, place, _connect(place, vendor, address))


def _connect(place: Place, vendor: str, address: str) -> Mailbox:
    found = vendor_of(vendor)
    if found is None:
        raise ValueError(f"There is no vendor {vendor}.")
    consent = found.consent()
    visit = consent.begin(redirect_uri=_BACK, state="bench", send=False, hint=address)
    grant = consent.finish(kept=visit.kept, answer=_allow(visit.url, address), redirect_uri=_BACK)
    mailbox = connect_vendor(place.id, by=place.member, vendor=found, grant=grant)
    with tenancy.in_workspace(place.id, place.member.id):
        set_projects(place.id, place.member, mailbox, [one.id for one in place.projects])
    return mailbox


def _allow(url: str, address: str) -> dict[str, str]:
    """Fill in the sandbox's sign-in page; returns what the browser brings back."""
    wanted = dict(parse_qsl(urlsplit(url).query))["scope"].split()
    form = {"account": address, "scopes": wanted, "answer": "allow"}
    back = requests.post(url, data=form, timeout=10, allow_redirects=False)
    return dict(parse_qsl(urlsplit(back.headers["Location"]).query))


def begin(account: Account) -> None:
    """Have the mailbox read from its first mail on."""
    place = account.place
    with tenancy.in_workspace(place.id, place.member.id):
        start_reading(place.id, by=place.member, mailbox_id=account.mailbox.id)


def contact(number: int) -> str:
    """Somebody whose mail is logged."""
    return corpus.contact_address(number % corpus.CONTACTS)


def stranger(number: int) -> str:
    """Somebody whose mail stays private."""
    return f"stranger{number}@elsewhere{number % 90}.example"
