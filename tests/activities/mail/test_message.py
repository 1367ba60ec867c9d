"""What the header of a mail says, and its way through the database."""

import json

import pytest

from activities.mail.message import ParsedMessage, Participant, Problem, Role
from activities.mail.mime import parse_headers
from tests.activities.mail.hostile import six_hundred_addresses, sixteen_thousand_addresses
from tests.activities.mail.samples import NAMES, sample


def addresses(message: ParsedMessage, *roles: Role) -> list[str]:
    return [one.address for one in message.with_role(*roles)]


def test_r2_from_sender_to_and_cc_count_and_nothing_else() -> None:
    message = parse_headers(
        b"From: f@a.example\nSender: s@a.example\nTo: t@a.example\nCc: c@a.example\n"
        b"Bcc: b@a.example\nReply-To: r@a.example\nResent-To: x@a.example\n\n"
    )
    assert addresses(message, *Role) == ["f@a.example", "s@a.example", "t@a.example", "c@a.example"]
    assert message.reply_to == ("r@a.example",)


def test_r2_addresses_know_no_case_and_domains_are_ascii() -> None:
    message = parse_headers("To: JANE@BÜCHER.example, jane@xn--bcher-kva.EXAMPLE\n\n".encode())
    assert addresses(message, Role.TO) == ["jane@xn--bcher-kva.example"]


def test_an_address_in_two_roles_stands_in_both() -> None:
    message = parse_headers(b"From: a@a.example\nTo: a@a.example, a@a.example\n\n")
    assert addresses(message, *Role) == ["a@a.example", "a@a.example"]


def test_every_from_field_counts_so_that_two_are_no_single_sender() -> None:
    message = parse_headers(sample("two_from_fields"))
    assert addresses(message, Role.FROM) == ["bob@acme.example", "eve@rival.example"]


def test_what_is_no_address_is_counted_and_left_out() -> None:
    message = parse_headers(b"To: nobody, x@, @y, jane@example.com\n\n")
    assert addresses(message, Role.TO) == ["jane@example.com"]
    assert message.malformed_addresses == 3


def test_a_name_carries_no_direction_characters() -> None:
    message = parse_headers("From: \u202eenaJ\u2066 <jane@example.com>\n\n".encode())
    assert message.participants == (Participant(Role.FROM, "jane@example.com", "enaJ"),)


def test_b6_over_500_addresses_are_said_and_500_are_read() -> None:
    message = parse_headers(six_hundred_addresses())
    assert message.too_many_addresses
    assert message.address_count == 601
    assert len(message.participants) == 500
    assert not message.unparseable


def test_b6_addresses_beyond_the_header_limit_are_too_many_as_well() -> None:
    message = parse_headers(sixteen_thousand_addresses())
    assert message.too_many_addresses
    assert message.problem is Problem.HEADERS_TOO_LARGE


def test_ids_lose_their_brackets_and_keep_their_order() -> None:
    message = parse_headers(
        b"Message-ID: <A@x>\nIn-Reply-To: Your mail <b@x>\nReferences: <c@x>\n <d@x> <e\n @x>\n\n"
    )
    assert message.message_id == "A@x"
    assert (message.in_reply_to, message.references) == (("b@x",), ("c@x", "d@x", "e@x"))


def test_the_last_fifty_references_are_kept() -> None:
    value = b" ".join(b"<%d@x>" % number for number in range(80))
    references = parse_headers(b"References: " + value + b"\n\n").references
    assert (len(references), references[-1]) == (50, "79@x")


def test_an_id_that_no_index_would_hold_is_named_by_its_hash() -> None:
    long_id = b"<" + b"a" * 5_000 + b"@x>"
    message = parse_headers(b"Message-ID: " + long_id + b"\nReferences: " + long_id + b"\n\n")
    assert len(message.message_id) < 100
    assert message.references == (message.message_id,)


@pytest.mark.parametrize("name", NAMES)
def test_every_sample_comes_back_from_json_as_it_was(name: str) -> None:
    message = parse_headers(sample(name))
    assert ParsedMessage.from_json(json.loads(json.dumps(message.to_json()))) == message


def test_nothing_that_postgresql_refuses_is_in_the_json() -> None:
    raw = b"From: =?utf-7?Q?+2AA-?= <a@a.example>\nSubject: a\x00b =?utf-8?Q?=00?=\n"
    text = json.dumps(parse_headers(raw + b"Message-ID: <a\x00@x>\n\n").to_json())
    assert "\\u0000" not in text
    assert "\\ud8" not in text


def test_every_problem_has_a_sentence_for_people() -> None:
    for problem in Problem:
        assert bool(ParsedMessage(problem=problem).error) == (problem is not Problem.NONE)
