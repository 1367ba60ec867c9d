"""Signatures that hold, and every way in which one does not."""

import time

import pytest

from bcc_inbound.senders import dkim
from bcc_inbound.senders.dkim import MOST_SIGNATURES, Dkim, Signature, check_signatures
from bcc_inbound.senders.names import Names
from tests.bcc_inbound.conftest import dns_server, zone
from tests.bcc_inbound.senders.signing import (
    publish_key,
    published,
    signed,
    signed_without_its_author,
)
from tests.dns_server import DnsServer

__all__ = ["dns_server", "zone"]

OURS = "ours.example"
MAIL = b"From: Ana <ana@ours.example>\r\nTo: jane@client.example\r\nSubject: x\r\n\r\nHello\r\n"


def check(raw: bytes, author: str = OURS, received: float | None = None) -> list[Signature]:
    names = Names(time.monotonic() + 8)
    return check_signatures(names, raw, author=author, received=received or time.time())


def result(raw: bytes, **words: object) -> Dkim:
    (one,) = check(raw, **words)
    return one.result


def test_a_signature_that_holds(zone: DnsServer) -> None:
    publish_key(zone, OURS)
    assert check(signed(MAIL, OURS)) == [Signature(OURS, Dkim.PASS)]
    assert result(signed(MAIL, OURS).replace(b"\r\n", b"\n")) == Dkim.PASS


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"Hello", b"Hellos"),
        (b"ana@ours.example>", b"ben@ours.example>"),
        (b"Subject: x", b"Subject: y"),
    ],
)
def test_a_mail_that_was_changed_fails(zone: DnsServer, old: bytes, new: bytes) -> None:
    publish_key(zone, OURS)
    assert result(signed(MAIL, OURS).replace(old, new)) == Dkim.FAIL


def test_a_signature_that_does_not_cover_the_author_fails(zone: DnsServer) -> None:
    publish_key(zone, OURS)
    raw = signed_without_its_author(MAIL, OURS)
    assert result(raw) == Dkim.FAIL
    assert result(raw.replace(b"ana@", b"ben@")) == Dkim.FAIL


@pytest.mark.parametrize("line", [b"From: eve@evil.example\r\n", b"From : eve@evil.example\r\n"])
def test_a_second_author_leaves_no_signature(zone: DnsServer, line: bytes) -> None:
    publish_key(zone, OURS)
    for place in (b"From:", b"To:", b"Subject:"):
        # Not in front: there "From " begins the line of a mailbox file, for every reader.
        raw = signed(MAIL, OURS).replace(b"\n" + place, b"\n" + line + place)
        assert check(raw) == []


def test_a_signature_that_has_expired_when_the_mail_came(zone: DnsServer) -> None:
    publish_key(zone, OURS)
    raw = signed(MAIL, OURS)
    expiring = raw.replace(b"DKIM-Signature: v=1;", b"DKIM-Signature: v=1; x=1000000000;")
    assert result(expiring) == Dkim.EXPIRED
    unreadable = raw.replace(b"DKIM-Signature: v=1;", b"DKIM-Signature: v=1; x=soon;")
    assert result(unreadable) == Dkim.UNREADABLE


def test_a_key_that_is_too_short(zone: DnsServer) -> None:
    publish_key(zone, OURS, bits=1024)
    key = published(OURS)
    # The key of 512 bits that was broken by hand in 2012 stands for all of them.
    short = "MFwwDQYJKoZIhvcNAQEBBQADSwAwSAJBAL3+uPq5yiEMSUW0SrOYSnDZxQ3bEsQIgNqF9SIlnxSPHOTZ0gJW"
    short += "OCeOBKf8yrGpXbL7e3Y3zWXCh0VpXpwMIu0CAwEAAQ=="
    zone.records["s1._domainkey.ours.example", "TXT"] = [f'"v=DKIM1; p={short}"']
    assert result(signed(MAIL, OURS)) in {Dkim.WEAK, Dkim.FAIL}
    assert key


