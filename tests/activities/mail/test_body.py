"""Bodies and files: what a person reads, put together from the parts."""

import hashlib

import pytest

from activities.mail.files import safe_name
from activities.mail.message import Problem
from activities.mail.mime import parse, parse_headers
from tests.activities.mail.hostile import with_header, with_html, with_text
from tests.activities.mail.samples import NAMES, sample

READ = {
    "gmail_web_reply": "Hi Jane,\n\nThursday at ten works for us.",
    "thunderbird_reply_flowed": "We would like to prolong the contract by another year, on the same"
    " terms as before.",
    "japanese_iso2022jp": "お世話になっております。\n見積書を確認しました。",
    "chinese_qq_gb18030": "报价单收到，谢谢。",
    "korean_euckr": "납품은 목요일입니다.",
    "russian_koi8r": "Счёт оплачен.",
    "greek_iso8859_7": "Συμφωνούμε.",
    "turkish_windows1254": "Teklif uygundur, teşekkürler.",
    "czech_windows1250": "Objednávka je potvrzena.",
    "hebrew_visual": "הפגישה ביום חמישי.",
    "portuguese_undeclared_8bit": "Cotação aprovada.",
    "unknown_charset_body": "Grüße – still readable.",
    "bad_base64_body": "Hello Jane, this is readable",
    "multipart_without_boundary": "Just text under a wrong label.",
    "multipart_never_closed": "First part.",
    "lone_cr_line_ends": "Hello from 1999.\nSecond line.",
    "nul_everywhere": "Beforeafter.",
    "outlook_web_reply_german": "Guten Tag Frau Doe,\n\ndas Angebot paßt für uns.",
}


@pytest.mark.parametrize("name", READ)
def test_the_text_of_a_sample_is_read(name: str) -> None:
    assert parse(sample(name))[1].text.startswith(READ[name])


@pytest.mark.parametrize("name", NAMES)
def test_header_and_whole_mail_say_the_same(name: str) -> None:
    whole, alone = parse(sample(name))[0], parse_headers(sample(name))
    assert whole.participants == alone.participants
    assert (whole.subject, whole.date, whole.fingerprint) == (
        alone.subject,
        alone.date,
        alone.fingerprint,
    )


def test_files_come_with_name_size_and_hash() -> None:
    first, second = parse(sample("two_attachments_rfc2231"))[1].attachments
    assert (first.name, second.name) == ("Angebot für die Halle.pdf", "Übersicht.xlsx")
    assert first.content.startswith(b"%PDF-1.4")
    assert first.size == len(first.content)
    assert first.sha256 == hashlib.sha256(first.content).hexdigest()


def test_a_picture_in_the_text_is_inline_and_has_its_id() -> None:
    body = parse(sample("iphone_photo_inline"))[1]
    assert [(one.inline, one.cid) for one in body.attachments] == [(True, "photo-1@acme.example")]
    assert 'data-cid="photo-1@acme.example"' in body.html


def test_a_forwarded_mail_is_a_file_and_not_the_text() -> None:
    body = parse(sample("forwarded_as_attachment"))[1]
    assert body.text == "Attached."
    assert parse_headers(body.attachments[0].content).subject == "Delivery dates"


def test_text_behind_html_is_kept_beside_it() -> None:
    raw = with_header(
        b"Content-Type: multipart/mixed; boundary=b",
        b"--b\r\nContent-Type: text/html\r\n\r\n<p>One</p>\r\n"
        b"--b\r\n\r\nfooter  <x>\r\n  two\r\n--b--",
    )
    body = parse(raw)[1]
    assert "footer  &lt;x&gt;\n  two" in body.html
    assert body.text == "One\n\nfooter  <x>\n  two"


def test_a_blank_plain_part_gives_way_to_the_html() -> None:
    raw = with_header(
        b"Content-Type: multipart/alternative; boundary=b",
        b"--b\r\n\r\n \r\n--b\r\nContent-Type: text/html\r\n\r\n<p>Real</p>\r\n--b--",
    )
    assert parse(raw)[1].text == "Real"


def test_flowed_lines_are_joined_and_a_signature_is_not() -> None:
    raw = with_text(b"one \r\ntwo\r\n-- \r\nBob\r\n> q \r\n> r\r\n", b"; format=flowed")
    assert parse(raw)[1].text == "one two\n-- \nBob\n> q \n> r"
    raw = with_text(b"hel \r\nlo\r\n", b"; format=flowed; delsp=yes")
    assert parse(raw)[1].text == "hello"


def test_an_html_charset_in_a_meta_tag_is_used() -> None:
    raw = with_header(
        b"Content-Type: text/html", '<meta charset="koi8-r"><p>Счёт</p>'.encode("koi8-r")
    )
    assert parse(raw)[1].text == "Счёт"


def test_uuencoded_text_is_decoded() -> None:
    raw = with_header(
        b"Content-Transfer-Encoding: x-uuencode", b"begin 644 a.txt\n%2&5L;&\\\n`\nend\n"
    )
    assert parse(raw)[1].text == "Hello"


def test_long_text_and_html_are_cut_and_say_so() -> None:
    body = parse(with_text(b"x" * 1_500_000))[1]
    assert (len(body.text), body.text_truncated) == (1_000_000, True)
    body = parse(with_html(b"<p>x</p>" * 200_000))[1]
    assert len(body.html) <= 1_000_000
    assert body.html_truncated


def test_the_snippet_is_one_line_of_200_characters() -> None:
    snippet = parse(with_text(b"word \r\n" * 400))[1].snippet
    assert len(snippet) <= 200
    assert snippet.startswith("word word word")


def test_designed_mail_is_told_from_plain() -> None:
    assert parse(sample("newsletter_designed"))[1].designed
    assert not parse(sample("gmail_web_reply"))[1].designed
    assert not parse(sample("outlook_desktop_reply"))[1].designed


def test_a_newsletter_counts_what_it_would_have_loaded() -> None:
    body = parse(sample("newsletter_designed"))[1]
    assert (body.remote_images, body.tracking_pixels) == (1, 1)


def test_a_header_beyond_the_limit_leaves_the_body_unread_and_says_so() -> None:
    message, body = parse(with_header(b"X: " + b"x" * 70_000, b"To: eve@rival.example\r\n"))
    assert message.problem is body.problem is Problem.HEADERS_TOO_LARGE
    assert body.text == ""


NAMES_OF_FILES = {
    "report.pdf": "report.pdf",
    "../../etc/passwd": "passwd",
    "C:\\Users\\bob\\plan.dwg": "plan.dwg",
    "invoice\u202efdp.exe": "invoicefdp.exe",
    "a\r\nb\x00c.txt": "a bc.txt",
    'a"<b>|c?.txt': "a__b__c_.txt",
    "=?utf-8?Q?=C3=9Cber.txt?=": "Über.txt",
    " . ": "",
    "..": "",
    "\ud800x.txt": "x.txt",
}


@pytest.mark.parametrize("name", NAMES_OF_FILES)
def test_a_file_name_has_no_path_control_or_direction(name: str) -> None:
    assert safe_name(name) == NAMES_OF_FILES[name]


def test_a_long_file_name_keeps_its_ending() -> None:
    name = safe_name("x" * 500 + ".pdf")
    assert len(name) <= 150
    assert name.endswith("x.pdf")
