"""Rows of the scenario table through the real listener, the worker's service and the pages."""

import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts import tenancy
from accounts.models import Member
from activities.matching.words import Source
from activities.models import (
    Activity,
    Assignment,
    BlockedMail,
    Channel,
    ChannelProject,
    Entry,
    Message,
    PrivateMessage,
    Sighting,
)
from activities.parsing import parse_raw
from activities.services.incoming import IncomingCopy, Result
from activities.services.log_messages import log_messages
from bcc_inbound.models import Delivery
from contacts.models import Contact, Project
from tests.bcc_inbound.conftest import Server, a_mail, deliveries, give_addresses, process_all

NOBODY = "Paul <paul@new.example>"


@contextmanager
def a_mailbox(cast: SimpleNamespace, owner: Member, *projects: Project) -> Iterator[Any]:
    """A synced mailbox of a member: what it is given is what a page of its folder would bring."""
    with tenancy.in_workspace(cast.id, owner.id):
        channel = Channel.objects.create(
            workspace_id=cast.id, owner=owner, source=Channel.Source.SYNC, name=owner.name
        )
        for project in projects:
            ChannelProject.objects.create(workspace_id=cast.id, channel=channel, project=project)

    def sync(mail: EmailMessage) -> Result:
        message, body = parse_raw(bytes(mail))
        copy = IncomingCopy(
            source=Source.SYNC,
            channel_id=channel.id,
            owner_id=owner.id,
            provider_id=str(uuid.uuid4()),
            message=message,
            body=body,
            received_at=timezone.now(),
        )
        with tenancy.in_workspace(cast.id, owner.id):
            return log_messages(cast.id, [copy])[0]

    yield sync


def bcc(cast: SimpleNamespace, server: Server, mail: EmailMessage, to: str = "", **by: str) -> None:
    """Send a mail with the project's address in Bcc, and let the worker do its part."""
    server.send(mail, to or cast.to_one, **by)
    process_all(cast)


def record(cast: SimpleNamespace) -> list[tuple[str, list[tuple[str, str]]]]:
    """Every activity: its state, and (project, contact or company) of its assignments."""
    with tenancy.in_workspace(cast.id):
        rows = Assignment.objects.select_related("project", "contact", "company")
        of: dict[uuid.UUID, list[tuple[str, str]]] = {}
        for row in rows.order_by("project__name"):
            of.setdefault(row.activity_id, []).append(
                (row.project.name, str(row.contact or row.company))
            )
        return [(one.state, of.get(one.id, [])) for one in Activity.objects.order_by("id")]


def page(cast: SimpleNamespace, member: Member, name: str, *args: Any) -> str:
    client = Client()
    client.force_login(member.user)
    answer = client.get(reverse(name, args=[cast.slug, *args]))
    assert answer.status_code == 200, name
    return answer.content.decode()


def test_s13b_an_ignored_senders_mail_that_a_member_sends_in_is_kept_with_a_banner(
    live: SimpleNamespace, server: Server
) -> None:
    with tenancy.in_workspace(live.id):
        Entry.objects.create(
            workspace_id=live.id, effect="ignore", kind="domain", value="news.example"
        )
    bcc(live, server, a_mail(to="x@news.example", cc="jane@client.example"))
    assert record(live) == [("unassigned", [])]
    with tenancy.in_workspace(live.id):
        assert Activity.objects.get().banner == "ignored"


def test_s18_s19_a_forward_inside_is_not_logged_unless_it_is_sent_in(
    live: SimpleNamespace, server: Server
) -> None:
    with a_mailbox(live, live.ana, live.one) as sync:
        first = a_mail(message_id="<one@mail.example>")
        assert sync(first).outcome == "logged"
        forward = a_mail(to="ben@ours.example", subject="Fwd: Renewal")
        assert sync(forward).outcome == "not_logged"
    assert len(record(live)) == 1
    bcc(live, server, forward)
    assert record(live) == [("logged", [("One", "Jane")]), ("unassigned", [])]


def test_s20_a_mail_to_nobody_known_is_unassigned(live: SimpleNamespace, server: Server) -> None:
    bcc(live, server, a_mail(to=NOBODY, subject="Good to meet you"))
    assert record(live) == [("unassigned", [])]
    assert "Good to meet you" in page(live, live.ana, "activities:unassigned")


def test_s21_a_mail_to_a_contact_is_logged_on_the_profile(
    live: SimpleNamespace, server: Server
) -> None:
    bcc(live, server, a_mail(subject="Renewal terms"))
    assert record(live) == [("logged", [("One", "Jane")])]
    with tenancy.in_workspace(live.id):
        assert Assignment.objects.get().interaction_type == "Email"
    assert "Renewal terms" in page(live, live.ana, "activities:contact", live.jane.id)


def test_s23_an_unassigned_mail_is_assigned_to_a_company_and_leaves_the_list(
    live: SimpleNamespace, server: Server
) -> None:
    bcc(live, server, a_mail(to=NOBODY, subject="Good to meet you"))
    with tenancy.in_workspace(live.id):
        activity = Activity.objects.get()
    client = Client()
    client.force_login(live.ben.user)
    answer = client.post(
        reverse("activities:assignment", args=[live.slug]),
        {
            "id": str(activity.id),
            "expected": "unassigned",
            "whom": f"company:{live.acme.id}",
            "projects": str(live.one.id),
        },
    )
    assert answer.status_code == 303
    assert record(live) == [("logged", [("One", "Acme")])]
    assert "Good to meet you" not in page(live, live.ana, "activities:unassigned")
    assert "Good to meet you" in page(live, live.ana, "activities:company", live.acme.id)


