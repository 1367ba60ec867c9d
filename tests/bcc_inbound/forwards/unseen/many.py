"""Programs that are translated: one format, many languages."""

import html

from tests.bcc_inbound.forwards.shapes import Sample, Written
from tests.bcc_inbound.forwards.unseen.shapes import DATE, Program, having, lines
from tests.bcc_inbound.forwards.unseen.words import NEW, Words


def _five(mail: Sample, labels: tuple[str, ...], date: str, joint: str = "; ") -> str:
    sender, sent, to, cc, subject = labels
    people = mail.people("to", joint=joint), mail.people("cc", joint=joint)
    return lines(
        [(sender, mail.sender), (sent, date), (to, people[0]), (cc, people[1]),
         (subject, mail.subject)]
    )  # fmt: skip


def _outlook(mail: Sample, words: Words) -> Written:
    head = _five(mail, words.outlook, words.long)
    return Written(f"{words.prefix}: {mail.subject}", f"\n{head}\n\n{mail.body}\n")


def _outlook_ruled(mail: Sample, words: Words) -> Written:
    head = _five(mail, words.outlook, words.long)
    return Written(f"{words.prefix}: {mail.subject}", f"\n{'_' * 32}\n{head}\n\n{mail.body}\n")


def _outlook_html(mail: Sample, words: Words) -> Written:
    rows = "<br>".join(
        f"<b>{label}:</b> {html.escape(value)}"
        for label, _, value in (
            row.partition(": ") for row in _five(mail, words.outlook, words.long).splitlines()
        )
    )
    body = html.escape(mail.body).replace("\n", "<br>")
    return Written(
        f"{words.prefix}: {mail.subject}",
        html=f'<div><p>&nbsp;</p><hr><div dir="ltr"><font>{rows}</font></div><p>{body}</p></div>',
    )


def _gmail(mail: Sample, words: Words) -> Written:
    """Gmail leaves its line and all labels but the first in English."""
    pairs = [(words.gmail, mail.sender), ("Date", words.long), ("Subject", mail.subject),
             ("To", mail.people("to")), ("Cc", mail.people("cc"))]  # fmt: skip
    text = f"---------- Forwarded message ---------\n{lines(pairs)}\n\n\n{mail.body}\n"
    return Written(f"Fwd: {mail.subject}", text)


def _rainloop(mail: Sample, words: Words) -> Written:
    title, sender, to, cc, sent, subject = words.rainloop
    pairs = [(sender, mail.sender), (to, mail.people("to")), (cc, mail.people("cc")),
             (sent, words.numbers), (subject, mail.subject)]  # fmt: skip
    text = f"\n\n-------- {title} -------\n{lines(pairs)}\n\n{mail.body}\n"
    return Written(f"Fwd: {mail.subject}", text)


def _zimbra(mail: Sample, words: Words) -> Written:
    title, sender, to, cc, sent, subject = words.zimbra
    pairs = [(sender, mail.sender), (to, mail.people("to")), (cc, mail.people("cc")),
             (sent, words.long), (subject, mail.subject)]  # fmt: skip
    return Written(f"Fwd: {mail.subject}", f"----- {title} -----\n{lines(pairs)}\n\n{mail.body}\n")


def _headed(mail: Sample, labels: tuple[str, ...], date: str, colon: str) -> str:
    title, subject, sent, sender, to, cc = labels
    pairs = [(subject, mail.subject), (sent, date), (sender, mail.sender),
             (to, mail.people("to")), (cc, mail.people("cc"))]  # fmt: skip
    return f"\n\n-------- {title} --------\n{lines(pairs, colon)}\n\n\n\n{mail.body}\n"


def _thunderbird(mail: Sample, words: Words) -> Written:
    return Written(f"Fwd: {mail.subject}", _headed(mail, words.thunderbird, DATE, ": \t"))


def _roundcube(mail: Sample, words: Words) -> Written:
    return Written(f"Fwd: {mail.subject}", _headed(mail, words.roundcube, words.numbers, ": "))


def _samsung(mail: Sample, words: Words) -> Written:
    title, sender, sent, to, cc, subject = words.dated
    pairs = [(sender, mail.sender), (sent, f"{words.numbers} (GMT+01:00)"),
             (to, mail.people("to")), (cc, mail.people("cc")),
             (subject, mail.subject)]  # fmt: skip
    head = lines(pairs, f"{words.space}: ")
    return Written(f"Fwd: {mail.subject}", f"\n-------- {title} --------\n{head}\n\n{mail.body}\n")


def _mac_outlook(mail: Sample, words: Words) -> Written:
    _title, sender, sent, to, cc, subject = words.dated
    pairs = [(sender, mail.sender), (sent, words.long), (to, mail.people("to")),
             (cc, mail.people("cc")), (subject, mail.subject)]  # fmt: skip
    head = lines(pairs, f"{words.space}: ")
    return Written(f"{words.prefix}: {mail.subject}", f"\n\n{head}\n\n{mail.body}\n")


_NEW = tuple(words.code for words in NEW)

PROGRAMS = (
    Program("outlook, new languages", "see words.py", _outlook, having("outlook"), marked=False),
    Program("outlook with a rule, new languages", "see words.py", _outlook_ruled,
            having("outlook")),
    Program("outlook in html, new languages", "see words.py", _outlook_html, having("outlook"),
            plain=True),
    Program("gmail, new languages", "public mails: the line and most labels stay English", _gmail,
            _NEW),
    Program("rainloop and snappymail", "RainLoop, dev/View/Popup/Compose.js", _rainloop,
            having("rainloop")),
    Program("zimbra", "Free's and others' mails quoted in public test suites", _zimbra,
            having("zimbra")),
    Program("thunderbird, new languages", "comm-central, mimedrft.cpp", _thunderbird,
            having("thunderbird")),
    Program("roundcube, new languages", "roundcubemail, rcmail_action_mail_compose", _roundcube,
            having("roundcube")),
    Program("samsung with a date", "public test suites: the zone of the phone is written out",
            _samsung, having("dated")),
    Program("outlook on the mac", "public mails: Date instead of Sent, no line above",
            _mac_outlook, having("dated"), marked=False),
)  # fmt: skip
