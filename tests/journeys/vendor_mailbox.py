"""A member's mailbox at Google or Microsoft, connected in the pages and at the sign-in."""

import re
import uuid
from dataclasses import dataclass
from html import unescape
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlsplit

import requests
from django.conf import settings

from mailsync.sandbox.server import Sandbox
from tests.journeys.browsing import Page
from tests.journeys.mailbox import FolderPages

if TYPE_CHECKING:
    from tests.journeys.people import Mail, Person

# What a vendor calls a folder of the scenarios, as the pages show it, and the part that it plays.
# At Google archived mail stands under no label, so a further copy comes to the inbox there.
NAMES = {
    "google": {"INBOX": "Inbox", "Archive": "Inbox"},
    "microsoft": {"INBOX": "Inbox", "Sent": "Sent Items"},
}
ROLES = {
    "google": {"INBOX": "inbox", "Sent": "sent", "Archive": "inbox"},
    "microsoft": {"INBOX": "inbox", "Sent": "sent", "Archive": "archive"},
}


@dataclass(frozen=True)
class Vendor:
    """One vendor of the running sandbox, by its word in addresses: google or microsoft."""

    sandbox: Sandbox
    word: str

    def connect(self, owner: "Person", projects: tuple[str, ...]) -> "VendorMailbox":
        return VendorMailbox(owner, self, projects)


class VendorMailbox(FolderPages):
    """An account of its own for each scenario, connected to the projects by name."""

    def __init__(self, owner: "Person", vendor: Vendor, projects: tuple[str, ...]) -> None:
        self.owner, self.sandbox = owner, vendor.sandbox
        self.names, self.roles = NAMES[vendor.word], ROLES[vendor.word]
        self.address = f"{owner.name.lower()}-{uuid.uuid4().hex[:12]}@ours.example"
        app = {app.prefix: app for app in self.sandbox.apps}[f"/{vendor.word}"]
        with self.sandbox.lock:
            self.box = app.add_account(self.address, name=owner.name)
        page = self._signs_in(
            owner.open("mailboxes/connection/").press(f"mailboxes/{vendor.word}/")
        )
        setup = page.path.rpartition("/setup/")[0] + "/"
        page = page.press("/setup/folders/", days="0")
        ids = [owner.scene.ids[name] for name in projects]
        page = page.press("/setup/projects/", projects=ids)
        if page.path.endswith("/setup/domain/"):
            page.press("/setup/domain/")
        self.path = setup

    def put(self, mail: "Mail", folder: str = "INBOX") -> None:
        scope = next(one.id for one in self.box.folders.values() if one.role == self.roles[folder])
        with self.sandbox.lock:
            flags = ["seen"] if folder == "Sent" else []
            self.sandbox.mailboxes.deliver(self.address, mail.raw, scopes=[scope], flags=flags)

    def allow_sending(self) -> None:
        """Press the button for it on the mailbox's page, and allow it at the vendor."""
        page = self._signs_in(self.owner.open(self.path).press("/visit/", send="yes"))
        assert "You can write from this address" in page.html

    def sent(self) -> list[bytes]:
        """What lies in Sent, oldest first."""
        scope = next(one.id for one in self.box.folders.values() if one.role == "sent")
        with self.sandbox.lock:
            found = [one.id for one in self.box.newest_first if scope in one.scopes]
            return [self.sandbox.mailboxes.raw(self.address, one) for one in reversed(found)]

    def shown_as(self, folder: str) -> str:
        return self.names.get(folder, folder)

    def _signs_in(self, leaving: Page) -> Page:
        """From the page that leads to the vendor to the one that its answer leads to."""
        (url,) = re.findall(r'<a class="btn"[^>]* href="(http[^"]*)"', leaving.html)
        return self.owner.open(self._allow(unescape(url)))

    def _allow(self, url: str) -> str:
        """Sign in as this account and allow everything; where the browser is sent back to."""
        asked = dict(parse_qsl(urlsplit(url).query))
        form = {"account": self.address, "scopes": asked["scope"].split(), "answer": "allow"}
        answer = requests.post(url, data=form, timeout=30, allow_redirects=False)
        assert answer.status_code == 302, answer.text
        return answer.headers["Location"].removeprefix(settings.PUBLIC_BASE_URL)
