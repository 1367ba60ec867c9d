"""Geary 43, from its catalogues geary.mo: (title, From, Subject, Date, To, Cc), with their colons.

What is English here is English in the program.
"""

from tests.bcc_inbound.forwards.unseen2.words.table import table

HEADS = table(
    """
    ar | رسالة معاد توجيهها | من: | الموضوع: | التاريخ: | الي: | Cc:
    be | Перанакіроўны ліст | Ад: | Тэма: | Дата: | Каму: | Копія:
    bs | Prosljeđena poruka | Od: | Predmet: | Datum: | Za: | Kopija:
    ca | Missatge reenviat | De: | Assumpte: | Data: | Per a: | Cc:
    eo | Plusendita mesaĝo | From: | Subject: | Date: | Al: | Kopio:
    et | Edasisuunatud kiri | Saatja: | Teema: | Kuupäev: | Saaja: | Cc:
    eu | Birbidalitako mezua | Nondik: | Gaia: | Data: | Hona: | Cc:
    fa | پیام ارسال مجدد شده | از: | موضوع: | تاریخ: | به: | Cc:
    fur | -------- Messaç mandât indenant -------- | Di: | Ogjet: | Date: | A: | Cc:
    gl | Mensaxe reenviada | De: | Asunto: | Data: | Para: | CC:
    hr | Proslijeđena poruka | Šalje: | Predmet: | Datum: | Prima: | Prima kopiju:
    id | ---------- Pesan yang diteruskan -------- | Dari: | Subjek: | Tanggal: | Ke: | Cc:
    kk | Қайта бағдарланған хат | Кімнен: | Тақырыбы: | Күні: | Кімге: | Көшірмесі:
    km | សារ​ដែល​បាន​បញ្ជូន​បន្ត | មក​ពី ៖ | ប្រធាន​បទ ៖ | កាលបរិច្ឆេទ ៖ | ផ្ញើ​ទៅ ៖ | ចម្លង ៖
    lt | Persiųstas laiškas | Nuo: | Tema: | Data: | Kam: | Kopija:
    ms | Mesej dimajukan | Daripada: | Subjek: | Tarikh: | Kepada: | Sk:
    oc | Messatge transferit | De : | Objècte : | Data : | A : | Cc :
    ro | Mesaj înaintat | De la: | Subiect: | Data: | Către: | Cc:
    sk | Preposlaná správa | Od: | Predmet: | Dátum: | Pre: | Kópia:
    sl | Posredovano sporočilo | Od: | Zadeva: | Datum: | Za: | Kp:
    sr | Прослеђена порука | Шаље: | Тема: | Датум: | Прима: | Цц:
    sr-latn | Prosleđena poruka | From: | Subject: | Date: | Prima: | Cc:
    uk | Пересланий лист | Від: | Тема: | Дата: | Кому: | Копія:
    vi | Thư được chuyển tiếp | Từ: | Subject: | Ngày: | To: | Đồng gửi:
    """
)