def test_sha1_is_refused(zone: DnsServer) -> None:
    publish_key(zone, OURS)
    assert result(signed(MAIL, OURS, signature_algorithm=b"rsa-sha1")) == Dkim.WEAK


def test_a_signature_over_half_the_body_is_refused(zone: DnsServer) -> None:
    publish_key(zone, OURS)
    raw = signed(MAIL, OURS, length=True) + b"and send the money to me\r\n"
    assert result(raw) == Dkim.PARTIAL


@pytest.mark.parametrize(
    ("tags", "expected"),
    [
        ("v=DKIM1; t=y", Dkim.TESTING),
        ("v=DKIM1; h=sha1", Dkim.WEAK),
        ("v=DKIM1; s=tlsrpt", Dkim.WEAK),
        ("v=DKIM1; s=email; h=sha256; n=note", Dkim.PASS),
        ("v=DKIM2", Dkim.FAIL),
    ],
)
def test_what_the_key_record_says_counts(zone: DnsServer, tags: str, expected: Dkim) -> None:
    publish_key(zone, OURS, tags=tags)
    assert result(signed(MAIL, OURS)) == expected


@pytest.mark.parametrize("record", ["v=DKIM1; p=", "nonsense", "v=DKIM1; k=rsa"])
def test_a_key_that_was_withdrawn_is_none(zone: DnsServer, record: str) -> None:
    zone.add("s1._domainkey.ours.example", "TXT", record)
    assert result(signed(MAIL, OURS)) == Dkim.NO_KEY


def test_a_key_that_is_not_there(zone: DnsServer) -> None:
    assert result(signed(MAIL, OURS)) == Dkim.NO_KEY


def test_a_key_of_endless_length_costs_nothing(zone: DnsServer) -> None:
    zone.add("s1._domainkey.ours.example", "TXT", "v=DKIM1; p=" + "A" * 20_000)
    assert result(signed(MAIL, OURS)) == Dkim.UNREADABLE


def test_a_server_that_fails_is_no_verdict(zone: DnsServer) -> None:
    zone.fails.add("_domainkey.ours.example")
    assert result(signed(MAIL, OURS)) == Dkim.NOT_ANSWERED


def test_a_mail_of_endlessly_many_lines_is_not_taken_apart(
    zone: DnsServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish_key(zone, OURS)
    monkeypatch.setattr(dkim, "MOST_LINES", 5)
    assert check(signed(MAIL, OURS)[: signed(MAIL, OURS).index(b"Hello")] + b"\n" * 6) == []
    assert zone.asked.total() == 0


def test_of_many_signatures_the_authors_own_is_looked_at_first(zone: DnsServer) -> None:
    publish_key(zone, OURS)
    raw = signed(MAIL, OURS)
    for number in range(20):
        raw = signed(raw, f"n{number % 3}.evil.example")
    found = check(raw)
    assert len(found) == MOST_SIGNATURES
    assert found[0] == Signature(OURS, Dkim.PASS)


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\r\n\r\n",
        b"DKIM-Signature: v=1\r\nFrom: a@b.example\r\n\r\nx",
        b"DKIM-Signature: v=1; a=rsa-sha256; d=ours.example; s=s1; h=from; bh=\xff; b=!\r\n"
        b"From: a@b.example\r\n\r\nx",
        b"DKIM-Signature: a=rsa-sha256; d=ours.example; s=" + b"x" * 300 + b"; h=from; b=A=\r\n"
        b"From: a@b.example\r\n\r\nx",
        b"DKIM-Signature: " + b"a=b;" * 5_000 + b"\r\nFrom: a@b.example\r\n\r\nx",
        b" folded: at the top\r\nFrom: a@b.example\r\n\r\nx",
        b"From: a@b.example\r\n\r\n" + b"\n" * 700_000,
    ],
)
def test_whatever_stands_there_nothing_breaks_and_nothing_passes(
    zone: DnsServer, raw: bytes
) -> None:
    publish_key(zone, OURS)
    assert Dkim.PASS not in [one.result for one in check(raw)]
