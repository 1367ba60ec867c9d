"""What programs call the fields, in the languages of the unseen third.

`outlook` is (From, Sent, To, Cc, Subject); `rainloop` and `zimbra` are (title, From, To, Cc, Sent,
Subject); `thunderbird` and `roundcube` are (title, Subject, Date, From, To, Cc); `dated` is what
Outlook on the Mac and Samsung's program share: (original message, From, Date, To, Cc, Subject).

Sources: `rainloop` from github.com/RainLoop/rainloop-webmail, app/localization/webmail/*.yml, keys
FORWARD_MESSAGE_TOP_*; `roundcube` from github.com/roundcube/roundcubemail,
program/localization/*/labels.inc; the titles of `thunderbird` from Mozilla's Transvision
(mailnews.forward_header_originalmessage) and zammad's ForwardedMessage list; Hindi from
github.com/Zimbra/zm-web-client, ZmMsg_hi.properties; Outlook's words from quoted mails in public
repositories (Lithuanian with "Iki", Catalan with "Enviat el", Vietnamese with "Đã gửi"), French
`zimbra` and `dated` and German `dated` from public test suites. The other words of `outlook`,
`zimbra`, `dated` and the fields of `thunderbird` were not confirmed by a mail.
"""

from dataclasses import dataclass

Labels = tuple[str, ...]


@dataclass(frozen=True)
class Words:
    """One language. `long` is 3 March 2025, 10:00 in words; `numbers` the same in figures."""

    code: str
    long: str
    prefix: str = "FW"
    gmail: str = ""
    numbers: str = "03.03.2025 10:00"
    space: str = ""
    outlook: Labels = ()
    rainloop: Labels = ()
    zimbra: Labels = ()
    thunderbird: Labels = ()
    roundcube: Labels = ()
    dated: Labels = ()


