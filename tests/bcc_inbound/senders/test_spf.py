"""SPF against a real name server: every mechanism, every limit, and a DNS that does not answer."""

import ipaddress
import time

import pytest

from bcc_inbound.senders.names import Names
from bcc_inbound.senders.spf import Spf, check_host
from tests.bcc_inbound.conftest import dns_server, zone
from tests.dns_server import DnsServer

__all__ = ["dns_server", "zone"]


def check(ip: str = "192.0.2.10", domain: str = "ours.example", sender: str = "ana") -> Spf:
    names = Names(time.monotonic() + 8)
    address = ipaddress.ip_address(ip)
    return check_host(names, address, domain, sender=f"{sender}@{domain}", helo="mx.ours.example")


@pytest.mark.parametrize(
    ("record", "result"),
    [
        ("v=spf1 ip4:192.0.2.10 -all", Spf.PASS),
        ("v=spf1 ip4:192.0.2.0/24 -all", Spf.PASS),
        ("V=SPF1 IP4:192.0.2.0/24 -ALL", Spf.PASS),
        ("v=spf1 ip4:198.51.100.0/24 -all", Spf.FAIL),
        ("v=spf1 ip4:198.51.100.0/24 ~all", Spf.SOFTFAIL),
        ("v=spf1 ip4:198.51.100.0/24 ?all", Spf.NEUTRAL),
        ("v=spf1 ip4:198.51.100.0/24", Spf.NEUTRAL),
        ("v=spf1 -ip4:192.0.2.10 +all", Spf.FAIL),
        ("v=spf1 a -all", Spf.PASS),
        ("v=spf1 a:host.ours.example -all", Spf.PASS),
        ("v=spf1 a:far.ours.example/24 -all", Spf.PASS),
        ("v=spf1 a:far.ours.example -all", Spf.FAIL),
        ("v=spf1 mx -all", Spf.PASS),
        ("v=spf1 mx:ours.example/32//64 -all", Spf.PASS),
        ("v=spf1 ptr -all", Spf.PASS),
        ("v=spf1 ptr:other.example -all", Spf.FAIL),
        ("v=spf1 exists:%{i}.allow.ours.example -all", Spf.PASS),
        ("v=spf1 exists:%{ir}.%{v}._spf.%{d2} -all", Spf.PASS),
        ("v=spf1 exists:%{l1r-}.%{o}.users.ours.example -all", Spf.PASS),
        ("v=spf1 exists:%{S}.encoded.ours.example -all", Spf.PASS),
        ("v=spf1 exists:%{p}.names.ours.example -all", Spf.PASS),
        ("v=spf1 exists:%{h}.helos.ours.example -all", Spf.PASS),
        ("v=spf1 include:good.example -all", Spf.PASS),
        ("v=spf1 include:bad.example ip4:192.0.2.10 -all", Spf.PASS),
        ("v=spf1 include:nothing.example -all", Spf.PERMERROR),
        ("v=spf1 redirect=good.example", Spf.PASS),
        ("v=spf1 redirect=nothing.example", Spf.PERMERROR),
        ("v=spf1 -all redirect=good.example", Spf.FAIL),
        ("v=spf1 moo=1 exp=why.ours.example ip4:192.0.2.10", Spf.PASS),
        ("v=spf1 ip4:300.1.1.1 ip4:192.0.2.10", Spf.PERMERROR),
        ("v=spf1 ip4:192.0.2.10/33", Spf.PERMERROR),
        ("v=spf1 ip6:192.0.2.10 ip4:192.0.2.10", Spf.PERMERROR),
        ("v=spf1 ip4:192.0.2.10 nonsense", Spf.PERMERROR),
        ("v=spf1 all:x ip4:192.0.2.10", Spf.PERMERROR),
        ("v=spf1 include: ip4:192.0.2.10", Spf.PERMERROR),
        ("v=spf1 exists:%{z}.x exists:%(i).x ip4:192.0.2.10", Spf.PERMERROR),
        ("v=spf1 redirect=a.example redirect=b.example ip4:192.0.2.10", Spf.PERMERROR),
        ("v=spf10 ip4:192.0.2.10", Spf.NONE),
        ("some other text", Spf.NONE),
    ],
)
def test_a_record_is_read_as_the_rfc_wants_it(zone: DnsServer, record: str, result: Spf) -> None:
    zone.add("ours.example", "TXT", record)
    zone.add("ours.example", "A", "192.0.2.10")
    zone.add("ours.example", "MX", "10 mx.ours.example.")
    zone.add("mx.ours.example", "A", "192.0.2.10")
    zone.add("host.ours.example", "A", "192.0.2.9", "192.0.2.10")
    zone.add("far.ours.example", "A", "192.0.2.200")
    zone.add("10.2.0.192.in-addr.arpa", "PTR", "mx.ours.example.")
    zone.add("192.0.2.10.allow.ours.example", "A", "127.0.0.2")
    zone.add("10.2.0.192.in-addr._spf.ours.example", "A", "127.0.0.2")
    zone.add("ana.ours.example.users.ours.example", "A", "127.0.0.2")
    zone.add("ana%40ours.example.encoded.ours.example", "A", "127.0.0.2")
    zone.add("mx.ours.example.names.ours.example", "A", "127.0.0.2")
    zone.add("mx.ours.example.helos.ours.example", "A", "127.0.0.2")
    zone.add("good.example", "TXT", "v=spf1 ip4:192.0.2.0/24 -all")
    zone.add("bad.example", "TXT", "v=spf1 -all")
    assert check() == result


