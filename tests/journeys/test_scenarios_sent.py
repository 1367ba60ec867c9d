"""The rows of the scenario table about mail that is written here: over a real server for
submission, through Gmail, and through Microsoft 365.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest

from activities.mail.mime import parse_headers
from tests.journeys.people import Mail, Person
from tests.journeys.sending import BySmtp, ByVendor, Sending, goes_out
from tests.journeys.servers import eventually
from tests.journeys.stage import Scene


@pytest.fixture
def way(office: Scene, tmp_path: Path) -> Iterator[Sending]:
    """How the mailboxes of the office send."""
    way: Sending = ByVendor() if office.vendor is not None else BySmtp.started(tmp_path)
    yield way
    way.stop()


def writes(person: Person, way: Sending, query: str, *, expects: str, **fields: str) -> Mail:
    """Write a mail from this form, look where it will be logged, press Send, and wait until it is
    out."""
    page = person.open(f"compose/{query}")
    checked = page.press("compose/", **fields, do="check")
    assert expects in " ".join(checked.texts("#logged-to"))
    checked.press(checked.path, do="send")
    assert way.taken() == [], "It waits for ten seconds."
    raw = eventually(lambda: goes_out(way), hoping="the mail to go out")
    header = parse_headers(raw)
    return Mail(header.subject, f"<{header.message_id}>", raw)


def test_s25_mail_from_a_profile_is_logged_in_its_project_without_asking(
    office: Scene, way: Sending
) -> None:
    office.two_projects()
    office.ana.connects("One", "Two")
    way.allow(office.ana)
    mia, two = office.ids["Mia"], office.ids["Two"]
    mail = writes(
        office.ana, way, f"?contact={mia}&project={two}", expects="Two", subject="From two"
    )
    office.logs(mail, "Mia in Two")
    assert office.ana.offers(mail) == []
    # The copy that is read from Sent later is the same activity.
    assert office.ana.mailbox is not None
    office.ana.mailbox.read()
    office.has_sources(mail, "Sent from Threadwell", "Mailbox of Ana")
    office.logs(mail, "Mia in Two")


def test_s26_mail_from_the_app_to_nobody_known_is_unassigned(office: Scene, way: Sending) -> None:
    office.ana.connects("One")
    way.allow(office.ana)
    mail = writes(
        office.ana, way, "", expects="Unassigned", to="z@nobody.example", subject="Hello Z"
    )
    office.ana.sees_unassigned(mail)


def test_s35_the_answer_to_mail_from_a_profile_follows_it(office: Scene, way: Sending) -> None:
    office.two_projects()
    office.ana.connects("One", "Two")
    way.allow(office.ana)
    mia, two = office.ids["Mia"], office.ids["Two"]
    mail = writes(
        office.ana, way, f"?contact={mia}&project={two}", expects="Two", subject="From two"
    )
    office.logs(mail, "Mia in Two")
    answer = office.ana.receives("mia@client.example", answers=mail, subject="An answer")
    office.logs(answer, "Mia in Two")
