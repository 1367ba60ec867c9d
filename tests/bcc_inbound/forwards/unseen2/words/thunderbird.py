"""Thunderbird, from its language packs (153 ESR): composeMsgs.properties and mimeheader.properties.

`HEADS` is (title, Subject, Date, From, To, CC, Reply-To); `REPLIES` the line over a quoted reply,
with #1 for the author, #2 and #3 for the day and the hour.
"""

from tests.bcc_inbound.forwards.unseen2.words.table import table

HEADS = table(
    """
    af | Forwarded Message | Onderwerp | Datum | Van | Aan | CC | Antwoord-aan
    ast | Mensaxe reunviáu | Asuntu | Data | De | Pa | CC | Responder a
    be | Перанакіраванае паведамленне | Тэма | Дата | Ад | Да | СА | Адказ-Да
    bg | Препратено писмо | Тема | Дата | От | До | CC | Отговор до
    br | Kemennadenn orinel | Danvez | Deiziad | A-berzh | Da | CC | Respont-Da
    ca | Missatge reenviat | Assumpte | Data | De | Per a | CC | Respon a
    cak | Taqon chik Rutzijol | Taqikil | Q'ijul | Richin | Chi re | CC | Titzolïx Tzij Chi Re
    cy | Neges Wreiddiol | Pwnc | Dyddiad | Oddi wrth | At | CC | Ateb-At
    dsb | Dalej pósrědnjona powěsć | Tema | Datum | Wót | Komu | Kopija | Wótegrono komu
    eu | Birbidalitako mezua | Gaia | Data | Nork | Nori | CC | Erantzun-honi
    fy | Trochstjoerd berjocht | Underwerp | Datum | Fan | Oan | CC | Antwurd-nei
    ga | Teachtaireacht Ar Aghaidh | Ábhar | Dáta | Ó | Chuig | Cc | Freagra-Chuig
    gd | An teachdaireachd a tha ’ga shìneadh air adhart | Cuspair | Ceann-là | O
       | Gu | CC | Freagairt gu
    gl | Mensaxe reenviada | Asunto | Data | De | Para | Copia | Responder a
    hsb | Dale sposrědkowana powěsć | Tema | Datum | Wot | Komu | Kopija | Wotmołwa na
    hy | Փոխանցվող նամակը | Վերնագիր | Ամսաթիվ | Ումից | Ում | CC | Պատասխանել՝
    id | Pesan Diteruskan | Subject | Date | From | To | CC | Reply-To
    is | Áframsendur póstur | Efni | Dagsetning | Frá | Til | CC | Svar-Við
    ka | გადაგზავნილი წერილი | თემა | თარიღი | ვინ | ვის | ასლი | პასუხი
    kab | Izen yettwawelhen | Asentel | Azemz | Si | I | Anɣ.I | Err-i
    kk | Әрі қарай жіберілген хабарлама | Тақырыбы | Күні | Кімнен
       | Кімге | Көшірме | Кімге жауап беру
    lt | Persiųstas laiškas | Tema | Data | Kas | Kam | Kopija | Atgalinis adresas
    lv | Pārsūtītā vēstule | Tēma | Datums | No | Kam | Kopija | Atbildēt uz
    ms | Mesej Dikirim Semula | Subjek | Tarikh | Daripada | Kepada | CC | Balas-Kepada
    nn | Vidaresend melding | Emne | Dato | Frå | Til | CC | Svar-Til
    pa | Forwarded Message | ਵਿਸ਼ਾ | ਮਿਤੀ | ਵੱਲੋਂ | ਵੱਲ | CC | ਜਵਾਬ-ਵੱਲ
    rm | Messadi  renvià | Object | Data | Da | A | CC | Respunder a
    sl | Posredovano sporočilo | Zadeva | Datum | Od | Za | Kp | Odgovori za
    sq | Mesazhi i Përcjellë | Subjekt | Datë | Nga | Për | CC | Përgjigj-Iu
    sr | Прослеђена порука | Тема | Датум | Шаље | Прима | Коп | Одговор за
    th | ข้อความที่ส่งต่อ | หัวเรื่อง | วันที่ | จาก | ถึง | สำเนาถึง | ตอบกลับถึง
    uz | Uzatilgan xabar | Mavzu | Sana | Jo‘natuvchi | Qabul qiluvchi | CC | Javob qaytarish
    vi | Tin nhắn đã được chuyển tiếp | Tiêu đề | Ngày | Từ | Đến | CC | Trả lời Tới
    """
)

REPLIES = table(
    """
    ast | El #2 a les #3, #1 escribió:
    be | #2 у #3 #1 напісаў:
    bg | На #2 в #3, #1 написа:
    br | D'an/ar #2 #3 eo bet skrivet gant #1 :
    ca | El #2 a les #3, #1 ha escrit:
    cak | Ri #2 #3, #1 xutz'ib'aj:
    cy | Ar #2 #3, ysgrifennodd #1:
    dsb | #2 #3 jo #1 napisał:
    eu | #2 #3(e)an, #1 igorleak idatzi zuen:
    fy | Op #2 om #3, skreau #1:
    ga | Ar #2 #3, scríobh #1:
    gd | Sgrìobh #1 na leanas #2 aig #3:
    gl | O #2 ás #3, #1 escribiu:
    hsb | #2 #3 #1 napisa:
    hy | #2 #3-ին #1ը գրել է.
    id | Pada #2 #3, #1 menulis:
    is | Þann #2 #3, skrifaði #1:
    ka | თარიღი #2 #3, #1 წერს:
    kab | Di #2 #3, #1 yura:
    kk | #2 #3 уақытында, #1 жазған:
    lt | #2 #3, #1 rašė:
    lv | #2 #3 #1 rakstīja:
    ms | Pada #2 #3, #1 membalas:
    nn | Den #2 #3, skreiv #1:
    rm | Ils #2 a las #3 ha #1 scrit:
    sl | #1 je #2 ob #3 napisal:
    sq | Më #2, #3, #1 shkroi:
    sr | Дана #2 у #3, #1 пише:
    th | เมื่อ #2 เวลา #3 #1 เขียนว่า:
    uz | #2 #3, #1 da yozdi:
    vi | Vào lúc #3 #2, #1 đã viết:
    """
)
