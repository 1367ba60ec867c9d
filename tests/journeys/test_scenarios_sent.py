"""The rows of the scenario table about mail that is written here: through a mailbox on a real IMAP
server, and a real server for submission.
"""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from activities.mail.mime import parse_headers
from mailsync.tasks import sweep_outbox
from tests.dovecot import Dovecot
from tests.journeys.people import Mail, Person
from tests.journeys.servers import eventually
from tests.journeys.stage import Scene
from tests.mailsync.submission import Submission, start


@pytest.fixture
def desk(scene: Scene, dovecot: Dovecot) -> Iterator[Scene]:
    """The scene with mailboxes by IMAP, which are the ones that send over SMTP."""
    scene.dovecot = dovecot
    yield scene
    while dovecot.clients:
        dovecot.clients.pop().shutdown()


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
    desk: Scene, submission: Submission
) -> None:
    desk.two_projects()
    desk.ana.connects("One", "Two")
    sends_through(desk.ana, submission)
    mia, two = desk.ids["Mia"], desk.ids["Two"]
    mail = writes(
        desk.ana, submission, f"?contact={mia}&project={two}", expects="Two", subject="From two"
    )
    desk.logs(mail, "Mia in Two")
    assert desk.ana.offers(mail) == []
    # The copy that is read from Sent later is the same activity.
    assert desk.ana.mailbox is not None
    desk.ana.mailbox.read()
    desk.has_sources(mail, "Sent from Threadwell", "Mailbox of Ana")
    desk.logs(mail, "Mia in Two")


def test_s26_mail_from_the_app_to_nobody_known_is_unassigned(
    desk: Scene, submission: Submission
) -> None:
    desk.ana.connects("One")
    sends_through(desk.ana, submission)
    mail = writes(
        desk.ana, submission, "", expects="Unassigned", to="z@nobody.example", subject="Hello Z"
    )
    desk.ana.sees_unassigned(mail)


def test_s35_the_answer_to_mail_from_a_profile_follows_it(
    desk: Scene, submission: Submission
) -> None:
    desk.two_projects()
    desk.ana.connects("One", "Two")
    sends_through(desk.ana, submission)
    mia, two = desk.ids["Mia"], desk.ids["Two"]
    mail = writes(
        desk.ana, submission, f"?contact={mia}&project={two}", expects="Two", subject="From two"
    )
    desk.logs(mail, "Mia in Two")
    answer = desk.ana.receives("mia@client.example", answers=mail, subject="An answer")
    desk.logs(answer, "Mia in Two")
