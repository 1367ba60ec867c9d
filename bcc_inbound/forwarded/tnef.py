"""The mails inside Outlook's winmail.dat, read as far as their headers. Pure and bounded.

MS-OXTNEF: a stream is a signature, a key, and attributes (level, id, length, data, checksum). The
attribute attMsgProps or attAttachment holds MAPI properties (2.1.3.4); of an attached message
PidTagAttachDataObject is an interface id and a stream of its own. Every length is checked against
what is there; what does not fit ends the reading.
"""

import struct
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from activities.mail.forward import Original, Sureness
from contacts.addresses import normalise_address

LIMIT = 25 * 1024 * 1024
MOST_ATTRIBUTES = 2_000
MOST_PROPERTIES = 2_000
MOST_MAILS = 20

_SIGNATURE = b"\x78\x9f\x3e\x22"
_MESSAGE_PROPERTIES, _ATTACHMENT_PROPERTIES = 0x00069003, 0x00069005
_INTERFACE_ID = 16

# Property ids of MS-OXPROPS.
_SUBJECT, _SUBMITTED, _ATTACHED = 0x0037, 0x0039, 0x3701
_FROM_NAME, _FROM_TYPE, _FROM_ADDRESS, _FROM_SMTP = 0x0042, 0x0064, 0x0065, 0x5D02
_MESSAGE_ID = 0x1035
_FIXED = {0x02: 4, 0x03: 4, 0x04: 4, 0x0A: 4, 0x0B: 4, 0x05: 8, 0x06: 8, 0x07: 8, 0x14: 8,
          0x40: 8, 0x48: 16}  # fmt: skip
_VARIABLE = {0x0D, 0x1E, 0x1F, 0x102}
_UNICODE, _TEXT, _TIME = 0x1F, 0x1E, 0x40
_FILETIME_BEGIN = datetime(1601, 1, 1, tzinfo=UTC)

Properties = dict[int, tuple[int, bytes]]


def read_tnef(data: bytes) -> list[Original]:
    """The mails that are attached inside of a winmail.dat; [] for what is none or is broken."""
    found: list[Original] = []
    for kind, content in _attributes(data[:LIMIT]):
        if kind != _ATTACHMENT_PROPERTIES or len(found) >= MOST_MAILS:
            continue
        _type, inner = _properties(content).get(_ATTACHED, (0, b""))
        for inner_kind, inner_content in _attributes(inner[_INTERFACE_ID:]):
            if inner_kind == _MESSAGE_PROPERTIES:
                found.append(_original(_properties(inner_content)))
                break
    return found


def _attributes(data: bytes) -> Iterator[tuple[int, bytes]]:
    if not data.startswith(_SIGNATURE):
        return
    at = 6
    for _ in range(MOST_ATTRIBUTES):
        if at + 9 > len(data):
            return
        kind, length = struct.unpack_from("<II", data, at + 1)
        if at + 9 + length > len(data):
            return
        yield kind, data[at + 9 : at + 9 + length]
        at += 9 + length + 2


def _properties(data: bytes) -> Properties:
    """Property id to (type, first value), as far as the data is whole."""
    found: Properties = {}
    try:
        (count,) = struct.unpack_from("<I", data)
        at = 4
        for _ in range(min(count, MOST_PROPERTIES)):
            kind, number = struct.unpack_from("<HH", data, at)
            at = _past_name(data, at + 4) if number >= 0x8000 else at + 4
            value, at = _value(data, at, kind)
            found.setdefault(number, (kind & 0xFFF, value))
    except (struct.error, ValueError):
        # What came before the break is whole and counts.
        return found
    return found


def _past_name(data: bytes, at: int) -> int:
    """Past the name of a named property: a GUID, and an id or a text."""
    (by_text,) = struct.unpack_from("<I", data, at + 16)
    (length,) = struct.unpack_from("<I", data, at + 20)
    return at + 24 + (_padded(length) if by_text else 0)


def _value(data: bytes, at: int, kind: int) -> tuple[bytes, int]:
    plain = kind & 0xFFF
    count = 1
    if kind & 0x1000 or plain in _VARIABLE:
        (count,) = struct.unpack_from("<I", data, at)
        at += 4
    first = b""
    for place in range(count):
        if plain in _VARIABLE:
            (length,) = struct.unpack_from("<I", data, at)
            at += 4
        elif plain in _FIXED:
            length = _FIXED[plain]
        else:
            raise ValueError("a type of property that is not known")
        if at + length > len(data):
            raise ValueError("a value that is not whole")
        first = data[at : at + length] if place == 0 else first
        at += _padded(length)
    return first, at


def _padded(length: int) -> int:
    return (length + 3) & ~3


def _original(found: Properties) -> Original:
    """The header of one attached mail. Addresses of Exchange name nobody to us."""
    direct = _text(found, _FROM_ADDRESS) if _text(found, _FROM_TYPE).upper() == "SMTP" else ""
    sender = normalise_address(_text(found, _FROM_SMTP) or direct) or ""
    name = _text(found, _FROM_NAME)[:200]
    unsure = Sureness.NAME_ONLY if name else Sureness.UNCLEAR
    sent_at = _moment(found.get(_SUBMITTED))
    return Original(
        sender=sender,
        name="" if "@" in name else name,
        date=sent_at.isoformat() if sent_at else "",
        sent_at=sent_at,
        subject=_text(found, _SUBJECT)[:998],
        message_id=_text(found, _MESSAGE_ID).strip(" <>")[:300],
        sureness=Sureness.SURE if sender else unsure,
        client="winmail.dat",
    )


def _text(found: Properties, number: int) -> str:
    kind, value = found.get(number, (0, b""))
    if kind not in {_UNICODE, _TEXT}:
        return ""
    text = value.decode("utf-16-le" if kind == _UNICODE else "cp1252", "replace")
    return " ".join(text.rstrip("\x00").replace("\x00", "").split())


def _moment(found: tuple[int, bytes] | None) -> datetime | None:
    """A FILETIME: tenths of microseconds since 1601."""
    if found is None or found[0] != _TIME:
        return None
    (ticks,) = struct.unpack("<Q", found[1])
    try:
        moment = _FILETIME_BEGIN + timedelta(microseconds=ticks // 10)
    except OverflowError:
        return None
    return moment.replace(microsecond=0) if moment.year >= 1980 else None
