"""Header blocks: where they end, and what is in them."""

from activities.mail.header_block import header_bytes, read_header
from activities.mail.message import Problem
from activities.mail.mime import parse_headers


def test_folded_lines_belong_to_their_field() -> None:
    header = read_header(b"Subject: one\r\n two\r\n\tthree\r\nTo: a@b.example\r\n\r\nbody")
    assert header.first("subject") == "one two\tthree"
    assert header.every("to") == ["a@b.example"]


def test_the_header_ends_at_the_blank_line_and_the_body_names_nobody() -> None:
    message = parse_headers(b"From: a@acme.example\r\n\r\nTo: eve@rival.example\r\n")
    assert [one.address for one in message.participants] == ["a@acme.example"]


def test_a_line_that_is_no_field_ends_the_header() -> None:
    message = parse_headers(b"From: a@acme.example\nDear all,\nTo: eve@rival.example\n\n")
    assert [one.address for one in message.participants] == ["a@acme.example"]


def test_a_mailbox_line_and_a_byte_order_mark_in_front_are_skipped() -> None:
    for front in (b"From bob Tue Jun  3 15:12:30 2025\n", b">From bob\n", b"\xef\xbb\xbf", b"\r\n"):
        assert parse_headers(front + b"Subject: x\n\n").subject == "x"


def test_a_lone_cr_inside_a_line_starts_no_field() -> None:
    message = parse_headers(b"Subject: x\rTo: eve@rival.example\r\nFrom: a@acme.example\r\n\r\n")
    assert message.subject == "x To: eve@rival.example"
    assert [one.address for one in message.participants] == ["a@acme.example"]


def test_a_mail_whose_lines_end_in_cr_alone_is_read() -> None:
    message = parse_headers(b"Subject: x\rFrom: a@acme.example\r\rbody\r")
    assert message.subject == "x"
    assert message.participants[0].address == "a@acme.example"


def test_raw_letters_are_utf8_or_windows_line_by_line() -> None:
    message = parse_headers("Subject: Grüße\nFrom: ".encode() + b"J\xfcrg <j@acme.example>\n\n")
    assert (message.subject, message.participants[0].name) == ("Grüße", "Jürg")


def test_names_of_fields_know_no_case_and_may_stand_before_a_blank() -> None:
    assert parse_headers(b"SUBJECT : x\n\n").subject == "x"


def test_a_header_of_exactly_64_kb_is_read_and_one_byte_more_is_not() -> None:
    fits = b"X: " + b"x" * (64 * 1024 - 4) + b"\n"
    assert parse_headers(fits + b"\nbody").problem is Problem.NONE
    assert parse_headers(b"Y" + fits + b"\nbody").problem is Problem.HEADERS_TOO_LARGE


def test_a_thousand_lines_are_read_and_one_more_is_not() -> None:
    assert parse_headers(b"X: 1\n" * 1_000 + b"\n").problem is Problem.NONE
    assert parse_headers(b"X: 1\n" * 1_001 + b"\n").problem is Problem.TOO_MANY_HEADERS


def test_pairs_of_an_api_become_a_header_that_reads_the_same() -> None:
    pairs = [("From", "Jörg <j@acme.example>"), ("Subject", "two\r\nTo: eve@rival.example")]
    message = parse_headers(header_bytes(pairs))
    assert message.subject == "two To: eve@rival.example"
    assert [one.name for one in message.participants] == ["Jörg"]
