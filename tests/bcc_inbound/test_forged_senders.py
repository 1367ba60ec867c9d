"""Fifty ways to pretend to be Ana. Each is attributed to nobody and held with a plain reason.

Eve owns evil.example and everything that she can publish there: her mail passes SPF for her domain
and carries a signature that holds. No peer is trusted.
"""

import smtplib
from collections.abc import Callable
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

import pytest

from accounts import tenancy
from activities.models import Activity, Message
from bcc_inbound import reasons
from bcc_inbound.models import Delivery
from bcc_inbound.selectors import find_route
from bcc_inbound.services.store_delivery import store_delivery
from tests.bcc_inbound.conftest import Server, a_mail, deliveries, process_all
from tests.bcc_inbound.senders.signing import publish_key, signed, signed_without_its_author
from tests.dns_server import DnsServer

ANA_IP, EVE_IP = "192.0.2.10", "203.0.113.66"
REST = (
    b"To: jane@client.example\r\nSubject: x\r\nDate: Thu, 26 Nov 2026 10:00:00 +0000\r\n\r\nHi\r\n"
)
ANA = b"From: Ana <ana@ours.example>\r\n"
EVES = ("evil.example", "ours.example.evil.example", "0urs.example", "xn--urs-tlc.example")
EVE_SIGNS, ANA_SIGNED = "evil.example", "ours.example"
RELAYED = b"Authentication-Results: relay.example; dmarc=pass header.from=ours.example\r\n"


@pytest.fixture
def world(zone: DnsServer, live: SimpleNamespace, settings: Any) -> SimpleNamespace:
    """Ana's domain as a careful one has it, Eve's as she likes it, and nobody who is trusted."""
    settings.INBOUND_TRUSTED_PEERS = []
    zone.add("ours.example", "TXT", f"v=spf1 ip4:{ANA_IP} -all")
    zone.add("_dmarc.ours.example", "TXT", "v=DMARC1; p=none")
    publish_key(zone, "ours.example")
    for name in (
        "evil.example",
        "ours.example.evil.example",
        "0urs.example",
        "xn--urs-tlc.example",
    ):
        zone.add(name, "TXT", "v=spf1 +all")
        publish_key(zone, name)
    zone.add("strict.example", "TXT", f"v=spf1 ip4:{ANA_IP} -all")
    return live


def give(cast: SimpleNamespace, raw: bytes, **facts: Any) -> Delivery:
    """Store a mail as the SMTP door does, and have it processed."""
    route = find_route(cast.to_one)
    assert route is not None
    words = {"envelope_sender": "eve@evil.example", "peer": EVE_IP, "helo": "mx.evil.example"}
    store_delivery(route, raw=raw, **(words | facts))
    process_all(cast)
    return deliveries(cast)[-1]


@dataclass(frozen=True)
class Forged:
    """One forgery: its header, who signs it, what is done to it after that, and its envelope."""

    name: str
    head: bytes = ANA
    by: str = EVE_SIGNS
    then: Callable[[bytes], bytes] = bytes
    envelope: str = "eve@evil.example"
    helo: str = "mx.evil.example"
    words: tuple[tuple[str, Any], ...] = ()

    def raw(self) -> bytes:
        raw = self.head + REST
        return self.then(signed(raw, self.by, **dict(self.words)) if self.by else raw)


def swap(old: bytes, new: bytes) -> Callable[[bytes], bytes]:
    return lambda raw: raw.replace(old, new)


def before(line: bytes) -> Callable[[bytes], bytes]:
    return lambda raw: line + raw


