"""Mails that were made to hurt a parser, built from their recipe: most are too large to keep."""

from collections.abc import Callable

MB = 1024 * 1024
_HEAD = (
    b"From: Bob <bob@acme.example>\r\nTo: jane@example.com\r\nSubject: Hostile\r\n"
    b"Date: Tue, 3 Jun 2025 15:12:30 +0200\r\nMessage-ID: <hostile@acme.example>\r\n"
)


def with_header(line: bytes, body: bytes = b"Hello.\r\n") -> bytes:
    """An ordinary mail with one more header field."""
    return _HEAD + line + b"\r\n\r\n" + body


def with_html(html: bytes) -> bytes:
    """An ordinary mail whose body is this HTML."""
    return with_header(b"Content-Type: text/html; charset=utf-8", html)


def with_text(text: bytes, more: bytes = b"") -> bytes:
    """An ordinary mail whose body is this text."""
    return with_header(b"Content-Type: text/plain; charset=utf-8" + more, text)


def open_brackets_in_to() -> bytes:
    return b"From: bob@acme.example\r\nTo: " + b"(" * 2_048 + b"\r\nSubject: x\r\n\r\nHello.\r\n"


def sixteen_thousand_addresses() -> bytes:
    many = b",\r\n ".join(b"a%d@example.com" % number for number in range(16_000))
    return b"From: bob@acme.example\r\nTo: " + many + b"\r\nSubject: x\r\n\r\nHello.\r\n"


def six_hundred_addresses() -> bytes:
    many = b",\r\n ".join(b"Name %d <a%d@example.com>" % (n, n) for n in range(600))
    return b"From: bob@acme.example\r\nTo: " + many + b"\r\nSubject: x\r\n\r\nHello.\r\n"


def content_type_of_87_kb() -> bytes:
    return with_header(b"Content-Type: multipart/mixed; " + b'a="' * 29_000)


def five_thousand_parameters() -> bytes:
    return with_header(b"Content-Type: text/plain" + b"".join(b"; p%d=1" % n for n in range(5_000)))


def two_thousand_header_lines() -> bytes:
    return with_header(b"\r\n".join(b"X-%d: 1" % number for number in range(2_000)))


def a_hundred_thousand_divs() -> bytes:
    return with_html(b"<div>" * 100_000)


def two_thousand_levels() -> bytes:
    head = b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n"
    return _HEAD + b"".join(head % (n, n) for n in range(2_000)) + b"\r\nInnermost.\r\n"


def five_thousand_parts() -> bytes:
    return with_header(
        b"Content-Type: multipart/mixed; boundary=b", b"--b\r\n\r\nPart.\r\n" * 5_000 + b"--b--"
    )


def one_byte_over_the_limit() -> bytes:
    head = with_text(b"")
    return head + b"x" * (25 * MB + 1 - len(head))


def part_with_a_header_of_100_kb() -> bytes:
    part = b"--b\r\nX-Long: " + b"x" * 100_000 + b"\r\n\r\nHidden.\r\n--b\r\n\r\nSeen.\r\n--b--"
    return with_header(b"Content-Type: multipart/mixed; boundary=b", part)


def false_boundaries() -> bytes:
    lines = b"\n--bx" * (4 * MB)
    return with_header(b"Content-Type: multipart/mixed; boundary=b", b"--b\n\nText." + lines)


def hidden_depth() -> bytes:
    """Depth behind closing tags that a browser ignores, because a table cell stands between."""
    tags = (b"div", b"span", b"ins", b"kbd", b"cite", b"samp", b"var")
    html = b"<div>" * 100
    for number in range(100):
        opened, closed = tags[(number + 1) % 7], tags[number % 7]
        html += b"<table><tr><td>" + b"<%s></%s>" % (opened, closed) * 100
    return with_html(html)


NAMED: dict[str, Callable[[], bytes]] = {
    maker.__name__: maker
    for maker in (
        open_brackets_in_to,
        sixteen_thousand_addresses,
        six_hundred_addresses,
        content_type_of_87_kb,
        five_thousand_parameters,
        two_thousand_header_lines,
        a_hundred_thousand_divs,
        two_thousand_levels,
        five_thousand_parts,
        one_byte_over_the_limit,
        part_with_a_header_of_100_kb,
        false_boundaries,
        hidden_depth,
    )
}

