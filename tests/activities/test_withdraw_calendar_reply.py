"""A calendar reply that only its body shows is taken off the record again (R11)."""

from types import SimpleNamespace

import pytest

from accounts import tenancy
from activities.models import Activity, Assignment, Message, PrivateMessage, Sighting
from activities.services.assign import Whom, assign
from activities.services.automated import set_automated_class
from activities.services.store_body import store_body
from contacts.models import Contact, ContactAddress
from tests.activities.mailing import a_copy, arrive, make_channel

STRANGER = "new@acme.example"
REPLY = """\
From: {sender}\r
To: ana@ours.example, jane@client.example\r
Subject: Accepted: Lunch\r
Date: Mon, 02 Mar 2026 12:00:00 +0000\r
Message-ID: <reply@mail.example>\r
Content-Type: multipart/alternative; boundary=cut\r
\r
--cut\r
Content-Type: text/plain\r
\r
Accepted.\r
--cut\r
Content-Type: text/calendar; method={method}\r
\r
BEGIN:VCALENDAR\r
--cut--\r
"""


def reply(sender: str = STRANGER, method: str = "REPLY") -> bytes:
    return REPLY.format(sender=sender, method=method).encode()


def head(raw: bytes) -> bytes:
    """What a provider that tells only the header tells."""
    return raw.partition(b"\r\n\r\n")[0].replace(b"Content-Type", b"X-Left-Out") + b"\r\n\r\n"


def logged(cast: SimpleNamespace, raw: bytes, **channel: str) -> Message:
    with tenancy.in_workspace(cast.id, cast.ana.id):
        cast.channel = make_channel(cast, cast.ana, cast.one, **channel)
    (result,) = arrive(cast, a_copy(cast.channel, head(raw)))
    assert result.outcome == "logged"
    with tenancy.in_workspace(cast.id, cast.ana.id):
        return Message.objects.get(id=result.message_id)


def store(cast: SimpleNamespace, message: Message, raw: bytes) -> bool:
    with tenancy.in_workspace(cast.id, cast.ana.id):
        return store_body(cast.id, message_id=message.id, raw=raw)


def kept(cast: SimpleNamespace) -> tuple[int, int, int, int]:
    """How many messages, activities, assignments and sightings there are."""
    with tenancy.in_workspace(cast.id, cast.ana.id):
        tables = (Message, Activity, Assignment, Sighting)
        found = [model._default_manager.filter(workspace_id=cast.id).count() for model in tables]
        return found[0], found[1], found[2], found[3]


def test_the_engines_own_log_is_withdrawn_and_the_body_dropped(ours: SimpleNamespace) -> None:
    raw = reply()
    message = logged(ours, raw)
    with tenancy.in_workspace(ours.id, ours.ana.id):
        assert ContactAddress.objects.filter(address=STRANGER).exists()
    assert store(ours, message, raw) is False
    assert kept(ours) == (0, 0, 0, 0)
    with tenancy.in_workspace(ours.id, ours.ana.id):
        row = PrivateMessage.objects.get()
        assert (row.outcome, row.rule, row.subject) == ("not_logged", "R11", "Accepted: Lunch")
        assert row.headers["automated"] == ["calendar_reply"]
        assert row.decision["steps"][0]["code"] == "calendar_reply"
        # Automated mail creates nobody.
        assert not ContactAddress.objects.filter(address=STRANGER).exists()
        assert Contact.objects.filter(id=ours.jane.id).exists()


def test_an_invitation_is_mail(ours: SimpleNamespace) -> None:
    raw = reply(method="REQUEST")
    assert store(ours, logged(ours, raw), raw) is True
    assert kept(ours)[:2] == (1, 1)


def test_a_contacts_own_calendar_reply_stays(ours: SimpleNamespace) -> None:
    raw = reply("jane@client.example")
    assert store(ours, logged(ours, raw), raw) is True
    assert kept(ours)[:2] == (1, 1)


def test_a_class_that_was_let_through_stays(ours: SimpleNamespace) -> None:
    raw = reply()
    message = logged(ours, raw)
    with tenancy.in_workspace(ours.id, ours.ana.id):
        set_automated_class(ours.id, by=ours.ana, name="calendar_reply", passes=True)
    assert store(ours, message, raw) is True
    assert kept(ours)[:2] == (1, 1)


def test_what_a_person_assigned_stays(ours: SimpleNamespace) -> None:
    raw = reply()
    message = logged(ours, raw)
    with tenancy.in_workspace(ours.id, ours.ana.id):
        activity = Activity.objects.get(message=message)
        assign(
            ours.id,
            by=ours.ana,
            activity_ids=[activity.id],
            project_ids=[ours.two.id],
            whom=[Whom(contact_id=ours.omar.id)],
        )
    assert store(ours, message, raw) is True
    assert kept(ours)[:2] == (1, 1)


def test_a_contact_that_has_other_mail_stays_and_so_does_the_reply(ours: SimpleNamespace) -> None:
    raw = reply()
    message = logged(ours, raw)
    other = head(raw).replace(b"<reply@", b"<other@").replace(b"Accepted: ", b"About ")
    arrive(ours, a_copy(ours.channel, other))
    assert store(ours, message, raw) is True
    assert kept(ours)[0] == 2


def test_doing_it_twice_changes_nothing(ours: SimpleNamespace) -> None:
    raw = reply()
    message = logged(ours, raw)
    store(ours, message, raw)
    assert store(ours, message, raw) is False
    assert kept(ours) == (0, 0, 0, 0)


@pytest.mark.parametrize("source", ["bcc"])
def test_mail_that_was_sent_in_stays(source: str, ours: SimpleNamespace) -> None:
    raw = reply()
    message = logged(ours, raw)
    with tenancy.in_workspace(ours.id, ours.ana.id):
        inbound = make_channel(ours, None, ours.one, source=source)
    arrive(ours, a_copy(inbound, head(raw), sender=ours.ana))
    store(ours, message, raw)
    assert kept(ours)[:2] == (1, 1)
