"""Encoded words, character sets, dates and parameters."""

from datetime import UTC, datetime

import pytest

from activities.mail.charsets import decode_text
from activities.mail.dates import parse_date
from activities.mail.parameters import read_content_type, read_parameters
from activities.mail.words import decode_words

WORDS = {
    "=?utf-8?Q?Caf=C3=A9?=": "Café",
    "=?UTF-8?B?w5xiZXI=?= Jane": "Über Jane",
    "=?iso-8859-1?q?a?= =?iso-8859-1?q?b?=": "ab",
    "=?utf-8?Q?=C3?= =?utf-8?Q?=A9?=": "é",
    "=?utf-8?Q?a_b?= and =?utf-8?Q?c?=": "a b and c",
    "=?utf-8*en?Q?x?=": "x",
    "=?x-nobody-knows?Q?Gr=FC=DFe?=": "Grüße",
    "=?utf-8?Q?never ended": "=?utf-8?Q?never ended",
    "=?utf-8?X?what?=": "=?utf-8?X?what?=",
    "=?utf-8?B?w5w?=": "Ü",
    "=?utf-8?B?SGVsbG8=!!?=": "Hello",
    "=?unicode_escape?Q?=5Cu0041?=": "\\u0041",
    "=?gb2312?B?scu82w==?=": "彼价",
    "a\r\n b\t c": "a b c",
    "a\x00b\x07c": "abc",
    "=?utf-8?Q?a=0D=0ATo:_eve?=": "a To: eve",
    "": "",
}


@pytest.mark.parametrize("written", WORDS)
def test_encoded_words_are_read_as_far_as_they_can_be(written: str) -> None:
    assert decode_words(written) == WORDS[written]


SETS = [
    (b"plain", "us-ascii", "plain"),
    (b"Gr\xfc\xdfe", "us-ascii", "Grüße"),
    ("Grüße".encode(), "iso-8859-1", "Grüße"),
    (b"\x80 5", "iso-8859-1", "€ 5"),
    (b"\xff\xfe", "utf-8", "\ufffd\ufffd"),
    ("日本".encode("iso2022_jp"), "ISO-2022-JP", "日本"),
    ("한국".encode("cp949"), "ks_c_5601-1987", "한국"),
    (b"x\x00y", "utf-8", "xy"),
    (b"+2AA-", "utf-7", ""),
    (b"abc", "zlib", "abc"),
    (b"abc", "punycode", "abc"),
    (b"abc", "x" * 5_000, "abc"),
]


@pytest.mark.parametrize(("data", "charset", "text"), SETS)
def test_any_character_set_yields_text_that_can_be_stored(
    data: bytes, charset: str, text: str
) -> None:
    assert decode_text(data, charset) == text


NOON = datetime(2025, 6, 3, 13, 12, 30, tzinfo=UTC)
DATES = {
    "Tue, 3 Jun 2025 15:12:30 +0200": NOON,
    "3 Jun 25 15:12:30 +0200 (CEST)": NOON,
    "Tue, 3 Jun 2025 09:12:30 EDT": NOON,
    "Tue, 3 Jun 2025 13:12:30": NOON,
    "Tue, 3 Jun 2025 13:12:30 -0000": NOON,
    "2025-06-03T15:12:30.900+02:00": NOON,
    "Tue, 31 Dec 2024 23:59:60 +0000": datetime(2024, 12, 31, 23, 59, 59, tzinfo=UTC),
    "Tue, 32 Jun 2025 15:12:30 +0200": None,
    "Tue, 3 Jun 2025 15:12:30 +9999": None,
    "yesterday": None,
    "": None,
    "1 Jan 1850 00:00:00 +1200": None,
    "99999999999999999999": None,
}


@pytest.mark.parametrize("written", DATES)
def test_a_date_is_an_instant_or_nothing(written: str) -> None:
    assert parse_date(written) == DATES[written]


def test_continued_and_encoded_parameters_are_put_together() -> None:
    value = "attachment; filename*1=ende.pdf; filename*0*=utf-8''%C3%9Cber%20"
    assert read_parameters(value) == ("attachment", {"filename": "Über ende.pdf"})


def test_a_parameter_keeps_its_quoted_blanks_and_signs() -> None:
    value = r'multipart/mixed; boundary="a  ;b\"c"; charset=utf-8'
    assert read_parameters(value)[1] == {"boundary": 'a  ;b"c', "charset": "utf-8"}


def test_only_64_parameters_are_read() -> None:
    value = "text/plain" + "".join(f"; p{number}=1" for number in range(100))
    assert len(read_parameters(value)[1]) == 64


@pytest.mark.parametrize("value", ["text", "", "nonsense(", "a/b/c d", "/"])
def test_a_content_type_that_is_none_means_plain_text(value: str) -> None:
    assert read_content_type(value)[0] == "text/plain"
