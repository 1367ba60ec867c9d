"""What is read of a forwarded mail: who, to whom, when; and what is left open."""

import time
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from activities.mail.forward import Original, Sureness
from activities.mail.message import ParsedAttachment
from activities.mail.sanitise import sanitise
from bcc_inbound.forwarded import read_forward
from bcc_inbound.forwarded.dates import MONTHS, read_date
from bcc_inbound.forwarded.labels import LABELS, MEANINGS

GMAIL = """Please keep this.

---------- Forwarded message ---------
From: Jane Client <jane@client.example>
Date: Mon, 3 Mar 2025 at 10:00
Subject: Renewal terms
To: Ana <ana@ours.example>


Hello Ana,
From: somebody@else.example is only text here.
"""
MARKS = "\u0301\u0316"
APPLE = """
> Begin forwarded message:
>
> From: Jane Client <jane@client.example>
> Subject: Renewal terms
> Date: 3 March 2025 at 10:00:00 CET
> To: Ana <ana@ours.example>, Ben
> <ben@ours.example>
>
> Hello Ana
"""
OUTLOOK = """see below

________________________________
From: Jane Client <jane@client.example>
Sent: Monday, 3 March 2025 10:00
To: Ana <ana@ours.example>
Subject: Renewal terms

Hello Ana
"""


def attached(sender: str, name: str = "mail.eml", more: str = "") -> ParsedAttachment:
    content = (
        f"From: {sender}\r\nTo: ana@ours.example\r\nSubject: Renewal terms\r\n{more}"
        "Date: Mon, 3 Mar 2025 10:00:00 +0100\r\nMessage-ID: <a@client.example>\r\n\r\nHello\r\n"
    ).encode()
    return ParsedAttachment(name, "message/rfc822", len(content), "", content)


@pytest.mark.parametrize(
    ("text", "subject"),
    [
        (GMAIL, "Fwd: Renewal terms"),
        (GMAIL, "anything"),
        (APPLE, "Fwd: Renewal terms"),
        (OUTLOOK, "FW: Renewal terms"),
        (OUTLOOK, "[Team] WG: Vertrag"),
    ],
)
def test_the_original_sender_of_a_forward_is_read(text: str, subject: str) -> None:
    found = read_forward(text, subject=subject)
    assert found is not None
    assert (found.sender, found.outermost.name) == ("jane@client.example", "Jane Client")


def test_recipients_date_and_subject_are_read_over_folded_lines() -> None:
    assert read_forward(APPLE).outermost == Original(
        sender="jane@client.example",
        name="Jane Client",
        to=("ana@ours.example", "ben@ours.example"),
        date="3 March 2025 at 10:00:00 CET",
        sent_at=datetime(2025, 3, 3, 9, tzinfo=UTC),
        subject="Renewal terms",
        sureness=Sureness.SURE,
        client="apple",
        language="en",
    )


def test_a_header_too_short_to_be_read_is_not_passed_over_for_one_below_it() -> None:
    short = "---------- Forwarded message ---------\nFrom: Omar <omar@client.example>\n"
    for more in ("", "Date: Mon, 3 Mar 2025\n"):
        found = read_forward(f"{short}{more}\n{OUTLOOK.partition(chr(10))[2]}", subject="Fwd: x")
        assert (found.sender, found.outermost.sureness) == ("", Sureness.UNCLEAR)


def test_the_outermost_of_nested_forwards_counts_and_the_chain_is_told() -> None:
    inner = GMAIL.replace("jane@client.example", "omar@client.example")
    found = read_forward(GMAIL.replace("Hello Ana,", inner), subject="Fwd: Fwd: x")
    assert [one.sender for one in found.chain] == ["jane@client.example", "omar@client.example"]


def test_an_attached_mail_is_a_forward_with_its_message_id() -> None:
    found = read_forward("See attached.", attachments=[attached("Jane <jane@client.example>")])
    original = found.outermost
    assert (original.sender, original.client) == ("jane@client.example", "attached")
    assert original.message_id == "a@client.example"
    assert original.fingerprint is not None
    assert original.sent_at == datetime(2025, 3, 3, 9, tzinfo=UTC)


def test_attached_mails_of_different_people_name_nobody() -> None:
    mails = [attached("jane@client.example"), attached("omar@client.example")]
    assert read_forward("See attached.", attachments=mails).sender == ""
    assert read_forward("See attached.", attachments=mails[:1] * 2).sender == "jane@client.example"


def test_an_attached_mail_with_two_writers_names_nobody() -> None:
    mail = attached("jane@client.example, omar@client.example")
    assert read_forward("", attachments=[mail]).sender == ""


def test_what_the_text_forwards_comes_before_what_is_attached_to_it() -> None:
    found = read_forward(GMAIL, attachments=[attached("omar@client.example")])
    assert found.sender == "jane@client.example"


