"""The addresses in a field of a forwarded mail, and whether they name one writer. Pure."""

import html as entities
import re
import unicodedata

from activities.mail.forward import Sureness
from bcc_inbound.forwarded.labels import fold
from contacts.addresses import normalise_address

MOST_PEOPLE = 100
FIELD_LIMIT = 10_000
NAME_LIMIT = 200

_BETWEEN = re.compile(r"[\s<>\[\]()\",;:«»„“”]+")

_WORDS = re.compile(r"[^\s<>\[\]()\",;:«»„“”=?]+")

# Outlook's "X on behalf of Y" (MS-OXOMSG, 2.2.1): two people, and the address is only one's.
# Short ones stand alone: they are a part of names as well.
_ON_BEHALF = tuple(
    unicodedata.normalize("NFKC", words).casefold()
    for words in (
        "on behalf of", "im auftrag von", "im auftrag der", "im auftrag des", "im namen von",
        " i. a. ", " i.a. ", " i. v. ", " i.v. ", "de la part de", "au nom de", "en nombre de",
        "por encargo de", "por orden de", "per conto di", "a nome di", "em nome de", "por conta de",
        "a pedido de", "en nom de", "per encàrrec de", "en nome de", "namens", "in opdracht van",
        "uit naam van", "för räkning", "på uppdrag av", "> för ", "] för ", "på vegne af",
        "på vegne av", "i opdrag af", "på oppdrag av", "fyrir hönd", "puolesta", "w imieniu",
        "na zlecenie", "jménem", " v mene ", " v imenu ", " u ime ", " у име ", " во име на ",
        "от името на", " на име ", "nevében", "megbízásából", "în numele", "din partea", "adına",
        "adından", "vekaleten", "от имени", "по поручению", "від імені", "за дорученням",
        "ад імя", "nimel", "vārdā", " vardu ", "στο όνομα", "εκ μέρους", "για λογαριασμό",
        "në emër të", "izenean", "thar ceann", " ar ran ", "f'isem", "atas nama", "bagi pihak",
        "sa ngalan ni", "kwa niaba ya", "thay mặt", "ในนาม", "ក្នុងនាម", "בשם", "מטעם",
        "بالنيابة عن", "نيابة عن", "از طرف", "به نمایندگی از", "کی جانب سے", "की ओर से",
        "की तरफ से", "च्या वतीने", "ના વતી", "পক্ষে", "சார்பாக", "తరపున", "වෙනුවෙන්",
        "անունից", "სახელით", "атынан", "нэрийн өмнөөс", "の代理", "を代行", "代わって", "대신",
        "代表", "代理", "代为", "代為",
    )
)  # fmt: skip


def addresses_in(value: str) -> list[str]:
    """Every address in a field, normalised, once each; nothing is guessed together."""
    if "&" in value:
        value = entities.unescape(value)
    found: dict[str, None] = {}
    for word in _BETWEEN.split(value[:FIELD_LIMIT]):
        if "@" not in word:
            continue
        address = normalise_address(word.strip("'`´’‘*._|/"))
        if address and "." in address.rpartition("@")[2]:
            found[address] = None
            if len(found) >= MOST_PEOPLE:
                break
    return list(found)


def mentions(text: str, address: str) -> bool:
    """Whether a text of any length has this address in it."""
    if not address or "@" not in text:
        return False
    text = entities.unescape(text) if "&" in text else text
    words = (word for word in _WORDS.findall(text) if "@" in word)
    return any(normalise_address(word.strip("'`´’‘*._|/=?")) == address for word in words)


def writer_in(value: str) -> tuple[Sureness, str, str]:
    """(how sure, address, name) of the From field. The address is "" unless it is sure."""
    value = entities.unescape(value[:FIELD_LIMIT])
    name = name_in(value)
    addresses = addresses_in(value)
    said = f" {fold(value)} "
    if len(addresses) > 1 or any(words in said for words in _ON_BEHALF) or _is_list(said):
        return Sureness.UNCLEAR, "", ""
    if not addresses:
        at = "@" in value or "＠" in value
        return (Sureness.UNCLEAR if at or not name else Sureness.NAME_ONLY), "", name
    if value.count("@") > 1 and not _repeats(value, addresses[0]):
        # Something else looks like an address and cannot be read: who wrote is not sure.
        return Sureness.UNCLEAR, "", ""
    return Sureness.SURE, addresses[0], name


def _is_list(said: str) -> bool:
    """Outlook parts people with semicolons, and only one of them may have an address."""
    return any(mark in said.strip(" ;؛") for mark in ";؛")


def name_in(value: str) -> str:
    """The name in front of the address, without quotes; "" where there is only an address."""
    name = re.split(r"[<\[(]", value, maxsplit=1)[0]
    name = name.strip(" \t*_\"'`´’‘“”„«»,;:")
    return "" if "@" in name else " ".join(name.split())[:NAME_LIMIT]


def _repeats(value: str, address: str) -> bool:
    """Whether everything with an @ in the value is this one address."""
    words = [word for word in _BETWEEN.split(value) if "@" in word]
    return all(normalise_address(word.strip("'`´’‘*._|/")) == address for word in words)
