"""A real listener on a real socket, real mail, and the inbound addresses of the cast."""

import asyncio
import smtplib
import socket
import threading
from collections.abc import Iterator
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from types import SimpleNamespace
from typing import Any

import pytest
from django.utils import timezone

from accounts import tenancy
from bcc_inbound.listener import Listener
from bcc_inbound.models import Delivery, InboundAddress
from bcc_inbound.selectors import ShownAddress, shown_addresses
from bcc_inbound.services.ensure_addresses import ensure_addresses
from bcc_inbound.services.process_deliveries import Processed, process_deliveries
from bcc_inbound.smtp_door import SmtpDoor
from bcc_inbound.wake import Waker
from tests.dns_server import DnsServer, dns_server, zone

__all__ = ["dns_server", "zone"]


class Server:
    """The listener of `manage.py listen_smtp` in a thread with a loop of its own."""

    def __init__(self, *, lmtp: bool = False) -> None:
        self.kicked: list[str] = []
        self.waker = Waker(self.kicked.append)
        self.door = SmtpDoor(self.waker, lmtp=lmtp)
        self.listener = Listener(self.door, hostname="in.example")
        self.loop = asyncio.new_event_loop()
        self.thread = threading.Thread(target=self.loop.run_forever, daemon=True)
        self.thread.start()
        self.port = self._run(self.listener.start("127.0.0.1", 0))

    def _run(self, coroutine: Any) -> Any:
        return asyncio.run_coroutine_threadsafe(coroutine, self.loop).result(40)

    def stop(self) -> None:
        self._run(self.listener.stop())
        self.door.close()
        self.waker.close()
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join(10)

    def client(self) -> smtplib.SMTP:
        kind = smtplib.LMTP if self.door.lmtp else smtplib.SMTP
        return kind("127.0.0.1", self.port, timeout=30)

    def send(self, mail: bytes | EmailMessage, *to: str, sender: str = "ana@ours.example") -> Any:
        """Hand a mail over; what smtplib says about refused recipients comes back."""
        raw = mail if isinstance(mail, bytes) else mail.as_bytes(policy=SMTP)
        with self.client() as client:
            return client.sendmail(sender, list(to), raw)


@pytest.fixture
def live(settings: Any, ours: SimpleNamespace, zone: DnsServer) -> SimpleNamespace:
    """Our workspace with its inbound addresses, loopback as a trusted relay, and an empty DNS."""
    settings.INBOUND_TRUSTED_PEERS = ["127.0.0.1"]
    return give_addresses(ours)


def give_addresses(cast: SimpleNamespace) -> SimpleNamespace:
    """Make the inbound addresses of a workspace: to_one, to_two and to_all are their texts."""
    with tenancy.in_workspace(cast.id, cast.ana.id):
        ensure_addresses(cast.id)
        shown = shown_addresses(cast.id, cast.ana, workspace_name=cast.slug)
    by_project = {one.project.name if one.project else "": one for one in shown}
    cast.addresses = by_project
    cast.to_one, cast.to_two = by_project["One"].text, by_project["Two"].text
    cast.to_all = by_project[""].text
    return cast


def address_row(cast: SimpleNamespace, shown: ShownAddress) -> InboundAddress:
    with tenancy.in_workspace(cast.id):
        return InboundAddress.objects.get(id=shown.id)


@pytest.fixture
def server(transactional_db: None, live: SimpleNamespace) -> Iterator[Server]:
    running = Server()
    yield running
    running.stop()


@pytest.fixture
def lmtp(transactional_db: None, live: SimpleNamespace) -> Iterator[Server]:
    running = Server(lmtp=True)
    yield running
    running.stop()


def a_mail(
    sender: str = "Ana <ana@ours.example>",
    to: str = "Jane <jane@client.example>",
    *,
    subject: str = "Renewal",
    text: str = "The terms as we agreed.",
    message_id: str = "",
    **headers: str,
) -> EmailMessage:
    """A mail as a mail program writes it; `in_reply_to="<x>"` becomes In-Reply-To."""
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = sender, to, subject
    mail["Date"] = format_datetime(timezone.now())
    mail["Message-ID"] = message_id or f"<{tenancy.uuid7()}@mail.example>"
    for name, value in headers.items():
        mail[name.replace("_", "-").title()] = value
    mail.set_content(text)
    return mail


def process_all(cast: SimpleNamespace) -> Processed:
    """Work the workspace's queue off as a worker does, and add up what was done."""
    total = Processed()
    while (done := process_deliveries(cast.id)).claimed:
        total.claimed += done.claimed
        total.settled += done.settled
        total.put_off += done.put_off
    return total


def deliveries(cast: SimpleNamespace) -> list[Delivery]:
    with tenancy.in_workspace(cast.id):
        return list(Delivery.objects.order_by("id"))


def free_port() -> int:
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        return int(bound.getsockname()[1])
