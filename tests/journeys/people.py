"""The people of a scenario: what they write and receive, and what they do on the pages."""

import itertools
import uuid
from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from accounts.models import Member
from tests.journeys.browsing import Browser, Page, words
from tests.journeys.mailbox import Line, Mailbox
from tests.journeys.servers import eventually
from tests.journeys.vendor_mailbox import VendorMailbox

if TYPE_CHECKING:
    from tests.journeys.stage import Scene

_numbers = itertools.count(1)


@dataclass(frozen=True)
class Mail:
    """One mail; its subject is its own, so that a page is searched for it."""

    subject: str
    message_id: str
    raw: bytes


def write(
    sender: str,
    to: str,
    *,
    cc: str = "",
    answers: Mail | None = None,
    text: str = "As we agreed on the phone.",
    **headers: str,
) -> Mail:
    """A mail as a mail program writes it; further headers by keyword (`list_id="<x>"`)."""
    mail = EmailMessage()
    about = f"Letter {next(_numbers):03}"
    mail["From"], mail["To"] = sender, to
    if cc:
        mail["Cc"] = cc
    if answers:
        mail["In-Reply-To"] = mail["References"] = answers.message_id
    mail["Subject"] = headers.pop("subject", about)
    mail["Date"] = format_datetime(timezone.now())
    mail["Message-ID"] = f"<{uuid.uuid4()}@{parseaddr(sender)[1].partition('@')[2]}>"
    for name, value in headers.items():
        mail[name.replace("_", "-").title()] = value
    mail.set_content(text)
    return Mail(mail["Subject"], mail["Message-ID"], mail.as_bytes(policy=SMTP))


