"""Asks the DNS for one mail, within its time. No answer is never taken for "there is none"."""

import ipaddress
import socket
import time
from dataclasses import dataclass, field
from typing import Any

import dns.exception
import dns.name
import dns.nameserver
import dns.resolver
import dns.reversename
from django.conf import settings

ONE_QUESTION = 6.0
ONE_SERVER = 2.0
DNS_PORT = 53

IpAddress = ipaddress.IPv4Address | ipaddress.IPv6Address


class NotAnswered(Exception):
    """The DNS did not answer in time, or failed. The question is to be asked again later."""


@dataclass
class Names:
    """The DNS as one mail may ask it, until `deadline` (of time.monotonic).

    Answers are remembered, so that asking twice costs one question.
    """

    deadline: float
    _known: dict[tuple[str, str], list[Any]] = field(default_factory=dict)

    def texts(self, name: str) -> list[bytes]:
        """The TXT records of a name, each joined; [] where there are none."""
        return [b"".join(one.strings) for one in self._ask(name, "TXT")]

    def addresses(self, name: str, ip: IpAddress) -> list[IpAddress]:
        """The A or AAAA records of a name, of the same family as `ip`."""
        kind = "A" if ip.version == 4 else "AAAA"
        return [ipaddress.ip_address(one.address) for one in self._ask(name, kind)]

    def exchangers(self, name: str) -> list[str]:
        """The hosts in the MX records of a name, the preferred first."""
        rows = sorted(self._ask(name, "MX"), key=lambda one: one.preference)
        return [one.exchange.to_text(omit_final_dot=True) for one in rows]

    def hosts(self, ip: IpAddress) -> list[str]:
        """The names in the PTR records of an address."""
        reverse = dns.reversename.from_address(str(ip)).to_text()
        return [one.target.to_text(omit_final_dot=True) for one in self._ask(reverse, "PTR")]

    def exists(self, name: str) -> bool:
        """Whether a name has an A record."""
        return bool(self._ask(name, "A"))

    def _ask(self, name: str, kind: str) -> list[Any]:
        key = (name.lower().rstrip("."), kind)
        if key not in self._known:
            self._known[key] = self._ask_servers(*key)
        return self._known[key]

    def _ask_servers(self, name: str, kind: str) -> list[Any]:
        left = self.deadline - time.monotonic()
        if left <= 0:
            raise NotAnswered
        try:
            absolute = dns.name.from_text(name + ".")
            answer = _resolver().resolve(
                absolute, kind, raise_on_no_answer=False, lifetime=min(left, ONE_QUESTION)
            )
        except (dns.resolver.NXDOMAIN, dns.resolver.YXDOMAIN, *_NO_NAME):
            return []
        except (dns.exception.DNSException, OSError) as problem:
            raise NotAnswered from problem
        return list(answer.rrset or [])


_NO_NAME = (
    dns.name.LabelTooLong,
    dns.name.NameTooLong,
    dns.name.EmptyLabel,
    dns.name.BadEscape,
    dns.name.IDNAException,
    UnicodeError,
)
"""What cannot be a name in the DNS is not there."""


def _resolver() -> dns.resolver.Resolver:
    """The servers of DNS_SERVERS, or those of the system. Truncated answers come again by TCP."""
    if not settings.DNS_SERVERS:
        resolver = dns.resolver.Resolver()
    else:
        resolver = dns.resolver.Resolver(configure=False)
        resolver.nameservers = [_server(text) for text in settings.DNS_SERVERS]
    resolver.timeout = ONE_SERVER
    return resolver


def _server(text: str) -> dns.nameserver.Nameserver:
    host, _, port = text.strip().rpartition(":") if text.count(":") == 1 else (text, "", "")
    host = host.strip().strip("[]")
    try:
        ipaddress.ip_address(host)
    except ValueError:
        host = str(socket.getaddrinfo(host, None)[0][4][0])
    return dns.nameserver.Do53Nameserver(host, int(port or DNS_PORT))
