"""The key by which the copies of one mail find each other (R12). Pure.

Only headers count: a mailing list, a gateway and a mailbox each keep different bytes of one mail.
"""

import hashlib
import re
import unicodedata
from collections.abc import Iterable
from datetime import datetime

# What programs write in front of a subject when they answer or forward, in the languages that we
# met. Stripping too much is harmless, because sender, instant and id count as well.
_MARKS = """
re fw fwd fwrd aw antw antwort wg weiterleitung sv vs vb vl vá válasz továbbítás továbbított tr réf
ref rép rv res resp resposta enc encaminhado reenv reenviado r i rif inoltra inoltrato doorst odp
pd odpověď předáno przek atb ats edasi ynt yanıt ilt απ πρθ σχετ на ha отв ответ пересл перес відп
відпов пер bls trs balas terusan trả_lời chuyển_tiếp 回复 回覆 答复 答覆 转发 轉寄 轉發 返信 転送
회신 답장 전달 رد إعادة_توجيه השב תשובה העבר הועבר ตอบกลับ ส่งต่อ yml fs odg proslijeđeno
hs doorgestuurd
"""


def _folded(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


# The longest stands first: an alternation takes the first that fits.
_MARK = "|".join(
    re.escape(_folded(mark.replace("_", " "))) for mark in sorted(_MARKS.split(), key=len)[::-1]
)
_LEADING = re.compile(
    rf"(?:\s*+(?:\[[^\[\]]*+\]|(?:{_MARK})\s?(?:[\[(]\d{{1,4}}[\])]|\^\d{{1,4}})?\s?:))*+\s*+"
)


def fold_subject(subject: str) -> str:
    """The subject without case, repeated blanks, leading reply and forward marks and [tags]."""
    folded = _folded(subject)
    match = _LEADING.match(folded)
    return folded[match.end() :] if match else folded


def fingerprint(
    *,
    message_id: str,
    senders: Iterable[str],
    recipients: Iterable[str],
    date: datetime | None,
    subject: str,
) -> bytes | None:
    """Return the SHA-256 of what identifies a mail, or None for one that is never merged.

    `senders` are the addresses in From, `recipients` those in To and Cc, all normalised. The
    latter count only where there is no Message-ID; without a date as well there is no key.
    """
    if not message_id and date is None:
        return None
    who = [] if message_id else sorted(set(recipients))
    fields = (
        ["id", message_id] if message_id else ["to", *who],
        sorted(set(senders)),
        [str(int(date.timestamp()))] if date else [],
        [fold_subject(subject)],
    )
    # Lengths stand in front, so that no field can run into its neighbour.
    text = "".join(f"{len(row)}:" + "".join(f"{len(x)}:{x}" for x in row) for row in fields)
    return hashlib.sha256(text.encode("utf-8", "replace")).digest()
