"""KMail 22.12, from its catalogues libtemplateparser.mo.

(title, Subject, Date, From, To, CC, dashes): the last is how many stand below the mail.
"""

from tests.bcc_inbound.forwards.unseen2.words.table import table

HEADS = table(
    """
    ar | رسالة ممرّرة | الموضوع: | التاريخ: | مِن: | إلى: | ن‌ك: | 41
    bg | Препратено съобщение | Тема: | Дата: | От: | До: | Копие до: | 40
    bs | ---------- Proslijeđena Poruka ---------- | Tema: | Datum: | Od: | Za: | CC: | 0
    ca | Missatge reenviat | Assumpte: | Data: | De: | A: | CC: | 41
    et | Edasi saadetud kiri | Teema: | Kuupäev: | Kellelt: | Saaja: | Koopia: | 55
    fr | Message transmis | Objet : | Date : | De : | À : | CC : | 41
    gl | Mensaxe reenviada | Asunto: | Data: | De: | Para: | Copia: | 55
    hu | Továbbított üzenet | Tárgy: | Dátum: | Feladó: | Címzett: | Másolat: | 41
    ia | --------- Message reexpedite ------------ | Subjecto: | Data: | Ex: | A: | CC: | 44
    kk | Басқаға жіберілген хат | Тақырыбы: | Кезі: | Кімден: | Кімге: | Көшірме кімге: | 41
    km | សារ​បញ្ជូន​បន្ត | ប្រធានបទ ៖ | កាលបរិច្ឆេទ ៖ | ពី ៖ | ជូន​ចំពោះ ៖ | ចម្លង​ជូន ៖ | 41
    lt | Persiųstas laiškas | Tema: | Data: | Nuo: | Kam: | Kopija: | 41
    nds | Wiederleddt Naricht | Bedröppt: | Datum: | Vun: | Na: | Kopie: | 41
    pa | ਅੱਗੇ ਭੇਜਿਆ ਸੁਨੇਹਾ | ਵਿਸ਼ਾ: | ਮਿਤੀ: | ਵਲੋਂ: | To: | CC: | 55
    ro | Mesaj înaintat | Subiect: | Dată: | De la: | To: | CC: | 41
    sk | Preposlaná správa | Predmet: | Dátum: | Od: | Pre: | Kópia: | 41
    sl | Posredovano sporočilo | Zadeva: | Datum: | Od: | Za: | Kp: | 45
    sr | прослеђена порука | Тема: | Датум: | Од: | За: | ЦЦ: | 41
    sr-latn | prosleđena poruka | Tema: | Datum: | Od: | Za: | CC: | 41
    ta | முன்னனுப்பப்பட்ட அஞ்சல் | தலைப்பு: | தேதி: | அனுப்புநர்: | பெறுநர்: | நகல்: | 41
    uk | Переслане повідомлення | Тема: | Дата: | Від: | Кому: | Копія: | 47
    wa | Messaedje ricassî | Sudjet : | Date : | Di : | To: | CC: | 41
    """
)
