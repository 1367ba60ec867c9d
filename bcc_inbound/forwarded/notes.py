"""The lines around a forward that its header is not in: notes on files, and "... wrote:". Pure."""

import re

from activities.mail.quote_words import WROTE
from bcc_inbound.forwarded.dates import looks_dated

LIMIT = 500

_BRACKETS = ("[", "(", "<")
# How Outlook names a picture in text: it looks like an address.
_CONTENT_ID = re.compile(r"\bcid:[^\s\]>)]{1,250}", re.IGNORECASE)
_FILE = re.compile(
    r"\bcid:|\w\.(?:png|jpe?g|gif|bmp|svg|webp|heic|tiff?|pdf|docx?|xlsx?|pptx?|od[tsp]|rtf|txt|csv"
    r"|html?|ics|vcf|zip|7z|eml|msg|p7s|asc|dat|mp[34]|mov)\b",
    re.IGNORECASE,
)
_LONGEST_WROTE = 120


def without_pictures(text: str) -> str:
    """The line with the names of pictures taken out, such as [cid:image001.png@01DB8C4F.A1B2]."""
    return _CONTENT_ID.sub("cid:", text) if "@" in text else text


def is_file_note(text: str) -> bool:
    """Whether brackets hold a file or a picture, which may stand between a marker and its header;
    they may hold the writer or the date of a mail as well."""
    text = without_pictures(text[:LIMIT])
    if not text.startswith(_BRACKETS) or "@" in text or "://" in text:
        return False
    return _FILE.search(text) is not None and not looks_dated(text)


def says_wrote(text: str) -> bool:
    """Tell a line such as "Jane wrote:", which has neither a date nor an address."""
    said = text[:_LONGEST_WROTE].casefold()
    return len(text) <= _LONGEST_WROTE and any(word in said for word in WROTE)
