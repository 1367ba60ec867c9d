"""The header of a mail that Graph describes instead of giving it."""

from typing import Any

import pytest

from activities.mail.mime import parse_headers
from mailsync.providers.base import ChangeKind
from mailsync.providers.graph_messages import HEADER_BYTES, read_message
from tests.mailsync.mail import make_mail
from tests.mailsync.microsoft import ANA, MicrosoftAccount

ITEM = {
    "id": "AAk1=",
    "receivedDateTime": "2026-03-02T10:00:00Z",
    "sentDateTime": "2026-03-02T09:59:58Z",
    "isRead": False,
    "isDraft": False,
    "internetMessageId": "<m1@ours.example>",
    "subject": "Angebot für 合同",
    "from": {"emailAddress": {"name": "Ana Berg", "address": ANA}},
    "toRecipients": [
        {"emailAddress": {"name": 'Jane "JD" Doe, Client', "address": "jane@client.example"}},
        {"emailAddress": {"name": "bob@client.example", "address": "bob@client.example"}},
    ],
    "ccRecipients": [{"emailAddress": {"name": "Zoë Ré", "address": "zoe@client.example"}}],
    "bccRecipients": [{"emailAddress": {"address": "hidden@client.example"}}],
}


def head(**changes: Any) -> bytes:
    raw = read_message(ITEM | changes, "AAMkInbox=").header.raw
    assert raw is not None
    return raw


def test_a_header_is_put_together_where_graph_keeps_none() -> None:
    parsed = parse_headers(head())
    assert parsed.subject == "Angebot für 合同"
    assert [(one.role.value, one.address, one.name) for one in parsed.participants] == [
        ("from", ANA, "Ana Berg"),
        ("to", "jane@client.example", 'Jane "JD" Doe, Client'),
        ("to", "bob@client.example", ""),
        ("cc", "zoe@client.example", "Zoë Ré"),
    ]
    assert b"Bcc: <hidden@client.example>" in head()
    assert parsed.date is not None
    assert parsed.date.isoformat() == "2026-03-02T09:59:58+00:00"


def test_what_a_kept_header_lacks_is_filled_in_and_nothing_is_doubled() -> None:
    raw = head(
        internetMessageHeaders=[
            {"name": "Received", "value": "from a\r\n by b"},
            {"name": "SUBJECT", "value": "As it was"},
            {"name": "References", "value": "<a@b.example>"},
        ]
    )
    assert raw.lower().count(b"subject:") == 1
    parsed = parse_headers(raw)
    assert (parsed.subject, parsed.message_id) == ("As it was", "m1@ours.example")
    assert parsed.references == ("a@b.example",)


@pytest.mark.parametrize("place", ["subject", "name", "value", "id"])
def test_nothing_in_a_mail_adds_a_header_line(place: str) -> None:
    evil = "x\r\nBcc: victim@client.example\r\n\r\nbody"
    changes: dict[str, Any] = {
        "subject": {"subject": evil},
        "name": {"from": {"emailAddress": {"name": evil, "address": ANA}}},
        "value": {"internetMessageHeaders": [{"name": "X-A", "value": evil}]},
        "id": {"internetMessageId": evil},
    }[place]
    raw = head(bccRecipients=[], **changes)
    assert b"\nBcc:" not in raw
    assert raw.index(b"\r\n\r\n") == len(raw) - 4


def test_a_name_of_a_header_that_is_none_is_left_out() -> None:
    raw = head(
        internetMessageHeaders=[{"name": "X A:\nB", "value": "1"}, {"name": "", "value": ""}]
    )
    assert b"X A" not in raw


def test_a_header_of_any_size_is_cut_where_all_are() -> None:
    many = [{"name": f"X-{number}", "value": "x" * 5000} for number in range(2000)]
    assert len(head(internetMessageHeaders=many)) == HEADER_BYTES
    one = [{"name": "X", "value": "x" * 10_000_000}]
    assert len(head(internetMessageHeaders=one)) == HEADER_BYTES


def test_a_sent_copy_and_the_copy_at_the_other_end_are_the_same_mail(
    microsoft: MicrosoftAccount,
) -> None:
    raw = make_mail(1, subject="=?utf-8?b?5ZCI5ZCM?=", cc="Bob <bob@client.example>")
    message = microsoft.put_raw(raw, 1, "sent", "seen")
    with microsoft.provider() as provider:
        (header,) = provider.fetch_headers([message.id])
    assert b"Received" not in (header.raw or b"")
    assert parse_headers(header.raw or b"").fingerprint == parse_headers(raw).fingerprint


@pytest.mark.parametrize(("method", "expected"), [("REPLY", True), ("REQUEST", False)])
def test_a_calendar_reply_shows_in_the_type(
    microsoft: MicrosoftAccount, method: str, expected: bool
) -> None:
    invitation = make_mail(
        1,
        mime_version="1.0",
        content_type=f'text/calendar; charset="utf-8"; method={method}',
        body="BEGIN:VCALENDAR\n",
    )
    message = microsoft.put_raw(invitation, 1)
    with microsoft.provider() as provider:
        (header,) = provider.fetch_headers([message.id])
    assert header.calendar_reply is expected


def test_the_meeting_message_type_is_understood_as_well() -> None:
    for word, expected in (("meetingTenativelyAccepted", True), ("meetingRequest", False)):
        item = ITEM | {"meetingMessageType": word}
        assert read_message(item, "AAMkInbox=").header.calendar_reply is expected


def test_a_draft_is_told_as_one_and_no_more_when_it_was_sent(
    microsoft: MicrosoftAccount,
) -> None:
    message = microsoft.put_raw(make_mail(1), 1, "inbox", "draft")
    with microsoft.provider() as provider:
        page = provider.enumerate(provider.start_cursor([microsoft.folder("inbox")], None), 5)
        assert page.changes[0].flags == ("draft",)
        with microsoft.sandbox.lock:
            microsoft.sandbox.mailboxes.flag(ANA, message.id, remove=["draft"])
        changes = provider.changes(page.cursor, 5).changes
    told = {change.kind: change.flags for change in changes}
    assert told[ChangeKind.SCOPE_CHANGED] == told[ChangeKind.FLAGS_CHANGED] == ()