class Person:
    """A member of the scene's workspace, signed in."""

    def __init__(self, scene: "Scene", member: Member) -> None:
        self.scene, self.member = scene, member
        self.name = member.name
        self.address: str = member.user.email
        self.browser = Browser(member.user, scene.slug)
        self.mailbox: Mailbox | VendorMailbox | None = None

    def open(self, path: str, **more: Any) -> Page:
        return self.browser.open(path, **more)

    # Mail in the member's own mailbox.

    def connects(self, *projects: str) -> None:
        """Connect a new mailbox to these projects, through the page."""
        if self.scene.vendor is not None:
            self.mailbox = self.scene.vendor.connect(self, projects)
            return
        assert self.scene.dovecot is not None, "The test has to ask for `office`."
        self.mailbox = Mailbox(self, self.scene.dovecot, projects)

    def sends(self, to: str, **words: Any) -> Mail:
        """Write to somebody with the mail program: the copy in Sent is what there is of it."""
        mail = write(f"{self.name} <{self.address}>", to, **words)
        return self.gets(mail, "Sent")

    def receives(self, sender: str, **words: Any) -> Mail:
        """A mail from somebody, to this member where `to` names nobody else."""
        return self.gets(write(sender, words.pop("to", self.address), **words))

    def gets(self, mail: Mail, folder: str = "INBOX") -> Mail:
        """The very mail that there is already arrives in this mailbox too, and is read."""
        assert self.mailbox is not None
        self.mailbox.put(mail, folder)
        self.mailbox.read()
        return mail

    def sees_in_folder(self, mail: Mail, folder: str = "All mail") -> Line:
        """Wait until the mail stands in a folder of the member's own; its place and reason."""
        assert self.mailbox is not None
        mailbox = self.mailbox
        hoping = f"{mail.subject} in {folder}"
        found = eventually(lambda: mailbox.line(mail, folder), hoping=hoping)
        assert found is not None
        return found

    # Mail to an inbound address.

    def sends_bcc(self, to: str, *, inbound: str = "One", **words: Any) -> Mail:
        """Write to somebody with a project's address in Bcc ("" is the workspace's own)."""
        mail = write(f"{self.name} <{self.address}>", to, **words)
        self.scene.hand_over(mail, inbound, sender=self.address)
        return mail

    def bccs(self, mail: Mail, inbound: str = "One") -> None:
        """Pass on, by Bcc, the very mail that there is already."""
        self.scene.hand_over(mail, inbound, sender=self.address)

    # What stands on the pages.

    def finds(self, path: str, mail: Mail, css: str = ".subject a") -> str | None:
        """The address behind the mail's subject on a list, or None where it does not stand."""
        return self.open(path).links(css).get(mail.subject)

    def sees_unassigned(self, mail: Mail) -> Page:
        """Wait until the mail waits in Unassigned, and open it there."""
        list_page = "activities/unassigned/?order=newest"
        link = eventually(
            lambda: self.finds(list_page, mail), hoping=f"{mail.subject} in Unassigned"
        )
        return self.open(self.browser.home + "activities/unassigned/" + link)

    def sees_logged(self, mail: Mail) -> Page:
        """Wait until the mail stands in Activities, and open its page."""
        path = f"activities/?q={mail.subject}"
        return self.open(
            eventually(lambda: self.finds(path, mail), hoping=f"{mail.subject} in Activities")
        )

    def sees_nothing_of(self, mail: Mail) -> bool:
        """Whether the mail stands in none of the lists that the member may open."""
        lists = ("activities/", "activities/unassigned/", "activities/needs-project/")
        return all(mail.subject not in self.open(path).html for path in lists)

    def is_asked_about(self, mail: Mail) -> list[str]:
        """Wait until the thread stands in Needs project; the projects that it offers there."""
        return eventually(lambda: self.offers(mail), hoping=f"{mail.subject} in Needs project")

    def offers(self, mail: Mail) -> list[str]:
        """The projects that Needs project offers for the mail's thread, if it stands there."""
        for row in self.open("activities/needs-project/").tree.css("[data-row]"):
            subject = row.css_first(".subject a")
            if subject is not None and words(subject) == mail.subject:
                return [words(button) for button in row.css("button[name=project]")]
        return []

    def open_held(self, sender: str) -> Page:
        """The page of the held mail from this address."""
        return self.open(self.open("held/").links("#held .from a")[sender])

    # What a member does.

    def assigns(self, mail: Mail, *, to: str, project: str = "One") -> Page:
        """Choose a company or contact for a mail in Unassigned, by name, and a project."""
        return self.chooses(self.sees_unassigned(mail), to=to, project=project)

    def assigns_also(self, mail: Mail, *, to: str, project: str) -> Page:
        """Record a mail that is logged already somewhere else too."""
        page = self.sees_logged(mail)
        return self.chooses(self.open(f"{page.path}?assign=1"), to=to, project=project)

    def chooses(self, page: Page, *, to: str, project: str = "One", expect: int = 200) -> Page:
        """Send the assign form of a page as it was when the member opened it."""
        return page.press(
            "activities/assignment/",
            expect,
            whom=self.scene.whom(to),
            projects=[self.scene.ids[project]],
            link_domain=None,
        )

    def dismisses(self, mail: Mail) -> Page:
        return self.sees_unassigned(mail).press("activities/dismissal/")

    def adds_thread(self, mail: Mail, *projects: str) -> Page:
        """Add the mail's thread to projects, on the page of the thread."""
        ids = [self.scene.ids[name] for name in projects]
        return self.opens_thread(mail).press("/projects/", project=ids)

    def takes_thread_out(self, mail: Mail, project: str) -> Page:
        page = self.opens_thread(mail)
        return page.press("/projects/removal/", project=[self.scene.ids[project]])

    def opens_thread(self, mail: Mail) -> Page:
        """The page of the mail's thread, from wherever the member finds the mail."""
        waiting = self.finds("activities/needs-project/", mail)
        if waiting:
            return self.open(waiting)
        links = self.sees_logged(mail).links(".topbar a.btn")
        return self.open(links["Whole thread"])

    def undoes(self, summary: str) -> Page:
        """Take back the newest recent change whose line begins with these words."""
        page = self.open("activities/changes/")
        for row in page.tree.css("[data-row]"):
            form = row.css_first("form")
            if words(row).startswith(summary) and form is not None:
                return page.press(form.attributes["action"] or "")
        raise AssertionError(f"No change to undo begins with {summary}: {page.texts('[data-row]')}")

    def takes_back(self, mail: Mail) -> Page:
        """Make the member's own copy private again, through the page that asks."""
        links = self.sees_logged(mail).links("a")
        return self.open(links["Take my copy back"]).press("taking-back/")

    def keeps_out(self, value: str, effect: str, *, whose: str = "workspace") -> Page:
        """Add an entry that ignores or blocks."""
        page = self.open("settings/entries/")
        return page.press("settings/entries/", value=value, effect=effect, whose=whose)