FORGED = [
    # Nothing but the name
    Forged("a plain lie, unsigned", by=""),
    Forged("a lie with a signature of another domain"),
    Forged("the envelope is forged too", envelope="ana@ours.example"),
    Forged("the envelope is Ana's with a tag", envelope="ana+x@ours.example"),
    Forged("the machine calls itself ours", helo="mx.ours.example"),
    Forged("no return path", envelope="<>"),
    Forged("no return path and our name in HELO", envelope="<>", helo="ours.example"),
    Forged("an envelope that is no address", envelope="ana"),
    Forged("an envelope with two @", envelope="ana@ours.example@evil.example"),
    # From that says several things
    Forged("a second From below", head=ANA + b"From: eve@evil.example\r\n"),
    Forged("a second From above", head=b"From: eve@evil.example\r\n" + ANA),
    Forged("a From with a blank before the colon", head=b"From : ana@ours.example\r\n"),
    Forged("two Froms, one with a blank",
           head=b"From: eve@evil.example\r\nFrom : ana@ours.example\r\n"),
    Forged("a From in other letters", head=b"FROM: ana@ours.example\r\nfrom: eve@evil.example\r\n"),
    Forged("two addresses", head=b"From: ana@ours.example, eve@evil.example\r\n"),
    Forged("two addresses, the member last", head=b"From: eve@evil.example, ana@ours.example\r\n"),
    Forged("two addresses without a comma",
           head=b"From: <eve@evil.example> <ana@ours.example>\r\n"),
    Forged("a group", head=b"From: Sales: ana@ours.example;\r\n"),
    Forged("an empty group", head=b"From: ana@ours.example:;\r\n"),
    Forged("a folded second address", head=b"From: eve@evil.example,\r\n ana@ours.example\r\n"),
    Forged("no From", head=b"Sender: ana@ours.example\r\n", by=""),
    Forged("an empty From", head=b"From: \r\n", by=""),
    # Names instead of addresses
    Forged("the address as a name", head=b'From: "ana@ours.example" <eve@evil.example>\r\n'),
    Forged("the address as an encoded name",
           head=b"From: =?utf-8?q?ana=40ours=2Eexample?= <eve@evil.example>\r\n"),
    Forged("the address as a comment", head=b"From: eve@evil.example (ana@ours.example)\r\n"),
    Forged("the name of a colleague", head=b"From: Ana <eve@evil.example>\r\n"),
    Forged("Sender says Ana", head=b"From: eve@evil.example\r\nSender: ana@ours.example\r\n"),
    Forged("Sender says Eve", head=ANA + b"Sender: eve@evil.example\r\n"),
    Forged("Reply-To says Ana",
           head=b"From: eve@evil.example\r\nReply-To: ana@ours.example\r\n"),
    Forged("a route", head=b"From: <@ours.example:ana@evil.example>\r\n"),
    Forged("the address in quotes", head=b'From: "ana@ours.example"@evil.example\r\n'),
    Forged("a percent sign", head=b"From: ana%ours.example@evil.example\r\n"),
    # Domains that look alike
    Forged("our domain below theirs", head=b"From: ana@ours.example.evil.example\r\n",
           by="ours.example.evil.example", envelope="ana@ours.example.evil.example"),
    Forged("a zero for an o", head=b"From: ana@0urs.example\r\n", by="0urs.example",
           envelope="ana@0urs.example"),
    Forged("a Greek o", head="From: ana@οurs.example\r\n".encode(), by="",
           envelope="ana@xn--urs-tlc.example"),
    Forged("a Greek o in punycode", head=b"From: ana@xn--urs-tlc.example\r\n",
           by="xn--urs-tlc.example", envelope="ana@xn--urs-tlc.example"),
    Forged("a letter that cannot be seen", head="From: ana@ours\u200b.example\r\n".encode(), by=""),
    Forged("a full-width letter", head="From: ana@ｏurs.example\r\n".encode(), by=""),
    Forged("a subdomain of ours that nobody uses", head=b"From: ana@mail.ours.example\r\n", by=""),
    # Signatures
    Forged("a signature in our name with another key", then=swap(b"d=evil.", b"d=ours.")),
    Forged("Ana's signature under another author", by=ANA_SIGNED,
           then=swap(b"Ana <ana@", b"Ben <ben@")),
    Forged("Ana's signature under another text", by=ANA_SIGNED, then=swap(b"Hi", b"Pay")),
    Forged("Ana's signature with a second From in front", by=ANA_SIGNED,
           then=before(b"From: ben@ours.example\r\n")),
    Forged("Ana's signature with text added behind what it covers", by=ANA_SIGNED,
           words=(("length", True),), then=lambda raw: raw + b"Pay me.\r\n"),
    Forged("our signature that covers no author", by="",
           then=lambda raw: signed_without_its_author(raw, "ours.example")),
    Forged("Ana's signature that has expired", by=ANA_SIGNED,
           then=swap(b"v=1;", b"v=1; x=1000000000;")),
    Forged("Ana's signature by an algorithm that is broken", by=ANA_SIGNED,
           words=(("signature_algorithm", b"rsa-sha1"),)),
    Forged("a signature that says i=ours and d=evil",
           then=swap(b"d=evil.example;", b"d=evil.example; i=@ours.example;")),
    Forged("six signatures of Eve", then=lambda raw: signed(signed(raw, EVE_SIGNS), EVE_SIGNS)),
    # What others are said to have found
    Forged("results in the name of our relay, from outside", head=RELAYED + ANA),
    Forged("results of somebody", then=before(
        b"Authentication-Results: evil.example; dmarc=pass header.from=ours.example\r\n")),
    Forged("Received-SPF and ARC", head=b"Received-SPF: pass\r\nARC-Authentication-Results: i=1;"
           b" relay.example; dmarc=pass header.from=ours.example\r\n" + ANA),
    Forged("a provider's words",
           head=b"X-Mailgun-Spf: Pass\r\nX-Mailgun-Dkim-Check-Result: Pass\r\n"
           b"X-SES-DKIM-SIGNATURE: a=rsa-sha256\r\n" + ANA),
    Forged("the loop header of ours", head=b"X-Threadwell-Loop: 1\r\n" + ANA),
]  # fmt: skip


