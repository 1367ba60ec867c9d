"""What stands before the colon in the header of a forwarded mail. A language is a row. Pure.

The words are those that Gmail, Apple Mail, Outlook (2013 to new, web, phones), Yahoo, Thunderbird,
HubSpot and the national web mailers write; where clients differ, all their words stand. Sources:
the samples of github.com/crisp-oss/email-forward-parser (test/fixtures, 12 clients in 22
languages), Thunderbird's localised mime.properties (transvision.mozfr.org), Microsoft's page on
the message header in replies and forwards (support.microsoft.com), and the localisations of
github.com/RainLoop/rainloop-webmail, roundcube/roundcubemail and Zimbra/zm-web-client (of
roundcube's, Armenian, Georgian, Khmer and Azerbaijani were looked up word for word). The rows of
europe.py, world.py, eastern.py and asia.py hold what the dictionary and programs of a language call
sender, reader, date and subject, and were not confirmed by a mail.
"""

import re
import unicodedata
from functools import lru_cache

from bcc_inbound.forwarded.asia import ASIA
from bcc_inbound.forwarded.eastern import EASTERN
from bcc_inbound.forwarded.europe import EUROPE
from bcc_inbound.forwarded.latin import LATIN
from bcc_inbound.forwarded.lines import UNSEEN
from bcc_inbound.forwarded.scripts import SCRIPTS
from bcc_inbound.forwarded.world import WORLD

FROM, TO, CC, DATE, SUBJECT, OTHER = "from", "to", "cc", "date", "subject", "other"

MAX_LABEL = 40

# Rows: latin.py, scripts.py, europe.py, world.py, eastern.py and asia.py. Of a word that languages
# share, the first row counts.
LABELS = LATIN | SCRIPTS | EUROPE | WORLD | EASTERN | ASIA

_KINDS = (FROM, TO, CC, DATE, SUBJECT, OTHER)


def fold(text: str) -> str:
    """Text as it is compared here: without case, width and repeated blanks."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


# Accents of Latin, Greek and Cyrillic letters, Arabic vowel signs and the stretching of a line:
# programs, fonts and people leave them out.
_MARKS = dict.fromkeys(
    [
        *range(0x300, 0x370),
        *range(0x64B, 0x653),
        0x670,
        0x640,
        *range(0x591, 0x5C8),
        0x2BB,
        0x27,
        0x2019,
        0x2018,
    ]
)
# Letters that keyboards of neighbouring languages write in two ways.
_TWINS = {
    ord(one): other
    for ones, other in (
        ("يى", "ی"),
        ("ك", "ک"),
        ("ةەھ", "ه"),
        ("أإآٱ", "ا"),
        ("ı", "i"),
        ("ё", "е"),
    )
    for one in ones
}


_FIRST_OF_CJK = "\u2e80"


def bare(text: str) -> str:
    """A label or a marker as tables are looked up: without what writers leave out or swap."""
    text = unicodedata.normalize("NFD", fold(text).translate(UNSEEN))
    text = unicodedata.normalize("NFC", text.translate(_MARKS)).translate(_TWINS).strip()
    # Chinese, Japanese and Korean words are spread out with blanks.
    return text.replace(" ", "") if " " in text and max(text) >= _FIRST_OF_CJK else text


def _index() -> dict[str, frozenset[tuple[str, str]]]:
    found: dict[str, set[tuple[str, str]]] = {}
    for language, row in LABELS.items():
        for kind, words in zip(_KINDS, row, strict=True):
            for word in filter(None, words.split("|")):
                found.setdefault(bare(word), set()).add((language, kind))
    return {word: frozenset(meanings) for word, meanings in found.items()}


MEANINGS = _index()


# The colon of Latin, Chinese, Armenian, Khmer and Ethiopic writing, and its look-alikes.
COLONS = ":：︰﹕∶՝։៖፡፦"


_COLON = re.compile(f"[{COLONS}]")


def label_of(line: str) -> tuple[frozenset[tuple[str, str]], str]:
    """What the label of this line may mean, as (language, kind), and its value; else (empty, "").

    Bold marks, blanks before the colon and wide colons are the client's business.
    """
    label, value = split_label(line)
    meanings = _meanings(label) if label else frozenset()
    return meanings, value if meanings else ""


@lru_cache(maxsize=2_048)
def _meanings(label: str) -> frozenset[tuple[str, str]]:
    return MEANINGS.get(bare(label), frozenset())


def split_label(line: str) -> tuple[str, str]:
    """The label and the value of a line, whatever they say; ("", "") for a line without both.

    A label has no figures: what they stand before the colon of is a time.
    """
    colon = _COLON.search(line, 1, MAX_LABEL)
    if colon is None or any(map(str.isdigit, line[: colon.start()])):
        return "", ""
    return line[: colon.start()].strip(" \t*_\"'•·-"), line[colon.end() :].strip(" \t*_")
