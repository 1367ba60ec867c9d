"""Headers in forms that no table has stand outermost: the mail inside of theirs names nobody."""

import pytest

from bcc_inbound.forwarded import read_forward

ANA, JANE, BOB = "ana@ours.example", "jane@acme.example", "bob@other.example"
OUTLOOK = (
    f"From: Bob <{BOB}>\nSent: Friday, February 28, 2025 09:00\n"
    f"To: Jane Doe <{JANE}>\nSubject: Quote\n\nHello Jane\n"
)
GMAIL = (
    f"---------- Forwarded message ---------\nFrom: Bob <{BOB}>\nDate: Fri, 28 Feb 2025 at 09:00\n"
    f"Subject: Quote\nTo: Jane Doe <{JANE}>\n\nHello Jane\n"
)
WITH_AN_ADDRESS = (
    f"From: Jane Doe <{JANE}> Sent: Monday, March 3, 2025 10:00 AM To: Ana <{ANA}> Subject: Quote",
    f"Jane Doe <{JANE}>, 3 March 2025, 10:42",
    f"Jane Doe <{JANE}>\tMon, Mar 3, 2025 at 10:42 AM\nTo: Ana <{ANA}>",
    f"Jane Doe <{JANE}>\n10:42 AM (2 hours ago)\nto me",
    f"JD\nJane Doe <{JANE}>\nMon 10:00 AM",
    f"Jane Doe\n<{JANE}>\nMarch 3 at 10:42am",
    f"On 3 March 2025 at 10:42 Jane Doe <{JANE}> wrote",
    f"2025-03-03 10:42 GMT+01:00 Jane Doe <{JANE}>",
    f"Der ursprüngliche Verfasser dieser Nachricht ist: Jane Doe <{JANE}>",
    f"From\tJane Doe <{JANE}>\nTo\tAna",
    f"Message from Jane Doe <{JANE}>",
    f"Message from Jane Doe ({JANE})",
    f"{JANE} sent this",
)


def named(text: str, *, subject: str = "Fwd: Quote", forwarder: str = ANA) -> str:
    found = read_forward(text, subject=subject, forwarder=forwarder)
    return found.sender if found else ""


@pytest.mark.parametrize("inside", [OUTLOOK, GMAIL])
@pytest.mark.parametrize("header", WITH_AN_ADDRESS)
def test_nobody_inside_is_named_below_a_line_with_a_strangers_address(
    header: str, inside: str
) -> None:
    text = f"{header}\n\nHello Ana,\n\nplease see below.\n\nBest regards\nJane\n\n{inside}"
    assert named(text) in {"", JANE}
    assert named(text, forwarder="") in {"", JANE}


@pytest.mark.parametrize("inside", [OUTLOOK, GMAIL])
@pytest.mark.parametrize(
    "note",
    [
        f"Best regards\nAna Ours <{ANA}>",
        "Ana Ours\nana+post@ours.example",
        "cc: Ben <ben@ours.example>",
        f"Please file this from Bob <{BOB}>",
        f"Please answer {JANE}, not me.",
        f"This came from {JANE}. Please answer!",
    ],
)
def test_the_forwarder_and_colleagues_and_people_in_a_sentence_are_no_header(
    note: str, inside: str
) -> None:
    assert named(f"{note}\n\n{inside}") == BOB


def test_whoever_shares_a_public_mail_service_is_no_colleague() -> None:
    text = f"Jane Doe <jane@gmail.com>\n\nHello\n\n{OUTLOOK}"
    assert named(text, forwarder="ana@gmail.com") == ""
    assert named(text, forwarder="jane@gmail.com") == BOB
