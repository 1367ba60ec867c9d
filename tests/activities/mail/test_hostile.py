"""Hostile mail costs little and always ends in a state that a person can see."""

import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from activities.mail.message import ParsedMessage, Problem
from activities.mail.mime import parse, parse_headers
from tests.activities.mail import hostile
from tests.activities.mail.samples import NAMES, sample

# Generous for a slow machine; the careless forms of these patterns take minutes.
HEADER_SECONDS = 1.0


@pytest.mark.parametrize("name", hostile.SLOW_HEADERS)
def test_a_header_is_read_in_linear_time(name: str) -> None:
    raw = hostile.with_header(hostile.SLOW_HEADERS[name])
    start = time.process_time()
    message = parse_headers(raw)
    assert time.process_time() - start < HEADER_SECONDS
    assert message.participants[0].address == "bob@acme.example"


EXPECTED = {
    "open_brackets_in_to": Problem.NONE,
    "sixteen_thousand_addresses": Problem.HEADERS_TOO_LARGE,
    "six_hundred_addresses": Problem.NONE,
    "content_type_of_87_kb": Problem.HEADERS_TOO_LARGE,
    "five_thousand_parameters": Problem.NONE,
    "two_thousand_header_lines": Problem.TOO_MANY_HEADERS,
    "a_hundred_thousand_divs": Problem.NONE,
    "two_thousand_levels": Problem.NONE,
    "five_thousand_parts": Problem.NONE,
    "one_byte_over_the_limit": Problem.TOO_LARGE,
    "part_with_a_header_of_100_kb": Problem.NONE,
    "false_boundaries": Problem.NONE,
    "hidden_depth": Problem.NONE,
}


@pytest.mark.parametrize("name", hostile.NAMED)
def test_a_named_attack_ends_in_its_visible_state(name: str) -> None:
    message, body = parse(hostile.NAMED[name]())
    assert message.problem is EXPECTED[name]
    assert body.problem is message.problem


def test_what_lies_beyond_the_limits_is_counted() -> None:
    for name in ("two_thousand_levels", "five_thousand_parts"):
        assert parse(hostile.NAMED[name]())[1].parts_dropped == 1
    assert parse(hostile.a_hundred_thousand_divs())[1].html_truncated


def test_a_tree_within_the_limits_loses_nothing() -> None:
    body = parse(sample("apple_mail_reply_with_pdf"))[1]
    assert (body.parts_dropped, body.html_truncated, body.text_truncated) == (0, False, False)


def test_a_part_with_a_monstrous_header_is_a_file_and_its_neighbour_is_read() -> None:
    body = parse(hostile.part_with_a_header_of_100_kb())[1]
    assert body.text == "Seen."
    assert len(body.attachments) == 1


def test_25_mb_are_read_and_one_byte_more_is_not() -> None:
    over = hostile.one_byte_over_the_limit()
    assert parse(over)[0].oversize
    message, body = parse(over[:-1])
    assert not message.unparseable
    assert body.text_truncated


def assert_sound(raw: bytes) -> None:
    message, body = parse(raw)
    assert ParsedMessage.from_json(message.to_json()) == message
    text = f"{message.to_json()}{body.text}{body.html}{body.snippet}"
    text += "".join(one.name + one.cid + one.content_type for one in body.attachments)
    text.encode()
    assert "\x00" not in text
    assert len(body.snippet) <= 200


@settings(deadline=None)
@given(st.binary(max_size=2_000))
def test_random_bytes_are_read_without_a_surprise(raw: bytes) -> None:
    assert_sound(raw)


FIELDS = st.sampled_from(
    [b"From: ", b"To: ", b"Cc: ", b"Date: ", b"Subject: ", b"Message-ID: ", b"References: ",
     b"Content-Type: ", b"Content-Type: multipart/mixed; boundary=", b"Content-Disposition: ",
     b"Content-Transfer-Encoding: base64", b"\r\n", b"\r\n\r\n", b"--", b"--b", b"\r", b" ", b"\n",
     b"=?utf-8?Q?", b"?=", b"<", b">", b"@", b"a.example", b"(", b")", b'"', b"\\", b",", b";",
     b":", b"text/html", b"<div>", b"</div>", b"<blockquote>", b"From: a\nSubject: b\n", b"> ",
     b"\xff", b"\x00", b"charset=utf-7", b"filename*0*=", b"''%", b"b\r\n", b"wrote:", b"2025"]
)  # fmt: skip


@settings(deadline=None)
@given(st.lists(FIELDS, max_size=60).map(b"".join))
def test_shuffled_pieces_of_mail_are_read_without_a_surprise(raw: bytes) -> None:
    assert_sound(raw)


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(
    st.sampled_from(NAMES),
    st.lists(st.tuples(st.floats(0, 1), st.binary(max_size=8), st.integers(0, 60)), max_size=6),
)
def test_a_damaged_mail_is_read_without_a_surprise(
    name: str, wounds: list[tuple[float, bytes, int]]
) -> None:
    raw = sample(name)
    for place, put, cut in wounds:
        at = int(place * len(raw))
        raw = raw[:at] + put + raw[at + cut :]
    assert_sound(raw)
