"""Claws Mail 4.1, from its catalogues claws-mail.mo, the form of forwards.

(title, Date, From, To, Cc, Subject)
"""

from tests.bcc_inbound.forwards.unseen2.words.table import table

HEADS = table(
    """
    ca | Inici del missatge reenviat: | Data: | Des de: | Per a: | Cc: | Assumpte:
    cs | Začátek předané zprávy: | Datum: | Od: | Komu: | Kopie: | Předmět:
    da | Begynd videresendt e-mail: | Dato: | Fra: | Til: | Cc: | Emne:
    de | Beginn der weitergeleiteten Nachricht: | Datum: | Von: | An: | Cc: | Betreff:
    el | Αρχή προωθημένου μηνύματος: | Ημερομηνία: | Από: | Προς: | Cc: | Θέμα:
    es | Inicio del mensaje redirigido: | Fecha: | Desde: | Para: | Cc: | Asunto:
    fi | Edelleenlähetetty viesti: | Päiväys: | Lähettäjä: | Vastaanottaja: | Kopiot: | Aihe:
    fr | ----- Message Transféré ----- | Date : | De : | À : | Cc : | Sujet :
    hu | Továbbított üzenet: | Dátum: | Feladó: | Címzett: | Másolatot kap: | Tárgy:
    id | Awal pesan yang diteruskan: | Tanggal: | Dari: | Kepada: | Cc: | Subyek:
    it | Inizio messaggio inoltrato: | Data: | Da: | A: | Cc: | Oggetto:
    nb | Start videresendt melding: | Dato: | Fra: | Til: | Kopi-Til: | Emne:
    nl | Begin doorgestuurd bericht: | Datum: | Van: | Aan: | Cc: | Onderwerp:
    pl | Początek przekazywanej wiadomości: | Data: | Od: | Do: | Kopia: | Temat:
    pt-br | Iniciando encaminhamento de mensagem: | Data: | De: | Para: | Cc: | Assunto:
    ro | Începutul mesajului înaintat: | Dată: | De la: | Către: | Cc: | Subiect:
    ru | Начало пересылаемого сообщения: | Дата: | От: | Кому: | Копия: | Тема:
    sk | Začiatok správy poslanej ďalej: | Dátum: | Od: | Komu: | Cc: | Predmet:
    sv | Start av vidarebefordrat meddelande: | Datum: | Från: | Till: | Kopia: | Ämne:
    tr | Yönlendirilen iletiye başla: | Tarih: | Gönderen: | Alıcı: | Cc: | Başlık:
    zh-tw | 開始轉寄郵件： | 日期： | 寄件者： | 收件者： | 副本： | 主旨：
    """
)
