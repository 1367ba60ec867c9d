"""Mails that hang on a mail whole, as message/rfc822."""

from base64 import b64encode
from collections.abc import Iterator
from quopri import encodestring

from tests.bcc_inbound.forwards.unseen2.mails import NATIVE
from tests.bcc_inbound.forwards.unseen2.post import CHARSETS

_FORWARD = (
    "---------- Forwarded message ---------\r\nFrom: Omar Oak <omar@globex.example>\r\n"
    "Date: Sun, Mar 2, 2025 at 9:00 AM\r\nSubject: Old news\r\nTo: Marta\r\n\r\nOld.\r\n"
)
_ADDRESS = "marta@supplier.example"
Attached = tuple[str, str, str, tuple[bytes, ...]]


def _word(name: str, charset: str, kind: str) -> str:
    """A name as an encoded word (RFC 2047)."""
    raw = name.encode(charset, errors="ignore") or b"Marta"
    if kind == "B":
        return f"=?{charset}?B?{b64encode(raw).decode()}?="
    coded = encodestring(raw, quotetabs=True, header=True).decode().replace("=\n", "")
    return f"=?{charset}?Q?{coded.replace('?', '=3F')}?="


def _mail(sender: str, body: str = "Hello.\r\n") -> bytes:
    return (
        "Return-Path: <bounce@else.example>\r\nReceived: from mx.else.example\r\n"
        f"{sender}\r\n"
        "To: Ana Alder <ana@ours.example>\r\nDate: Mon, 3 Mar 2025 10:00:00 +0100\r\n"
        "Subject: Delivery\r\nMessage-ID: <4711@supplier.example>\r\nMIME-Version: 1.0\r\n"
        f"Content-Type: text/plain; charset=utf-8\r\n\r\n{body}"
    ).encode()


def cases() -> Iterator[Attached]:
    """Name, language, sender, and the mails that hang on it."""
    for code, name in NATIVE.items():
        national = CHARSETS.get(code, "utf-8")
        for kind, charset in (("B", "utf-8"), ("Q", national)):
            sender = f"From: {_word(name, charset, kind)} <{_ADDRESS}>"
            yield f"encoded as {kind}", code, _ADDRESS, (_mail(sender),)
    for title, sender in {
        "an address alone": f"From: {_ADDRESS}",
        "a name in quotes": f'From: "Quill, Marta" <{_ADDRESS}>',
        "a comment": f"From: {_ADDRESS} (Marta Quill)",
        "a folded line": f"From: Marta Quill of the sales\r\n office <{_ADDRESS}>",
        "another case": f"FROM: Marta <{_ADDRESS}>",
        "a sender besides": f"Sender: Desk <desk@else.example>\r\nFrom: Marta <{_ADDRESS}>",
        "answers elsewhere": f"From: Marta <{_ADDRESS}>\r\nReply-To: omar@globex.example",
    }.items():
        yield title, "en", _ADDRESS, (_mail(sender),)
    marta, omar = _mail(f"From: M <{_ADDRESS}>"), _mail("From: O <omar@globex.example>")
    yield "a forward inside", "en", _ADDRESS, (_mail(f"From: M <{_ADDRESS}>", _FORWARD),)
    yield "the same mail twice", "en", _ADDRESS, (marta, marta)
    yield "two mails of two senders", "en", "", (marta, omar)
    yield "no sender", "en", "", (_mail("X-Sender: marta@supplier.example"),)
    yield "no sender, and a forward inside", "en", "", (_mail("X-Nobody: x", _FORWARD),)
    yield "a name and no address", "en", "", (_mail("From: Marta Quill"),)
