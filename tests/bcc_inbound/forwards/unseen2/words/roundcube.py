"""Roundcube 1.6, from program/localization/*/labels.inc.

(title, Subject, Date, From, To, Cc, Reply-To), as rcmail_action_mail_compose writes them. What is
not translated is shown in English.
"""

from tests.bcc_inbound.forwards.unseen2.words.table import table

HEADS = table(
    """
    ar | الرسالة الأساسية | الموضوع | التاريخ | المرسل | المستقبل | نسخة إلي | الرد إلى
    ar-sa | الرسالة الأساسية | الموضوع | التاريخ | المرسل | المستقبل | نسخة | الرد إلى
    ast | Mensaxe orixinal | Asuntu | Data | De | Pa | Copia | Contestar a
    az | Orijinal məktub | Mövzu | Tarix | Kimdən | Kimə | Nüsxə | Cavabla
    be | Арыгінальнае паведамленне | Тэма | Дата | Ад | Каму | Копія | Адказаць-на
    bg | Оригинално писмо | Заглавие | Дата | От | До | Копие до | Отговор до
    bn | Original Message | বিষয় | তারিখ | প্রেরক
       | প্রাপক | অনুলিপির ঠিকানা | উত্তর পাঠানোর ঠিকানা
    br | Kemennadenn orin | Sujed | Deiz | Eus | Da | Cc | Respont-da
    bs | Originalna poruka | Naslov | Datum | Od | Za | Cc | Reply-To adresa
    ca | Missatge Original | Assumpte | Data | Remitent | Destinatari | Cc | Respon a
    cy | Neges Wreiddiol | Pwnc | Dyddiad | Oddi wrth | Derbyniwr | Copi | Ateb-I
    eo | Originala mesaĝo | Temo | Dato | Sendanto | Ricevanto | Kopio | Respondu-Al
    eu | Jatorrizko mezua | Gaia | Data | Nork | Nori | Kopia | Erantzun honi
    fa-af | Original Message | مضمون | تاريخ | ارسال کننده | ګيرينده | تکثیر | جواب نامه
    fa | پیام اصلی | موضوع | تاریخ | از | به | رونوشت | پاسخ-به
    fo | Uppruna boð | Evni | Tann | Frá | Til | Cc | Svara-til
    fy | Oarspronklik Berjocht | Ûnderwerp | Datum | Fan | Oan | Cc | Antwurd oan
    ga | An teachtaireacht bhunaidh | Ábhair | Dáta | Seolaí | Chuig | Cc | Freagair go
    gl | Mensaxe orixinal | Asunto | Data | Remitente | Destinatario(a) | Copia (Cc) | Responder a
    hi | Original Message | विशय | तारीख | भेजने वाला | पाने वाला | कार्बन | जवाब यहाँ
    hy | Առաջին հաղորդագրությունը | Վերնագիր | Ամսաթիվ | Ուղարկող | Ստացող | Cc | Reply-To
    ia | Message original | Subjecto | Data | De | A | In copia a | Responder a
    id | Pesan Asli | Judul | Tanggal | Pengirim | Penerima | Lampiran | Balas kepada
    is | Upprunaleg skilaboð | Titill | Dagsetning | Frá | Til | Afrit | Svar til
    ka | ორიგინალი შეტყობინება | სათაური | თარიღი | გამგზავნი | ვის | ასლი | პასუხი
    km | សារ​ដើម | ចំណងជើង | កាលបរិច្ឆេត | អ្នកផ្ញើ | អ្នកទទួល | Cc | ឆ្លើយតបទៅកាន់
    kn | ಮೂಲ ಸಂದೇಶ | ವಿಷಯ | ದಿನಾಂಕ  | ಇಂದ | ಗೆ | Cc | Reply-To
    ku | Peyama orîjînal | Mijar | Dîrok | Şandyar
       | Standyar | Kopiya Karbon | Navnîşanên Standyar
    ckb | Original Message | ناونیشان | بەروار | لە | بۆ | Cc | وەڵامدانەوە-بۆ
    lb | Original-Message | Sujet | Datum | Vun | Un | CC | Äntwert un
    lt | Originalus laiškas | Tema | Data | Siuntėjas | Gavėjas | Kopija | Atsakymą gaus
    lv | Sākotnējā vēstule | Temats | Datums | No | Kam | Cc | Atbildēt-Uz
    mk | Оригинална порака | Наслов | Датум | Од | Примач | Копирај | Препрати на
    ml | യഥാര്‍ഥ സന്ദേശം | വിഷയം | തീയതി | പ്രേഷിതന്‍ | സ്വീകര്‍ത്താവ് | Cc | Reply-To
    mn | Original Message | Гарчиг | Огноо | Хэнээс | Хэнд | Cc | Хариулах-Хэнд:
    mr | खरा संदेश | विषय | दिनांक | प्रेषक | प्रती | प्रत | यास उत्तर द्या
    ms | Mesej Asal | Subjek | Tarikh | Daripada | Kepada | Cc | Balasan Kepada
    ne | Original Message | विषय | तारिख | प्रेषक | प्रापक | बोधार्थ | लाई-जवाफ
    nn | Opphavleg melding | Emne | Dato | Frå | Til | Kopi til | Svar til
    ps | Original Message | مضمون | نېټه | استوونکی | ترلاسه کوونکی | لمېسل | ځوابول
    si | Original Message | මාතෘකාව | දිනය | වෙතින් | වෙත | Cc | පිළිතුරු සඳහා
    sl | Izvorno sporočilo | Zadeva | Datum | Od | Za | Kp | Odgovor na
    sq | Mesazhi Origjinal | Subjekt | Datë | Nga | Për | Cc | Reply-To
    sr | Оригинална порука | Наслов | Датум | Од | За | Цц | Одговори
    ta | Original Message | தலைப்பு | தேதி | அனுப்புனர் | பெறுனர் | நகல் | பதிலளி
    th | ข้อความเดิม | หัวจดหมาย | วันที่ | ผู้ส่ง | ผู้รับ | คัดลอก | ตอบกลับ
    ti | Original Message | ዋኒን | ዕለት | ካብ | ናብ | ካኮ | ተመላሲ ናብ
    ug | ئەسلىي خەت | تىما | چېسلا | دىن | غا | قۇشۇمچە | غا جاۋاپ قايتۇرۇش
    ur | Original Message | مضمون | تاریخ | از | To | Cc | Reply-To
    uz | Asl xat | Mavzu | Sana | Kimdan | Kimga | Nusxasi | Javob berish
    vi | Thư gốc | Tiêu đề | Ngày | Gửi từ | Người nhận | Đồng kính gửi | Trả lời cho
    """
)
