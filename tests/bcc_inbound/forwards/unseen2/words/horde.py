"""Horde IMP 6.2, from its catalogues imp.mo.

`HEADS` is (title with %s for the sender, Date, From, Reply-To, Subject, To, Cc), as
IMP_Compose::forwardMessageText writes them, the labels flush right; `ENDS` the line below.
"""

from tests.bcc_inbound.forwards.unseen2.words.table import table

HEADS = table(
    """
    ar | رسالة محولة من %s | التاريخ | من | Reply-To | الموضوع | إلى | نسخة
    bg | Препратено писмо от %s | Дата | От | Отговор-До | Тема | До | Cc
    bs | Proslijedjena poruka od %s | Datum | Od | Odgovori-na | Tema | Za | Cc
    ca | Missatge reenviat de %s | Data | De | Respon a | Assumpte | Per a | a/c
    et | Edastatud kiri %s'lt | Kuupäev | Kellelt | Vasta | Teema | Kellele | Koopia
    eu | %s(e)tik birbidalitako mezua | Data | Nork | Erantzun honi | Gaia | Nori | Cc
    fa | پیغام ارجاع شده از %s | تاریخ | از | پاسخ به | عنوان | به | رونوشت
    gl | Reenviouse a mensaxe desde %s | Data | Remitente | Resposta para
       | Asunto | Destinatario | Cc
    id | Teruskan pesan dari %s | Tanggal | Dari | Reply-To | Perihal | Kepada | Cc
    is | Áframsent skeyti frá %s | Dags | Frá | Svara-Til | Efni | Til | Cc
    km | សារ​ដែល​បាន​បញ្ជូន​បន្ត​ពី %s | កាលបរិច្ឆេទ | ពី | ឆ្លើយ​តប​-ទៅ | ប្រធានបទ | ទៅ | ចម្លង
    lt | Persiųstas laiškas nuo %s | Data | Nuo | Reply-To | Tema | Kam | Cc
    lv | Pārsūtīta vēstule no %s | Datums | Sūtītājs | Reply-To | Temats | Saņēmējs | Cc
    mk | Препратена порака од %s | Датум | Од | Reply-To | Тема | До | Копија
    nn | Vidaresende meldingar frå %s | Dato | Frå | Reply-To | Emne | Til | Kopi
    ro | Copie Mesaj trimisa de %s | Data | De la | Reply-To | Subiect | Catre | Copie
    sl | Posredovano sporočilo od %s | Datum | Od | Odgovori-Na | Zadeva | Za | Kk
    th | ข้อความที่ส่งต่อมาจาก %s | วันที่ | จาก | Reply-To | ชื่อเรื่อง | ถึง | สำเนาถึง
    uk | Пересланий лист від %s | Дата | Від | Reply-To | Тема | До | Cc
    """
)

ENDS = table(
    """
    ar | إنهاء الرسائل المحولة
    bg | Край на препратеното писмо
    bs | Kraj proslijeđene poruke
    ca | Fi del missatge reenviat
    et | Edastatud kirja lõpp
    eu | Amaitu birbidalitako mezua
    fa | انتهای پیغام‌ ارجاع شده
    gl | Fin da mensaxe reenviada
    id | Akhir pesan yang diteruskan
    is | Ljúka framsendu skeyti
    km | បញ្ចប់​សារ​ដែល​បាន​បញ្ជូន​បន្ត
    lt | Persiųsto laiško pabaiga
    lv | Pārsūtītās vēstules beigas
    mk | Заврши ја препратената порака
    nn | Slutt vidaresendt melding
    ro | End forwarded message
    sl | Konec posredovanega sporočila
    th | จบการส่งต่อข้อความ
    uk | Кiнець пересланого лист
    """
)