def test_there_are_fifty_and_each_has_a_name_of_its_own() -> None:
    assert len({one.name for one in FORGED}) == len(FORGED) >= 50


@pytest.mark.parametrize("forged", FORGED, ids=lambda one: one.name.replace(" ", "_"))
def test_a_forged_sender_is_attributed_to_nobody_and_held_with_a_reason(
    world: SimpleNamespace, settings: Any, forged: Forged
) -> None:
    settings.INBOUND_AUTHSERV_ID = "relay.example"
    held = give(world, forged.raw(), envelope_sender=forged.envelope, helo=forged.helo)
    assert (held.state, held.sender_id, held.message_id) == (Delivery.State.HELD, None, None)
    assert str(reasons.headline(held.verdict)).endswith(".")
    with tenancy.in_workspace(world.id):
        assert not Activity.objects.exists()
        assert not Message.objects.exists()


@pytest.mark.parametrize(
    ("raw", "facts"),
    [
        (ANA + REST, {"peer": ANA_IP, "envelope_sender": "ana@ours.example"}),
        (signed(ANA + REST, "ours.example"), {}),
        (signed(ANA + REST, "ours.example"), {"envelope_sender": "<>"}),
        (signed(signed(ANA + REST, "ours.example"), "list.example"), {}),
        (RELAYED + ANA + REST, {"peer": "10.1.2.3"}),
    ],
    ids=["spf", "dkim", "dkim without return path", "through a list", "by our relay"],
)
def test_the_same_mail_is_hers_where_it_is_proven(
    world: SimpleNamespace, settings: Any, raw: bytes, facts: dict[str, Any]
) -> None:
    settings.INBOUND_AUTHSERV_ID = "relay.example"
    kept = give(world, raw, **facts)
    assert (kept.state, kept.verdict) == (Delivery.State.PROCESSED, "member")
    assert kept.sender_id == world.ana.id
    assert kept.proof["passed"] is True


def test_results_of_a_relay_that_we_did_not_name_count_for_nothing(world: SimpleNamespace) -> None:
    assert give(world, RELAYED + ANA + REST, peer="10.1.2.3").state == Delivery.State.HELD


def test_while_the_dns_does_not_answer_the_mail_waits_and_then_it_is_accepted(
    world: SimpleNamespace, zone: DnsServer
) -> None:
    zone.fails.add("ours.example")
    raw = signed(ANA + REST, "ours.example")
    for attempt in range(1, 9):
        with tenancy.in_workspace(world.id):
            Delivery.objects.update(due_at="2026-01-01T00:00:00Z")
        waiting = give(world, raw)
        assert (waiting.state, waiting.waits, waiting.verdict) == ("due", attempt, "")
        assert "does not answer" in waiting.error
    zone.fails.clear()
    with tenancy.in_workspace(world.id):
        Delivery.objects.update(due_at="2026-01-01T00:00:00Z")
    process_all(world)
    (kept,) = deliveries(world)
    assert (kept.state, kept.sender_id, kept.error) == ("processed", world.ana.id, "")


def test_a_domain_that_never_answers_is_held_in_the_end(
    world: SimpleNamespace, zone: DnsServer
) -> None:
    zone.fails.add("ours.example")
    give(world, ANA + REST)
    with tenancy.in_workspace(world.id):
        Delivery.objects.update(due_at="2026-01-01T00:00:00Z", waits=77, attempts=77)
    process_all(world)
    (held,) = deliveries(world)
    assert (held.state, held.verdict) == ("held", "not_authenticated")
    assert held.proof["spf"] == "not_answered" or held.proof["dkim"] == []


def test_over_a_real_connection_the_peer_and_its_greeting_are_kept_and_judged(
    server: Server, world: SimpleNamespace, zone: DnsServer
) -> None:
    zone.records["ours.example", "TXT"] = ['"v=spf1 ip4:127.0.0.1 -all"']
    with smtplib.SMTP("127.0.0.1", server.port, local_hostname="mail.ours.example") as client:
        client.sendmail("ana@ours.example", [world.to_one], bytes(a_mail()))
    process_all(world)
    (kept,) = deliveries(world)
    assert (kept.peer, kept.helo) == ("127.0.0.1", "mail.ours.example")
    assert (kept.verdict, kept.proof["spf"], kept.proof["by"]) == ("member", "pass", "own")


def test_a_customers_answer_to_all_is_accepted_only_with_proof(
    world: SimpleNamespace, zone: DnsServer
) -> None:
    first = signed(ANA + b"Message-ID: <first@ours.example>\r\n" + REST, "ours.example")
    give(world, first)
    answer = b"From: jane@client.example\r\nIn-Reply-To: <first@ours.example>\r\n" + REST
    assert give(world, answer).verdict == "not_a_member"
    publish_key(zone, "client.example")
    accepted = give(world, signed(answer, "client.example"))
    assert (accepted.verdict, accepted.sender_id) == ("reply", None)
