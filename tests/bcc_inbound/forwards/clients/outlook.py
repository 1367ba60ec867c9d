"""Outlook: on the desktop (2013 to 2021), the new one, on the web, on phones, Windows Mail."""

import html

from tests.bcc_inbound.forwards.shapes import Client, Language, Sample, Written, block

_SOURCE = "github.com/crisp-oss/email-forward-parser, test/fixtures/*outlook*_body.txt"
_ENGLISH = ("From", "Sent", "To", "Cc", "Subject")
_RULE = "_" * 32


def _pairs(mail: Sample, labels: tuple[str, ...], date: str) -> list[tuple[str, str]]:
    sender, sent, to, cc, subject = labels
    return [
        (sender, mail.sender),
        (sent, date),
        (to, mail.people("to", joint="; ")),
        (cc, mail.people("cc", joint="; ")),
        (subject, mail.subject or " "),
    ]


def _desktop(mail: Sample, language: Language) -> Written:
    """The plain text of an HTML mail: bold labels and [mailto:...]."""
    named = Sample(mail.name, mail.address)
    sender = f"{mail.name or mail.address} [mailto:{named.address}]"
    pairs = _pairs(mail, language.outlook, language.dates[1])
    pairs[0] = (pairs[0][0], sender)
    text = f"{block(pairs, language.colon, bold=True)}\n\n{mail.body}\n"
    return Written(f"{language.prefix}: {mail.subject}", text)


def _new(mail: Sample, language: Language) -> Written:
    """No rule and no blank line below the header."""
    head = block(_pairs(mail, language.outlook, language.dates[1]), language.colon)
    return Written(f"{language.prefix}: {mail.subject}", f"{head}\n{mail.body}\n")


def _web(mail: Sample, language: Language) -> Written:
    """Outlook.com heads in English whatever the language."""
    head = block(_pairs(mail, _ENGLISH, language.dates[1]))
    prefix = "Fw" if language.prefix in {"VS", "FW"} else language.prefix
    return Written(f"{prefix}: {mail.subject}", f"\n{_RULE}\n{head}\n\n{mail.body}\n")


def _web_translated(mail: Sample, language: Language) -> Written:
    head = block(_pairs(mail, language.outlook, language.dates[1]), language.colon)
    return Written(f"{language.prefix}: {mail.subject}", f"\n{_RULE}\n{head}\n\n{mail.body}\n")


def _phone(mail: Sample, language: Language) -> Written:
    """Outlook for iOS and Android repeats the address as a link."""
    sender = f"{mail.name or mail.address} <{mail.address}<mailto:{mail.address}>>"
    pairs = _pairs(mail, language.outlook, language.dates[1])
    pairs[0] = (pairs[0][0], sender)
    head = block(pairs, language.colon)
    return Written(f"Fwd: {mail.subject}", f"Get Outlook for iOS\n{_RULE}\n{head}\n\n{mail.body}\n")


def _html(mail: Sample, language: Language) -> Written:
    pairs = _pairs(mail, language.outlook, language.dates[1])
    rows = "<br>".join(
        f"<b>{label}{language.colon}</b> {html.escape(value)}" for label, value in pairs if value
    )
    body = "</p><p>".join(html.escape(mail.body).splitlines())
    return Written(
        f"{language.prefix}: {mail.subject}",
        html=(
            '<div class="WordSection1"><p>&nbsp;</p><div><div style="border:none;border-top:solid '
            f'#E1E1E1 1.0pt"><p>{rows}</p></div></div><p>{body}</p></div>'
        ),
    )


def _old(mail: Sample, language: Language) -> Written:
    head = block(_pairs(mail, language.outlook, language.dates[1]), language.colon)
    return Written(
        f"{language.prefix}: {mail.subject}",
        f"\n-----{language.original}-----\n{head}\n\n{mail.body}\n",
    )


_WROTE = {
    "en": 'On 03/03/2025, 10:00, "{name}" <{address}> wrote:',
    "de": 'Am 03.03.25, 10:00 schrieb "{name}" <{address}>:',
    "fr": "Le 03/03/2025 10:00, « {name} » <{address}> a écrit :",
    "es": 'El 3/3/25 10:00, "{name}" <{address}> escribió:',
    "it": 'Il giorno 03/03/25, 10:00 "{name}" <{address}> ha scritto:',
    "da": 'Den 03.03.2025 10.00 skrev "{name}" <{address}>:',
    "pt-br": 'Em 03/03/2025 10:00, "{name}" <{address}> escreveu:',
    "pl": "Dnia 03.03.2025, 10:00 „{name}” <{address}> napisał:",
}


def _windows_mail(mail: Sample, language: Language) -> Written:
    line = _WROTE[language.code].format(name=mail.name or mail.address, address=mail.address)
    return Written(f"FW: {mail.subject}", f"{line}\n\n{mail.body}\n")


def _speaks(language: Language) -> bool:
    return bool(language.outlook)


CLIENTS = (
    Client("outlook on the desktop", _SOURCE, _desktop, _speaks),
    Client("outlook on the desktop in html", _SOURCE, _html, _speaks),
    Client("outlook of old", "support.microsoft.com, Original Message headers", _old, _speaks),
    Client("new outlook", _SOURCE, _new, _speaks),
    Client("outlook on the web", _SOURCE, _web),
    Client("outlook on the web translated", _SOURCE, _web_translated, _speaks),
    Client("outlook on a phone", _SOURCE, _phone, _speaks),
    Client("windows mail", _SOURCE, _windows_mail, lambda language: language.code in _WROTE),
)