def test_s24_without_a_mailbox_only_what_is_sent_in_is_logged(
    live: SimpleNamespace, server: Server
) -> None:
    assert record(live) == []
    bcc(live, server, a_mail())
    assert record(live) == [("logged", [("One", "Jane")])]


def test_s27_two_mailboxes_and_a_bcc_are_one_activity_with_three_sources(
    live: SimpleNamespace, server: Server
) -> None:
    mail = a_mail(cc="ben@ours.example", message_id="<same@mail.example>")
    with a_mailbox(live, live.ana, live.one) as ana, a_mailbox(live, live.ben, live.one) as ben:
        ana(mail)
        bcc(live, server, mail)
        ben(mail)
    assert record(live) == [("logged", [("One", "Jane")])]
    with tenancy.in_workspace(live.id):
        assert Message.objects.count() == 1
        assert Sighting.objects.values("channel").distinct().count() == 3


@pytest.mark.parametrize(
    ("sender", "trusted"), [("stranger@else.example", True), ("ana@ours.example", False)]
)
def test_s29_a_sender_who_is_not_proven_is_held_for_an_admin(
    live: SimpleNamespace, server: Server, settings: Any, sender: str, trusted: bool
) -> None:
    settings.INBOUND_TRUSTED_PEERS = ["127.0.0.1"] if trusted else []
    bcc(live, server, a_mail(sender, subject="Held subject"))
    assert record(live) == []
    assert sender in page(live, live.ana, "bcc_inbound:held")
    assert "Held subject" not in page(live, live.ana, "activities:list")


def test_s30_mail_in_one_workspace_is_nothing_in_another(
    live: SimpleNamespace, rival: SimpleNamespace, server: Server
) -> None:
    give_addresses(rival)
    bcc(live, server, a_mail(subject="Only ours"))
    process_all(rival)
    assert len(record(live)) == 1
    assert record(rival) == []
    assert deliveries(rival) == []
    assert "Only ours" not in page(rival, rival.ana, "activities:list")


@pytest.mark.parametrize("where", ["sender", "to", "cc"])
def test_s31_a_blocked_mail_leaves_a_count_and_a_line(
    live: SimpleNamespace, server: Server, where: str
) -> None:
    with tenancy.in_workspace(live.id):
        Entry.objects.create(
            workspace_id=live.id, effect="block", kind="domain", value="lawyer.example"
        )
    people = {"sender": "ana@ours.example", "to": "jane@client.example", where: "x@lawyer.example"}
    mail = a_mail(**people, subject="Marker", text="Marker")
    with a_mailbox(live, live.ana, live.one) as sync:
        assert sync(mail).outcome == "blocked"
    bcc(live, server, mail)
    assert record(live) == []
    (one,) = deliveries(live)
    assert (one.state, one.raw, one.header_from) == (Delivery.State.BLOCKED, None, "")
    with tenancy.in_workspace(live.id, live.ana.id):
        assert not PrivateMessage.objects.exists()
        assert not Message.objects.exists()
        assert BlockedMail.objects.count() == 2
        assert BlockedMail.objects.filter(entry__value="lawyer.example").count() == 2


def test_s40_a_customers_answer_to_all_is_accepted_and_attributed_to_no_member(
    live: SimpleNamespace, server: Server
) -> None:
    first = a_mail(cc=live.to_one, message_id="<first@mail.example>")
    bcc(live, server, first)
    answer = a_mail(
        "Jane <jane@client.example>",
        "ana@ours.example",
        cc=f"{live.to_one}, new.person@acme.example",
        in_reply_to="<first@mail.example>",
        references="<first@mail.example>",
    )
    bcc(live, server, answer, sender="jane@client.example")
    states = record(live)
    assert [state for state, _ in states] == ["logged", "logged"]
    assert ("One", "Jane") in states[1][1]
    with tenancy.in_workspace(live.id):
        assert Sighting.objects.order_by("id").last().owner_id is None  # type: ignore[union-attr]
        assert not Contact.objects.filter(addresses__address="new.person@acme.example").exists()


def test_an_internal_conversation_that_is_sent_in_is_kept(
    live: SimpleNamespace, server: Server
) -> None:
    bcc(live, server, a_mail(to="ben@ours.example"))
    assert record(live) == [("unassigned", [])]


def test_the_workspaces_address_asks_where_several_projects_fit(
    live: SimpleNamespace, server: Server
) -> None:
    bcc(live, server, a_mail(to="mia@client.example", subject="Which one"), live.to_all)
    assert record(live) == [("needs_project", [])]
    assert "Which one" in page(live, live.ana, "activities:needs_project")
    bcc(live, server, a_mail(to="omar@client.example"), live.to_all)
    assert record(live)[1] == ("logged", [("Two", "Omar")])


def test_the_original_sender_of_a_forward_is_suggested(
    live: SimpleNamespace, server: Server
) -> None:
    text = (
        "---------- Forwarded message ---------\nFrom: Jane <jane@client.example>\n"
        "Date: Mon, 3 Mar 2025 at 10:00\nSubject: Hi\nTo: <ana@ours.example>\n\nHello\n"
    )
    bcc(live, server, a_mail(to=live.to_one, subject="Fwd: Hi", text=text))
    assert record(live) == [("unassigned", [])]
    with tenancy.in_workspace(live.id):
        assert Activity.objects.get().group_domain == "client.example"


def test_a_mail_is_in_the_record_well_within_two_seconds(
    live: SimpleNamespace, server: Server
) -> None:
    bcc(live, server, a_mail())
    took = []
    for number in range(5):
        began = time.monotonic()
        bcc(live, server, a_mail(subject=f"number {number}"))
        took.append(time.monotonic() - began)
    assert len(record(live)) == 6
    assert sorted(took)[2] < 1
