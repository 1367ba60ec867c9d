"""Bytes of any declared character set to text, without ever failing. Pure."""

import codecs
from functools import lru_cache

from activities.mail.message import storable

# What mail programs write, and what they mean by it. The two Chinese and the Korean names are
# declared for text that uses the larger sets; Latin-1 is declared for text of Windows.
_MEANT = {
    "ascii": "cp1252",
    "us-ascii": "cp1252",
    "ansi_x3.4-1968": "cp1252",
    "iso-8859-1": "cp1252",
    "iso8859-1": "cp1252",
    "iso_8859-1": "cp1252",
    "latin1": "cp1252",
    "latin-1": "cp1252",
    "iso-8859-9": "cp1254",
    "iso-8859-8-i": "iso-8859-8",
    "iso-8859-8-e": "iso-8859-8",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "x-gbk": "gb18030",
    "ks_c_5601-1987": "cp949",
    "ks_c_5601": "cp949",
    "euc-kr": "cp949",
    "shift_jis": "cp932",
    "x-sjis": "cp932",
    "iso-2022-jp": "iso2022_jp_ext",
    "tis-620": "cp874",
    "windows-874": "cp874",
    "x-mac-roman": "mac_roman",
    "macintosh": "mac_roman",
    "utf8mb4": "utf-8",
    "utf-8mb4": "utf-8",
    "unicode-1-1-utf-7": "utf-7",
}
# Python codecs that are no character sets of mail; several take quadratic time or run escapes.
_REFUSED = frozenset(
    {"idna", "punycode", "unicode_escape", "raw_unicode_escape", "undefined", "mbcs", "oem"}
)
_FALLBACK = "cp1252"


def decode_text(data: bytes, charset: str = "") -> str:
    """Return the text of `data`, storable in the database.

    UTF-8 that is declared as something of one byte a letter is read as UTF-8; unknown sets fall
    back to UTF-8, then to Windows Latin; letters that do not decode become U+FFFD.
    """
    codec = _codec(charset.lower())
    if data.isascii() and (codec is None or codec == _FALLBACK or codec == "utf-8"):
        return storable(data.decode("ascii"))
    for candidate in _candidates(codec):
        try:
            return storable(data.decode(candidate))
        except (UnicodeError, ValueError):
            continue
    return storable(data.decode(codec or _FALLBACK, "replace"))


def _candidates(codec: str | None) -> tuple[str, ...]:
    if codec is None or codec == _FALLBACK:
        return ("utf-8", _FALLBACK)
    return (codec,) if codec == "utf-8" else (codec, "utf-8")


@lru_cache(maxsize=512)
def _codec(name: str) -> str | None:
    """The Python codec for a declared name, or None where there is none that may be used."""
    name = name.strip(" \t\"'")[:40]
    name = _MEANT.get(name, name)
    if not name or not name.isascii():
        return None
    try:
        info = codecs.lookup(name)
    except (LookupError, ValueError):
        return None
    if info.name.replace("-", "_") in _REFUSED or not info._is_text_encoding:
        return None
    return "utf-8" if info.name in {"utf-8", "utf_8"} else info.name
