"""The lines that announce a forwarded mail. A client or a language is a row. Pure.

A row is the client, the language and its lines without dashes. The lines of FORWARDED announce a
forward and nothing else. Those of QUOTED stand above replies as well: there the subject decides.
"""

from typing import NamedTuple

from bcc_inbound.forwarded.dates import looks_dated
from bcc_inbound.forwarded.labels import bare as plain
from bcc_inbound.forwarded.people import addresses_in
from bcc_inbound.forwarded.titles import ORIGINALS, TITLES


class Marker(NamedTuple):
    """A line that announces a mail: whose it is, what follows on the same line, and the
    addresses of the writers that it names itself."""

    client: str
    language: str
    forward: bool
    rest: str = ""
    writers: tuple[str, ...] = ()


# Gmail writes its line in English in most languages (samples gmail_*_body.txt of
# github.com/crisp-oss/email-forward-parser) and translates it in some. So do Missive
# (missive_en_body.txt), Spark and Superhuman, which take over Gmail's line.
_GMAIL = """
en: forwarded message | forwarded email
el: προωθημένο μήνυμα
zh-hans: 转发的邮件 | 转发邮件 | 转发的消息
zh-hant: 轉寄郵件 | 轉寄的郵件 | 轉寄訊息
ko: 전달된 메일 | 전달된 메시지
ja: 転送されたメッセージ | 転送メッセージ
he: הודעה שהועברה | הודעה מועברת
ar: رسالة معاد توجيهها | الرسالة المعاد توجيهها | الرسالة المحولة | رسالة محولة
"""

# Apple Mail on the Mac and on the phone (apple_mail_*_body.txt there; further languages in
# github.com/zammad/zammad, begin_forwarded.rb).
_APPLE = """
en: begin forwarded message
de: anfang der weitergeleiteten nachricht | anfang der weitergeleiteten e-mail
fr: début du message réexpédié | début du message transféré
es: inicio del mensaje reenviado
it: inizio messaggio inoltrato | inizio del messaggio inoltrato
pt: início da mensagem encaminhada | início da mensagem reencaminhada
nl: begin doorgestuurd bericht
sv: vidarebefordrat mejl | vidarebefordrat brev | vidarebefordrat meddelande börjar
da: start på videresendt besked | videresendt meddelelse starter
nb: videresendt melding | begynnelse på videresendt melding | start på videresendt melding
fi: välitetty viesti alkaa | välitetyn viestin alku
pl: początek przekazywanej wiadomości | początek przekazanej wiadomości
cs: začátek přeposílané zprávy
sk: začiatok preposlanej správy
hu: továbbított levél kezdete | továbbított üzenet kezdete
ro: începe mesajul redirecționat | începutul mesajului redirecționat | începe mesajul redirecţionat
hr: započni proslijeđenu poruku | početak proslijeđene poruke
sl: začetek posredovanega sporočila
tr: i̇leti başlangıcı | iletilen iletinin başlangıcı
ru: начало переадресованного сообщения | начало пересылаемого сообщения
uk: початок листа, що пересилається | початок пересланого повідомлення
bg: начало на препратено съобщение
et: edastatud sõnumi algus
lv: pārsūtītās ziņas sākums
lt: persiųsto pranešimo pradžia
el: αρχή προωθημένου μηνύματος
ja: 転送されたメール | 転送メール
ko: 전달된 메시지 시작 | 시작 전달된 메시지
zh-hans: 以下是转发的邮件 | 开始转发的邮件 | 下面是被转发的邮件
zh-hant: 以下是轉寄的郵件 | 開始轉寄郵件 | 下面是被轉寄的郵件
he: תחילת ההודעה שהועברה
ar: بدء الرسالة المُعاد توجيهها | بدء الرسالة المعاد توجيهها
"""

