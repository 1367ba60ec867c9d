"""What stands before the colon in the header of a forwarded mail. A language is a row. Pure.

The words are those that Gmail, Apple Mail, Outlook (2013 to new, web, phones), Yahoo, Thunderbird,
HubSpot and the national web mailers write; where clients differ, all their words stand. Sources:
the samples of github.com/crisp-oss/email-forward-parser (test/fixtures, 12 clients in 22
languages), Thunderbird's localised mime.properties (transvision.mozfr.org), Microsoft's page on
the message header in replies and forwards (support.microsoft.com), and the localisations of
github.com/RainLoop/rainloop-webmail, roundcube/roundcubemail and Zimbra/zm-web-client.
"""

import unicodedata

from bcc_inbound.forwarded.latin import LATIN
from bcc_inbound.forwarded.scripts import SCRIPTS

FROM, TO, CC, DATE, SUBJECT, OTHER = "from", "to", "cc", "date", "subject", "other"

MAX_LABEL = 40

# Rows: latin.py and scripts.py. Of a word that languages share, the first row counts.
LABELS = LATIN | SCRIPTS

_KINDS = (FROM, TO, CC, DATE, SUBJECT, OTHER)


def fold(text: str) -> str:
    """Text as it is compared here: without case, width and repeated blanks."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def _index() -> dict[str, frozenset[tuple[str, str]]]:
    found: dict[str, set[tuple[str, str]]] = {}
    for language, row in LABELS.items():
        for kind, words in zip(_KINDS, row, strict=True):
            for word in filter(None, words.split("|")):
                found.setdefault(fold(word), set()).add((language, kind))
    return {word: frozenset(meanings) for word, meanings in found.items()}


MEANINGS = _index()


def label_of(line: str) -> tuple[frozenset[tuple[str, str]], str]:
    """What the label of this line may mean, as (language, kind), and its value; else (empty, "").

    Bold marks, blanks before the colon and wide colons are the client's business.
    """
    ends = [at for at in (line.find(":", 0, MAX_LABEL), line.find("：", 0, MAX_LABEL)) if at > 0]
    if not ends:
        return frozenset(), ""
    at = min(ends)
    label = fold(line[:at].strip(" \t*_\"'"))
    meanings = MEANINGS.get(label, frozenset())
    return meanings, line[at + 1 :].strip(" \t*_") if meanings else ""
