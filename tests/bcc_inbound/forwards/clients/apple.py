"""Apple Mail on the Mac (quoted, or in HTML) and on the phone."""

import html

from tests.bcc_inbound.forwards.shapes import Client, Language, Sample, Written, block, english

_SOURCE = "github.com/crisp-oss/email-forward-parser, test/fixtures/apple_mail_*_body.txt"


def _pairs(mail: Sample, language: Language) -> list[tuple[str, str]]:
    _marker, sender, subject, date, to, cc, reply = language.apple
    return [
        (sender, mail.sender),
        (subject, mail.subject),
        (date, language.dates[2]),
        (to, mail.people("to")),
        (cc, mail.people("cc")),
        (reply, "answers@client.example" if mail.cc else ""),
    ]


def _mac(mail: Sample, language: Language) -> Written:
    head = block(_pairs(mail, language), language.colon)
    whole = f"{language.apple[0]}{language.colon}\n\n{head}\n\n{mail.body}"
    quoted = "\n".join(f"> {line}".rstrip() for line in whole.splitlines())
    return Written(f"Fwd: {mail.subject}", f"\n\n{quoted}\n")


def _phone(mail: Sample, language: Language) -> Written:
    head = block(_pairs(mail, language), language.colon, bold=True)
    text = f"{language.apple[0]}{language.colon}\n\n{head}\n\n{mail.body}\n"
    return Written(f"Fwd: {mail.subject}", text)


def _html(mail: Sample, language: Language) -> Written:
    rows = "".join(
        f'<div style="margin:0"><span><b>{label}{language.colon} </b></span>'
        f"<span>{html.escape(value)}<br></span></div>"
        for label, value in _pairs(mail, language)
        if value
    )
    body = "<br>".join(html.escape(mail.body).splitlines())
    return Written(
        f"Fwd: {mail.subject}",
        html=(
            f"<div><br><div><br><blockquote type=cite><div>{language.apple[0]}{language.colon}"
            f"</div><br>{rows}<br><div>{body}</div></blockquote></div></div>"
        ),
    )


def _mailmate(mail: Sample, language: Language) -> Written:
    pairs = [
        ("From", mail.sender),
        ("To", mail.people("to")),
        ("Cc", mail.people("cc")),
        ("Subject", mail.subject),
        ("Date", "Mon, 3 Mar 2025 09:00:00 +0000"),
    ]
    whole = f"{block(pairs)}\n\n{mail.body}"
    quoted = "\n".join(f"> {line}".rstrip() for line in whole.splitlines())
    return Written(f"Fwd: {mail.subject}", f"Forwarded message:\n\n{quoted}\n")


def _speaks(language: Language) -> bool:
    return bool(language.apple)


CLIENTS = (
    Client("apple mail", _SOURCE, _mac, _speaks),
    Client("apple mail on a phone", _SOURCE, _phone, _speaks),
    Client("apple mail in html", _SOURCE, _html, _speaks),
    Client("mailmate", "the same repository, mailmate_en_body.txt", _mailmate, english),
)