def test_every_language_has_a_row_for_each_field_and_means_one_field_by_a_word() -> None:
    assert len(LABELS) >= 25
    for word, meanings in MEANINGS.items():
        languages = [language for language, _kind in meanings]
        assert len(languages) == len(set(languages)), word
    assert all(len(row.split()) == 12 for row in MONTHS.values())


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("Mon, 3 Mar 2025 10:00:00 +0100", "fr", "2025-03-03T09:00:00+00:00"),
        ("2022年9月19日月曜日 17:55:44 -0400", "ja", "2022-09-19T21:55:44+00:00"),
        ("mardi 2 novembre 2021, 09:26:50 UTC+1", "fr", "2021-11-02T08:26:50+00:00"),
        ("26. Oktober 2021 um 14:25:08 OESZ", "de", "2021-10-26T11:25:08+00:00"),
        ("3 March 2025 at 12:05:00 AM GMT", "en", "2025-03-03T00:05:00+00:00"),
        ("martes, 4 de febrero de 2025 16:56", "es", "2025-02-04T16:56:00"),
        ("Δευτέρα, 3 Μαρτίου 2025 4:56 μμ", "el", "2025-03-03T16:56:00"),
        ("2025年3月3日 週一 下午3:00", "zh-hant", "2025-03-03T15:00:00"),
        ("الاثنين، ٣ مارس ٢٠٢٥ ١٠:٠٠ ص", "ar", "2025-03-03T10:00:00"),
        ("13/3/2025 10:00", "en", "2025-03-13T10:00:00"),
        ("3.4.2025 10:00", "de", "2025-04-03T10:00:00"),
        ("3/4/2025 10:00", "en", ""),
        ("3/4/25 10:00", "de", ""),
        ("3 March 2025", "en", ""),
        ("yesterday at 10:00", "en", ""),
        ("31 February 2025 10:00", "en", ""),
        ("March 3 and April 4 2025 10:00", "en", ""),
        ("3 March 2025 10:00 +9900", "en", "2025-03-03T10:00:00"),
        ("", "en", ""),
    ],
)
def test_a_date_is_an_instant_or_a_clock_or_left_as_text(
    text: str, language: str, expected: str
) -> None:
    sent_at, written_at = read_date(text, language)
    moment = sent_at or written_at
    assert (moment.isoformat() if moment else "") == expected
    assert sent_at is None or written_at is None


def test_a_hostile_text_is_read_in_no_time() -> None:
    began = time.perf_counter()
    for text in (
        "> " * 500_000,
        "From: " * 200_000,
        "From: a\nTo: b\n" * 100_000,
        "From: a\nTo: b\nSubject: c\n" * 50_000,
        "From: a\n\n" * 100_000,
        "From a@b.example\nTo c\n" * 50_000,
        "De: a\n\nA: b\nDe: c\n" * 50_000,
        "From: a@b.example " + "To: x@y.example " * 10_000,
        ("From: a@b.example " + "To: x@y.example " * 20 + "\n") * 3_000,
        "Cc: a\nCc: b\n" * 50_000 + "From: a",
        "Qa: a@b.example\nQb: 3.3.2025 10:00\n" * 50_000,
        "Qa: a@b.example\n\n\nQb: x\n\n\n" * 50_000,
        "Subject: " + "re: " * 100_000,
        "From: a@b.example\nTo: " + "x@y.example, " * 100_000 + "\nSubject: x\nDate: x\n",
        "Subject: " + "x@" * 100_000,
        " " * 1_000_000,
        "----- Forwarded message ----- " + "To: " * 200_000,
        "----- Forwarded message -----\n" * 50_000,
        "On 1:00 <a@b.example> wrote:\n" * 50_000,
        "<" * 300_000,
        "-" * 300_000 + "x",
        "=20" * 100_000,
    ):
        read_forward(text, subject="Fwd: x")
    for html in ("<pre>x</pre>" * 30_000, "<div>From: a</div>" * 20_000, "&lt;" * 90_000):
        read_forward("", html=sanitise(html).html, subject="Fwd: x")
    assert time.perf_counter() - began < 9


@pytest.mark.parametrize(
    "line",
    [
        f"From: a@b.cc {MARKS * 4_900}\nDate: 3.3.2025 10:42\nTo: a@x.yy\nSubject: Prices\n",
        "a" * 900 + "@y.zz\n",
        "a" * 990 + " x@y.zz q\n",
        "a b " * 240 + "x@y.zz\n",
    ],
)
def test_no_line_costs_more_than_its_length(line: str) -> None:
    text = f"---------- Forwarded message ---------\n{line}" * (400_000 // len(line))
    began = time.process_time()
    read_forward(text, subject="Fwd: Prices")
    assert time.process_time() - began < 1


def test_marks_upon_letters_are_read_as_they_stand() -> None:
    name = "Ng\u0323o\u0302\u0301 Vie\u0302\u0323t"
    found = read_forward(GMAIL.replace("Jane Client", name))
    assert found is not None
    assert found.outermost.name == name


@given(st.text(), st.text())
def test_nothing_raises(text: str, subject: str) -> None:
    read_forward(text, html=text, subject=subject)
    read_forward(GMAIL + text, subject=subject)
    read_forward("From: " + text + "\nTo: x\nDate: " + text + "\nSubject: y", subject="Fwd: x")
