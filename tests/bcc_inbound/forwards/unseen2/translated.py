"""Programs that are translated, in the languages of their catalogues."""

from collections.abc import Callable

from tests.bcc_inbound.forwards.unseen2 import setting
from tests.bcc_inbound.forwards.unseen2.mails import Mail
from tests.bcc_inbound.forwards.unseen2.shapes import DATE, Field, Head, Program, fields, plain
from tests.bcc_inbound.forwards.unseen2.words import (
    balsa,
    claws,
    evolution,
    geary,
    horde,
    k9,
    kmail,
    outlook,
    roundcube,
    sogo,
    thunderbird,
)
from tests.bcc_inbound.forwards.unseen2.words.dates import DATES
from tests.bcc_inbound.forwards.unseen2.words.table import Table

Make = Callable[[Mail, str], Head]


def _long(code: str) -> str:
    return f"{DATES[code][0] if code in DATES else '2025-03-03'} 10:00"


def _short(code: str) -> str:
    return DATES[code][1] if code in DATES else "2025-03-03 10:00"


def _sent(code: str) -> str:
    return DATE


def _iso(code: str) -> str:
    return "2025-03-03 10:00"


def _heads(table: Table, roles: str, date: Callable[[str], str], joint: str = ", ") -> Make:
    """A title, then the fields in the order of `roles`."""

    def make(mail: Mail, code: str) -> Head:
        title, *labels = table[code]
        count = len(roles.split())
        rows = fields(mail, date(code), roles, tuple(labels[:count]), joint)
        return Head(title.replace("%s", mail.sender), rows)

    return make


def _horde(mail: Mail, code: str) -> Head:
    head = _heads(horde.HEADS, "date from reply subject to cc", _sent)(mail, code)
    widest = max(len(row.label) for row in head.fields)
    rows = tuple(Field(row.role, row.label.rjust(widest), row.value) for row in head.fields)
    return Head(head.title, rows, horde.ENDS[code][0])


def _balsa(mail: Mail, code: str) -> Head:
    title, sender, subject, sent, to, cc = balsa.HEADS[code]
    labels = (sent, subject, sender, to, cc)
    rows = fields(mail, _long(code), "date subject from to cc", labels)
    return Head(title.replace("%s", mail.name or "you"), rows)


def _kmail(mail: Mail, code: str) -> Head:
    title, *labels, dashes = kmail.HEADS[code]
    rows = fields(mail, _long(code), "subject date from to cc", tuple(labels))
    return Head(title, rows, "-" * int(dashes))


def _outlook(mail: Mail, code: str) -> Head:
    rows = fields(mail, _long(code), "from date to cc subject", outlook.HEADS[code], "; ")
    return Head("_" * 32, rows)


_THUNDERBIRD = _heads(thunderbird.HEADS, "subject date from to cc reply", _sent)
_ROUNDCUBE = _heads(roundcube.HEADS, "subject date from to cc reply", _iso)
_SOGO = _heads(sogo.HEADS, "subject date from to cc reply", _long)
_EVOLUTION = _heads(evolution.HEADS, "from reply to cc subject date", _sent)
_GEARY = _heads(geary.HEADS, "from subject date to cc", _long)
_CLAWS = _heads(claws.HEADS, "date from to cc subject", _sent)
_K9 = _heads(k9.HEADS, "from date to cc subject", _short)
_DASHES = "\n\n-------- {} --------"

PROGRAMS = (
    Program("thunderbird", "langpacks of 153 ESR; mimedrft.cpp", _THUNDERBIRD,
            tuple(thunderbird.HEADS), plain(_DASHES, ": \t", body="\n\n\n\n")),
    Program("thunderbird in html", "mimedrft.cpp, moz-email-headers-table", _THUNDERBIRD,
            tuple(thunderbird.HEADS), html=setting.thunderbird),
    Program("roundcube", "program/localization; rcmail_action_mail_compose", _ROUNDCUBE,
            tuple(roundcube.HEADS), plain("\n\n\n-------- {} --------", ": ")),
    Program("roundcube in html", "rcmail_action_mail_compose", _ROUNDCUBE,
            tuple(roundcube.HEADS), html=setting.roundcube),
    Program("sogo", "SoObjects/Mailer/SOGoMail*Forward.wo", _SOGO, tuple(sogo.HEADS),
            plain(_DASHES, ": ", body="\n\n\n")),
    Program("sogo in html", "the same, with breaks", _SOGO, tuple(sogo.HEADS), html=setting.sogo),
    Program("horde", "IMP_Compose::forwardMessageText", _horde, tuple(horde.HEADS),
            plain("\n----- {} -----", ": ", end="\n\n----- {} -----\n")),
    Program("evolution", "evolution.mo; em-composer-utils.c", _EVOLUTION, tuple(evolution.HEADS),
            plain("-------- {} --------", ": ")),
    Program("evolution in html", "e-mail-formatter-quote-headers.c", _EVOLUTION,
            tuple(evolution.HEADS), html=setting.evolution),
    Program("geary", "geary.mo; rfc822-utils.vala, quote_email_for_forward", _GEARY,
            tuple(geary.HEADS), plain("\n\n---------- {} ----------", " ")),
    Program("geary in html", "rfc822-utils.vala", _GEARY, tuple(geary.HEADS), html=setting.geary),
    Program("balsa", "balsa.mo; sendmsg-window.c, quoteBody",
            _balsa, tuple(balsa.HEADS), plain("{}", " ")),
    Program("kmail", "libtemplateparser.mo, the template of forwards", _kmail, tuple(kmail.HEADS),
            plain("\n----------  {}  ----------", " ", gap="\n\n", end="{}\n")),
    Program("claws", "claws-mail.mo, the form of forwards", _CLAWS, tuple(claws.HEADS),
            plain("\n\n{}", " ", gap="\n\n", body="\n\n\n"), prefix="Fw"),
    Program("k-9", "strings.xml; TextQuoteCreator.kt", _K9, tuple(k9.HEADS),
            plain("\n-------- {} --------", " ")),
    Program("k-9 in html", "HtmlQuoteCreator.kt", _K9, tuple(k9.HEADS), html=setting.k9),
    Program("outlook, not confirmed", "see words/outlook.py", _outlook, tuple(outlook.HEADS),
            plain("{}", ": "), prefix="FW"),
    Program("outlook in html, not confirmed", "see words/outlook.py", _outlook,
            tuple(outlook.HEADS), html=setting.outlook, prefix="FW"),
)  # fmt: skip