def test_ipv6_is_matched_and_written_out_in_macros(zone: DnsServer) -> None:
    zone.add("ours.example", "TXT", "v=spf1 a:six.example//64 exists:%{i}.x.example -all")
    zone.add("six.example", "AAAA", "2001:db8:0:1::9")
    dotted = ".".join("20010db8000000020000000000000005")
    zone.add(f"{dotted}.x.example", "A", "127.0.0.2")
    assert check("2001:db8:0:1::5") == Spf.PASS
    assert check("2001:db8:0:2::5") == Spf.PASS
    assert check("2001:db8:0:3::5") == Spf.FAIL


def test_ten_lookups_are_allowed_and_the_eleventh_is_an_error(zone: DnsServer) -> None:
    zone.add("host.example", "A", "198.51.100.1")
    for count in (10, 11):
        terms = " ".join(["a:host.example"] * count)
        zone.add(f"n{count}.example", "TXT", f"v=spf1 {terms} ip4:192.0.2.10 -all")
    assert check(domain="n10.example") == Spf.PASS
    assert check(domain="n11.example") == Spf.PERMERROR


def test_an_endless_chain_of_includes_ends(zone: DnsServer) -> None:
    zone.add("ours.example", "TXT", "v=spf1 include:ours.example -all")
    assert check() == Spf.PERMERROR


def test_two_empty_answers_are_allowed_and_the_third_is_an_error(zone: DnsServer) -> None:
    zone.add("two.example", "TXT", "v=spf1 a:x1.example a:x2.example ip4:192.0.2.10 -all")
    zone.add("three.example", "TXT", "v=spf1 a:x1.example a:x2.example mx:x3.example +all")
    assert check(domain="two.example") == Spf.PASS
    assert check(domain="three.example") == Spf.PERMERROR


def test_more_than_ten_exchangers_are_an_error(zone: DnsServer) -> None:
    zone.add("ours.example", "TXT", "v=spf1 mx +all")
    zone.add("ours.example", "MX", *(f"10 mx{number}.ours.example." for number in range(11)))
    assert check() == Spf.PERMERROR


def test_two_records_are_an_error(zone: DnsServer) -> None:
    zone.add("ours.example", "TXT", "v=spf1 +all", "v=spf1 -all")
    assert check() == Spf.PERMERROR


def test_a_long_record_comes_by_tcp(zone: DnsServer) -> None:
    many = " ".join(f"ip4:198.51.100.{number}" for number in range(60))
    zone.add("ours.example", "TXT", f"v=spf1 {many} ip4:192.0.2.10 -all")
    assert check() == Spf.PASS
    assert zone.by_tcp == 1


def test_a_record_without_end_is_an_error(zone: DnsServer) -> None:
    zone.add("ours.example", "TXT", "v=spf1 " + "ip4:198.51.100.7 " * 600 + "+all")
    assert check() == Spf.PERMERROR


@pytest.mark.parametrize("where", ["ours.example", "inner.example"])
def test_a_server_that_fails_is_no_verdict(zone: DnsServer, where: str) -> None:
    zone.add("ours.example", "TXT", "v=spf1 include:inner.example -all")
    zone.fails.add(where)
    assert check() == Spf.NOT_ANSWERED


def test_a_server_that_says_nothing_is_no_verdict(zone: DnsServer) -> None:
    zone.silent.add("ours.example")
    begun = time.monotonic()
    names = Names(time.monotonic() + 1)
    address = ipaddress.ip_address("192.0.2.10")
    result = check_host(names, address, "ours.example", sender="ana@ours.example", helo="x")
    assert result == Spf.NOT_ANSWERED
    assert time.monotonic() - begun < 3


@pytest.mark.parametrize("domain", ["localhost", "192.0.2.1", "a..example", "x" * 64 + ".example"])
def test_what_is_no_domain_has_no_record(zone: DnsServer, domain: str) -> None:
    assert check(domain=domain) == Spf.NONE
