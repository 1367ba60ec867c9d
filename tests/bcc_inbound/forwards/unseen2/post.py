"""A forward as it travels: as bytes, in the ways in which mails are encoded."""

from base64 import encodebytes
from email import message_from_bytes
from email.header import Header, decode_header, make_header
from quopri import encodestring

from tests.bcc_inbound.forwards.shapes import Written

Mails = tuple[bytes, ...]
_SHARED = {
    "windows-1251": "be bg kk mk mn sr uk ru",
    "iso-8859-2": "bs cs hr hu ro sk sl sq sr-latn cnr pl dsb hsb",
    "windows-1257": "et lt lv",
    "iso-8859-9": "az tr",
    "windows-1256": "ar ar-sa fa ur ps",
    "tis-620": "th",
    "windows-1258": "vi",
    "windows-1255": "he",
    "iso-8859-7": "el",
    "iso-8859-14": "cy",
}
CHARSETS = {code: charset for charset, codes in _SHARED.items() for code in codes.split()}
_WAYS = (("utf-8", "base64"), ("utf-8", "quoted-printable"), ("", "quoted-printable"),
         ("utf-8", "8bit"), ("", "base64"))  # fmt: skip


def _charset(text: str, wanted: str) -> str:
    """The charset that is wanted, where the text can be written in it."""
    try:
        text.encode(wanted)
    except (UnicodeEncodeError, LookupError):
        return "utf-8"
    return wanted


def _part(kind: str, text: str, charset: str, coding: str) -> bytes:
    """A part of a mail, with Windows' line ends, as mail has them."""
    raw = text.replace("\r\n", "\n").encode(charset)
    if coding == "base64":
        coded = encodebytes(raw.replace(b"\n", b"\r\n"))
    else:
        coded = encodestring(raw) if coding == "quoted-printable" else raw
    head = f"Content-Type: text/{kind}; charset={charset}\nContent-Transfer-Encoding: {coding}\n\n"
    return head.encode() + coded.rstrip(b"\n") + b"\n"


def _many(kind: str, parts: list[bytes], edge: str) -> bytes:
    if len(parts) == 1:
        return parts[0]
    inner = b"".join(f"--{edge}\n".encode() + part + b"\n" for part in parts)
    head = f'Content-Type: multipart/{kind}; boundary="{edge}"\n\n'
    return head.encode() + inner + f"--{edge}--\n".encode()


def sent(written: Written, code: str = "en", number: int = 0, mails: Mails = ()) -> bytes:
    """The mail that Ana sends, in one of the ways."""
    national, coding = _WAYS[number % len(_WAYS)]
    wanted = national or CHARSETS.get(code, "iso-8859-15")
    parts = [
        _part(kind, text, _charset(text, wanted), coding)
        for kind, text in (("plain", written.text), ("html", written.html))
        if text
    ]
    body = _many("alternative", parts or [_part("plain", "", "utf-8", coding)], f"a_{number}")
    more = [b"Content-Type: message/rfc822\n\n" + mail.replace(b"\r\n", b"\n") for mail in mails]
    if number % 7 == 3:
        more.append(b"Content-Type: application/pdf\nContent-Disposition: attachment\n\n%PDF-1.7")
    subject = Header(" ".join(written.subject.split()), "utf-8").encode()
    head = (
        "From: Ana Alder <ana@ours.example>\nTo: record@inbound.example\n"
        f"Subject: {subject}\nMessage-ID: <{number}@ours.example>\nMIME-Version: 1.0\n"
    )
    raw = head.encode() + _many("mixed", [body, *more], f"m_{number}")
    return raw.replace(b"\n", b"\r\n")


def opened(raw: bytes, *, windows: bool = False) -> tuple[Written, Mails]:
    """What a reader of mail makes of it: subject, text, HTML, and the mails that hang on it."""
    message = message_from_bytes(raw)
    found = {"text/plain": "", "text/html": ""}
    mails = []
    waiting = [message]
    while waiting:
        part = waiting.pop(0)
        kind = part.get_content_type()
        if kind == "message/rfc822":
            mails.append(part.get_payload(0).as_bytes())
        elif part.is_multipart():
            waiting.extend(part.get_payload())
        elif kind in found:
            charset = str(part.get_content_charset())
            found[kind] = part.get_payload(decode=True).decode(charset)
    text, markup = found.values()
    text = text if windows else text.replace("\r\n", "\n")
    subject = str(make_header(decode_header(message["Subject"])))
    return Written(subject, text, markup.replace("\r\n", "\n")), tuple(mails)
