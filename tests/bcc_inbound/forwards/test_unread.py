"""A header that cannot be read is not passed over: nobody inside of it is taken for its writer."""

import pytest

from bcc_inbound.forwarded import read_forward
from tests.bcc_inbound.forwards.shapes import Written
from tests.bcc_inbound.forwards.test_corpus import read
from tests.bcc_inbound.forwards.test_unseen import same
from tests.bcc_inbound.forwards.unseen import many
from tests.bcc_inbound.forwards.unseen.mails import MAILS

INNER = (
    "-------- Original Message --------\nSubject: Inner\nDate: Sun, 2 Mar 2025 09:00:00 +0100\n"
    "From: Omar <omar@globex.example>\nTo: Marta <marta@supplier.example>\n\nInner text\n"
)
FORWARD = (
    "---------- Forwarded message ---------\nFrom: Jane <jane@client.example>\n"
    "Date: Mon, 3 Mar 2025\nSubject: Terms\nTo: Ana <ana@ours.example>\n\nHello\n"
)


def in_no_language(text: str) -> str:
    """Labels and markers as a language would write them that no table has."""
    rows = []
    for row in text.split("\n"):
        label, colon, value = row.partition(":")
        is_field = bool(colon) and len(label) < 30
        rows.append(f"Qa{label[::-1].strip()}{colon}{value}" if is_field else row)
    return "\n".join(rows)


@pytest.mark.parametrize("program", [one.name for one in many.PROGRAMS])
def test_nobody_inside_a_header_of_an_unknown_language_is_named(program: str) -> None:
    [found] = [one for one in many.PROGRAMS if one.name == program]
    for words in found.languages():
        for mail in MAILS:
            plain = found.write(mail, words)
            if plain.text:
                strange = Written(plain.subject, f"{in_no_language(plain.text)}\n\n{INNER}")
                forward = read(strange)
                sender = forward.sender if forward else ""
                assert not sender or same(sender, mail.address), strange


@pytest.mark.parametrize(
    "above",
    [
        "-------- Forwarded Message --------\nFrom: Marta <marta@supplier.example>\n\nHi\n\n",
        "-------- Forwarded Message --------\nFrom Marta <marta@supplier.example>\nTo Ana\n\nHi\n",
        "-------- Forwarded Message --------\nOne\nTwo\nThree\nFour\nFive\n\n",
    ],
)
def test_nobody_is_named_whose_mail_stands_below_a_marker_that_led_nowhere(above: str) -> None:
    found = read_forward(f"{above}{INNER}", subject="Fwd: Prices")
    assert found is None or found.sender == ""


@pytest.mark.parametrize(
    "signature",
    [
        "Tel: +49 30 1234\nMail: ana@ours.example\nWeb: www.ours.example",
        "T: +49 30 1234\nE: ana@ours.example<mailto:ana@ours.example>\nW: www.ours.example",
        "T: +49 30 1234\nE: <ana@ours.example>\nW: www.ours.example",
    ],
)
def test_a_signature_above_is_no_header(signature: str) -> None:
    text = f"FYI\n\n{signature}\n\n{FORWARD}"
    found = read_forward(text, subject="Fwd: Terms", forwarder="ana@ours.example")
    assert found is not None
    assert found.sender == "jane@client.example"


def test_notes_of_old_names_the_writer_in_one_line_below_its_marker() -> None:
    marker = "---------------------- Forwarded by Ana/Ours on 03/03/2025 11:30 AM -----------------"
    line = '"Quill, Marta" <marta@supplier.example> on 03/03/2025 10:00:00 AM'
    found = read_forward(f"{marker}\n\n{line}\nTo: Ana/Ours@Ours\n\nHi\n", subject="FW: Prices")
    assert found is not None
    assert (found.sender, found.outermost.name) == ("marta@supplier.example", "Quill, Marta")
    for other in (line.replace("<", "<omar@globex.example> <"), line.replace("@", " at ")):
        found = read_forward(f"{marker}\n\n{other}\nTo: Ana/Ours@Ours\n\nHi\n", subject="FW: x")
        assert found is None or found.sender == ""


def test_a_mark_in_brackets_says_forward() -> None:
    text = FORWARD.partition("\n")[2]
    assert read_forward(text, subject="[Fwd: Terms]").sender == "jane@client.example"
    assert read_forward(text, subject="[Foo: Terms]") is None
