"""What stands before the colon in the header of a forwarded mail. A language is a row. Pure.

The words are those that Gmail, Apple Mail, Outlook (2013 to new, web, phones), Yahoo, Thunderbird,
HubSpot and the national web mailers write; where clients differ, all their words stand. Sources:
the samples of github.com/crisp-oss/email-forward-parser (test/fixtures, 12 clients in 22
languages), Thunderbird's localised mime.properties (transvision.mozfr.org), and Microsoft's page
on the message header in replies and forwards (support.microsoft.com).
"""

import unicodedata
from typing import NamedTuple

FROM, TO, CC, DATE, SUBJECT, OTHER = "from", "to", "cc", "date", "subject", "other"

MAX_LABEL = 40


class Words(NamedTuple):
    """The labels of one language, separated by bars; `other` are known and of no use to us."""

    from_: str
    to: str
    cc: str
    date: str
    subject: str
    other: str = ""


LABELS: dict[str, Words] = {
    "en": Words(
        "from|from address|sender",
        "to|recipient|recipients",
        "cc|copy",
        "date|sent|sent on|received",
        "subject",
        "reply-to|reply to|bcc|attachments|attachment|importance|priority|organization|sensitivity",
    ),
    "de": Words(
        "von|absender",
        "an|empfänger",
        "kopie|cc|kopie (cc)|in kopie",
        "datum|gesendet|gesendet am|verschickt",
        "betreff|betrifft",
        "antwort an|antwortadresse|anlagen|anhänge|wichtigkeit|priorität|bcc|blindkopie",
    ),
    "fr": Words(
        "de|expéditeur",
        "à|a|pour|destinataire|destinataires",
        "cc|copie à|copie",
        "date|envoyé|envoyé le|date d'envoi",
        "objet|sujet",
        "répondre à|pièces jointes|importance|cci",
    ),
    "es": Words(
        "de|remitente",
        "para|a|destinatario",
        "cc|copia|con copia",
        "fecha|enviado|enviado el|enviados",
        "asunto",
        "responder a|datos adjuntos|importancia|cco",
    ),
    "it": Words(
        "da|mittente",
        "a|per|destinatario",
        "cc|copia|copia per conoscenza",
        "data|inviato|inviata",
        "oggetto",
        "rispondi a|allegati|priorità|importanza|ccn",
    ),
    "pt": Words(
        "de|remetente",
        "para|destinatário",
        "cc|com cópia",
        "data|enviado|enviada|enviado em|enviada em|data de envio",
        "assunto",
        "responder a|anexos|prioridade|importância|cco",
    ),
    "nl": Words(
        "van|afzender",
        "aan",
        "cc|kopie",
        "datum|verzonden|verstuurd|verzonden op",
        "onderwerp|betreft",
        "antwoord aan|bijlagen|urgentie|prioriteit|bcc",
    ),
    "sv": Words(
        "från|avsändare",
        "till|mottagare",
        "kopia|cc",
        "datum|skickat|skickad|sänt",
        "ämne|ärende",
        "svara till|svar till|bifogade filer|prioritet|hemlig kopia",
    ),
    "da": Words(
        "fra|afsender",
        "til|modtager",
        "cc|kopi",
        "dato|sendt",
        "emne",
        "svar til|vedhæftede filer|prioritet|vigtighed",
    ),
    "nb": Words(
        "fra|avsender",
        "til|mottaker",
        "kopi|cc|kopi til",
        "dato|sendt",
        "emne",
        "svar til|vedlegg|prioritet|viktighet",
    ),
    "fi": Words(
        "lähettäjä|keneltä",
        "vastaanottaja|kenelle|saaja",
        "kopio|cc",
        "päivämäärä|päiväys|pvm|lähetetty|lähetysaika",
        "aihe",
        "vastaus|vastausosoite|liitteet|tärkeys",
    ),
    "pl": Words(
        "od|nadawca",
        "do|adresat|odbiorca",
        "dw|cc|kopia|udw",
        "data|wysłano|wysłane|data wysłania",
        "temat",
        "odpowiedź-do|odpowiedz do|załączniki|ważność|priorytet",
    ),
    "cs": Words(
        "od|odesílatel",
        "komu|pro|příjemce",
        "kopie|cc",
        "datum|odesláno|odeslané|odesláno dne",
        "předmět",
        "odpověď na|odpovědět|přílohy|důležitost",
    ),
    "sk": Words(
        "od|odosielateľ",
        "komu|pre|príjemca",
        "kópia|cc",
        "dátum|odoslané|poslané",
        "predmet",
        "odpovedať-pre|prílohy|dôležitosť",
    ),
    "hu": Words(
        "feladó|küldő",
        "címzett|címzettek",
        "másolat|másolatot kap|cc",
        "dátum|elküldve|küldve|küldés dátuma",
        "tárgy",
        "válaszcím|mellékletek|fontosság",
    ),
    "ro": Words(
        "de la|expeditor|expeditorul|de",
        "către|destinatar|destinatarul|la|catre",
        "cc|copie|copie la",
        "data|dată|trimis|trimis la|trimis pe",
        "subiect|subiectul",
        "răspuns către|atașări|importanță",
    ),
    "hr": Words(
        "od|šalje|pošiljatelj",
        "prima|za|primatelj",
        "cc|kopija",
        "datum|poslano|poslano dana",
        "predmet|naslov",
        "odgovori na|privici|važnost",
    ),
    "sl": Words("od|pošiljatelj", "za|komu|prejemnik", "kp|kopija|cc", "datum|poslano", "zadeva"),
    "tr": Words(
        "kimden|gönderen",
        "kime|alıcı",
        "bilgi|cc|kopya",
        "tarih|gönderildi|gönderilen|gönderme tarihi|gönderilme tarihi",
        "konu",
        "yanıt adresi|ekler|önem",
    ),
    "ru": Words(
        "от|отправитель|от кого",
        "кому|получатель",
        "копия|копии|cc",
        "дата|отправлено|послано|отправлен",
        "тема",
        "ответ-кому|вложения|важность",
    ),
    "uk": Words(
        "від|від кого|відправник",
        "кому|одержувач",
        "копія|cc",
        "дата|надіслано|відправлено",
        "тема",
        "кому відповісти|вкладення|важливість",
    ),
    "bg": Words("от|подател", "до|получател", "копие|як|cc", "дата|изпратено", "тема|относно"),
    "et": Words(
        "saatja|kellelt",
        "adressaat|saaja|kellele",
        "koopia|cc",
        "kuupäev|saadetud|saatmisaeg",
        "teema",
        "vasta aadressile|manused",
    ),
    "lv": Words("no|sūtītājs", "kam|adresāts", "kopija|cc", "datums|nosūtīts", "tēma|temats"),
    "lt": Words("nuo|siuntėjas", "kam|skirta|gavėjas", "kopija|cc", "data|išsiųsta", "tema"),
    "ca": Words("de|remitent", "per a|a", "cc|a/c", "data|enviat|enviat el", "assumpte|tema"),
    "el": Words(
        "από|αποστολέας",
        "προς|παραλήπτης",
        "κοιν.|κοιν|κοινοποίηση|cc|αντίγραφο",
        "ημερομηνία|στάλθηκε|εστάλη|αποστολή|ημ/νία",
        "θέμα",
        "απάντηση σε|συνημμένα|σημαντικότητα",
    ),
    "he": Words(
        "מאת|שולח",
        "אל|לכבוד|נמען",
        "עותק|העתק|cc",
        "תאריך|נשלח|תאריך שליחה",
        "נושא|הנדון",
        "השב אל|קבצים מצורפים",
    ),
    "ar": Words(
        "من|المرسل",
        "إلى|الى|المرسل إليه|المستلم",
        "نسخة|نسخة إلى|cc",
        "التاريخ|تاريخ الإرسال|تم الإرسال|أرسلت|أُرسلت|مرسل|بتاريخ",
        "الموضوع|موضوع",
        "الرد على|المرفقات",
    ),
    "fa": Words("از|فرستنده", "به|گیرنده", "رونوشت|cc", "تاریخ|ارسال شده", "موضوع"),
    "ja": Words(
        "差出人|送信者|送信元|発信者",
        "宛先|送信先|受信者",
        "cc|写し",
        "送信日時|日付|日時|送信日",
        "件名|表題",
        "返信先|添付ファイル|重要度",
    ),
    "ko": Words(
        "보낸 사람|보낸사람|발신자|보낸이|발신",
        "받는 사람|받는사람|수신자|받는이|수신",
        "참조|cc",
        "보낸 날짜|보낸날짜|날짜|보낸 시간|일시|전송|보냄",
        "제목",
        "회신 주소|첨부 파일|중요도",
    ),
    "zh-hans": Words(
        "发件人|寄件人|发送者|发信人",
        "收件人|收信人",
        "抄送|抄送人",
        "发送时间|日期|时间|发送日期|发件时间|发送日期时间",
        "主题|标题|主旨",
        "回复|附件|重要性",
    ),
    "zh-hant": Words(
        "寄件者|寄件人|發件人",
        "收件者|收件人",
        "副本|抄送",
        "寄件日期|日期|傳送日期|已傳送|時間|傳送時間|寄送日期|已寄出",
        "主旨|主題|標題",
        "回覆|附件|重要性",
    ),
    "vi": Words("từ|người gửi", "đến|tới|gửi đến", "cc|đồng gửi", "ngày|đã gửi|vào lúc", "chủ đề"),
    "th": Words("จาก", "ถึง", "สำเนา|cc|สำเนาถึง", "วันที่|ส่ง|ส่งเมื่อ", "เรื่อง|หัวเรื่อง"),
    "id": Words(
        "dari|pengirim", "kepada|untuk", "cc|salinan", "tanggal|dikirim|terkirim", "subjek|perihal"
    ),
}

_KINDS = (FROM, TO, CC, DATE, SUBJECT, OTHER)


def fold(text: str) -> str:
    """Text as it is compared here: without case, width and repeated blanks."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def _index() -> dict[str, frozenset[tuple[str, str]]]:
    found: dict[str, set[tuple[str, str]]] = {}
    for language, row in LABELS.items():
        for kind, words in zip(_KINDS, row, strict=True):
            for word in filter(None, words.split("|")):
                found.setdefault(fold(word), set()).add((language, kind))
    return {word: frozenset(meanings) for word, meanings in found.items()}


MEANINGS = _index()


def label_of(line: str) -> tuple[frozenset[tuple[str, str]], str]:
    """What the label of this line may mean, as (language, kind), and its value; else (empty, "").

    Bold marks, blanks before the colon and wide colons are the client's business.
    """
    ends = [at for at in (line.find(":", 0, MAX_LABEL), line.find("：", 0, MAX_LABEL)) if at > 0]
    if not ends:
        return frozenset(), ""
    at = min(ends)
    label = fold(line[:at].strip(" \t*_\"'"))
    meanings = MEANINGS.get(label, frozenset())
    return meanings, line[at + 1 :].strip(" \t*_") if meanings else ""
