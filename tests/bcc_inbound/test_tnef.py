"""Outlook's winmail.dat: the mail that is attached inside, and every way to break it."""

import random
import struct
import time
from datetime import UTC, datetime

import pytest

from activities.mail.forward import Sureness
from activities.mail.message import ParsedAttachment
from bcc_inbound.forwarded import read_forward
from bcc_inbound.forwarded.tnef import read_tnef

MOMENT = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
NAMED = 0x8001


def padded(data: bytes) -> bytes:
    return data + b"\0" * (-len(data) % 4)


def text(number: int, value: str) -> bytes:
    data = value.encode("utf-16-le") + b"\0\0"
    return struct.pack("<HHII", 0x1F, number, 1, len(data)) + padded(data)


def moment(number: int, value: datetime) -> bytes:
    ticks = int((value - datetime(1601, 1, 1, tzinfo=UTC)).total_seconds()) * 10_000_000
    return struct.pack("<HHQ", 0x40, number, ticks)


def named(value: int) -> bytes:
    name = padded("x-test\0".encode("utf-16-le"))
    return struct.pack("<HH16sII", 0x03, NAMED, b"g" * 16, 1, 14) + name + struct.pack("<I", value)


def properties(*found: bytes) -> bytes:
    return struct.pack("<I", len(found)) + b"".join(found)


def attribute(level: int, kind: int, data: bytes) -> bytes:
    return (
        struct.pack("<BII", level, kind, len(data)) + data + struct.pack("<H", sum(data) & 0xFFFF)
    )


def stream(*attributes: bytes) -> bytes:
    return b"\x78\x9f\x3e\x22\x01\x00" + b"".join(attributes)


def mail(address: str = "jane@client.example", kind: str = "SMTP") -> bytes:
    return stream(
        attribute(1, 0x00089006, struct.pack("<I", 0x10000)),
        attribute(
            1,
            0x00069003,
            properties(
                named(7),
                text(0x0037, "Renewal terms"),
                text(0x0042, "Jane Client"),
                text(0x0064, kind),
                text(0x0065, address),
                moment(0x0039, MOMENT),
                text(0x1035, "<a@client.example>"),
            ),
        ),
    )


def winmail(*mails: bytes) -> bytes:
    def attached(inner: bytes) -> bytes:
        data = b"i" * 16 + inner
        value = struct.pack("<HHII", 0x0D, 0x3701, 1, len(data)) + padded(data)
        return attribute(2, 0x00069005, properties(struct.pack("<HHI", 0x03, 0x3705, 5), value))

    return stream(*map(attached, mails))


def as_file(content: bytes) -> ParsedAttachment:
    return ParsedAttachment("winmail.dat", "application/ms-tnef", len(content), "", content)


def test_the_mail_inside_is_read() -> None:
    found = read_forward("", attachments=[as_file(winmail(mail()))])
    original = found.outermost
    assert (original.sender, original.name) == ("jane@client.example", "Jane Client")
    assert (original.subject, original.sent_at) == ("Renewal terms", MOMENT)
    assert (original.message_id, original.sureness) == ("a@client.example", Sureness.SURE)


def test_an_address_of_exchange_leaves_the_name_alone() -> None:
    (original,) = read_tnef(winmail(mail("/O=OURS/CN=JANE", "EX")))
    assert (original.sender, original.sureness) == ("", Sureness.NAME_ONLY)


def test_mails_of_different_people_name_nobody() -> None:
    content = winmail(mail(), mail("omar@client.example"))
    assert read_forward("", attachments=[as_file(content)]).sender == ""


def test_a_winmail_without_a_mail_forwards_nothing() -> None:
    assert read_forward("", attachments=[as_file(mail())]) is None


@pytest.mark.parametrize("seed", range(40))
def test_a_broken_one_is_no_forward_or_a_shorter_one(seed: int) -> None:
    dice = random.Random(seed)  # noqa: S311
    content = bytearray(winmail(mail(), mail()))
    for _ in range(dice.randrange(1, 30)):
        content[dice.randrange(len(content))] = dice.randrange(256)
    read_tnef(bytes(content[: dice.randrange(len(content))]))
    read_tnef(bytes(content))


def test_hostile_lengths_take_no_time() -> None:
    began = time.perf_counter()
    huge = struct.pack("<I", 0xFFFFFFFF)
    read_tnef(stream(attribute(2, 0x00069005, huge + struct.pack("<HHI", 0x1003, 1, 0xFFFFFFFF))))
    read_tnef(stream(attribute(2, 0x00069005, huge + b"\x1f\x10\x01\x00" + huge + b"\0" * 400_000)))
    read_tnef(stream() + b"\0" * 3_000_000)
    assert time.perf_counter() - began < 2
