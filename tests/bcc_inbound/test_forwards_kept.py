"""From a forwarded mail to the rows that tell whose it was."""

from email.message import EmailMessage
from types import SimpleNamespace

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from accounts import tenancy
from activities.models import Activity, ForwardedMail, Sighting
from contacts.models import Project
from tests.bcc_inbound.conftest import a_mail, process_all
from tests.bcc_inbound.test_processing import activities_of, hand_over

GMAIL = """Please keep this.

---------- Forwarded message ---------
From: Jane Client <jane.client@client.example>
Date: Mon, 3 Mar 2025 at 10:00
Subject: Renewal terms
To: Ana <ana@ours.example>
Cc: Omar <omar@globex.example>

Hello Ana
"""


def a_forward(text: str = GMAIL, subject: str = "Fwd: Renewal terms") -> EmailMessage:
    return a_mail(to="inbox@ours.example", subject=subject, text=text)


def kept(cast: SimpleNamespace) -> list[ForwardedMail]:
    with tenancy.in_workspace(cast.id):
        return list(ForwardedMail.objects.order_by("message_id", "position"))


def test_a_forward_keeps_who_wrote_it_to_whom_when_and_about_what(live: SimpleNamespace) -> None:
    hand_over(live.to_one, a_forward())
    process_all(live)
    (row,) = kept(live)
    assert (row.sender, row.name) == ("jane.client@client.example", "Jane Client")
    assert (row.subject, row.sureness) == ("Renewal terms", "sure")
    assert (row.clock, row.sent_at) == ("2025-03-03T10:00:00", None)
    assert row.recipients == [["to", "ana@ours.example"], ["cc", "omar@globex.example"]]
    (activity,) = activities_of(live)
    assert activity.group_domain == "client.example"


def test_a_name_without_an_address_is_kept_and_nobody_is_named(live: SimpleNamespace) -> None:
    hand_over(live.to_one, a_forward(GMAIL.replace("<jane.client@client.example>", "")))
    process_all(live)
    (row,) = kept(live)
    assert (row.sender, row.name, row.sureness) == ("", "Jane Client", "name only")
    with tenancy.in_workspace(live.id):
        assert Sighting.objects.get().copy_facts["forwarded_from"] == ""


def test_a_mail_forwarded_as_a_file_is_kept_with_its_fingerprint(live: SimpleNamespace) -> None:
    inner = a_mail("Jane <jane@client.example>", "ana@ours.example", subject="Terms")
    mail = a_forward("See the file.", "Terms")
    mail.add_attachment(inner)
    hand_over(live.to_one, mail)
    process_all(live)
    (row,) = kept(live)
    assert (row.sender, row.client) == ("jane@client.example", "attached")
    assert row.fingerprint


def test_a_report_with_the_mail_that_it_is_about_is_no_forward(live: SimpleNamespace) -> None:
    mail = a_forward("Could not be delivered.", "Undelivered")
    mail["Auto-Submitted"] = "auto-replied"
    mail.add_attachment(a_mail("Jane <jane@client.example>", "ana@ours.example"))
    hand_over(live.to_one, mail)
    process_all(live)
    assert kept(live) == []


def test_the_mail_inside_a_colleagues_forward_names_the_group(live: SimpleNamespace) -> None:
    inner = "\n".join(GMAIL.splitlines()[2:])
    outer = GMAIL.replace("Jane Client <jane.client@client.example>", "Ben <ben@ours.example>")
    hand_over(live.to_one, a_forward(f"{outer}\n{inner}"))
    process_all(live)
    assert [row.sender for row in kept(live)] == ["ben@ours.example", "jane.client@client.example"]
    assert activities_of(live)[0].group_domain == "client.example"


def test_the_mail_inside_one_whose_writer_is_not_sure_names_no_group(live: SimpleNamespace) -> None:
    inner = "\n".join(GMAIL.splitlines()[2:])
    for number, writers in enumerate(
        (
            "Omar <omar@globex.example>, Zed <zed@globex.example>",
            "Omar",
            "Ben <ben@ours.example>, Omar <omar@globex.example>",
        )
    ):
        outer = GMAIL.replace("Jane Client <jane.client@client.example>", writers)
        hand_over(live.to_one, a_forward(f"{outer}\n{inner}", f"Fwd: {number}"))
    process_all(live)
    assert {row.sender for row in kept(live)} == {"", "jane.client@client.example"}
    assert "client.example" not in {one.group_domain for one in activities_of(live)}


def test_a_forward_is_assigned_where_the_project_says_so(live: SimpleNamespace) -> None:
    with tenancy.in_workspace(live.id):
        Project.objects.filter(id=live.one.id).update(assigns_forwards=True)
    text = GMAIL.replace("jane.client@client.example", "jane@client.example")
    hand_over(live.to_one, a_forward(text))
    process_all(live)
    (activity,) = activities_of(live)
    assert activity.state == Activity.State.LOGGED
    assert [one.rule for one in activity.assignments.all()] == ["B4"]


def test_where_the_writer_is_not_sure_nothing_is_assigned(live: SimpleNamespace) -> None:
    with tenancy.in_workspace(live.id):
        Project.objects.filter(id=live.one.id).update(assigns_forwards=True)
    text = GMAIL.replace("<jane.client@client.example>", "<jane@client.example> <x@else.example>")
    hand_over(live.to_one, a_forward(text))
    process_all(live)
    assert activities_of(live)[0].state == Activity.State.UNASSIGNED


@pytest.mark.parametrize(
    ("to", "text", "note"),
    [
        ("", "Called Acme about the floor.", True),
        ("jane@client.example", "Hello Jane.", False),
        ("ben@ours.example", "Ben, see this.", False),
        ("", GMAIL, False),
    ],
)
def test_what_a_member_writes_to_the_address_alone_is_a_note(
    live: SimpleNamespace, to: str, text: str, note: bool
) -> None:
    mail = a_mail(to=to or live.to_one, subject="#One: Acme", text=text)
    hand_over(live.to_one, mail)
    process_all(live)
    with tenancy.in_workspace(live.id):
        assert Sighting.objects.get().copy_facts.get("note", False) is note


def test_keeping_what_many_mails_forward_asks_no_further_query(live: SimpleNamespace) -> None:
    counts = []
    for many in (1, 8):
        for number in range(many):
            hand_over(live.to_one, a_forward(subject=f"Fwd: {many} {number}"))
        with CaptureQueriesContext(
            connection,
        ) as queries:
            process_all(live)
        counts.append(len(queries))
    assert len(kept(live)) == 9
    # Each body is a file of its own; what the database is asked stays the same.
    assert counts[1] <= counts[0] + 2


def test_the_database_takes_no_sender_that_is_not_sure(live: SimpleNamespace) -> None:
    hand_over(live.to_one, a_forward())
    process_all(live)
    with tenancy.in_workspace(live.id), pytest.raises(IntegrityError), transaction.atomic():
        ForwardedMail.objects.update(sureness="unclear")
