"""R11: what the header says about a machine as the writer."""

import pytest

from activities.mail.message import Automated
from activities.mail.mime import parse, parse_headers
from tests.activities.mail.samples import sample

SHOWN = {
    "Content-Type: multipart/report; report-type=delivery-status; boundary=b": "report",
    "Return-Path: <>": "report",
    "Auto-Submitted: auto-replied (vacation)": "auto_reply",
    "Auto-Submitted: AUTO-GENERATED; owner-email=x": "auto_reply",
    "Precedence: auto_reply": "auto_reply",
    'Content-Type: text/calendar; charset=utf-8; METHOD="Reply"': "calendar_reply",
    "List-Id: <list.example.org>": "bulk",
    "List-Unsubscribe: <https://example.org/u>": "bulk",
    "Precedence: bulk": "bulk",
    "Precedence: List": "bulk",
    "Precedence: junk": "bulk",
    "Auto-Submitted: no": "",
    "Return-Path: <bob@acme.example>": "",
    "Precedence: first-class": "",
    "Content-Type: text/calendar; method=REQUEST": "",
    "List-Id:": "",
    "X-Auto-Response-Suppress: All": "",
}


@pytest.mark.parametrize("line", SHOWN)
def test_r11_each_class_is_read_from_its_field(line: str) -> None:
    facts = parse_headers(f"From: bob@acme.example\n{line}\n\n".encode()).automated
    assert [name for name in Automated.__slots__ if getattr(facts, name)] == [
        name for name in [SHOWN[line]] if name
    ]
    assert bool(facts) == bool(SHOWN[line])


def test_r11_a_calendar_reply_inside_a_mail_shows_once_the_body_is_read() -> None:
    raw = sample("calendar_reply_nested")
    assert not parse_headers(raw).automated
    assert parse(raw)[0].automated.calendar_reply


def test_r11_an_invitation_is_mail() -> None:
    assert not parse(sample("calendar_invitation"))[0].automated


def test_r11_the_list_id_is_bare_so_that_it_can_be_compared_with_internal_domains() -> None:
    assert parse_headers(sample("mailing_list_post")).list_id == "users.lists.example.org"
    assert parse_headers(b"List-ID: Sales.EXAMPLE.com\n\n").list_id == "sales.example.com"
