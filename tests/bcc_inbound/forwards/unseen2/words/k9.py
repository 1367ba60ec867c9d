"""K-9 and Thunderbird for Android, from legacy/ui/legacy/src/main/res/values-*/strings.xml.

The keys message_compose_quote_header_*: (title, From, Sent, To, Cc, Subject). Galician as it stands
there, with its slip of the pen.
"""

from tests.bcc_inbound.forwards.unseen2.words.table import table

HEADS = table(
    """
    be | Зыходны ліст | Ад: | Адпраўлена: | Каму: | Копія: | Тэма:
    cy | Neges Wreiddiol | Oddi wrth: | Anfonwyd: | At: | Cc: | Pwnc:
    eu | Jatorrizko mezua | Nork: | Bidalita: | Nori: | Cc: | Gaia:
    fy | Orizjineel berjocht | Fan: | Ferstjoerd: | Oan: | Cc: | Underwerp:
    gl | Mensaxe Orixianl | Dende: | Enviado: | Para: | CC: | Asunto:
    ml | യഥാർത്ഥ സന്ദേശം | പ്രേഷിതാവ്: | അയച്ചു: | സ്വീകർത്താവ്: | Cc: | വിഷയം:
    sq | Mesazhi Origjinal | Nga: | Dërguar më: | Për: | Cc: | Subjekt:
    """
)

REPLIES = table(
    """
    be | On #2, #1 піша:
    cy | Ar #2, ysgrifennodd #1:
    eu | #2-(e)an, #1-(e)k hau idatzi zuen:
    fy | #1 skreau op #2:
    gl | No #2, #1 escribeu:
    ml | #2, #1ൽ എഴുതി
    sq | Më #2, #1 shkroi:
    """
)
