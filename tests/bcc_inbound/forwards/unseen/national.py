"""Web mailers of one country."""

import html
from collections.abc import Callable

from tests.bcc_inbound.forwards.shapes import Sample, Written
from tests.bcc_inbound.forwards.unseen.shapes import Pairs, Program, lines
from tests.bcc_inbound.forwards.unseen.words import Words

Writer = Callable[[Sample, Words], Written]


def _quoted_name(mail: Sample) -> str:
    return f'"{mail.name.strip(chr(34))}" <{mail.address}>' if mail.name else mail.address


def _fields(mail: Sample, labels: str, date: str, order: str) -> Pairs:
    """`labels` and `order` name the same fields, word for word."""
    values = {
        "from": _quoted_name(mail),
        "to": mail.people("to"),
        "cc": mail.people("cc"),
        "date": date,
        "subject": mail.subject,
    }
    pairs = zip(labels.split("|"), order.split(), strict=True)
    return [(label, values[field]) for label, field in pairs]


def _site(
    above: str, labels: str, order: str, date: str, *, colon: str = ": ", prefix: str = "Fwd",
    mark: str = "",
) -> Writer:  # fmt: skip
    def write(mail: Sample, words: Words) -> Written:
        head = lines(_fields(mail, labels, date, order), colon)
        whole = f"{above}{head}\n\n{mail.body}"
        text = "\n".join(f"{mark}{line}" for line in whole.splitlines())
        return Written(f"{prefix}: {mail.subject}", f"\n{text}\n")

    return write


def _gmx_html(mail: Sample, words: Words) -> Written:
    date = "Montag, 3. März 2025 um 10:00"
    pairs = _fields(mail, "Gesendet|Von|An|CC|Betreff", date, "date from to cc subject")
    rows = "".join(
        f"<div><strong>{label}: </strong>{html.escape(value)}</div>"
        for label, value in pairs
        if value
    )
    body = html.escape(mail.body).replace("\n", "<br>")
    return Written(
        f"Fwd: {mail.subject}",
        html=(
            '<div>Zur Kenntnis.</div><div style="margin:10px;border-left:2px solid #c3d9e5">'
            f"<div>{rows}</div><div>{body}</div></div>"
        ),
    )


def _t_online_html(mail: Sample, words: Words) -> Written:
    date = "2025-03-03T10:00:00+0100"
    pairs = _fields(mail, "Betreff|Datum|Von|An", date, "subject date from to")
    rows = "".join(f"<p>{label}: {html.escape(value)}</p>" for label, value in pairs)
    body = html.escape(mail.body).replace("\n", "<br>")
    head = "<p>&nbsp;</p><p>-----Original-Nachricht-----</p>"
    return Written(f"WG: {mail.subject}", html=f"{head}{rows}<p>{body}</p>")


def _orange(mail: Sample, words: Words) -> Written:
    copies = f"> Copie à : {mail.people('cc')}\n"
    body = "\n".join(f"> {line}".rstrip() for line in mail.body.splitlines())
    text = (
        f"\n\n\n> Message du 03/03/25 10:00\n> De : {_quoted_name(mail)}\n"
        f"> A : {mail.people('to')}\n{copies}> Objet : {mail.subject}\n>\n{body}\n"
    )
    return Written(f"TR: {mail.subject}", text)


def _one(name: str, source: str, write: Writer, code: str, **facts: bool) -> Program:
    return Program(name, source, write, (code,), **facts)


_GMX = "public mails on kernel lists: no line above, the name in quotes"
_IN_ORDER = "date from to cc subject"

PROGRAMS = (
    _one("gmx and web.de", _GMX, _site(
        "", "Gesendet|Von|An|CC|Betreff", _IN_ORDER, "Montag, 03. März 2025 um 10:00 Uhr"),
        "de", marked=False),
    _one("mail.com", _GMX, _site(
        "", "Sent|From|To|Cc|Subject", _IN_ORDER, "Monday, March 03, 2025 at 10:00 AM"),
        "en", marked=False),
    _one("gmx in french", _GMX, _site(
        "", "Envoyé|De|À|Cc|Objet", _IN_ORDER, "lundi 3 mars 2025 à 10:00", colon=": "),
        "fr", marked=False),
    _one("gmx and web.de in html", "public test suites, sub-body-container", _gmx_html, "de",
         marked=False, plain=True),
    _one("t-online", "public test suites, Telekom's web mailer", _site(
        "-----Original-Nachricht-----\n", "Betreff|Datum|Von|An", "subject date from to",
        "2025-03-03T10:00:00+0100", prefix="WG"), "de"),
    _one("t-online in html", "public test suites, Telekom's web mailer", _t_online_html, "de",
         plain=True),
    _one("freenet", "lists of separators in public repositories", _site(
        "-----Ursprüngliche Mitteilung-----\n", "Von|An|Datum|Betreff", "from to date subject",
        "Mo, 3. März 2025 10:00"), "de"),
    _one("orange", "public test suites: Message du, and no line for the date", _orange, "fr",
         plain=True),
    _one("libero and tiscali", "linux-pm and linux-usb archives", _site(
        "----Messaggio originale----\n", "Da|Data|A|Cc|Ogg", "from date to cc subject",
        "03/03/2025 10.00", prefix="I", mark=">"), "it"),
    _one("libero", "public mails of libero.it", _site(
        "---------- Messaggio inoltrato ----------\n", "Da|A|Cc|Data|Oggetto",
        "from to cc date subject", "3 marzo 2025 alle 10.00"), "it"),
    _one("seznam", "public code that cuts Seznam's quotes", _site(
        "---------- Původní e-mail ----------\n", "Od|Komu|Kopie|Datum|Předmět",
        "from to cc date subject", "3. 3. 2025 10:00:00"), "cs"),
    _one("mail.ru", "public test suites", _site(
        "-------- Пересылаемое сообщение --------\n", "От|Кому|Дата|Тема",
        "from to date subject", "понедельник, 3 марта 2025 г. в 10:00 +03:00"), "ru"),
    _one("foxmail", "public mails: no line above, full-width colons", _site(
        "", "发件人|发送时间|收件人|抄送|主题", "from date to cc subject", "2025-03-03 10:00",
        colon="： ", prefix="转发"), "zh", marked=False),
    _one("daum", "public mails of hanmail.net", _site(
        "--------- 원본 메일 ---------\n", "보낸사람|받는사람|날짜|제목", "from to date subject",
        "2025년 3월 3일 월요일, 10시 00분 00초 +0900", colon=" : "), "ko"),
    _one("becky in japanese", "public test suites", _site(
        "------------ Original Message ------------\n", "送信者|送信|宛先|件名",
        "from date to subject", "2025/03/03 10:00"), "ja"),
)  # fmt: skip
