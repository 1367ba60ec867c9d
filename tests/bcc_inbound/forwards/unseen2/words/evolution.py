"""Evolution 3.46, from its catalogues evolution.mo.

(title, From, Reply-To, To, Cc, Subject, Date)
"""

from tests.bcc_inbound.forwards.unseen2.words.table import table

HEADS = table(
    """
    af | Aangestuurde boodskap | Van | Antwoord-aan | Aan | CC | Onderwerp | Datum
    an | Mensache reninviau | De | Responder a | Ta | Cc | Afer | Calendata
    ar | -------- رسالة ممرّرة --------  | من | رد على | إلى | ن.ك | الموضوع | التّاريخ
    as | ফৰৱাৰ্ড কৰা বাৰ্তা | প্ৰেৰক | উত্তৰ - প্ৰাপক | প্ৰাপক | কপি প্ৰাপক | বিষয় | তাৰিখ
    ast | --------- Mensax reunviáu -------- | De | Retrucar a | Pa | Cc | Asuntu | Data
    az | Ötürülülən Məktub | Göndərən | Reply-To | Alıcı | Cc | Mövzu | Tarix
    be | Перасланае паведамленне | Ад | Зваротны адрас | Каму | Копія | Тэма | Дата
    bg | Препратено писмо | От | Отговор до | До | Копие | Тема | Дата
    bn | ফরওয়ার্ড করা বার্তা | প্রেরক | উত্তর - প্রাপক | প্রাপক | Cc | বিষয় | তারিখ
    bs | Proslijeđena poruka | Šalje | Odgovor | Prima | Kopija (Cc) | Naslov | Datum
    ca | Missatge reenviat | De | Respon | Per a | CC | Assumpte | Data
    cy | Neges Yrrwyd Ymlaen | Oddi wrth | Ateb-I | I | Cc | Pwnc | Dyddiad
    eo | plusendita mesaĝo | De | Respondi-al | Al | Kopio | Temo | Dato
    et | Edastatud sõnum | Saatja | Vastus-kuhu | Kellele | Koopia | Teema | Kuupäev
    eu | Birbidalitako mezua | Nondik | Erantzun honi | Nora | Cc | Gaia | Data
    fa | پیام ارجاع داده شده | فرستنده | نشانی برگشت | گیرنده | رونوشت | موضوع | تاریخ
    fur | ------ Messaç mandât indenant ----- | Di | Rispuint a | A | Cc | Ogjet | Date
    ga | Teachtaireacht Curtha ar Aghaidh | Ó | Freagra-Chuig | Chuig | Cc | Ábhar | Dáta
    gl | Mensaxe reencamiñada | De | Responder a | Para | Cc | Titular | Data
    gu | સંદેશો આગળ ધપાવો | તરફથી | ને જવાબ આપો | પ્રતિ | ને પણ | વિષય | તારીખ
    hi | अग्रेषित संदेश | यहाँ से | इसे जवाब दें | प्रति | Cc | विषय | तिथि
    id | Isi Pesan Asli | Dari | Balas-Ke | Untuk | Cc | Subjek | Tanggal
    kn | ಫಾರ್ವಾರ್ಡ್ ಮಾಡಲಾದ ಸಂದೇಶ | ಯಿಂದ | ಇವರಿಗೆ ಉತ್ತರಿಸು | ಗೆ | Cc | ವಿಷಯ | ದಿನಾಂಕ
    lt | Persiųstas laiškas | Nuo | Atgalinis adresas | Kam | Kopija | Tema | Data
    lv | Pārsūtīta vēstule | No | Atbildēt | Kam | CC | Temats | Datums
    mk | Препратена порака | Од | Одговори на | До | Копија на пораката | Тема | Датум
    mr | अग्रेषित संदेश | कडून | यास प्रतिसाद द्या | प्रति | Cc | विषय | दिनांक
    ms | Mesej Dimajukan | Daripada | Jawab-Kepada | Kepada | Salinan | Tajuk | Tarikh
    ne | फरवार्ड गरिएको सन्देश | बाट | लाई-जवाफ पठाउनुहोस् | लाई | बोधार्थ | विषय | मिति
    nn | Vidaresendt melding | Frå | Svar-til | Til | Cc | Emne | Dato
    oc | Messatge transferit | De | Respondre a | A | Cc | Objècte | Data
    or | ପଠାଯାଇଥିବା ସନ୍ଦେଶ | ଠାରୁ | କୁ ଉତ୍ତର ଦିଅନ୍ତୁ | ଏଠାକୁ | Cc | ବିଷୟ | ତାରିଖ
    pa | ਅੱਗੇ ਭੇਜਿਆ ਸੁਨੇਹਾ | ਵਲੋਂ | ਇਸ ਨੂੰ ਜਵਾਬ | ਵੱਲ | Cc | ਵਿਸ਼ਾ | ਮਿਤੀ
    ps | مخکې شوې استوزه | له | Reply-To | ته | څ.ل | سرليک | نېټه
    si | ඉදිරියට යැවූ පණිවිඩය | වෙතින් | Reply-To | වෙත | පිටපත | මාතෘකාව | දිනය
    sl | Posredovano sporočilo | Od | Odgovori-na | Za | Kp | Zadeva | Datum
    sq | Mesazhi i Përcjellë | Nga | Përgjigju-tek | Për | Cc | Subjekti | Data
    sr | Прослеђена порука | Шаље | Одговори на | Прима | Копија | Наслов | Датум
    sr-latn | Prosleđena poruka | Šalje | Odgovori na | Prima | Kopija | Naslov | Datum
    ta | அனுப்பும் செய்தி | அனுப்புநர் | பதில்-பெறுநர் | பெறுநர் | கரிநகல் | தலைப்பு | தேதி
    te | ముందుకు పంపబడినసందేశం | నుండి | కు-ప్రత్యుత్తరము | కు | Cc | సంగతి | తారీఖు
    th | ข้อความส่งต่อ | จาก | ที่อยู่ตอบกลับ | ถึง | สำเนาถึง | เรื่อง | วันที่
    ug | جاۋاب خەت | يوللىغۇچى | جاۋاب | تاپشۇرۇپ ئالغۇچى | كۆچۈرۈپ يوللا | تېما | چېسلا
    vi | ━━━Thư đã chuyển tiếp━━━ | Từ | Trả lời cho | Cho | Cc | Chủ đề | Ngày
    xh | Umyalezo Ogqithiisiweyo | Ivela | Phendulela-Ku | Iya | Kopela ku | Isihloko | Umhla
    """
)
