"""SOGo 5.8, from its templates SoObjects/Mailer/SOGoMail*Forward.wo.

(title, Subject, Date, From, To, CC, Reply-To); "cnr" is Montenegrin.
"""

from tests.bcc_inbound.forwards.unseen2.words.table import table

HEADS = table(
    """
    ar | الرسالة الاصلية | الموضوع | التاريخ | من | إلى | CC | ردً على
    bs | Originalan E-mail | Tema | Datum | Od | Za | Kopiraj | Odgovori
    ca | Original Message | Subject | Date | From | To | CC | Reply-To
    cnr | Originalna poruka | Tema | Datum | Od | Za | CC | Odgovori
    cy | Original Message | Testun | Dyddiad | Oddi wrth | I | CC | Ymateb i
    fi | Alkuperäinen viesti | Aihe | Pvm | Keneltä | Kenelle | Kopio | Vastaus
    he | הודעה מקורית | נושא | תאריך | מאת | אל | מכותב | השב
    hr | Original Message | Predmet | Datum | Od | Za | CC | Odgovori
    hu | Eredeti üzenet | Tárgy | Dátum | Feladó | Címzett | Másolat | Válaszcím
    id | Pesan Asli | Subjek | Tanggal | Dari | Kepada | CC | Membalas ke
    is | Upprunalegt bréf | Efni | Dags | Frá | Til | Afrit | Svara-til
    kk | Шығыс хат | Тақырыбы | Күні | Кімнен | Кімге | Көшірме | Жауап беру
    lt | Originalus pranešimas | Tema | Data | Nuo | Kam | Kopija | Atsakyti
    lv | Sākotnējais ziņojums | Temats | Datums | No | Kam | Kopija | Atbildēt uz
    mk | Оригинална порака | Тема | Датум | Од | To | CC | Reply-To
    nn | Originalpost | Emne | Dato | Fra | Til | Kopi | Svar-til
    pt-br | Original Message | Assunto | Data | De | Para | CC | Responder-Para
    ro | Mesaj Inițial | Subiect | Data | De la | Destinatar | CC | Răspunde la
    sk | Pôvodná správa | Predmet | Dátum | Od | Komu | Kópia | Odpoveď na
    sl | Izvorno sporočilo | Zadeva | Datum | Od | Za | KP | Odgovori
    sr | Оригинална порука | Тема | Датум | Од | За | ЦЦ | Одговори
    sr-latn | Originalna poruka | Tema | Datum | Od | Za | CC | Odgovori
    tr | Orjinal İleti | Konu | Tarih | Gönderen | Alıcı | Karbon Kopya | Yanıtlama Adresi
    uk | Початкове повідомлення | Тема | Дата | Від | Кому | Копія | Відповісти
    """
)
