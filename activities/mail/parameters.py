"""Content-Type and Content-Disposition with their parameters, bounded. Pure."""

import re
from urllib.parse import unquote_to_bytes

from activities.mail.charsets import decode_text
from activities.mail.words import decode_words

MAX_PARAMETERS = 64

_PARAMETER = re.compile(r';\s*+([^\s=;"]++)\s*+=\s*+(?:"((?:[^"\\]|\\.)*+)"|([^;]*+))', re.DOTALL)
_COMMENT = re.compile(r"\([^()]*+\)")
_TYPE = re.compile(r"[a-z0-9!#$&^_.+-]{1,60}/[a-z0-9!#$&^_.+-]{1,80}")
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)


def read_parameters(value: str) -> tuple[str, dict[str, str]]:
    """Return the lower-case main value and the first 64 parameters by lower-case name.

    Continued and encoded parameters (RFC 2231) are put together; encoded words, which have no
    place here but are common, are read too.
    """
    main, semicolon, _ = value.partition(";")
    main = _COMMENT.sub("", main).strip().lower()
    if not semicolon:
        return main, {}
    plain: dict[str, str] = {}
    pieces: dict[str, dict[int, tuple[bool, str]]] = {}
    for count, match in enumerate(_PARAMETER.finditer(value)):
        if count >= MAX_PARAMETERS:
            break
        text = match[3].strip() if match[2] is None else _ESCAPED.sub(r"\1", match[2])
        name, star, rest = match[1].lower().partition("*")
        if star:
            number, encoded = rest.rstrip("*"), rest.endswith("*") or not rest
            if number.isdecimal() or not number:
                pieces.setdefault(name, {}).setdefault(int(number[:4] or 0), (encoded, text))
        else:
            plain.setdefault(name, text)
    for name, numbered in pieces.items():
        plain[name] = _join(numbered)
    # Only where needed: reading words collapses blanks, and a boundary may have two.
    worded = {name: decode_words(text) for name, text in plain.items() if "=?" in text}
    return main, plain | worded


def read_content_type(value: str, default: str = "text/plain") -> tuple[str, dict[str, str]]:
    """Like `read_parameters`; a type that is none is text/plain (RFC 2045, 5.2)."""
    if not value:
        return default, {}
    main, parameters = read_parameters(value)
    return (main if _TYPE.fullmatch(main) else "text/plain"), parameters


def _join(numbered: dict[int, tuple[bool, str]]) -> str:
    """Put the pieces of one value together; the first names the character set."""
    charset, data = "", b""
    for number in sorted(numbered):
        encoded, text = numbered[number]
        if number == 0 and encoded and text.count("'") >= 2:
            charset, _, text = text.split("'", 2)
        data += unquote_to_bytes(text) if encoded else text.encode("utf-8", "replace")
    return decode_text(data, charset or "utf-8")
