"""The labels of languages of Africa, Asia and the Pacific in Latin letters; see labels.py. Data."""

from bcc_inbound.forwarded.words import Words

WORLD: dict[str, Words] = {
    "ms": Words(
        "daripada|dari|pengirim|penghantar",
        "kepada|ke|untuk|penerima",
        "sk|s.k.|cc|salinan|salinan kepada|salinan karbon",
        "tarikh|dihantar|dihantar pada|tarikh dihantar|tarikh hantar|hantar",
        "subjek|perkara|tajuk",
        "balas kepada|lampiran",
    ),
    "jv": Words(
        "saka|saking|pangirim",
        "kanggo|marang|menyang|panampa|kagem",
        "cc|tembusan|salinan",
        "tanggal|dikirim|dipunkirim",
        "subjek|perkara|bab|jejer|perihal",
    ),
    "su": Words(
        "ti|pangirim",
        "pikeun|kanggo|panarima",
        "cc|tembusan|salinan",
        "tanggal|dikirim|dikintun|titimangsa",
        "subjek|subyek|perihal|jejer|judul",
    ),
    "tl": Words(
        "mula kay|mula sa|mula|mula kina|galing kay|galing sa|galing|nagpadala|nagmula kay",
        "para kay|para sa|para kina|para|kay|sa|tatanggap|tumatanggap|papunta kay",
        "cc|kopya|sipi",
        "petsa|ipinadala|naipadala|ipinadala noong|pinadala|nai-send|petsa ng pagpapadala",
        "paksa|tema",
        "sumagot kay|tumugon kay|mga kalakip",
    ),
    "ceb": Words(
        "gikan|gikan kang|gikan sa|nagpadala",
        "ngadto|ngadto kang|ngadto sa|alang kang|alang sa|para kang",
        "cc|kopya",
        "petsa|gipadala|napadala",
        "hilisgutan|ulohan|subheto",
    ),
    "sw": Words(
        "kutoka|kutoka kwa|toka|toka kwa|mtumaji|imetoka kwa",
        "kwa|kwenda|kwenda kwa|mpokeaji|mpokezi",
        "nakala|cc|nakala kwa",
        "tarehe|imetumwa|iliyotumwa|ilitumwa|ilitumwa tarehe|imetumwa tarehe|tarehe ya kutuma|"
        "ilitumwa mnamo|imetumwa mnamo|iliyotumwa mnamo",
        "mada|somo|kichwa|kuhusu|kichwa cha habari",
        "jibu kwa|viambatisho",
    ),
    "so": Words(
        "ka|ka yimid|diraha|ka socota|ka timid",
        "ku|ku socota|loogu talagalay|qaataha|u",
        "cc|nuqul|koobi",
        "taariikhda|taariikh|la diray|waxaa la diray|ladiray",
        "mawduuca|mowduuca|mawduuc|cinwaanka",
    ),
    "ha": Words(
        "daga|daga wajen|mai aikawa|mai aikowa|wanda ya aika",
        "zuwa|zuwa ga|ga|mai karɓa|mai karba",
        "cc|kwafi",
        "kwanan wata|an aika|an aiko|an aika a|rana|ranar",
        "batu|maudu'i|take|jigo",
    ),
    "yo": Words(
        "láti|láti ọwọ́|láti ọ̀dọ̀|olùfiránṣẹ́|olufiranṣẹ",
        "sí|si|fún|olùgbà",
        "cc|ẹ̀dà",
        "ọjọ́|ti firanṣẹ|a firanṣẹ|fi ránṣẹ́|ti fi ránṣẹ́|déètì",
        "kókó|kókó-ọ̀rọ̀|kókó ọ̀rọ̀|àkòrí|àkọlé|koko-ọrọ",
    ),
    "ig": Words(
        "site na|sitere na|si na|onye zitere|onye na-eziga|si n'aka|site n'aka",
        "gaa na|ruo|nye|onye nnata",
        "cc|nomi",
        "ụbọchị|ezigara|ezitere|ezipụrụ|zigara|deeti",
        "isiokwu|isi okwu",
    ),
    "zu": Words(
        "kusuka|kusuka ku|kusukela|ivela ku|isuka ku|kuvela ku|umthumeli",
        "ku|kuya|kuya ku|iya ku|umamukeli",
        "cc|ikhophi",
        "usuku|idethi|kuthunyelwe|ithunyelwe|ithunyelwe ngo|kuthunyelwe ngo|usuku lokuthumela",
        "isihloko|indaba",
    ),
    "xh": Words(
        "isuka ku|ivela ku|evela ku|ukusuka ku|isuka|ukusuka|umthumeli",
        "ku|isiya ku|iya ku|ukuya ku|isiya|ukuya|umamkeli",
        "cc|ikopi",
        "umhla|ithunyelwe|ithunyelwe ngo|umhla wokuthumela",
        "isihloko|umxholo|umba",
    ),
    "st": Words(
        "ho tswa|ho tswa ho|go tswa|go tswa go|go tšwa|go tšwa go|moromedi|morumedi",
        "ho|go|ho ya|go ya|ho ya ho|go ya go|moamohedi|moamogedi|moamogeli",
        "cc|khopi",
        "letsatsi|letlha|letšatši|rometswe|e rometswe|rometšwe|e rometšwe|rometse|e romilwe",
        "sehlooho|setlhogo|hlogo|taba|ntlha",
    ),
    "sn": Words(
        "kubva|kubva kuna|kubva ku|mutumiri",
        "kuna|ku|kuenda|kuenda kuna|mugamuchiri",
        "cc|kopi",
        "zuva|yatumirwa|yakatumirwa|musi",
        "musoro|nyaya|musoro wenyaya",
    ),
    "rw": Words(
        "kuva|kuva kwa|bivuye|bivuye kwa|ivuye kwa|uwohereje",
        "kuri|kwa|uwakira|bigenewe|igenewe",
        "cc|kopi",
        "itariki|yoherejwe|byoherejwe|igihe",
        "insanganyamatsiko|impamvu|ingingo|umutwe",
    ),
    "mg": Words(
        "avy amin'i|avy amin'ny|avy any|avy|avy amin|mpandefa",
        "ho an'i|ho an'ny|ho an|ho any|mpandray",
        "cc|dika|kopia",
        "daty|nalefa|nalefa tamin'ny|nalefa ny",
        "lohahevitra|foto-kevitra|lohateny",
    ),
    "hmn": Words(
        "los ntawm|ntawm", "rau|mus rau", "cc|luam", "hnub|hnub tim|xa|xa tawm", "ntsiab lus|zaj"
    ),
    "mi": Words(
        "nā|mai i|kaituku|mai",
        "ki|mā|ki a|kaiwhiwhi",
        "tārua|cc",
        "rā|te rā|i tukuna|tukuna|kua tukuna",
        "kaupapa|marau|take",
    ),
}
