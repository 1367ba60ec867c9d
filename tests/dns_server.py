"""A name server on a real socket, UDP and TCP, whose zones a test writes down.

zone.add("ours.example", "TXT", "v=spf1 ip4:192.0.2.0/24 -all")
zone.fails.add("slow.example")       SERVFAIL for this name and all below it
zone.silent.add("dead.example")      no answer at all
"""

import socket
import struct
import threading
from collections import Counter
from collections.abc import Iterator
from typing import Any

import dns.flags
import dns.message
import dns.name
import dns.rcode
import dns.rdataclass
import dns.rdatatype
import dns.rrset
import pytest

UDP_BYTES = 512


class DnsServer:
    """Answers what was added, NXDOMAIN for the rest; counts what was asked."""

    def __init__(self) -> None:
        self.records: dict[tuple[str, str], list[str]] = {}
        self.fails: set[str] = set()
        self.silent: set[str] = set()
        self.asked: Counter[tuple[str, str]] = Counter()
        self.by_tcp = 0
        self._tcp = socket.create_server(("127.0.0.1", 0))
        self.port = self._tcp.getsockname()[1]
        self._udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._udp.bind(("127.0.0.1", self.port))
        for serve in (self._serve_udp, self._serve_tcp):
            threading.Thread(target=serve, daemon=True).start()

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self.port}"

    def add(self, name: str, kind: str, *values: str) -> None:
        rows = self.records.setdefault((name.lower(), kind), [])
        rows.extend(_quoted(value) if kind == "TXT" else value for value in values)

    def clear(self) -> None:
        self.records.clear()
        self.fails.clear()
        self.silent.clear()
        self.asked.clear()
        self.by_tcp = 0

    def close(self) -> None:
        self._udp.close()
        self._tcp.close()

    def _serve_udp(self) -> None:
        while True:
            try:
                wire, peer = self._udp.recvfrom(4096)
            except OSError:
                return
            answer = self._answer(wire)
            if answer is None:
                continue
            if len(answer.to_wire()) > UDP_BYTES:
                answer.answer.clear()
                answer.flags |= dns.flags.TC
            self._udp.sendto(answer.to_wire(), peer)

    def _serve_tcp(self) -> None:
        while True:
            try:
                client, _peer = self._tcp.accept()
            except OSError:
                return
            with client:
                (size,) = struct.unpack("!H", client.recv(2))
                answer = self._answer(client.recv(size))
                self.by_tcp += 1
                if answer is not None:
                    wire = answer.to_wire(max_size=65535)
                    client.sendall(struct.pack("!H", len(wire)) + wire)

    def _answer(self, wire: bytes) -> dns.message.Message | None:
        query = dns.message.from_wire(wire)
        asked = query.question[0]
        name = asked.name.to_text(omit_final_dot=True).lower()
        kind = dns.rdatatype.to_text(asked.rdtype)
        self.asked[name, kind] += 1
        if _is_below(name, self.silent):
            return None
        answer = dns.message.make_response(query)
        if _is_below(name, self.fails):
            answer.set_rcode(dns.rcode.SERVFAIL)
        elif rows := self.records.get((name, kind)):
            answer.answer.append(dns.rrset.from_text_list(asked.name, 60, "IN", kind, rows))
        elif not any(known == name for known, _ in self.records):
            answer.set_rcode(dns.rcode.NXDOMAIN)
        return answer


def _is_below(name: str, listed: set[str]) -> bool:
    return any(name == one or name.endswith("." + one) for one in listed)


def _quoted(text: str) -> str:
    """A TXT value as a master file writes it: strings of at most 255 octets."""
    escaped = [text[at : at + 250] for at in range(0, len(text), 250)] or [""]
    return " ".join('"' + one.replace("\\", "\\\\").replace('"', '\\"') + '"' for one in escaped)


@pytest.fixture(scope="session")
def dns_server() -> Iterator[DnsServer]:
    server = DnsServer()
    yield server
    server.close()


@pytest.fixture
def zone(dns_server: DnsServer, settings: Any) -> DnsServer:
    """The server with nothing in it, and the product asking it and nobody else."""
    dns_server.clear()
    settings.DNS_SERVERS = [dns_server.address]
    return dns_server
