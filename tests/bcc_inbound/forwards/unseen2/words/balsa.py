"""Balsa 2.6, from its catalogues balsa.mo: (title with %s, From, Subject, Date, To, CC).

The labels stand as the program has them: Hindi without colons, Estonian encoded twice.
"""

from tests.bcc_inbound.forwards.unseen2.words.table import table

HEADS = table(
    """
    az | ------%s tərəfindən ötürülən ismarış------ | Yazan: | Mövzu: | Tarix: | Alıcı: | CC:
    bg | ------препратено писмо от %s------ | От: | Относно: | Дата: | До: | CC:
    ca | ------missatge reenviat de %s------ | De: | Assumpte: | Data: | Per a: | A/c:
    dz | ------f%sལས་འཕྲིན་དོན་གདོང་བསྐྱོད་འབད་ཡོདཔ་------ | ལས: | དོན་ཚན: | ཚེས་གྲངས: | ལུ: | CC:
    et | ------edasisaadetud sÃµnum saatjalt %s------ | Saatja: | Teema: | KuupÃ€ev | Saaja: | CC:
    eu | ------%s-(r)en mezua, birbidalia------ | Nork: | Gaia: | Data: | Nori: | CC:
    gl | ------mensaxe reencamiñada de %s------ | De: | Asunto: | Data: | Para: | CC:
    hi | ----- आगे बढ़ाया गया संदेश %s की तरफ से -----  | यहाँ से | विषय | दिनांक | यहाँ को | CC:
    hr | ------proslijeđena poruka od %s------ | Od: | Tema: | Datum: | Za: | CC:
    id | ------pesan yang diteruskan dari %s------ | Dari: | Perihal: | Tanggal: | Kepada: | CC:
    lv | ------pārsūtīta vēstule no %s------ | No: | Temats: | Datums: | Kam: | CC:
    ml | %sല്‌ നിന്ന് അയച്ച സന്ദേശങ്ങള്‌ | ഇവിടെ:‌ | വിഷയം: | തിയ്യതി: | വരെ: | CC:
    ms | ------mesej dihadapkan daripada %s----- | Daripada: | Subjek: | Tarikh: | Kepada: | CC:
    ne | ------%s बाट सन्देश फरवार्ड गरिएको------ | बाट: | विषय: | मिति: | लाई: | CC:
    pa | -------%s ਵਲੋਂ ਸੁਨੇਹਾ ਅੱਗੇ ਭੇਜਿਆ ਗਿਆ ਹੈ----- | From: | Subject: | Date: | To: | CC:
    ro | ------ mesaj înaintat de la %s ------ | Expeditor: | Subiect: | Dată: | Destinatar: | CC:
    sk | ------spáva poslaná ďalej od %s------ | Od: | Predmet: | Dátum: | Pre: | CC:
    sl | ------ posredovano sporočilo od %s ------ | Od: | Zadeva: | Datum: | Za: | Kp:
    sr | ------прослеђена порука коју шаље %s------ | Шаље: | Тема: | Датум: | Прима: | ЦЦ:
    sr-latn | ------prosleđena poruka koju šalje %s------ | Šalje: | Tema: | Datum: | Prima: | CC:
    uk | ------переслане повідомлення від %s------ | Від: | Тема: | Дата: | До: | Копія:
    vi | ━━━thư đã chuyển tiếp từ %s━━━ | Từ : | Chủ đề: | Ngày: | Cho : | CC:
    wa | ------messaedje ricassî da %s------ | Di: | Sudjet: | Date: | A: | CC:
    """
)
