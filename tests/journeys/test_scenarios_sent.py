"""The rows of the scenario table about mail that is written here: through a mailbox on a real IMAP
server, and a real server for submission.
"""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from activities.mail.mime import parse_headers
from mailsync.tasks import sweep_outbox
from tests.journeys.people import Mail, Person
from tests.journeys.servers import eventually
from tests.journeys.stage import Scene
from tests.mailsync.submission import Submission, start


@pytest.fixture
def submission(tmp_path: Path) -> Iterator[Submission]:
    server = start(tmp_path, "none")
    yield server
    server.stop()


def sends_through(person: Person, server: Submission) -> None:
    """Name the server for outgoing mail on the page of the mailbox."""
    assert person.mailbox is not None
    page = person.open(person.mailbox.path + "sending/")
    page.press("sending/", host="127.0.0.1", port=server.port, security="none")


def writes(person: Person, server: Submission, query: str, *, expects: str, **fields: str) -> Mail:
    """Write a mail from this form, look where it will be logged, press Send, and wait until it is
    out."""
    page = person.open(f"compose/{query}")
    checked = page.press("compose/", **fields, do="check")
    assert expects in " ".join(checked.texts("#logged-to"))
    checked.press(checked.path, do="send")
    before = len(server.taken)
    assert before == 0, "It waits for ten seconds."
    raw = eventually(lambda: goes_out(server), hoping="the mail to go out")
    header = parse_headers(raw)
    return Mail(header.subject, f"<{header.message_id}>", raw)


def goes_out(server: Submission) -> bytes:
    """What the beat asks for every two seconds."""
    sweep_outbox()
    time.sleep(0.5)
    return server.taken[-1].raw if server.taken else b""


def test_s25_mail_from_a_profile_is_logged_in_its_project_without_asking(
    office: Scene, submission: Submission
) -> None:
    office.two_projects()
    office.ana.connects("One", "Two")
    sends_through(office.ana, submission)
    mia, two = office.ids["Mia"], office.ids["Two"]
    mail = writes(
        office.ana, submission, f"?contact={mia}&project={two}", expects="Two", subject="From two"
    )
    office.logs(mail, "Mia in Two")
    assert office.ana.offers(mail) == []
    # The copy that is read from Sent later is the same activity.
    assert office.ana.mailbox is not None
    office.ana.mailbox.read()
    office.has_sources(mail, "Sent from Threadwell", "Mailbox of Ana")
    office.logs(mail, "Mia in Two")


def test_s26_mail_from_the_app_to_nobody_known_is_unassigned(
    office: Scene, submission: Submission
) -> None:
    office.ana.connects("One")
    sends_through(office.ana, submission)
    mail = writes(
        office.ana, submission, "", expects="Unassigned", to="z@nobody.example", subject="Hello Z"
    )
    office.ana.sees_unassigned(mail)


def test_s35_the_answer_to_mail_from_a_profile_follows_it(
    office: Scene, submission: Submission
) -> None:
    office.two_projects()
    office.ana.connects("One", "Two")
    sends_through(office.ana, submission)
    mia, two = office.ids["Mia"], office.ids["Two"]
    mail = writes(
        office.ana, submission, f"?contact={mia}&project={two}", expects="Two", subject="From two"
    )
    office.logs(mail, "Mia in Two")
    answer = office.ana.receives("mia@client.example", answers=mail, subject="An answer")
    office.logs(answer, "Mia in Two")
