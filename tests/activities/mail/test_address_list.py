"""Address headers, as they are written and as they should be."""

import pytest

from activities.mail.address_list import split_addresses

WRITTEN = {
    "jane@example.com": [("", "jane@example.com")],
    "Jane Doe <jane@example.com>": [("Jane Doe", "jane@example.com")],
    '"Doe, Jane" <jane@example.com>, bob@acme.example': [
        ("Doe, Jane", "jane@example.com"),
        ("", "bob@acme.example"),
    ],
    "jane@example.com (Jane (the first) Doe)": [("Jane (the first) Doe", "jane@example.com")],
    "jane (at work) @ example.com": [("at work", "jane@example.com")],
    "Board: a@example.com, b@example.com;, c@example.com": [
        ("", "a@example.com"),
        ("", "b@example.com"),
        ("", "c@example.com"),
    ],
    "undisclosed-recipients:;": [],
    "": [],
    " , ,, ": [],
    "a@example.com; b@example.com": [("", "a@example.com"), ("", "b@example.com")],
    "A <a@example.com> B <b@example.com>": [("A", "a@example.com"), ("B", "b@example.com")],
    "<@relay.example,@hub.example:jane@example.com>": [("", "jane@example.com")],
    "<mailto:jane@example.com>": [("", "jane@example.com")],
    "Mary Smith mary@example.com": [("Mary Smith", "mary@example.com")],
    '"john doe"@example.com': [("", '"john doe"@example.com')],
    '"a\\"b" <jane@example.com>': [('a"b', "jane@example.com")],
    "bob@acme.example <jane@example.com>": [("bob@acme.example", "jane@example.com")],
    "<<jane@example.com>>": [("", "jane@example.com")],
    "Jane <jane@example.com": [("Jane", "jane@example.com")],
    "Jane": [("Jane", "")],
    "a@b.example c@d.example": [("a@b.example c@d.example", "")],
    "<>": [("", "")],
    'Jane "Doe <jane@example.com>': [("Jane Doe", "jane@example.com")],
    "Jane (Doe <jane@example.com>": [("Jane Doe", "jane@example.com")],
}


@pytest.mark.parametrize("written", WRITTEN)
def test_an_address_header_is_cut_as_a_person_would_read_it(written: str) -> None:
    assert list(split_addresses(written)) == WRITTEN[written]


def test_an_encoded_comma_separates_nobody() -> None:
    value = "=?utf-8?Q?Doe=2C_eve=40rival.example?= <jane@example.com>"
    assert [address for _, address in split_addresses(value)] == ["jane@example.com"]


def test_an_address_in_quotes_is_a_name_and_no_address() -> None:
    assert list(split_addresses('"eve@rival.example" <jane@example.com>')) == [
        ("eve@rival.example", "jane@example.com")
    ]
