"""What counts as proof of an author: aligned SPF or DKIM, our own or by those who took the mail."""

import time
from typing import Any

import pytest

from activities.mail.header_block import read_header
from bcc_inbound.senders.names import Names
from bcc_inbound.senders.proof import By, Evidence, Proof, prove
from bcc_inbound.senders.reported import Reported, read_results
from tests.bcc_inbound.conftest import dns_server, zone
from tests.bcc_inbound.senders.signing import publish_key, signed
from tests.dns_server import DnsServer

__all__ = ["dns_server", "zone"]

MAIL = b"From: Ana <ana@ours.example>\r\nTo: jane@client.example\r\nSubject: x\r\n\r\nHello\r\n"


def look(raw: bytes = MAIL, *, seconds: float = 8, **facts: Any) -> Proof:
    evidence = {
        "author": "ours.example",
        "received": time.time(),
        "peer": "192.0.2.10",
        "helo": "mx.ours.example",
        "envelope_sender": "ana@ours.example",
    }
    return prove(Names(time.monotonic() + seconds), Evidence(raw=raw, **(evidence | facts)))


def test_spf_of_the_envelope_sender_proves_the_author(zone: DnsServer) -> None:
    zone.add("ours.example", "TXT", "v=spf1 ip4:192.0.2.10 -all")
    found = look()
    assert (found.passed, found.spf, found.spf_domain) == (True, "pass", "ours.example")
    assert not look(peer="192.0.2.11").passed


def test_a_signature_proves_the_author_wherever_the_mail_came_through(zone: DnsServer) -> None:
    publish_key(zone, "ours.example")
    assert look(signed(MAIL, "ours.example"), peer="203.0.113.5", envelope_sender="x@list.example")


def test_a_mail_without_return_path_is_its_machines_own(zone: DnsServer) -> None:
    zone.add("mx.ours.example", "TXT", "v=spf1 ip4:192.0.2.10 -all")
    assert look(envelope_sender="<>").passed
    zone.add("_dmarc.ours.example", "TXT", "v=DMARC1; p=reject; aspf=s")
    assert not look(envelope_sender="<>").passed


@pytest.mark.parametrize(
    ("record", "passes"),
    [("v=DMARC1; p=none", True), ("v=DMARC1; p=none; adkim=s", False), ("", True)],
)
def test_a_subdomain_counts_unless_the_domain_is_strict(
    zone: DnsServer, record: str, passes: bool
) -> None:
    publish_key(zone, "mail.ours.example")
    if record:
        zone.add("_dmarc.ours.example", "TXT", record)
    found = look(signed(MAIL, "mail.ours.example"))
    assert (found.passed, found.policy) == (passes, bool(record))


def test_a_policy_of_the_organisation_holds_for_its_subdomains(zone: DnsServer) -> None:
    publish_key(zone, "ours.example")
    raw = MAIL.replace(b"@ours", b"@sales.ours")
    assert look(signed(raw, "ours.example"), author="sales.ours.example").passed
    zone.add("_dmarc.ours.example", "TXT", "v=DMARC1; p=none; adkim=s")
    assert not look(signed(raw, "ours.example"), author="sales.ours.example").passed


def test_two_names_below_a_public_suffix_are_strangers(zone: DnsServer) -> None:
    publish_key(zone, "eve.github.io")
    raw = MAIL.replace(b"@ours.example", b"@ana.github.io")
    assert not look(signed(raw, "eve.github.io"), author="ana.github.io").passed


def test_what_the_dns_does_not_answer_waits_and_is_no_verdict(zone: DnsServer) -> None:
    zone.fails.add("ours.example")
    found = look()
    assert (found.passed, found.waits, found.spf) == (False, True, "not_answered")


def test_a_proof_that_is_there_waits_for_no_other(zone: DnsServer) -> None:
    publish_key(zone, "ours.example")
    zone.fails.add("list.example")
    zone.fails.add("_dmarc.ours.example")
    found = look(signed(MAIL, "ours.example"), envelope_sender="x@list.example")
    assert (found.passed, found.waits) == (True, False)


def test_a_policy_that_is_not_answered_may_be_strict(zone: DnsServer) -> None:
    publish_key(zone, "mail.ours.example")
    zone.fails.add("_dmarc.ours.example")
    found = look(signed(MAIL, "mail.ours.example"))
    assert (found.passed, found.waits) == (False, True)


def test_a_server_that_says_nothing_costs_no_more_than_the_time_of_one_mail(
    zone: DnsServer,
) -> None:
    zone.silent |= {"ours.example"}
    begun = time.monotonic()
    assert look(signed(MAIL, "ours.example"), seconds=1).waits
    assert time.monotonic() - begun < 4


RELAY = "relay.example"


def reported(*fields: str) -> Any:
    head = "".join(f"Authentication-Results: {one}\r\n" for one in fields).encode()
    return read_results(read_header(head + MAIL), authserv_id=RELAY)


@pytest.mark.parametrize(
    ("field", "passes"),
    [
        ("relay.example; dmarc=pass header.from=ours.example", True),
        ("relay.example 1; spf=fail; dmarc=pass (p=none dis=none) header.from=ours.example", True),
        ("relay.example; dkim=pass header.d=ours.example header.s=s1", True),
        ("relay.example; dkim=pass header.i=@mail.ours.example", True),
        ("relay.example; dkim=fail header.d=ours.example; dkim=pass header.d=ours.example", True),
        ("relay.example; spf=pass smtp.mailfrom=bounce@ours.example", True),
        ("RELAY.example; spf=pass smtp.mailfrom=ours.example", True),
        (r"relay.example; spf=fail (of \"a\) ;dmarc=pass header.from=ours.example \(\"@x)", False),
        ("relay.example; none", False),
        ("relay.example; dmarc=fail header.from=ours.example", False),
        ("relay.example; dmarc=pass header.from=evil.example", False),
        ("relay.example; dmarc=pass", False),
        ("relay.example; dkim=pass header.d=evil.example", False),
        ("relay.example; dkim=fail (was dkim=pass header.d=ours.example)", False),
        ("relay.example; spf=pass smtp.mailfrom=eve@evil.example", False),
        (
            'relay.example; spf=pass smtp.mailfrom="; dmarc=pass header.from=ours.example ;"@e',
            False,
        ),
        ("relay.example; spf=fail (x (; dmarc=pass header.from=ours.example) y)", False),
        ("relay.example.evil.example; dmarc=pass header.from=ours.example", False),
        ("evil.example; dmarc=pass header.from=ours.example", False),
        ("x" * 5_000, False),
    ],
)
def test_what_our_relay_says_counts_where_it_is_aligned(
    zone: DnsServer, field: str, passes: bool
) -> None:
    found = look(peer="10.0.0.2", results=reported(field) or [], by=By.RELAY)
    assert found.passed is passes


def test_only_the_topmost_field_is_the_relays() -> None:
    good = "relay.example; dmarc=pass header.from=ours.example"
    assert reported("evil.example; dmarc=fail", good) is None
    assert reported(good, "evil.example; dmarc=fail") == [
        Reported("dmarc", "pass", {"header.from": "ours.example"})
    ]


def test_behind_a_relay_its_address_proves_nothing(zone: DnsServer) -> None:
    zone.add("ours.example", "TXT", "v=spf1 ip4:192.0.2.10 -all")
    assert not look(results=[], by=By.RELAY).passed
