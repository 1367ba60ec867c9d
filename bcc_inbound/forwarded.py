"""Reads the original sender out of a forwarded mail (B4). Pure: text in, values out.

A mail program that forwards inline writes a marker or a rule, and below it a small header of
label: value lines in its user's language. Both are tables here, so that a language is a row. What
is not clear is not named: a wrong address shown as a fact is worse than none.
"""

import re
from dataclasses import dataclass

from contacts.addresses import normalise_address

TEXT_LIMIT = 200_000
LINES_LIMIT = 2_000
MOST_LINES_OF_A_BLOCK = 40

FROM, TO, CC, DATE, SUBJECT = "from", "to", "cc", "date", "subject"


@dataclass(frozen=True, slots=True)
class Forwarded:
    """The header of the forwarded mail. `sender` is normalised, `date` stands as it was written."""

    sender: str
    name: str = ""
    to: tuple[str, ...] = ()
    date: str = ""
    subject: str = ""


# One row a language: what stands before the colon, for From, To, Cc, Date and Subject. The words
# are those of Outlook, Gmail and Apple Mail in that language.
LABELS: dict[str, dict[str, str]] = {
    "en": {FROM: "from", TO: "to", CC: "cc", DATE: "date|sent", SUBJECT: "subject"},
    "de": {FROM: "von", TO: "an", CC: "kopie|cc", DATE: "datum|gesendet", SUBJECT: "betreff"},
    "fr": {FROM: "de", TO: "à|a", CC: "cc|copie à", DATE: "date|envoyé", SUBJECT: "objet|sujet"},
    "es": {FROM: "de", TO: "para", CC: "cc", DATE: "fecha|enviado|enviado el", SUBJECT: "asunto"},
    "it": {FROM: "da", TO: "a", CC: "cc", DATE: "data|inviato", SUBJECT: "oggetto"},
    "pt": {FROM: "de", TO: "para", CC: "cc", DATE: "data|enviado|enviada em", SUBJECT: "assunto"},
    "nl": {FROM: "van", TO: "aan", CC: "cc", DATE: "datum|verzonden", SUBJECT: "onderwerp"},
    "sv": {FROM: "från", TO: "till", CC: "kopia", DATE: "datum|skickat", SUBJECT: "ämne"},
    "da": {FROM: "fra", TO: "til", CC: "cc", DATE: "dato|sendt", SUBJECT: "emne"},
    "pl": {FROM: "od", TO: "do", CC: "dw", DATE: "data|wysłano", SUBJECT: "temat"},
}

# What announces a forwarded mail and nothing else.
MARKERS = (
    "forwarded message",
    "begin forwarded message",
    "weitergeleitete nachricht",
    "anfang der weitergeleiteten nachricht",
    "message transféré",
    "début du message réexpédié",
    "mensaje reenviado",
    "inicio del mensaje reenviado",
    "messaggio inoltrato",
    "inizio messaggio inoltrato",
    "mensagem encaminhada",
    "doorgestuurd bericht",
    "begin doorgestuurd bericht",
    "vidarebefordrat meddelande",
    "videresendt meddelelse",
    "videresendt besked",
    "wiadomość przekazana",
)

# What a subject of a forward begins with. A reply quotes the same small header (Outlook), so
# without a marker only such a subject tells the two apart.
PREFIXES = (
    "fwd",
    "fw",
    "wg",
    "tr",
    "rv",
    "i",
    "enc",
    "doorst",
    "vb",
    "vs",
    "pd",
    "reenv",
    "inoltro",
)

_QUOTE = re.compile(r"^(?:\s*[>|]\s?)+")
_LINE = re.compile(r"\*{0,2}([^\W\d_][^:：*<>@]{0,24}?)\*{0,2}\s?[:：]\*{0,2}\s*(.*)\Z")
_DASHES = re.compile(r"[-_=*\s]+")
_ADDRESS = re.compile(r"[^\s<>\[\]()\"',;:]+@[^\s<>\[\]()\"',;:]+")
_PREFIX = re.compile(r"\s*(?:\[[^\]]*\]\s*)*([^\W\d_]{1,8})(?:\[\d+\]|\(\d+\))?\s*[:：]")

_KINDS = [
    (word, (language, kind))
    for language, row in LABELS.items()
    for kind, words in row.items()
    for word in words.split("|")
]
_KINDS_OF = {word: {meant for other, meant in _KINDS if other == word} for word, _ in _KINDS}


def read_forward(text: str, *, subject: str = "") -> Forwarded | None:
    """Return the header of the mail that this text forwards, or None when that is not sure.

    The outermost forward counts: it is what the sender wanted to show.
    """
    lines = [_QUOTE.sub("", line).strip() for line in text[:TEXT_LIMIT].splitlines()[:LINES_LIMIT]]
    by_subject = _is_forward(subject)
    marked = False
    for at, line in enumerate(lines):
        if _is_marker(line):
            marked = True
        elif _kinds(line) and any(kind == FROM for _, kind in _kinds(line)):
            found = _read_block(lines[at : at + MOST_LINES_OF_A_BLOCK])
            if found is not None:
                return found if marked or by_subject else None
    return None


def _is_forward(subject: str) -> bool:
    match = _PREFIX.match(subject[:200])
    return match is not None and match[1].casefold() in PREFIXES


def _is_marker(line: str) -> bool:
    return len(line) < 120 and _DASHES.sub(" ", line).strip(" :").casefold() in MARKERS


def _kinds(line: str) -> set[tuple[str, str]]:
    match = _LINE.match(line[:1_000])
    return _KINDS_OF.get(match[1].strip().casefold(), set()) if match else set()


def _read_block(lines: list[str]) -> Forwarded | None:
    """The header that begins with the first line; it needs From and two more, in one language."""
    best: dict[str, str] = {}
    for language in sorted({language for language, kind in _kinds(lines[0]) if kind == FROM}):
        values = _values(lines, language)
        if len(values) > len(best):
            best = values
    if len(best) < 3:
        return None
    addresses = _addresses(best[FROM])
    if len(addresses) != 1:
        return None
    return Forwarded(
        sender=addresses[0],
        name=_name(best[FROM]),
        to=tuple(_addresses(best.get(TO, ""))),
        date=best.get(DATE, ""),
        subject=best.get(SUBJECT, ""),
    )


def _values(lines: list[str], language: str) -> dict[str, str]:
    values: dict[str, str] = {}
    last, gap = "", 0
    for line in lines:
        kind = next((kind for spoken, kind in _kinds(line) if spoken == language), "")
        if kind in values or (not line and (gap := gap + 1) > 1 and len(values) > 1):
            break
        match = _LINE.match(line[:1_000])
        if kind and match:
            values[kind], last = match[2].strip(), kind
        elif line and gap and len(values) > 2:
            break
        elif line and last:
            # Long values are folded into the next line, most of all the recipients.
            values[last] = f"{values[last]} {line}".strip()[:2_000]
    return values


def _addresses(value: str) -> list[str]:
    found = _ADDRESS.findall(value.replace("mailto:", " "))
    normal = [normalise_address(text.strip(".*")) for text in found]
    return list(dict.fromkeys(address for address in normal if address))


def _name(value: str) -> str:
    name = re.split(r"[<\[(]", value, maxsplit=1)[0].strip(" \"'*")
    return "" if "@" in name else name[:200]
