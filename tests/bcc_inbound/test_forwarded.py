"""Who wrote a forwarded mail: read where it is clear, left open where it is not."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bcc_inbound.forwarded import LABELS, Forwarded, read_forward

GMAIL = """Please keep this.

---------- Forwarded message ---------
From: Jane Client <jane@client.example>
Date: Mon, 3 Mar 2025 at 10:00
Subject: Renewal terms
To: Ana <ana@ours.example>


Hello Ana,
From: somebody@else.example is only text here.
"""
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
OLD_OUTLOOK = """-----Original Message-----
*From:* Jane Client [mailto:jane@client.example]
*Sent:* Monday, 3 March 2025 10:00
*To:* Ana
*Subject:* Renewal terms

Hello Ana
"""
GERMAN = """Zur Ablage

Von: Jane Client <jane@client.example>
Gesendet: Montag, 3. März 2025 10:00
An: Ana <ana@ours.example>
Cc: Ben <ben@ours.example>
Betreff: Vertrag

Hallo Ana
"""


@pytest.mark.parametrize(
    ("text", "subject"),
    [
        (GMAIL, "Fwd: Renewal terms"),
        (GMAIL, "anything"),
        (APPLE, "Fwd: Renewal terms"),
        (OUTLOOK, "FW: Renewal terms"),
        (OLD_OUTLOOK, "Fw: Renewal terms"),
        (GERMAN, "WG: Vertrag"),
        (GERMAN, "[Team] WG: Vertrag"),
    ],
)
def test_the_original_sender_of_a_forward_is_read(text: str, subject: str) -> None:
    found = read_forward(text, subject=subject)
    assert found is not None
    assert (found.sender, found.name) == ("jane@client.example", "Jane Client")


def test_recipients_date_and_subject_are_read_over_folded_lines() -> None:
    assert read_forward(APPLE) == Forwarded(
        sender="jane@client.example",
        name="Jane Client",
        to=("ana@ours.example", "ben@ours.example"),
        date="3 March 2025 at 10:00:00 CET",
        subject="Renewal terms",
    )


@pytest.mark.parametrize("language", sorted(LABELS))
def test_every_language_is_a_row(language: str) -> None:
    words = {kind: row.split("|")[0].capitalize() for kind, row in LABELS[language].items()}
    text = (
        f"{words['from']}: Jane <jane@client.example>\n{words['date']}: 3.3.2025\n"
        f"{words['to']}: Ana <ana@ours.example>\n{words['subject']}: Hi\n\nHello\n"
    )
    found = read_forward(text, subject="Fwd: Hi")
    assert found is not None
    assert (found.sender, found.subject) == ("jane@client.example", "Hi")


def test_the_outermost_of_two_forwards_counts() -> None:
    inner = GMAIL.replace("jane@client.example", "omar@client.example")
    found = read_forward(GMAIL.replace("Hello Ana,", inner), subject="Fwd: Fwd: x")
    assert found is not None
    assert found.sender == "jane@client.example"


@pytest.mark.parametrize(
    ("text", "subject"),
    [
        (OUTLOOK, "RE: Renewal terms"),
        (OUTLOOK, "Renewal terms"),
        (OLD_OUTLOOK, "Re: Renewal terms"),
        ("Hello,\n\nFrom: jane@client.example I heard that you are leaving.\n", "Fwd: x"),
        (GMAIL.replace("<jane@client.example>", ""), "Fwd: x"),
        (GMAIL.replace("<jane@client.example>", "<jane@client.example> <b@c.example>"), "Fwd: x"),
        (GMAIL.replace("Subject: Renewal terms\nTo: Ana <ana@ours.example>\n", ""), "Fwd: x"),
        ("", "Fwd: x"),
        ("Nothing but text.", "Fwd: x"),
    ],
)
def test_what_is_not_sure_names_nobody(text: str, subject: str) -> None:
    assert read_forward(text, subject=subject) is None


def test_a_hostile_text_is_read_in_no_time() -> None:
    began = time.perf_counter()
    for text in (
        "> " * 500_000,
        "From: " * 200_000,
        "From: a\nTo: b\n" * 100_000,
        "Subject: " + "x@" * 100_000,
        " " * 1_000_000,
    ):
        read_forward(text, subject="Fwd: x")
    assert time.perf_counter() - began < 3


@given(st.text(), st.text())
def test_nothing_raises(text: str, subject: str) -> None:
    read_forward(text, subject=subject)
    read_forward(GMAIL + text, subject=subject)
