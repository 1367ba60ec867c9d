"""Programs that write little but their own marker: phones, web mailers, terminals."""

from collections.abc import Callable

from tests.bcc_inbound.forwards.shapes import Client, Language, Sample, Written, block, english

_DATE = "Mon, 3 Mar 2025 10:00:00 +0100"
_ENGLISH = {
    "from": "From",
    "to": "To",
    "cc": "Cc",
    "date": "Date",
    "sent": "Sent",
    "subject": "Subject",
}


def _head(mail: Sample, order: str, *, colon: str = ":", date: str = _DATE) -> str:
    values = {
        "from": mail.sender,
        "to": mail.people("to"),
        "cc": mail.people("cc"),
        "date": date,
        "sent": date,
        "subject": mail.subject or " ",
    }
    return block([(_ENGLISH[key], values[key]) for key in order.split()], colon)


def _ionos(mail: Sample, language: Language) -> Written:
    whole = (
        "---------- Original Message ----------\n"
        f"{_head(mail, 'from to date subject', date='03/03/2025 10:00 AM EST')}\n \n{mail.body}"
    )
    quoted = "\n".join(f"> {line}" for line in whole.splitlines())
    return Written(f"Fwd: {mail.subject}", f"{quoted}\n")


def _phone(mail: Sample, language: Language) -> Written:
    """K-9, FairEmail and Samsung put the marker of their language above Outlook's fields."""
    sender, sent, to, cc, subject = language.outlook
    pairs = [
        (sender, mail.sender),
        (sent, language.dates[1]),
        (to, mail.people("to")),
        (cc, mail.people("cc")),
        (subject, mail.subject),
    ]
    head = block(pairs, language.colon)
    text = f"-------- {language.original} --------\n{head}\n\n{mail.body}\n"
    return Written(f"Fwd: {mail.subject}", text)


def _simple(
    marker: str, order: str, *, colon: str = ":", foot: str = "", prefix: str = "Fwd"
) -> Callable[[Sample, Language], Written]:
    def write(mail: Sample, language: Language) -> Written:
        text = f"{marker}\n{_head(mail, order, colon=colon)}\n{foot}\n{mail.body}\n"
        return Written(f"{prefix}: {mail.subject}", text)

    return write


def _mutt(mail: Sample, language: Language) -> Written:
    text = (
        f"----- Forwarded message from {mail.sender} -----\n\n"
        f"{_head(mail, 'date from to cc subject')}\n\n{mail.body}\n\n"
        "----- End forwarded message -----\n"
    )
    return Written(f"Fwd: {mail.subject}", text)


def _yandex(mail: Sample, language: Language) -> Written:
    name = mail.name or mail.address
    text = (
        "-------- Пересылаемое сообщение --------\n"
        f'03.03.2025, 10:00, "{name}" <{mail.address}>:\n\n{mail.body}\n'
    )
    return Written(f"Fwd: {mail.subject}", text)


def _qq(mail: Sample, language: Language) -> Written:
    text = (
        "\n\n------------------ 原始邮件 ------------------\n"
        f'发件人: "{mail.name or mail.address}" <{mail.address}>;\n'
        f"发送时间: 2025年3月3日(星期一) 上午10:00\n收件人: {mail.people('to', joint=';')};\n"
        f"主题: {mail.subject}\n\n{mail.body}\n"
    )
    return Written(f"转发：{mail.subject}", text)


def _netease(mail: Sample, language: Language) -> Written:
    text = (
        "\n-------- 转发邮件信息 --------\n"
        f'发件人："{mail.name or mail.address}" <{mail.address}>\n发送日期：2025-03-03 10:00:00\n'
        f"收件人：{mail.people('to')}\n主题：{mail.subject}\n{mail.body}\n"
    )
    return Written(f"Fw:{mail.subject}", text)


_RULE = "============ Forwarded message ============"
_DASHES = "-" * 8

CLIENTS = (
    Client("ionos", "crisp-oss/email-forward-parser, ionos_*_en_body.txt", _ionos, english),
    Client(
        "k-9, fairemail, samsung",
        "github.com/thunderbird/thunderbird-android, message_compose_quote_header_separator",
        _phone,
        lambda language: bool(language.outlook),
    ),
    Client(
        "roundcube",
        "github.com/roundcube/roundcubemail, rcmail_action_mail_compose",
        _simple(f"{_DASHES} Original Message {_DASHES}", "subject date from to cc"),
        english,
    ),
    Client(
        "zoho",
        "public mails in the format of Zoho Mail: the line stands above and below the header",
        _simple(_RULE, "from to cc date subject", colon=" :", foot=_RULE),
        english,
    ),
    Client(
        "proton",
        "github.com/ProtonMail/WebClients, forwarded message header",
        _simple("------- Forwarded Message -------", "from date subject to cc"),
        english,
    ),
    Client(
        "fastmail",
        "fastmail.help, forwarding; the header is ----- Original message -----",
        _simple("----- Original message -----", "from to cc subject date"),
        english,
    ),
    Client(
        "superhuman",
        "help.superhuman.com; the header is Apple's line with Gmail's fields",
        _simple("Begin forwarded message:\n", "from date to cc subject"),
        english,
    ),
    Client(
        "em client",
        "emclient.com forum samples",
        _simple("------ Original Message ------", "from to cc sent subject", prefix="Fw"),
        english,
    ),
    Client(
        "evolution and kmail",
        "gitlab.gnome.org/GNOME/evolution, em-composer-utils.c; kmail's templates",
        _simple(f"{_DASHES} Forwarded Message {_DASHES}\n", "from to cc subject date"),
        english,
    ),
    Client("mutt", "neomutt.org/guide, forward_attribution_intro", _mutt, english),
    Client(
        "yandex",
        "public mails in list archives, e.g. git@vger.kernel.org of 12 February 2019",
        _yandex,
        lambda language: language.code == "ru",
    ),
    Client("qq", "public code that recognises QQ's line", _qq, lambda one: one.code == "zh-hans"),
    Client(
        "netease", "mails of 163.com and 126.com quoted in public issues", _netease,
        lambda one: one.code == "zh-hans",
    ),
)  # fmt: skip
