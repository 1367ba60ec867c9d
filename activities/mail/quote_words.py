"""The words by which mail programs introduce what they quote, as tables over languages. Pure.

All are compared case-folded. A new language is a word in each table, never a new branch.
"""


def _entries(table: str) -> frozenset[str]:
    """The entries of a table, separated by bars and line breaks."""
    parts = (part for line in table.splitlines() for part in line.split("|"))
    return frozenset(part.strip().casefold() for part in parts if part.strip())


# "On <date>, <name> wrote:" - the verb, wherever the language puts it.
WROTE = _entries("""
wrote|writes|schrieb|a écrit|escribió|ha scritto|scrisse|escreveu|schreef|geschreven|skrev
napisał|napisała|napisał(a)|pisze|написал|написала|написал(а)|писал|пишет|пише|написав|написала
kirjoitti|írta|ezt írta|napsal|napsala|napsal(a)|napísal|napísala|napísal(a)|yazdı|şunu yazdı
έγραψε|写道|寫道|のメッセージ|書きました|님이 작성|작성|كتب|كتبت|כתב|כתבה|đã viết|viết|เขียนว่า|เขียน
a scris|va escriure|escrigué|rakstīja|rašė|kirjutas|je napisao|je napisala|je napisal|menulis
skrifaði|написа|نوشت|scríobh|ysgrifennodd
""")

FROM = _entries("""
from|von|de|da|van|från|fra|od|от|від|lähettäjä|feladó|kimden|gönderen|από|发件人|寄件者|寄件人
差出人|送信者|보낸 사람|من|מאת|từ|จาก|de la|saatja|no|nuo|dari|frá
""")

SENT = _entries("""
sent|date|gesendet|datum|envoyé|date|enviado|enviado el|fecha|inviato|data|enviada em|enviado em
verzonden|skickat|sendt|dato|wysłano|отправлено|дата|надіслано|lähetetty|päivämäärä|pvm|elküldve
dátum|odesláno|odoslané|gönderildi|gönderme tarihi|tarih|στάλθηκε|ημερομηνία|发送时间|日期|时间
寄件日期|送信日時|日時|보낸 날짜|날짜|تاريخ الإرسال|التاريخ|נשלח|תאריך|đã gửi|ngày|ส่ง|วันที่|trimis
saadetud|kuupäev|nosūtīts|išsiųsta|terkirim|tanggal|poslano
""")

SUBJECT = _entries("""
subject|betreff|objet|asunto|oggetto|assunto|onderwerp|ämne|emne|temat|тема|aihe|tárgy|předmět
predmet|konu|θέμα|主题|主旨|主題|件名|제목|الموضوع|موضوع|נושא|chủ đề|tiêu đề|เรื่อง|subiect|teema
temats|tema|subjek|perihal|efni|assumpte
""")

TO = _entries("""
to|an|à|para|a|aan|till|til|do|кому|vastaanottaja|címzett|komu|kime|alıcı|προς|收件人|收件者|宛先
받는 사람|إلى|אל|tới|đến|ถึง|către|saaja|kam|kepada|cc|kopie|copie
""")

# What stands between two rows of dashes above a quoted mail.
ORIGINAL = _entries("""
original message|original appointment|ursprüngliche nachricht|originalnachricht|message d'origine
message original|mensaje original|messaggio originale|mensagem original|oorspronkelijk bericht
ursprungligt meddelande|originalmeddelande|oprindelig meddelelse|original meddelelse
opprinnelig melding|wiadomość oryginalna|исходное сообщение|оригінальне повідомлення
alkuperäinen viesti|eredeti üzenet|původní zpráva|pôvodná správa|orijinal mesaj|özgün ileti
αρχικό μήνυμα|原始邮件|邮件原件|原始郵件|元のメッセージ|원본 메시지|الرسالة الأصلية|ההודעה המקורית
mesaj original|reply message
""")

FORWARDED = _entries("""
forwarded message|begin forwarded message|weitergeleitete nachricht|message transféré
début du message transféré|mensaje reenviado|inicio del mensaje reenviado|messaggio inoltrato
inizio messaggio inoltrato|mensagem encaminhada|início da mensagem encaminhada|doorgestuurd bericht
begin doorgestuurd bericht|vidarebefordrat meddelande|videresendt meddelelse|videresendt melding
wiadomość przekazana|treść przekazanej wiadomości|пересылаемое сообщение|пересланное сообщение
переслане повідомлення|välitetty viesti|továbbított üzenet|přeposlaná zpráva|preposlaná správa
iletilen mesaj|yönlendirilmiş ileti|προωθημένο μήνυμα|转发的邮件|轉寄的郵件|転送されたメッセージ
전달된 메시지|الرسالة المحولة|הודעה מועברת|mesaj redirecționat
""")

# A subject that starts so is a forward: what it carries is the content and is never folded.
FORWARD_MARKS = _entries("""
fw|fwd|wg|tr|rv|enc|i|doorst|vb|vl|pd|ilt|переслан|пересл|转发|轉寄|轉發|転送|전달|πρθ|továbbítás
""")

# Where the writer says that the answer stands inside the quote, the quote stays open.
INLINE_HINTS = _entries("""
inline|in-line|in line below|see below|comments below|answers below|my answers in|in red|in blue
in green|siehe unten|weiter unten|in rot|in blau|im text unten|ci-dessous|en rouge|en bleu
más abajo|en rojo|en azul|vedi sotto|in rosso|veja abaixo|em vermelho|zie onder|in het rood
se nedan|i rött|se nedenfor|poniżej|na czerwono|смотри ниже|красным
""")
