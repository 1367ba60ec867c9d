"""Programs and sites that know one language: those that the first unseen part does not have."""

from collections.abc import Callable

from tests.bcc_inbound.forwards.unseen2 import setting
from tests.bcc_inbound.forwards.unseen2.mails import Mail
from tests.bcc_inbound.forwards.unseen2.shapes import (
    DATE,
    Field,
    Head,
    Program,
    Render,
    fields,
    plain,
)

_LONG = "Monday, March 3, 2025 10:00 AM"
_ENGLISH = {"from": "From", "date": "Date", "to": "To", "cc": "Cc", "subject": "Subject",
            "reply": "Reply-To", "id": "Message-ID", "agent": "User-Agent"}  # fmt: skip


def _head(title: str, roles: str, when: str = DATE, end: str = "", joint: str = ", ",
          **labels: str) -> Callable[[Mail, str], Head]:  # fmt: skip
    named = tuple((_ENGLISH | labels)[role] for role in roles.split())

    def make(mail: Mail, _code: str) -> Head:
        return Head(title.replace("%s", mail.sender), fields(mail, when, roles, named, joint), end)

    return make


def _quoting(render: Render, mark: str) -> Render:
    return lambda head, text: "\n".join(
        f"{mark}{line}" for line in render(head, text).strip("\n").split("\n")
    )


def _framed(render: Render) -> Render:
    """The title once more below the header, as Zoho has it."""
    return lambda head, text: render(head, f"{head.title}\n\n{text}")


def _nextcloud(mail: Mail, _code: str) -> Head:
    name = mail.name or mail.address
    address = "" if mail.form == "no address" else mail.address
    return Head(f'"{name}" {address} – March 3, 2025 10:00 AM', ())


def _nextcloud_text(head: Head, text: str) -> str:
    quoted = text.replace("\n", "\n> ")
    return f"\n\n{head.title}\n> {quoted}\n"


def _yandex(mail: Mail, _code: str) -> Head:
    sender = mail.name if mail.form == "no address" else f'"{mail.name}" <{mail.address}>'
    return Head(f"03.03.2025, 10:00, {sender}:", ())


def _yandex_text(head: Head, text: str) -> str:
    mark = "-------- {} message --------"
    end = mark.format("End of forwarded")
    return f"\n\n{mark.format('Forwarded')}\n{head.title}\n\n{text}\n{end}"


def _abv(mail: Mail, _code: str) -> Head:
    """The address stands bare behind the name in quotes."""
    labels = ("От", "Относно", "До", "Изпратено на")
    rows = fields(mail, "Понеделник, 2025, Март 3 10:00:00 EET", "from subject to date", labels)
    if mail.name and mail.form == "usual":
        bare = mail.name.strip('"')
        rows = (Field("from", "От", f'"{bare}" {mail.address}'), *rows[1:])
    return Head("-------- Оригинално писмо --------", rows)


def _one(name: str, source: str, head: Callable[[Mail, str], Head], text: Render | None = None,
         html: Render | None = None, code: str = "en", prefix: str = "Fwd",
         just: bool = False) -> Program:  # fmt: skip
    return Program(name, source, head, (code,), text, html, prefix, just)


_PEGASUS = {"from": "From:           ", "date": "Date sent:      ", "to": "To:             ",
            "subject": "Subject:        "}  # fmt: skip
_ALL = "from date to cc subject"
_GMAIL = _head("---------- Forwarded message ---------", "from date subject to cc",
               "Mon, Mar 3, 2025 at 10:00 AM")  # fmt: skip
_ZOHO = _head("============ Forwarded message ============", "from to date subject",
              to="To ")  # fmt: skip
_OX = _head("---------- Original Message ----------", "from to cc date subject",
            "03/03/2025 at 10:00 AM")  # fmt: skip

