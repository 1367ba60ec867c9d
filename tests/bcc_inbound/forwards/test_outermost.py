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
        f"{ANA}\n[cid:image001.png@01DB8C4F.A1B2]",
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


def test_a_field_turned_around_is_one_that_cannot_be_read() -> None:
    header = "Jane Doe :מאת\nAna :אל\nQuote :נושא"
    assert named(f"{header}\n\nHello Ana\n\n{OUTLOOK}") == ""
    assert named(f"{header}\n\nHello Ana\n\n{GMAIL}") == ""


@pytest.mark.parametrize(
    "moment", ["10:42 AM (2 hours ago)", "Mon 10:00 AM", "March 3 at 10:42am", "Yesterday, 10.42"]
)
@pytest.mark.parametrize("name", ["Jane Doe", f"Jane Doe <{JANE}>", "Ben Birch <ben@ours.example>"])
def test_a_name_with_a_time_right_below_it_is_a_header(name: str, moment: str) -> None:
    assert named(f"{name}\n{moment}\n\nHello Ana\n\n{OUTLOOK}") == ""


@pytest.mark.parametrize(
    "note",
    ["See you Monday at 10:00!", "Ana Ours\nHours: 9:00 - 17:00", "Ana Ours\nTel: 030 1234 56"],
)
def test_a_time_in_a_note_or_a_signature_is_no_header(note: str) -> None:
    assert named(f"{note}\n\n{OUTLOOK}") == BOB


@pytest.mark.parametrize(
    "note",
    [f"<{JANE}>", "[Jane, 3 March]", "(by Jane)", "[Jane 3.3.2025 10:42 x.pdf]", "<https://x.pdf>"],
)
@pytest.mark.parametrize("marker", ["Begin forwarded message:", "--- Forwarded message ---"])
def test_brackets_below_a_marker_that_hold_no_file_are_a_header_that_cannot_be_read(
    marker: str, note: str
) -> None:
    assert named(f"{marker}\n{note}\n\n{OUTLOOK}") == ""


@pytest.mark.parametrize("note", ["[cid:image001.png@01DB.2F]", "(See attached file: offer.pdf)"])
def test_a_file_in_brackets_may_stand_below_a_marker(note: str) -> None:
    assert named(f"--- Forwarded message ---\n{note}\n\n{OUTLOOK}") == BOB


def quoted(text: str) -> str:
    return "\n".join(f"> {line}".rstrip() for line in text.splitlines())


@pytest.mark.parametrize("inside", [OUTLOOK, GMAIL])
@pytest.mark.parametrize("above", ["Hi Ana, see what Bob sent.\nJane", "Hi Ana,", "See this:"])
def test_nobody_in_a_quoted_mail_is_named_whose_own_header_is_missing(
    above: str, inside: str
) -> None:
    if above != "See this:" or inside != OUTLOOK:
        assert named(quoted(f"{above}\n\n{inside}")) == ""
        assert named(quoted(quoted(f"{above}\n\n{inside}"))) == ""
    assert named(quoted(inside)) == BOB


@pytest.mark.parametrize("line", ["Jane Doe wrote:", "Jane Doe schrieb:", "Jane Doe a écrit :"])
def test_a_forward_in_what_somebody_answers_to_is_not_passed_on(line: str) -> None:
    for text in (quoted(GMAIL), quoted(f"Hi Ana.\n\n{GMAIL}"), GMAIL):
        assert named(f"Thanks.\n\n{line}\n\n{text}", subject="Quote") == ""
    assert named(f"Please log this:\n\n{GMAIL}", subject="Quote") == BOB


def test_fields_without_a_reader_and_a_date_above_a_forward_name_nobody() -> None:
    typed = f"Subject: asked\nFrom: Jane <{JANE}>\nDate: soon\n\n"
    assert named(f"{typed}{GMAIL}") == ""
    assert named(f"{typed}{OUTLOOK}") in {"", JANE}


ON_BEHALF = {
    "en": "on behalf of", "sl": "v imenu", "lv": "vārdā", "id": "atas nama", "vi": "thay mặt",
    "th": "ในนามของ", "el": "στο όνομα του", "nl": "in opdracht van", "es": "por encargo de",
    "pt": "por conta de", "sv": "på uppdrag av", "da": "i opdrag af", "ru": "по поручению",
    "bg": "на име", "de": "i. A.", "lt": "vardu", "ms": "bagi pihak", "ca": "en nom de",
    "hi": "की ओर से", "sv, short": "för",
}  # fmt: skip


@pytest.mark.parametrize("language", ON_BEHALF)
def test_whoever_writes_in_somebodys_name_is_not_sure(language: str) -> None:
    one = f"Office <{BOB}> {ON_BEHALF[language]} Jane Doe"
    assert named(OUTLOOK.replace(f"Bob <{BOB}>", one)) == ""


@pytest.mark.parametrize("name", ["Oscar Ranger", "Lu Imelda", "Анна Именова", "V. I. Andersen"])
def test_a_name_that_holds_such_a_word_is_a_name(name: str) -> None:
    assert named(OUTLOOK.replace("Bob <", f"{name} <")) == BOB


@pytest.mark.parametrize("writers", [f"Jane; Bob <{BOB}>", f"Bob <{BOB}>; Jane"])
def test_two_people_with_one_address_are_not_sure(writers: str) -> None:
    assert named(OUTLOOK.replace(f"Bob <{BOB}>", writers)) == ""
    assert named(OUTLOOK.replace(f"Bob <{BOB}>", f"Bob <{BOB}>;")) == BOB


def test_a_reader_by_its_label_is_no_writer_by_its_place() -> None:
    rows = (
        "{}: Pete <pete@third.example>\nTosk: 3.3.2025 10:42\nBlif: Quote\n"
        f"Wak: Ana <{ANA}>, Zed <zed@z.example>\n\nHello\n"
    )
    assert named(rows.format("Cc")) == ""
    assert named(rows.format("Zorp")) == "pete@third.example"


def test_the_forwarder_and_colleagues_are_named_by_a_label_alone_and_never_by_their_place() -> None:
    rows = (
        "Wak: Ana <{}>\nBlif: 3.3.2025 10:42\nZorp: Jane <{}>\nKopp: Pete <{}>\nTosk: Quote\n\nHi\n"
    )
    third = "pete@third.example"
    assert named(rows.format(ANA, JANE, third)) == ""
    assert named(rows.format("ben@ours.example", JANE, third)) == ""
    assert named(rows.format(JANE, ANA, third)) == JANE
    assert named(OUTLOOK.replace(BOB, ANA)) == ANA


def test_whoever_stands_below_the_readers_is_no_writer_by_being_left_over() -> None:
    rows = f"Tosk: Quote\nWak: Ana <{ANA}>\nCc: Pete <pete@third.example>\nBlif: 3.3.2025 10:42\n"
    assert named(f"{rows}Blin: Hid <hid@x.example>\n\nHi\n") == ""


def test_a_quotation_in_html_is_one_as_well() -> None:
    rows = [line.replace("<", "&lt;") for line in GMAIL.split("\n")]
    for above, expected in (("Hi Ana, see what Bob sent.<br>Jane<br>", ""), ("", BOB)):
        for begin, end in (("<blockquote>", "</blockquote>"), ("<p>", "</p>")):
            html = f"{begin}{above}{'<br>'.join(rows)}{end}"
            found = read_forward("", html=html, subject="Fwd: Quote", forwarder=ANA)
            assert found is not None
            assert found.sender == (expected if begin == "<blockquote>" else BOB)
