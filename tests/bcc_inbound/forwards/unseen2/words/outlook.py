"""Outlook in further languages: (From, Sent, To, Cc, Subject). NOT confirmed by a mail.

From a table in a public reading aid for Thunderbird, which takes Outlook's headers out of a mail;
whoever wrote it may have guessed. Only languages in which Office is sold are taken from it.
"""

from tests.bcc_inbound.forwards.unseen2.words.table import table

HEADS = table(
    """
    af | Van | Gestuur | Aan | Cc | Onderwerp
    az | Kimdən | Göndərildi | Kimə | Cc | Mövzu
    be | Ад | Адпраўлена | Каму | Копія | Тэма
    bs | Od | Poslano | Za | Cc | Predmet
    ga | Ó | Seolta | Chuig | Cc | Ábhar
    gl | De | Enviado | Para | Cc | Asunto
    lb | Vun | Geschéckt | Un | Cc | Betreff
    mk | Од | Испратено | До | Копија | Предмет
    ms | Daripada | Dihantar | Kepada | Cc | Subjek
    sq | Nga | Dërguar | Për | Cc | Subjekti
    sw | Kutoka | Imetumwa | Kwenda | Cc | Mada
    tl | Mula | Ipinadala | Sa | Cc | Paksa
    """
)