# One header line each, of nearly 64 KB, that a careless pattern takes quadratic time over.
SLOW_HEADERS = {
    "open brackets": b"To: " + b"(" * 60_000,
    "open and closed brackets": b"To: " + b"()" * 30_000,
    "escaped brackets": b"To: (" + b"\\(" * 30_000,
    "quotes": b"To: " + b'"\\' * 30_000,
    "odd quotes": b"To: " + b'"a"' * 20_001,
    "angles": b"To: " + b"<" * 60_000,
    "angles and addresses": b"To: " + b"<a@b.example" * 5_000,
    "commas": b"To: " + b"," * 60_000,
    "colons": b"To: " + b"a:" * 30_000,
    "semicolons": b"To: " + b"a@b.example;" * 5_000,
    "ats": b"To: " + b"@" * 60_000,
    "one long word": b"To: " + b"a" * 60_000,
    "blanks": b"To: " + b" " * 60_000 + b"x",
    "routes": b"To: <" + b"@a," * 20_000 + b":a@b.example>",
    "word starts": b"Subject: " + b"=?utf-8?q?" * 6_000,
    "words": b"Subject: " + b"=?utf-8?q?a?= " * 4_000,
    "words of many sets": b"Subject: " + b"=?u?q?=C3?= =?utf-7?q?+?= " * 2_300,
    "marks": b"Subject: " + b"re:" * 20_000,
    "tags": b"Subject: " + b"[a]" * 20_000,
    "open tags": b"Subject: " + b"[" * 60_000,
    "half marks": b"Subject: " + b"re " * 20_000,
    "references": b"References: " + b"<a@b>" * 12_000,
    "open references": b"References: " + b"<" * 60_000,
    "a long id": b"Message-ID: <" + b"a" * 60_000 + b"@b>",
    "a long date": b"Date: " + b"1" * 60_000,
    "date comments": b"Date: " + b"(" * 60_000,
    "parameters": b"Content-Type: a/b" + b";a=b" * 15_000,
    "open parameters": b"Content-Type: a/b" + b';a="' * 15_000,
    "numbered parameters": b"Content-Type: a/b" + b";a*9999999999999999*=b" * 2_700,
    "comments in a type": b"Content-Type: " + b"(" * 60_000 + b";a=b",
    "a boundary": b"Content-Type: multipart/mixed; boundary=" + b"-" * 60_000,
    "a domain": b"To: <a@" + b"\xc3\xbc." * 20_000 + b"example>",
    "a list": b"List-Id: " + b"<" * 60_000,
    "a name of blanks": b"To: " + b'" ' * 30_000,
    "8-bit lines": b"X-Raw: " + b"\xff\r\n " * 900 + b"\xff" * 40_000,
}

# Bodies near the limit of what is shown, each aimed at one pattern that reads HTML or text.
SLOW_HTML = {
    "line breaks": b"<br>" * 250_000,
    "open angles": b"<" * 1_000_000,
    "open tags": b"<a " * 330_000,
    "bold starts": b"<b></b>" * 140_000,
    "sender labels": b"<b>From:</b>" * 80_000,
    "dashes": b"-" * 1_000_000,
    "blockquotes": b"<blockquote>a</blockquote>b" * 37_000,
    "deep blockquotes": b"<blockquote>" * 200 + b"a" * 100_000,
    "paragraphs": b"<p>" * 330_000,
    "pictures": b"<img src=https://a.example/b>" * 34_000,
    "styles": b"<p style='background:url(x) red'>" * 30_000,
    "one long style": b"<p style='" + b"background:red;" * 66_000 + b"'>",
    "one long attribute": b"<p title='" + b"<img src=x background:" * 45_000 + b"'>",
    "spaces in pre": b"<pre>" + b" " * 990_000 + b"</pre>",
    "many pre": b"<pre></pre>" * 90_000,
    "entities": b"&amp;" * 200_000,
    "comments": b"<!--" * 250_000,
    "unclosed formatting": b"<b><i><u><font>" * 60_000,
    "mis-nested": b"<b><p></b>" * 100_000,
    "table soup": b"<table><b>" * 100_000,
    "links": b"<a href=cid:a>" * 70_000,
    "a flood of attributes": b"<p " + b" ".join(b"b%d=1" % n for n in range(90_000)),
    "control entities": b"&#1;&#2;" * 120_000,
    "meta": b"<meta " * 160_000,
}
SLOW_TEXT = {
    "arrows": b"> a\n" * 250_000,
    "one long line": b"a" * 1_000_000,
    "soft lines": b"a \n" * 330_000,
    "labels": b"From: a\nSubject: b\n" * 50_000,
    "labels without a subject": b"From: a\nTo: b\n" * 60_000,
    "attributions": b"On 2025-06-03 a@b.example said wrote:\n" * 26_000,
    "almost attributions": b"a@b.example wrote: 2025 x\n" * 38_000,
    "dashes": b"-" * 1_000_000,
    "dash lines": b"-----\n" * 160_000,
    "blank lines": b"\n" * 1_000_000,
    "colons": b":" * 1_000_000,
    "stars": b"*" * 1_000_000 + b"From: a",
}
