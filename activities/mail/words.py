"""Encoded words and the other ways in which letters get into a header (RFC 2047). Pure."""

import binascii
import re

from activities.mail.charsets import decode_text

# The language behind an asterisk is RFC 2231. Blanks inside the text are not allowed but written.
_WORD = re.compile(r"=\?([^?\s*]{1,60})(?:\*[^?\s]{0,30})?\?([bBqQ])\?([^?]*+)\?=")
# Not the blanks among them, which are collapsed and not dropped.
_CONTROL = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f]")
_DIRECTION = re.compile("[\u202a-\u202e\u2066-\u2069]")
_NOT_BASE64 = re.compile(rb"[^A-Za-z0-9+/]+")


def decode_words(text: str) -> str:
    """Return a header text with its encoded words read, on one line, blanks collapsed.

    Neighbouring words of one character set are joined before they are decoded, because many
    senders cut a letter in two. What is not a whole encoded word stays as it was written.
    """
    if "=?" in text:
        text = _with_words_read(text)
    return " ".join(_CONTROL.sub("", text).split())


def without_direction(text: str) -> str:
    """The text without the characters that turn the direction of what follows."""
    return _DIRECTION.sub("", text)


def _with_words_read(text: str) -> str:
    out: list[str] = []
    run = bytearray()
    charset, at = "", 0
    for match in _WORD.finditer(text):
        between = text[at : match.start()]
        same = match[1].lower() == charset
        if run and (not same or between.strip()):
            out.append(decode_text(bytes(run), charset))
            run.clear()
        # Blanks between two encoded words belong to the folding, not to the text.
        if between.strip() or not charset:
            out.append(between)
        charset, at = match[1].lower(), match.end()
        run += _word_bytes(match[2], match[3])
    if charset:
        out.append(decode_text(bytes(run), charset))
    out.append(text[at:])
    return "".join(out)


def _word_bytes(encoding: str, body: str) -> bytes:
    data = body.encode("utf-8", "replace")
    if encoding in "qQ":
        return binascii.a2b_qp(data, header=True)
    return loose_base64(data)


def loose_base64(data: bytes) -> bytes:
    """Decode base64 whose padding or alphabet is broken: what is decodable is returned."""
    try:
        return binascii.a2b_base64(data)
    except binascii.Error:
        clean = _NOT_BASE64.sub(b"", data)
        # One letter beyond a group of four carries six bits, which is no byte.
        if len(clean) % 4 == 1:
            clean = clean[:-1]
        return binascii.a2b_base64(clean + b"=" * (-len(clean) % 4))
