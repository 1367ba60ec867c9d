"""A member's mailbox on the real IMAP server: connected in the pages, filled by the owner's own
mail program.
"""

import uuid
from typing import TYPE_CHECKING, NamedTuple

from tests.dovecot import PASSWORD, Dovecot
from tests.journeys.browsing import Page, words

if TYPE_CHECKING:
    from tests.journeys.people import Mail, Person


class Line(NamedTuple):
    """One mail in a list of the member's own folders: where it stands, and why."""

    place: str
    reason: str


class FolderPages:
    """What a member sees of a mailbox on the pages, whoever keeps it."""

    owner: "Person"
    path: str

    def shown_as(self, folder: str) -> str:
        """What the pages call a folder that the scenarios call INBOX, Sent or All mail."""
        return folder

    def read(self) -> None:
        """Press the button that has the mailbox read at once."""
        self.owner.open(self.path).press("/reading/")

    def line(self, mail: "Mail", folder: str = "All mail") -> Line | None:
        """How the mail stands in the list of a folder, once it is there."""
        page, name = self.owner.open("inbox/"), self.shown_as(folder)
        if name not in page.texts("nav a span"):
            return None
        return _line_in(self.owner.open("inbox/" + page.links("nav a")[name]), mail)


class Mailbox(FolderPages):
    """An account of its own for each scenario, connected to the projects by name."""

    def __init__(self, owner: "Person", server: Dovecot, projects: tuple[str, ...]) -> None:
        self.owner = owner
        user = server.add_user(f"{owner.name.lower()}-{uuid.uuid4().hex[:12]}@ours.example")
        self.client = server.open(user)
        page = owner.open("mailboxes/connection/imap/").press(
            "mailboxes/connection/imap/",
            address=user,
            host=server.host,
            port=server.port,
            security="none",
            username=user,
            password=PASSWORD,
        )
        page = page.press("/setup/folders/", days="0")
        page = page.press("/setup/projects/", projects=[owner.scene.ids[name] for name in projects])
        if page.path.endswith("/setup/domain/"):
            page = page.press("/setup/domain/")
        self.path = page.path.removesuffix("setup/reading/")

    def put(self, mail: "Mail", folder: str = "INBOX") -> None:
        self.client.append(folder, mail.raw)


def _line_in(page: Page, mail: "Mail") -> Line | None:
    for row in page.tree.css("#rows > [data-row]"):
        subject, reason, place = (
            row.css_first(css) for css in (".subject a", ".snippet", ".end .proj")
        )
        if words(subject) == mail.subject:
            return Line(words(place), words(reason))
    return None
