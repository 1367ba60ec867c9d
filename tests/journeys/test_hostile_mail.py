"""Hostile mail through the real doors: each ends in a state that a person sees, and soon, while
its neighbours flow. One round by SMTP to an inbound address, one by the import of files."""

import re
import time
import uuid
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from accounts import tenancy
from activities.mail.message import MAX_RAW_BYTES
from activities.models import Activity, Message, PrivateMessage, Sighting
from activities.services.verify_integrity import verify_integrity
from bcc_inbound.models import Delivery
from mailsync.models import Quarantine
from mailsync.services.connect_mailbox import connect_files
from tests.activities.mail import hostile
from tests.activities.mail.samples import sample
from tests.bcc_inbound.conftest import Server, a_mail, deliveries, process_all

# For a whole round, on a machine that is busy with other tests. A careless parser takes minutes
# over a single one of these mails.
SECONDS = 120


def over_25_mb() -> bytes:
    """As in the recipe, with lines that a relay lets pass."""
    head = hostile.with_text(b"")
    line = b"x" * 998 + b"\r\n"
    return head + line * ((MAX_RAW_BYTES - len(head)) // len(line) + 1)


def bare(*lines: bytes) -> Callable[[], bytes]:
    return lambda: b"\r\n".join(lines) + b"\r\n\r\nHello.\r\n"


FROM = b"From: Bob <bob@acme.example>"
TO = b"To: jane@client.example"
ID, DATE = b"Message-ID: <odd@acme.example>", b"Date: Tue, 3 Jun 2025 15:12:30 +0200"
HOSTILE: dict[str, Callable[[], bytes]] = hostile.NAMED | {
    "one_byte_over_the_limit": over_25_mb,
    "no_message_id": bare(FROM, TO, DATE, b"Subject: No id"),
    "no_date": bare(FROM, TO, ID, b"Subject: No date"),
    "no_message_id_and_no_date": bare(FROM, TO, b"Subject: Neither"),
    "no_from": bare(TO, ID, DATE, b"Subject: No sender"),
    "two_from": bare(FROM, b"From: eve@acme.example", TO, ID, DATE, b"Subject: Two senders"),
    "nothing_but_a_header": bare(b"Subject: Alone"),
    "nul_in_header_and_body": bare(
        b"From: Bo\x00b <bob@acme.example>", TO, DATE, b"Subject: N\x00UL", b"X-\x00: \x00"
    ),
    "nul_everywhere": lambda: sample("nul_everywhere"),
    "unknown_charset_in_the_header": bare(
        FROM, TO, ID, DATE, b"Subject: =?x-unheard-of?q?=FE=FF?= =?utf-8?b?////?="
    ),
    "unknown_charset_in_the_body": lambda: sample("unknown_charset_body"),
    "header_that_never_ends": lambda: FROM + b"\r\n" + TO + b"\r\nX: " + b"y" * 500_000,
    "no_header_at_all": lambda: b"\r\n\r\n" + bytes(range(256)) * 40,
    "open_formatting": lambda: hostile.with_html(hostile.SLOW_HTML["unclosed formatting"]),
    "quoted_to_the_end": lambda: hostile.with_text(hostile.SLOW_TEXT["arrows"]),
    "false_dates": bare(FROM, TO, ID, b"Date: " + b"9" * 3_000, b"Subject: When"),
    "year_99999": bare(FROM, TO, ID, b"Date: Tue, 3 Jun 99999 15:12:30 +0200", b"Subject: Late"),
}


def by_a_member(raw: bytes) -> bytes:
    """The same mail as one that a member sends in, with the line ends that SMTP asks for."""
    raw = re.sub(rb"\r?\n", b"\r\n", raw)
    named = raw.replace(b"Bob <bob@acme.example>", b"Ana <ana@ours.example>")
    return named.replace(b"From: bob@acme.example", b"From: ana@ours.example")


def neighbour(number: int, sender: str, to: str) -> bytes:
    return a_mail(sender, to, subject=f"Neighbour {number}").as_bytes()


@pytest.fixture
def ana(live: SimpleNamespace) -> Client:
    client = Client()
    client.force_login(live.ana.user)
    return client


def test_hostile_mail_by_smtp_ends_in_sight_while_its_neighbours_flow(
    live: SimpleNamespace, server: Server, ana: Client
) -> None:
    started = time.monotonic()
    for number, maker in enumerate(HOSTILE.values()):
        assert server.send(by_a_member(maker()), live.to_one) == {}
        server.send(neighbour(number, "ana@ours.example", "jane@client.example"), live.to_one)
    process_all(live)
    took = time.monotonic() - started
    came = deliveries(live)
    assert len(came) == 2 * len(HOSTILE)
    odd, ordinary = came[::2], came[1::2]
    assert {one.state for one in ordinary} == {Delivery.State.PROCESSED}
    states = {name: one.state for name, one in zip(HOSTILE, odd, strict=True)}
    in_sight = {Delivery.State.PROCESSED, Delivery.State.HELD, Delivery.State.ATTENTION}
    assert {name: state for name, state in states.items() if state not in in_sight} == {}
    assert sum(state == Delivery.State.PROCESSED for state in states.values()) > len(states) / 2
    with tenancy.in_workspace(live.id):
        logged = Activity.objects.filter(state="logged", message__subject__startswith="Neighbour")
        assert logged.count() == len(HOSTILE)
    for name, one in zip(HOSTILE, odd, strict=True):
        _is_shown(ana, live, name, one)
    assert took < SECONDS
    assert _broken(live.id) == []


def _is_shown(ana: Client, cast: SimpleNamespace, name: str, one: Delivery) -> None:
    """A person finds the mail on a page, and where something is missing the reason for it."""
    if one.state == Delivery.State.HELD:
        page = ana.get(reverse("bcc_inbound:held_mail", args=[cast.slug, one.id]))
        assert page.status_code == 200, name
        return
    assert one.state == Delivery.State.PROCESSED, (name, one.error)
    with tenancy.in_workspace(cast.id):
        activity = Activity.objects.select_related("message").get(message=one.message_id)
        body = getattr(activity.message, "body", None)
        note = body.note if body else ""
    page = ana.get(reverse("activities:activity", args=[cast.slug, activity.id]))
    assert page.status_code == 200, name
    assert "\x00" not in page.content.decode()
    if activity.message.body_state == Message.Body.UNREADABLE:
        assert note, name
        assert note in _plain(page), name
    frame = ana.get(reverse("activities:message_frame", args=[cast.slug, activity.id]))
    assert frame.status_code in {200, 404}, name


def _plain(page: Any) -> str:
    return str(page.content.decode()).replace("&#x27;", "'").replace("&quot;", '"')


def test_hostile_mail_in_files_ends_in_sight_while_its_neighbours_flow(
    live: SimpleNamespace, ana: Client, tmp_path: Path
) -> None:
    mailbox = connect_files(
        live.id, by=live.ana, address="ana@ours.example", project_ids=[live.one.id]
    )
    for number, (name, maker) in enumerate(HOSTILE.items()):
        (tmp_path / f"{number:03}-{name}.eml").write_bytes(maker())
        mail = neighbour(number, "jane@client.example", "ana@ours.example")
        (tmp_path / f"{number:03}-neighbour.eml").write_bytes(mail)
    started = time.monotonic()
    call_command("import_mail", str(tmp_path), mailbox=str(mailbox.id))
    took = time.monotonic() - started
    with tenancy.in_workspace(live.id, live.ana.id):
        private = list(PrivateMessage.objects.values_list("id", flat=True))
        shared = list(Sighting.objects.values_list("message__activity", flat=True))
        assert not Quarantine.objects.exists()
        assert len(private) + len(shared) == 2 * len(HOSTILE)
        logged = Activity.objects.filter(state="logged", message__subject__startswith="Neighbour")
        assert logged.count() == len(HOSTILE)
    _opens(ana, live, "mailsync:private_message", private)
    _opens(ana, live, "activities:activity", shared)
    folders = ana.get(reverse("mailsync:folders", args=[live.slug]), {"mailbox": mailbox.id})
    assert folders.status_code == 200
    assert took < SECONDS
    assert _broken(live.id) == []


def _opens(ana: Client, cast: SimpleNamespace, name: str, ids: list[uuid.UUID]) -> None:
    for one in ids:
        page = ana.get(reverse(name, args=[cast.slug, one]))
        assert page.status_code == 200
        assert "\x00" not in page.content.decode()


def _broken(workspace_id: uuid.UUID) -> list[str]:
    return [one.name for one in verify_integrity() if workspace_id in one.workspaces]