NEW = (
    Words(
        "bg", "понеделник, 3 март 2025 г. 10:00", "Препр", "От", "03.03.2025 г. 10:00",
        outlook=("От", "Изпратено", "До", "Копие", "Тема"),
        rainloop=("Препратено съобщение", "От", "За", "Копие до", "Изпратено", "Заглавие"),
        thunderbird=("Препратено съобщение", "Тема", "Дата", "От", "До", "Копие до"),
        roundcube=("Оригинално писмо", "Заглавие", "Дата", "От", "До", "Копие до"),
    ),
    Words(
        "ca", "dilluns, 3 de març de 2025 10:00", "RV", "De", "03/03/2025 10:00",
        outlook=("De", "Enviat el", "Per a", "A/c", "Assumpte"),
        rainloop=("Missatge reenviat", "De", "Per a", "A/c", "Enviat", "Assumpte"),
        thunderbird=("Missatge reenviat", "Assumpte", "Data", "De", "A", "CC"),
        roundcube=("Missatge original", "Assumpte", "Data", "De", "Per a", "A/c"),
    ),
    Words(
        "eu", "2025(e)ko martxoak 3, astelehena 10:00", "FW", "Nork", "2025/03/03 10:00",
        rainloop=("Birbidalitako mezua", "Nork", "Nori", "Kopia", "Bidalita", "Gaia"),
        thunderbird=("Birbidalitako mezua", "Gaia", "Data", "Nork", "Nori", "Kopia"),
    ),
    Words(
        "fa", "دوشنبه ۳ مارس ۲۰۲۵ ۱۰:۰۰", "Fwd", "از", "2025-03-03 10:00",
        rainloop=("پیام ارسال شده", "از", "به", "رونوشت", "ارسال", "موضوع"),
    ),
    Words(
        "hi", "सोमवार, 3 मार्च 2025 10:00", "Fwd", "प्रेषक", "3/3/2025 10:00",
        outlook=("प्रेषक", "भेजा गया", "प्रति", "प्रतिलिपि", "विषय"),
    ),
    Words(
        "id", "Senin, 03 Maret 2025 10:00", "FW", "Dari", "03/03/2025 10:00",
        outlook=("Dari", "Dikirim", "Kepada", "Cc", "Subjek"),
        rainloop=("Pesan terusan", "Dari", "Kepada", "CC", "Dikirim", "Judul"),
    ),
    Words(
        "is", "mánudagur, 3. mars 2025 10:00", "FS", "Frá", "3.3.2025 10:00",
        outlook=("Frá", "Sent", "Til", "Afrit", "Efni"),
        rainloop=("Áframsenda skilaboð", "Frá", "Til", "CC", "Sent", "Viðfangsefni"),
        thunderbird=("Áframsendur póstur", "Efni", "Dagsetning", "Frá", "Til", "Afrit"),
    ),
    Words(
        "lt", "2025 m. kovo 3 d., pirmadienis 10:00", "FW", "Nuo", "2025-03-03 10:00",
        outlook=("Nuo", "Išsiųsta", "Iki", "Kopija", "Tema"),
        rainloop=("Persiųstas pranešimas", "Nuo", "Kam", "Kopija CC", "Išsiųstas", "Tema"),
        thunderbird=("Persiųstas laiškas", "Tema", "Data", "Nuo", "Kam", "Kopija"),
    ),
    Words(
        "lv", "pirmdiena, 2025. gada 3. marts 10:00", "FW", "No", "03.03.2025 10:00",
        outlook=("No", "Nosūtīts", "Kam", "Kopija", "Tēma"),
        rainloop=("Forwarded message", "No", "Kam", "CC", "Nosūtīts", "Tēma"),
        thunderbird=("Pārsūtīta ziņa", "Tēma", "Datums", "No", "Kam", "Kopija"),
    ),
    Words(
        "sl", "ponedeljek, 03. marec 2025 10:00", "PSR", "Od", "3. 3. 2025 10:00",
        outlook=("Od", "Poslano", "Za", "Kp", "Zadeva"),
        rainloop=("Posredovano sporočilo", "Od", "Za", "Kp", "Poslano", "Zadeva"),
        thunderbird=("Posredovano sporočilo", "Zadeva", "Datum", "Od", "Za", "Kp"),
    ),
    Words(
        "sr", "понедељак, 3. март 2025. 10:00", "FW", "Од", "3.3.2025. 10:00",
        outlook=("Од", "Послато", "За", "Cc", "Тема"),
        thunderbird=("Прослеђена порука", "Наслов", "Датум", "Од", "За", "Cc"),
    ),
    Words(
        "sr-latn", "ponedeljak, 3. mart 2025. 10:00", "FW", "Od", "3.3.2025. 10:00",
        outlook=("Od", "Poslato", "Za", "Cc", "Tema"),
        thunderbird=("Prosleđena poruka", "Naslov", "Datum", "Od", "Za", "Cc"),
    ),
    Words(
        "th", "วันจันทร์ที่ 3 มีนาคม 2568 10:00", "FW", "จาก", "3/3/2568 10:00",
        outlook=("จาก", "ส่ง", "ถึง", "สำเนา", "เรื่อง"),
        rainloop=("ข้อความที่ถูกส่งต่อ", "จาก", "To", "CC", "ส่ง", "ชื่อเรื่อง"),
    ),
    Words(
        "vi", "Thứ Hai, 3 tháng 3, 2025 10:00", "FW", "Từ", "03/03/2025 10:00",
        outlook=("Từ", "Đã gửi", "Đến", "Cc", "Chủ đề"),
        roundcube=("Thư gốc", "Tiêu đề", "Ngày", "Người gửi", "Người nhận", "Đồng nhận"),
    ),
)  # fmt: skip

