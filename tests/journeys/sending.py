"""How a person's mailbox sends in a journey: over SMTP, or through the vendor that keeps it."""

import time
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from mailsync.tasks import sweep_outbox
from tests.journeys.people import Person
from tests.journeys.vendor_mailbox import VendorMailbox
from tests.mailsync.submission import Submission, start


class Sending(Protocol):
    """One way out."""

    def allow(self, person: Person) -> None:
        """Have the person's mailbox send, on its pages."""
        ...

    def taken(self) -> list[bytes]:
        """What was handed over, oldest first."""
        ...

    def stop(self) -> None: ...


@dataclass
class BySmtp:
    """A real server for submission, which is named on the mailbox's page."""

    server: Submission

    @classmethod
    def started(cls, folder: Path) -> "BySmtp":
        return cls(start(folder, "none"))

    def allow(self, person: Person) -> None:
        assert person.mailbox is not None
        page = person.open(person.mailbox.path + "sending/")
        page.press("sending/", host="127.0.0.1", port=self.server.port, security="none")

    def taken(self) -> list[bytes]:
        return [one.raw for one in self.server.taken]

    def stop(self) -> None:
        self.server.stop()


class ByVendor:
    """The service that keeps the mailbox: its owner allows it there, and it files what it sends."""

    mailbox: VendorMailbox

    def allow(self, person: Person) -> None:
        assert isinstance(person.mailbox, VendorMailbox)
        self.mailbox = person.mailbox
        assert "Allow sending" in person.open(self.mailbox.path).html
        self.mailbox.allow_sending()

    def taken(self) -> list[bytes]:
        return self.mailbox.sent()

    def stop(self) -> None:
        pass


def goes_out(way: Sending) -> bytes:
    """What the beat asks for every two seconds; the mail, once it is out."""
    sweep_outbox()
    time.sleep(0.5)
    return next(iter(way.taken()), b"")
