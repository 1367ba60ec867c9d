"""Transfer encodings (RFC 2045), decoded without copies of the encoded text. Pure."""

import binascii
import re

from activities.mail.words import loose_base64

_UU_BEGIN = re.compile(rb"^begin [0-7]{3,4} [^\n]*\n", re.MULTILINE)


def decode_transfer(data: memoryview, encoding: str) -> bytes:
    """Return the bytes behind a Content-Transfer-Encoding; an unknown one means none.

    Broken encodings never fail: what can be decoded is returned.
    """
    if encoding == "base64":
        try:
            return binascii.a2b_base64(data)
        except binascii.Error:
            return loose_base64(bytes(data))
    if encoding == "quoted-printable":
        return binascii.a2b_qp(data)
    if encoding in {"x-uuencode", "uuencode", "x-uue", "uue"}:
        return _decode_uu(bytes(data))
    return bytes(data)


def _decode_uu(data: bytes) -> bytes:
    begin = _UU_BEGIN.search(data)
    if begin is None:
        return data
    out = bytearray()
    for line in data[begin.end() :].splitlines():
        if line.strip() in {b"end", b"`", b""}:
            break
        try:
            out += binascii.a2b_uu(line)
        except binascii.Error:
            # Some encoders pad a line beyond the length that it declares.
            length = (((line[0] - 32) & 63) * 4 + 5) // 3
            try:
                out += binascii.a2b_uu(line[:length])
            except binascii.Error:
                break
    return bytes(out)