# Languages that the seen part has, for programs that it has not.
OLD = (
    Words(
        "en", "Monday, March 3, 2025 at 10:00 AM", "FW", "From", "3/3/25 10:00 AM",
        zimbra=("Forwarded Message", "From", "To", "Cc", "Sent", "Subject"),
        dated=("Original message", "From", "Date", "To", "Cc", "Subject"),
    ),
    Words(
        "de", "Montag, 3. März 2025 um 10:00", "WG", "Von", "03.03.25 10:00",
        zimbra=("Weitergeleitete Nachricht", "Von", "An", "CC", "Gesendet", "Betreff"),
        dated=("Ursprüngliche Nachricht", "Von", "Datum", "An", "Cc", "Betreff"),
    ),
    Words(
        "fr", "lundi 3 mars 2025 à 10:00", "TR", "De", "03/03/2025 10:00", " ",
        zimbra=("Mail transféré", "De", "À", "Cc", "Envoyé", "Objet"),
        dated=("Message d'origine", "De", "Date", "À", "Cc", "Objet"),
    ),
    Words(
        "es", "lunes, 3 de marzo de 2025, 10:00", "RV", "De", "3/3/25 10:00",
        zimbra=("Mensaje reenviado", "De", "Para", "CC", "Enviados", "Asunto"),
        dated=("Mensaje original", "De", "Fecha", "Para", "CC", "Asunto"),
    ),
    Words(
        "it", "lunedì 3 marzo 2025 alle ore 10:00", "I", "Da", "03/03/25 10:00",
        zimbra=("Messaggio inoltrato", "Da", "A", "Cc", "Inviato", "Oggetto"),
        dated=("Messaggio originale", "Da", "Data", "A", "Cc", "Oggetto"),
    ),
    Words(
        "nl", "maandag 3 maart 2025 om 10:00", "FW", "Van", "03-03-2025 10:00",
        zimbra=("Doorgestuurd bericht", "Van", "Aan", "Cc", "Verzonden", "Onderwerp"),
        dated=("Oorspronkelijk bericht", "Van", "Datum", "Aan", "CC", "Onderwerp"),
    ),
    Words(
        "pt", "segunda-feira, 3 de março de 2025 às 10:00", "ENC", "De", "03/03/2025 10:00",
        zimbra=("Mensagem encaminhada", "De", "Para", "Cc", "Enviadas", "Assunto"),
        dated=("Mensagem original", "De", "Data", "Para", "Cc", "Assunto"),
    ),
    Words(
        "pl", "poniedziałek, 3 marca 2025 10:00", "PD", "Od", "03.03.2025 10:00",
        zimbra=("Wiadomość przekazana", "Od", "Do", "DW", "Wysłane", "Temat"),
        dated=("Oryginalna wiadomość", "Od", "Data", "Do", "DW", "Temat"),
    ),
    Words(
        "ru", "понедельник, 3 марта 2025 г. в 10:00", "FW", "От", "03.03.2025 10:00",
        zimbra=("Пересланное сообщение", "От", "Кому", "Копия", "Отправленные", "Тема"),
        dated=("Исходное сообщение", "От", "Дата", "Кому", "Копия", "Тема"),
    ),
    Words(
        "cs", "pondělí 3. března 2025 10:00", "FW", "Od", "03.03.2025 10:00",
        dated=("Původní zpráva", "Od", "Datum", "Komu", "Kopie", "Předmět"),
    ),
    Words(
        "sv", "måndag 3 mars 2025 10:00", "VB", "Från", "2025-03-03 10:00",
        dated=("Originalmeddelande", "Från", "Datum", "Till", "Kopia", "Ämne"),
    ),
    Words(
        "hu", "2025. március 3., hétfő 10:00", "FW", "Feladó", "2025. 03. 03. 10:00",
        dated=("Eredeti üzenet", "Feladó", "Dátum", "Címzett", "Másolatot kap", "Tárgy"),
    ),
    Words(
        "tr", "3 Mart 2025 Pazartesi 10:00", "İLT", "Gönderen", "03.03.2025 10:00",
        dated=("Orijinal mesaj", "Gönderen", "Tarih", "Alıcı", "Bilgi", "Konu"),
    ),
    Words(
        "da", "mandag den 3. marts 2025 kl. 10.00", "VS", "Fra", "03.03.2025 10.00",
        dated=("Oprindelig meddelelse", "Fra", "Dato", "Til", "Cc", "Emne"),
    ),
    Words(
        "fi", "maanantai 3. maaliskuuta 2025 klo 10.00", "VL", "Lähettäjä", "3.3.2025 10.00",
        dated=("Alkuperäinen viesti", "Lähettäjä", "Päivämäärä", "Vastaanottaja", "Kopio", "Aihe"),
    ),
    Words(
        "ko", "2025년 3월 3일 월요일 오전 10:00", "FW", "보낸사람", "2025/3/3 10:00",
        dated=("원본 이메일", "보낸사람", "날짜", "받는사람", "참조", "제목"),
    ),
    Words(
        "ja", "2025年3月3日 月曜日 10:00", "FW", "From", "2025/03/03 10:00",
        dated=("元のメッセージ", "差出人", "日付", "宛先", "CC", "件名"),
    ),
    Words(
        "zh", "2025年3月3日 星期一 10:00", "转发", "发件人", "2025/3/3 10:00",
        dated=("原始邮件", "发件人", "日期", "收件人", "抄送", "主题"),
    ),
)  # fmt: skip

ALL = NEW + OLD
