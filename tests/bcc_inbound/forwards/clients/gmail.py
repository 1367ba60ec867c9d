"""Gmail, and the programs that write as it does. From is translated, the rest mostly is not."""

import html

from tests.bcc_inbound.forwards.shapes import Client, Language, Sample, Written, block, english

_SOURCE = "github.com/crisp-oss/email-forward-parser, test/fixtures/gmail_*_body.txt"


def _fields(mail: Sample, label: str, date: str) -> list[tuple[str, str]]:
    return [
        (label, mail.sender),
        ("Date", date),
        ("Subject", mail.subject or " "),
        ("To", mail.people("to")),
        ("Cc", mail.people("cc")),
    ]


def _head(mail: Sample, language: Language) -> str:
    pairs = _fields(mail, language.gmail, language.dates[0])
    return f"{block(pairs[:1], language.colon)}\n{block(pairs[1:])}"


def _gmail(mail: Sample, language: Language) -> Written:
    text = f"---------- Forwarded message ---------\n{_head(mail, language)}\n\n\n{mail.body}\n"
    return Written(f"Fwd: {mail.subject}", text)


def _gmail_html(mail: Sample, language: Language) -> Written:
    rows = _head(mail, language).splitlines()
    head = "<br>".join(html.escape(row) for row in rows)
    body = "<br>".join(html.escape(mail.body).splitlines())
    return Written(
        f"Fwd: {mail.subject}",
        html=(
            '<div dir="ltr"><br><br><div class="gmail_quote"><div dir="ltr" class="gmail_attr">'
            f"---------- Forwarded message ---------<br>{head}<br></div><br><br>{body}</div></div>"
        ),
    )


def _translated(mail: Sample, language: Language) -> Written:
    sent, to, cc, subject = language.outlook[1:]
    date = {"zh-hans": "日期", "zh-hant": "日期", "ko": "날짜", "el": "Ημερομηνία", "he": "תאריך"}
    pairs = [
        (language.gmail, mail.sender),
        (date.get(language.code, sent), language.dates[0]),
        (subject, mail.subject or " "),
        (to, mail.people("to")),
        (cc, mail.people("cc")),
    ]
    colon = "：" if language.wide else language.colon
    head = block(pairs, colon)
    return Written(
        f"Fwd: {mail.subject}",
        f"---------- {language.gmail_marker} ---------\n{head}\n\n\n{mail.body}\n",
    )


def _missive(mail: Sample, language: Language) -> Written:
    pairs = [
        ("From", mail.sender),
        ("Date", "March 3, 2025 at 10:00 AM"),
        ("To", mail.people("to")),
        ("Cc", mail.people("cc")),
        ("Subject", mail.subject),
    ]
    quoted = "\n".join(f"> {line}" for line in mail.body.splitlines())
    return Written(
        f"Fwd: {mail.subject}",
        f"---------- Forwarded message ----------\n{block(pairs)}\n\n{quoted}\n",
    )


def _spark(mail: Sample, language: Language) -> Written:
    pairs = _fields(mail, "From", "3 Mar 2025, 10:00 +0100")
    return Written(
        f"Fwd: {mail.subject}",
        f"---------- Forwarded message ----------\n{block(pairs)}\n\n{mail.body}\n",
    )


CLIENTS = (
    Client("gmail", _SOURCE, _gmail),
    Client("gmail in html", _SOURCE, _gmail_html),
    Client(
        "gmail translated",
        "public code that recognises Gmail's translated markers (zh, ko, el, he, ar)",
        _translated,
        lambda language: bool(language.gmail_marker),
    ),
    Client("missive", "the same repository, missive_en_body.txt", _missive, english),
    Client("spark", "sparkmailapp.com/help; the marker is Gmail's", _spark, english),
)
