"""The labels of further languages of Europe in Latin letters; see labels.py. Data."""

from bcc_inbound.forwarded.words import Words

EUROPE: dict[str, Words] = {
    "gl": Words(
        "de|remitente",
        "para|a|destinatario",
        "cc|copia",
        "data|enviado|enviado o|enviada|enviada o|enviado a",
        "asunto",
        "responder a|anexos|importancia|cco",
    ),
    "ast": Words(
        "de|remitente",
        "pa|para|a|destinatariu",
        "cc|copia",
        "data|fecha|unviáu|unviáu el",
        "asuntu",
    ),
    "oc": Words(
        "de|expeditor|expedidor|mandadís",
        "a|per|per a|destinatari",
        "cc|còpia|còpia a",
        "data|mandat|mandat lo|enviat|enviat lo",
        "objècte|subjècte|assumpte|tèma",
    ),
    "br": Words(
        "digant|a-berzh|eus|kaser|kaset gant",
        "da|evit|degemerer|resever",
        "eil|cc|eilenn",
        "deiziad|kaset|kaset d'an|kaset d'ar",
        "danvez|sujed|titl",
        "respont da",
    ),
    "cy": Words(
        "oddi wrth|o|gan|anfonwr|anfonydd",
        "at|i|derbynnydd",
        "cc|copi|copi at",
        "dyddiad|anfonwyd|anfonwyd ar|anfon|wedi anfon|wedi'i anfon|dyddiad anfon",
        "pwnc|testun|parthed",
        "ateb i|ateb at|atodiadau",
    ),
    "ga": Words(
        "ó|o|seoltóir",
        "chuig|go|do|faighteoir",
        "cc|cóip|cóip chuig",
        "dáta|seolta|seolta ar|seoladh|arna sheoladh|dáta seolta",
        "ábhar|teideal|réad",
        "freagra chuig|ceangaltáin",
    ),
    "gd": Words(
        "bho|o|seòladair",
        "gu|do|dha|chun|faightear",
        "cc|lethbhreac|copaidh",
        "ceann-là|air a chur|chaidh a chur|cuirte|air a chur air|deit",
        "cuspair",
    ),
    "mt": Words(
        "minn|mingħand|mittent|mibgħut minn",
        "lil|għal|għand|riċevitur",
        "cc|kopja|kopja lil",
        "data|mibgħut|mibgħuta|mibgħut fi|intbagħat|intbagħtet",
        "suġġett",
        "wieġeb lil",
    ),
    "sq": Words(
        "nga|dërguesi|dërgues|dërguar nga|prej",
        "për|te|tek|kujt|dërguar te|dërguar për|marrësi|marrës|drejtuar",
        "cc|kopje|kopje për",
        "data|datë|dërguar|dërguar më|u dërgua|dërguar në|dërguar me",
        "subjekti|subjekt|tema|titulli|lënda|lëndë|temë|subjekti i mesazhit",
        "përgjigju te|bashkëngjitje",
    ),
    "bs": Words(
        "od|šalje|pošiljalac|pošiljatelj|pošiljaoc",
        "za|prima|primalac|primatelj|kome|primaoc",
        "cc|kopija|kopije",
        "datum|poslano|poslato|poslano dana|datum slanja",
        "predmet|tema|naslov",
        "odgovori na|prilozi",
    ),
    "af": Words(
        "van|afsender|vanaf|sender",
        "aan|ontvanger",
        "cc|kopie|afskrif|ak",
        "datum|gestuur|gestuur op|versend|versend op",
        "onderwerp",
        "antwoord aan|aanhegsels",
    ),
    "fy": Words(
        "fan|ôfstjoerder",
        "oan|ta|ûntfanger",
        "cc|kopy|kopie",
        "datum|ferstjoerd|stjoerd|ferstjoerd op",
        "ûnderwerp",
    ),
    "lb": Words(
        "vun|vum|ofsender|absender",
        "un|fir|u|empfänger|adressat",
        "cc|kopie",
        "datum|geschéckt|geschéckt um|gesent|verschéckt",
        "sujet|betreff|betrëfft|objet|titel",
    ),
    "rm": Words(
        "da|speditur|mittent",
        "a|per|destinatur|retschavider",
        "cc|copia",
        "data|datum|tramess|tramess ils|spedì",
        "object|tema|reguard|pertutga",
    ),
    "fur": Words(
        "di|mitent", "a|par|destinatari", "cc|copie", "date|inviât|mandât", "ogjet|argoment"
    ),
    "sc": Words("dae|mitente", "a|pro|destinatàriu", "cc|còpia", "data|imbiadu|mandadu", "ogetu"),
    "co": Words(
        "da|mandatore", "à|a|destinatariu", "cc|copia", "data|mandatu|inviatu", "ogettu|sughjettu"
    ),
    "nn": Words(
        "frå|avsendar",
        "til|mottakar",
        "kopi|cc|kopi til",
        "dato|sendt|sende|send",
        "emne",
        "svar til|vedlegg",
    ),
    "fo": Words(
        "frá|sendari",
        "til|móttakari",
        "avrit|cc",
        "dato|sent|sent tann|dagur|dagfesting",
        "evni",
    ),
    "se": Words(
        "geas|sáddejeaddji",
        "geasa|vuostáiváldi",
        "kopiija|cc|mángus",
        "beaivi|sáddejuvvon|sáddejuvvui|beaivemearri|dáhton",
        "fáddá|áššenamma|ášši|bajilčála",
    ),
    "hsb": Words(
        "wot|wotpósłar", "komu|přijimar", "kopija|cc", "datum|pósłany|pósłane|wotpósłany", "tema"
    ),
    "dsb": Words(
        "wót|wótpósłaŕ", "komu|dostawaŕ", "kopija|cc", "datum|pósłany|pósłane|wótpósłany", "tema"
    ),
    "eo": Words(
        "de|sendinto|sendanto|el",
        "al|ricevonto|ricevanto",
        "cc|kopio|kopie|kopio al",
        "dato|sendita|sendite|sendis|sendita je",
        "temo|pri|subjekto",
        "respondi al",
    ),
    "ia": Words(
        "de|expeditor", "a|destinatario", "cc|copia", "data|inviate|inviate le", "subjecto|objecto"
    ),
    "ht": Words(
        "de|nan men|soti nan|soti|voye pa|ekspeditè|moun ki voye l",
        "pou|a|bay|ba|destinatè",
        "cc|kopi",
        "dat|voye|te voye|voye le|voye lè",
        "sijè|objè",
    ),
    "az": Words(
        "kimdən|göndərən|göndərici|kimdən gəlib",
        "kimə|alan|alıcı|qəbul edən",
        "surət|cc|nüsxə|surəti",
        "tarix|göndərilib|göndərildi|göndərilmə tarixi|göndərilən|göndərilmə|göndərilmişdir",
        "mövzu",
        "cavab ünvanı|əlavələr|qoşmalar",
    ),
    "uz": Words(
        "kimdan|yuboruvchi|jo'natuvchi|jo‘natuvchi|joʻnatuvchi|кимдан|жўнатувчи|юборувчи",
        "kimga|qabul qiluvchi|oluvchi|кимга|олувчи|қабул қилувчи",
        "nusxa|cc|nusxasi|нусха",
        "sana|sanasi|yuborildi|yuborilgan|yuborilgan sana|jo'natildi|jo'natilgan|jo‘natildi|"
        "jo‘natilgan|joʻnatilgan|joʻnatildi|сана|юборилди|юборилган|жўнатилган",
        "mavzu|мавзу",
    ),
    "tk": Words(
        "kimden|iberiji|ugradyjy|ugradan",
        "kime|alyjy|kabul ediji",
        "nusga|göçürme|cc",
        "sene|senesi|iberildi|ugradyldy|iberilen|ugradylan",
        "mowzuk|tema|temasy",
    ),
    "kab": Words("seg|sɣur|amazan", "ɣer|i|anermas", "cc|anɣel", "azemz|yettwazen", "asentel"),
    "ku": Words(
        "ji|ji aliyê|şander|ji kê|şandkar|şîner",
        "bo|ji bo|ji bo kê|wergir|kê|ji re",
        "cc|kopî|kopya|kopî bo",
        "dîrok|hat şandin|hate şandin|şandî|hatiye şandin|şandin|roj|dem",
        "mijar|babet",
    ),
}