# Thunderbird (mailnews.forward_header_originalmessage on transvision.mozfr.org).
_THUNDERBIRD = """
en: forwarded message
de: weitergeleitete nachricht
fr: message transféré
es: mensaje reenviado
it: messaggio inoltrato
pt: mensagem encaminhada | mensagem reencaminhada
nl: doorgestuurd bericht
sv: vidarebefordrat meddelande
da: videresendt meddelelse
nb: videresendt melding | vidaresend melding
fi: välitetty viesti / fwd.msg | välitetty viesti
pl: treść przekazanej wiadomości
cs: přeposlaná zpráva
sk: preposlaná správa
hu: továbbított üzenet
hr: proslijeđena poruka
sl: posredovano sporočilo
tr: iletilen i̇leti | i̇letilmiş i̇leti | iletilen ileti | iletilmiş ileti
ru: перенаправленное сообщение
uk: переслане повідомлення
et: edastatud kiri
lt: persiųstas laiškas
ca: missatge reenviat
zh-hans: 转发的消息
zh-hant: 轉寄郵件
ar: رسالة ممرّرة
"""

# Yahoo (yahoo_*_body.txt of the first repository), which puts the fields on the same line.
_YAHOO = """
en: forwarded message
de: weitergeleitete nachricht
fr: message transmis
es: mensaje reenviado
it: messaggio inoltrato
pt: mensagem encaminhada | mensagem reencaminhada
nl: doorgestuurd bericht
sv: vidarebefordrat meddelande
da: videresendt meddelelse
nb: videresendt melding
fi: edelleenlähetetty viesti
pl: przekazana wiadomość
cs: přeposlaná zpráva
sk: preposlaná správa
hu: továbbított üzenet
ro: mesaj redirecționat | mesaj redirecţionat
tr: i̇letilmiş mesaj | iletilmiş mesaj
ru: пересылаемое сообщение
uk: перенаправлене повідомлення
"""

# RainLoop and SnappyMail (FORWARD_MESSAGE_TOP_TITLE in github.com/RainLoop/rainloop-webmail),
# Zimbra, and zammad's list (github.com/zammad/zammad, attribution_pattern/forwarded_message.rb).
_WEB = """
bg: препратено съобщение
fr: mail transféré
pl: wiadomość przekazana | przekazana wiadomość
sr: прослеђена порука | prosleđena poruka | prosledjena poruka
is: áframsenda skilaboð | áframsent skilaboð | áframsendur póstur
eu: birbidalitako mezua
lt: persiųstas pranešimas
lv: pārsūtīta ziņa
et: edastatud sõnum
id: pesan terusan
th: ข้อความที่ถูกส่งต่อ
fa: پیام ارسال شده
"""

# HubSpot (hubspot_*_body.txt there).
_HUBSPOT = """
de: weitergeleitete nachricht
es: mensaje reenviado
fi: edelleenlähetetty viesti
fr: message transféré
it: messaggio inoltrato
ja: メッセージを転送
nl: doorgestuurd bericht
pl: wiadomość przesłana dalej
pt: mensagem encaminhada
sv: vidarebefordrat meddelande
"""

# MailMate (mailmate_en_body.txt there); Zoho (help.zoho.com; "============ Forwarded message");
# NetEase (163, 126); Yandex and Mail.ru; Naver.
_OTHERS = """
en: begin forwarded mail | forwarded mail | start of forwarded message | forwarded message follows
zh-hans: 转发邮件信息 | 以下是转发邮件信息 | 转发邮件内容
ru: пересланное сообщение | пересылаемое сообщение | пересланное письмо
uk: пересилане повідомлення
fa: پیام هدایت‌شده
"""

# Outlook's and the phones' "Original Message" (RFC-less custom; K-9, Samsung, FairEmail,
# Roundcube, Fastmail, eM Client, Open-Xchange as used by IONOS, ionos_one_and_one_en_body.txt,
# QQ's 原始邮件): it stands above replies too.
_ORIGINAL = """
en: original message | original | original mail | original email | original appointment | message
de: ursprüngliche nachricht | originalnachricht | original-nachricht | ursprüngliche mail
ca: missatge original
vi: thư gốc | tin nhắn gốc
sr: оригинална порука | originalna poruka
fr: message d'origine | message original | message initial | message d’origine | mail original
es: mensaje original
it: messaggio originale
pt: mensagem original
nl: oorspronkelijk bericht | origineel bericht
sv: ursprungligt meddelande | originalmeddelande | originalmeddelande
da: oprindelig meddelelse | original meddelelse | oprindelig besked
nb: opprinnelig melding | original melding
fi: alkuperäinen viesti
pl: wiadomość oryginalna | oryginalna wiadomość | pierwotna wiadomość
cs: původní zpráva | původní e-mail
sk: pôvodná správa
hu: eredeti üzenet
ro: mesaj original | mesajul original | mesajul inițial
hr: izvorna poruka | originalna poruka
sl: izvirno sporočilo
tr: orijinal mesaj | özgün i̇leti | özgün ileti | orijinal i̇leti | orijinal ileti
ru: исходное сообщение | оригинальное сообщение | первоначальное сообщение
uk: оригінальне повідомлення | початкове повідомлення
bg: оригинално писмо | оригинално съобщение
et: algne sõnum | algne kiri | originaalsõnum
el: αρχικό μήνυμα
he: הודעה מקורית | ההודעה המקורית
ar: الرسالة الأصلية | رسالة أصلية
ja: 元のメッセージ | 元のメール | オリジナルメッセージ
ko: 원본 메시지 | 원본 메일 | 원본메시지
zh-hans: 原始邮件 | 邮件原件 | 原邮件 | 原始邮件信息
zh-hant: 原始郵件 | 原始訊息
"""

