"""Yahoo, Thunderbird and HubSpot, each in its languages."""

from tests.bcc_inbound.forwards.shapes import Client, Language, Sample, Written, block

_SOURCE = "github.com/crisp-oss/email-forward-parser, test/fixtures/{}_*_body.txt"
_RFC_DATE = "Mon, 3 Mar 2025 10:00:00 +0100"


def _yahoo_pairs(mail: Sample, language: Language) -> list[tuple[str, str]]:
    _marker, sender, to, cc, sent, subject = language.yahoo
    return [
        (sender, mail.sender),
        (to, mail.people("to", joint="; ")),
        (cc, mail.people("cc", joint="; ")),
        (sent, language.dates[1]),
        (subject, mail.subject),
    ]


def _yahoo(mail: Sample, language: Language) -> Written:
    """Everything stands on one line, the fields with nothing in between."""
    pairs = _yahoo_pairs(mail, language)
    glued = "".join(f"{label}{language.colon} {value}" for label, value in pairs if value)
    text = f"   ----- {language.yahoo[0]} ----- {glued}\n {mail.body}\n"
    return Written(f"Fw: {mail.subject}", text)


def _yahoo_lines(mail: Sample, language: Language) -> Written:
    head = block(_yahoo_pairs(mail, language), language.colon)
    text = f"----- {language.yahoo[0]} -----\n{head}\n\n{mail.body}\n"
    return Written(f"Fw: {mail.subject}", text)


def _thunderbird(mail: Sample, language: Language) -> Written:
    marker, subject, date, sender, to, cc = language.thunderbird
    pairs = [
        (subject, f"\t{mail.subject}"),
        (date, f"\t{_RFC_DATE}"),
        (sender, f"\t{mail.sender}"),
        (to, f"\t{mail.people('to')}"),
        (cc, f"\t{mail.people('cc')}" if mail.cc else ""),
    ]
    dashes = "-" * (3 if language.code == "pl" else 8)
    head = block(pairs, f"{language.space}:")
    text = f"{dashes} {marker} {dashes}\n{head}\n\n\n\n{mail.body}\n"
    return Written(f"Fwd: {mail.subject}", text)


def _hubspot(mail: Sample, language: Language) -> Written:
    marker, sender, date, subject, to, cc = language.hubspot
    pairs = [
        (sender, mail.sender),
        (date, f"{language.dates[1]} -0400"),
        (subject, mail.subject or " "),
        (to, mail.people("to")),
        (cc, mail.people("cc")),
    ]
    colon = "：" if language.wide else language.colon
    text = f"---------- {marker} ---------\n{block(pairs, colon)}\n\n{mail.body}\n"
    return Written(f"Fwd: {mail.subject}", text)


CLIENTS = (
    Client("yahoo", _SOURCE.format("yahoo"), _yahoo, lambda one: bool(one.yahoo)),
    Client("yahoo in lines", _SOURCE.format("yahoo"), _yahoo_lines, lambda one: bool(one.yahoo)),
    Client(
        "thunderbird",
        _SOURCE.format("thunderbird"),
        _thunderbird,
        lambda one: bool(one.thunderbird),
    ),
    Client("hubspot", _SOURCE.format("hubspot"), _hubspot, lambda one: bool(one.hubspot)),
)