PROGRAMS = (
    _one("pegasus", "linux-kernel archive, 18 May 2001", _head(
        "------- Forwarded message follows -------", "from to subject date",
        end="------- End of forwarded message -------", **_PEGASUS),
        plain("{}", "\t", end="{}\n")),
    _one("pegasus, the date first", "linux-kernel archive, 10 May 2002", _head(
        "------- Forwarded message follows -------", "date from subject to",
        **_PEGASUS), plain("{}", " ")),
    _one("eudora", "list archives: the header of the mail, quoted", _head(
        "", "date from agent to subject", agent="X-Mailer"), _quoting(plain("{}", ": "), ">")),
    _one("mh", "emacs, mh-comp.el; nmh, forw(1)", _head(
        "------- Forwarded Message", "date from to cc subject id",
        end="------- End of Forwarded Message"), plain("\n{}", ": ", gap="\n\n", end="\n{}\n")),
    _one("rfc 934", "RFC 934; VM, vm-forward-message", _head(
        "------- start of forwarded message (RFC 934 encapsulation) -------",
        "from to cc subject date", end="------- end -------"), plain("{}", ": ", end="{}\n")),
    _one("entourage", "list archives of Entourage and Outlook for Mac 2011", _head(
        "------ Forwarded Message", _ALL, end="------ End of Forwarded Message"),
        plain("\n{}", ": ", end="\n{}\n"), prefix="FW"),
    _one("zoho", "public test suites: To has a blank, the line stands twice", _ZOHO,
         _framed(plain("\n\n{}", ": "))),
    _one("zoho in html", "public test suites, zmail_extra", _ZOHO, html=setting.zoho),
    _one("fastmail", "list archives: Original message, the day in words", _head(
        "----- Original message -----", "from to cc subject date",
        "Monday, 3 March 2025 10:00 AM"), plain("\n{}", ": ")),
    _one("open-xchange", "open-xchange/appsuite-middleware, MailStrings and MimeForward", _OX,
         plain("\n\n{}", ": ")),
    _one("open-xchange in html", "the same", _OX, html=setting.open_xchange),
    _one("alice and virgilio", "linux-usb archive, 6 November 2020 (>----Messaggio originale)",
         _head("----Messaggio originale----", "from date to cc subject", "03/03/2025 10.00",
               **{"from": "Da", "date": "Data", "to": "A", "subject": "Ogg"}),
         _quoting(plain("{}", ": "), ">"), code="it", prefix="I"),
    _one("abv", "linux-media archive, 23 November 2012: no brackets", _abv,
         _quoting(plain("{}", ": "), " >"), code="bg"),
    _one("centrum", "list archives of centrum.cz", _head(
        "_" * 62, "from to cc date subject", "03.03.2025 10:00",
        **{"from": "Od", "date": "Datum", "to": "Komu", "cc": "CC", "subject": "Předmět"}),
        _quoting(plain("{}", ": "), "> "), code="cs"),
    _one("ukr.net", "list archives of ukr.net", _head(
        "--- Оригінальне повідомлення ---", "from to date subject", "3 березня 2025, 10:00:00",
        **{"date": "Дата", "from": "Від кого", "to": "Кому", "subject": "Тема"}),
        plain("\n {}", ": "), code="uk"),
    _one("i.ua", "list archives of i.ua", _head(
        "--- Исходное сообщение ---", "from to date subject", "3 марта 2025, 10:00:00",
        **{"date": "Дата", "from": "От кого", "to": "Кому", "subject": "Тема"}),
        plain("{}", ": "), code="ru"),
    _one("yandex in english", "public test suites, the line of Yandex", _yandex, _yandex_text,
         just=True),
    _one("nextcloud", "nextcloud/mail, src/ReplyBuilder.js: forwards are headed like replies",
         _nextcloud, _nextcloud_text, just=True),
    _one("nextcloud in html", "the same", _nextcloud, html=setting.nextcloud, just=True),
    _one("mutt with more fields", "mutt, $forward_decode with a short list of ignored fields",
         _head("----- Forwarded message from %s -----", "date from to cc subject reply id agent",
               end="----- End forwarded message -----"),
         plain("{}", ": ", gap="\n\n", end="\n{}\n")),
    _one("himalaya", "pimalaya/email-lib, the forward template", _head(
        "-------- Forwarded Message --------", "from to cc subject"), plain("\n{}", ": ")),
    _one("sylpheed", "sylpheed, the form of forwards", _head(
        "Begin forwarded message:", "date from to cc subject"),
        plain("\n\n{}", ": ", gap="\n\n"), prefix="Fw"),
    _one("gmail in html", "mails of Gmail: gmail_attr", _GMAIL, html=setting.gmail),
    _one("outlook on a phone in html", "mails of Outlook for iOS: divRplyFwdMsg", _head(
        "", "from date to cc subject", _LONG, joint="; ", date="Sent"),
        html=setting.outlook_on_a_phone, prefix="FW"),
    _one("mailspring in html", "Foundry376/Mailspring, draft-factory", _head(
        "", "from subject date to cc", "Mar 3 2025, at 10:00 am"), html=setting.mailspring),
    _one("tuta in html", "tutao/tutanota, ResponseUtils", _head(
        "", "date from to cc subject", "Mon, Mar 3, 2025, 10:00", cc="CC"),
        html=setting.tutanota),
    _one("fairemail in html", "M66B/FairEmail, EntityMessage.getReplyHeader: extended", _head(
        "", "from to cc date subject", "Mar 3, 2025, 10:00:00 AM"), html=setting.faire_mail),
    _one("fairemail in one line", "M66B/FairEmail, EntityMessage.getReplyHeader: as it comes",
         lambda mail, _code: Head(f"Mar 3, 2025, 10:00:00 AM {mail.sender}:", ()),
         html=setting.faire_mail, just=True),
    _one("incredimail in html", "mails of IncrediMail: the name is the link", _head(
        "", "from date to subject", "03/03/2025 10:00:00"), html=setting.incredimail),
)  # fmt: skip
