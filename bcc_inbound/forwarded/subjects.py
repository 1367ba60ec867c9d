"""What the subject says: a forward, an answer, or neither. Tables over languages. Pure.

Sources: the subjects in github.com/crisp-oss/email-forward-parser (lib/parser.js), and Wikipedia's
"List of email subject abbreviations".
"""

import re
from typing import NamedTuple

from bcc_inbound.forwarded.labels import fold

# Marks of a forward, and the languages whose programs write them; no language: all of them do.
FORWARD_MARKS: dict[str, str] = {
    "fwd": "", "fw": "", "forwarded": "", "weitergeleitet": "", "forward": "",
    "wg": "de", "weiterleitung": "de",
    "tr": "fr", "transfert": "fr", "transféré": "fr",
    "rv": "es ca", "reenv": "es", "reenviado": "es pt", "reenviar": "es",
    "i": "it", "inoltro": "it", "inoltra": "it",
    "enc": "pt", "encaminhado": "pt",
    "doorst": "nl", "doorgestuurd": "nl", "doorsturen": "nl",
    "vb": "sv", "vidarebefordrat": "sv", "vbf": "sv",
    # In Finnish VS is an answer.
    "vs": "da nb", "videresendt": "da nb", "videresend": "da nb",
    "vl": "fi", "välitetty": "fi",
    "pd": "pl", "przek": "pl", "podaj dalej": "pl", "przesłane dalej": "pl",
    "přepos": "cs", "přeposláno": "cs", "předáno": "cs",
   "preposlané": "sk", "preposlať": "sk",
    "továbbítás": "hu", "továbbított": "hu",
    "redir.": "ro", "redir": "ro",
    "proslijeđeno": "hr","prosl": "hr sr", "posr": "sl", "psr": "sl",
    "препр": "bg", "препратено": "bg", "прослеђено": "sr",
    "i̇lt": "tr", "ilt": "tr", "i̇let": "tr", "i̇leti": "tr", "yönlendirilen": "tr",
    "пересл": "ru uk", "переслано": "ru uk", "пер": "ru",
    "edasi": "et", "edastatud": "et",
    "πρθ": "el", "προωθ": "el", "προωθημένο": "el",
    "הועבר": "he", "העברה": "he",
    "إعادة توجيه": "ar", "اعادة توجيه": "ar",
    "転送": "ja", "전달": "ko", "转发": "zh-hans zh-hant", "轉寄": "zh-hant", "轉發": "zh-hant",
    "chuyển tiếp": "vi", "ส่งต่อ": "th", "trs": "id", "terusan": "id", "fs": "is", "áfr": "is",
    "yml": "cy", "ymlaen": "cy", "birb": "eu", "reenv.": "gl es", "aanst": "af",
    "перасл": "be", "ирәт": "az", "yön": "az tr", "ynl": "tr az", "pers": "lt", "pārs": "lv",
    "përc": "sq", "mjk": "ms", "majukan": "ms", "ارجاع": "fa",
    "هدایت": "fa", "فوروارد": "fa", "अग्रेषित": "hi", "vl.": "fi", "przekaż": "pl",
    "fwd.": "", "fw.": "", "weiterl": "de", "wtr": "de", "tr.": "fr", "doorst.": "nl",
    "переслане": "uk", "препрати": "bg mk", "проследи": "mk", "прпр": "mk",
    "փոխ": "hy", "გადაგზავნა": "ka", "გადაგზ": "ka", "дамж": "mn",
    "қайта": "kk", "қжб": "kk", "转寄": "zh-hans",
}  # fmt: skip

_ANSWERS = """
re aw antw antwort sv vs vá ré réf ref rép res resp r rif odp odpověď odg atb ats vast ynt
yanıt απ σχετ на ha отв ответ відп bls balas trả 回复 回覆 答复 答覆 返信 회신 답장 رد השב
תשובה ตอบ ตอบกลับ svar hv
"""
ANSWER_MARKS = frozenset(_ANSWERS.split())

_CORE_LIMIT = 998
_MOST_MARKS = 6
_LEAST_CUT = 20

_MARK = re.compile(
    r"\s*(?:\[[^\[\]]{0,60}\]\s*)*\[?([^\W\d_][^:：\[\]()\d]{0,19}?)\s*"
    r"(?:\[\d+\]|\(\d+\))?\s*[:：]"
)


class Says(NamedTuple):
    """Whether the outermost mark says forward or answer; `languages` empty means any."""

    forward: bool = False
    answer: bool = False
    languages: frozenset[str] = frozenset()

    def fits(self, language: str) -> bool:
        """Whether a program of this language may have written the mark over its own header.

        Programs write headers in another language than their marks; there a mark that is an
        answer elsewhere is no proof. "" is a language that the tables do not have.
        """
        if not self.forward:
            return False
        if not self.languages or language in self.languages:
            return True
        return not self.answer


def what_says(subject: str) -> Says:
    """Read the outermost mark of a subject."""
    match = _MARK.match(subject[:200])
    if match is None:
        return Says()
    mark = fold(match[1])
    languages = FORWARD_MARKS.get(mark)
    return Says(
        forward=languages is not None,
        answer=mark in ANSWER_MARKS,
        languages=frozenset((languages or "").split()),
    )


def cores(subject: str) -> frozenset[str]:
    """A subject as it may be written elsewhere: with all of its marks, and with fewer of them."""
    text = fold(subject[:_CORE_LIMIT]).strip("[] ")
    found = set()
    for _ in range(_MOST_MARKS):
        match = _MARK.match(text)
        rest = text[match.end() :].strip("[] ") if match else ""
        if text and (rest or match is None):
            found.add(text)
        text = rest
    return frozenset(found)


def same_subject(value: str, outer: frozenset[str]) -> bool:
    """Whether this text is the subject that the forward took over, whole or cut short."""
    mine = cores(value)
    if mine & outer:
        return True
    longest = max(mine, key=len, default="")
    if len(longest) < _LEAST_CUT:
        return False
    bare = longest.rstrip(".… ")
    return any(other.startswith(bare) or bare.endswith(other) for other in outer
               if len(other) >= _LEAST_CUT)  # fmt: skip
