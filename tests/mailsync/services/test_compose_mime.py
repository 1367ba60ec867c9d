"""What is typed becomes a mail that says exactly that, and never a header line of its own."""

from datetime import UTC, datetime
from typing import Any

import pytest

from activities.mail.mime import parse
from mailsync.problems import MailboxProblem
from mailsync.providers.imap_send import envelope_of, without_bcc
from mailsync.services.compose_mime import Letter, LetterFile, write
from mailsync.services.compose_recipients import Recipient, read_all, read_recipients

ANA = Recipient("ana@ours.example", "Ana")


def letter(**facts: Any) -> Letter:
    plain: dict[str, Any] = {
        "sender": ANA,
        "to": (Recipient("jane@client.example", "Jane"),),
        "cc": (),
        "bcc": (),
        "subject": "Offer",
        "text": "As agreed.",
        "message_id": "m1@ours.example",
        "dated_at": datetime(2026, 3, 2, 9, tzinfo=UTC),
    }
    return Letter(**(plain | facts))


def names_of_lines(raw: bytes) -> list[bytes]:
    head = raw.partition(b"\r\n\r\n")[0]
    return [line.partition(b":")[0] for line in head.split(b"\r\n") if line[:1] not in b" \t"]


USUAL = names_of_lines(write(letter(), with_bcc=True))


@pytest.mark.parametrize("end", ["\r\n", "\n", "\r", "\x0b", "\x0c", "\u2028", "\x85", "\x00\n"])
def test_nothing_that_is_typed_begins_a_line_of_the_header(end: str) -> None:
    evil = f"Hello{end}Bcc: spy@evil.example{end}{end}Body"
    raw = write(
        letter(
            subject=evil,
            sender=Recipient("ana@ours.example", evil),
            to=(Recipient("jane@client.example", evil),),
            references=("a@b.example\r\nBcc: spy@evil.example", "c@d.example"),
            in_reply_to=f"x@y.example{end}Bcc: z",
            files=(LetterFile(f"plan{end}Bcc: x.pdf".replace(end, "_"), evil, b"x"),),
        ),
        with_bcc=True,
    )
    lines = names_of_lines(raw)
    assert set(lines) <= {*USUAL, b"References", b"In-Reply-To"}
    assert envelope_of(raw)[1] == ["jane@client.example"]


def test_names_subjects_and_domains_of_the_world_arrive_as_they_were_typed() -> None:
    people = read_all({"to": 'Jäne Döe <Jane@Bücher.example>; "Ω, the last" <o@x.example>'})
    raw = write(letter(to=people["to"], subject="Grüße ☃ " * 30), with_bcc=False)
    assert max(map(len, raw.split(b"\r\n"))) < 998
    message, body = parse(raw)
    assert [(one.address, one.name) for one in message.participants[1:]] == [
        ("jane@xn--bcher-kva.example", "Jäne Döe"),
        ("o@x.example", "Ω, the last"),
    ]
    assert message.subject == ("Grüße ☃ " * 30).strip()
    assert body.text.strip() == "As agreed."


def test_who_got_it_in_secret_stands_only_in_the_sent_copy() -> None:
    secret = (Recipient("boss@ours.example", "The boss of us all"),) * 1
    raw = write(letter(bcc=secret), with_bcc=True)
    assert b"boss@ours.example" in raw
    assert "boss@ours.example" in envelope_of(raw)[1]
    assert without_bcc(raw) == write(letter(bcc=secret), with_bcc=False)
    assert b"boss" not in without_bcc(raw)


def test_the_same_letter_is_the_same_bytes() -> None:
    files = (LetterFile("Übersicht.pdf", "application/pdf", b"%PDF"),)
    assert write(letter(files=files), with_bcc=True) == write(letter(files=files), with_bcc=True)


def test_html_of_the_letter_is_its_words_and_nothing_more() -> None:
    raw = write(
        letter(text="<script>x</script>\n> quoted\nhttps://a.example/?b=1&c"), with_bcc=True
    )
    body = parse(raw)[1]
    assert "<script" not in body.html
    assert "&lt;script&gt;" in body.html
    assert "<blockquote" in body.html
    assert 'href="https://a.example/?b=1&amp;c"' in body.html


@pytest.mark.parametrize(
    "typed",
    ["jane", "jane@", "@client.example", "jäne@client.example", "a@b",
     '"a b"@client.example', "jane@client..example", "jane@[10.0.0.1]"],
)  # fmt: skip
def test_what_is_no_address_is_named(typed: str) -> None:
    with pytest.raises(MailboxProblem, match="is not an address") as caught:
        read_recipients(f"ok@client.example, {typed}", field="cc")
    assert caught.value.field == "cc"


def test_an_address_counts_once_and_in_the_first_field() -> None:
    people = read_all(
        {"to": "A@x.example, a@X.example", "cc": "a@x.example, b@x.example", "bcc": "B@x.example"}
    )
    assert {field: len(some) for field, some in people.items()} == {"to": 1, "cc": 1, "bcc": 0}


def test_more_than_five_hundred_addresses_are_refused() -> None:
    read_all({"to": ",".join(f"p{n}@x.example" for n in range(500))})
    with pytest.raises(MailboxProblem, match="at most 500"):
        read_all({"to": ",".join(f"p{n}@x.example" for n in range(501))})