FORWARDED = {
    "gmail": _GMAIL,
    "apple": _APPLE,
    "thunderbird": _THUNDERBIRD,
    "yahoo": _YAHOO,
    "hubspot": _HUBSPOT,
    "web mailer": _WEB,
    "other": _OTHERS,
    "web": TITLES,
}
QUOTED = {"original": _ORIGINAL, "web": ORIGINALS}

# mutt and Horde name the sender on the line itself (mutt's forward_attribution_intro); Notes
# names the forwarder.
_BEGINS = tuple(
    plain(phrase) + " "
    for phrase in (
        "forwarded message from", "forwarded mail from", "mensaje reenviado de",
        "weitergeleitete nachricht von", "message transféré de", "messaggio inoltrato da",
        "mensagem encaminhada de", "doorgestuurd bericht van",
    )
)  # fmt: skip
_PASSED_ON = tuple(
    plain(phrase) + " "
    for phrase in ("forwarded by", "weitergeleitet von", "transféré par", "reenviado por",
                   "inoltrato da", "encaminhado por", "doorgestuurd door")
)  # fmt: skip

# Orange's web mailer: "Message du 03/03/25 10:00", with nothing around it.
_ORANGE = "Message du "

_DASHES = "-_=*~‐‑–—─━• \t"
_RUNS = ("--", "==", "——", "──", "––")


def marker_of(line: str) -> Marker | None:
    """The marker that this line is, or begins with; None where it is an ordinary line."""
    line = line[:3_000]
    bare = line.strip(_DASHES)
    if not bare:
        return None
    if bare.startswith(_ORANGE) and looks_dated(bare[len(_ORANGE) :]):
        return Marker("orange", "fr", False)
    found = _known(bare.rstrip(":： "))
    if found is not None or not line.lstrip(" \t*>").startswith(_RUNS):
        return found
    ends = [at for at in map(bare.find, _RUNS) if at > 0]
    if not ends:
        return _begun(bare)
    at = min(ends)
    found = _known(bare[:at].strip(_DASHES + ":："))
    return found._replace(rest=bare[at:].lstrip(_DASHES)) if found else _begun(bare)


def is_rule(line: str) -> bool:
    """A line of dashes or underscores, as Outlook draws it above a quoted mail."""
    return len(line) >= 5 and not line.strip("-_=—─━– ")


def _known(text: str) -> Marker | None:
    return _MARKERS.get(plain(text)) if len(text) < 80 else None


def _begun(line: str) -> Marker | None:
    text = plain(line[:60])
    if text.startswith(_BEGINS):
        return Marker("other", "en", True, writers=tuple(addresses_in(line)))
    if text.startswith(_PASSED_ON):
        return Marker("other", "en", True)
    # Horde names the writer in its line in every language.
    writers = addresses_in(line)
    return Marker("other", "", False, writers=tuple(writers)) if writers else None


def _index() -> dict[str, Marker]:
    found: dict[str, Marker] = {}
    for forward, tables in ((True, FORWARDED), (False, QUOTED)):
        for client, table in tables.items():
            for row in filter(None, table.splitlines()):
                language, _colon, phrases = row.partition(":")
                for phrase in phrases.split("|"):
                    # The first client of a phrase stands for all that use it.
                    found.setdefault(plain(phrase), Marker(client, language, forward))
    return found


_MARKERS = _index()
