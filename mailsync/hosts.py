"""Hosts that people type: resolved once, judged, and connected to at the address that was judged.

A second look-up could answer differently (DNS rebinding), so nobody connects by name. Private,
loopback and link-local addresses lead into the operator's own network and are refused unless
MAIL_ALLOW_PRIVATE_HOSTS is set.
"""

import ipaddress
import socket
from contextlib import suppress
from dataclasses import dataclass

from django.conf import settings

IpAddress = ipaddress.IPv4Address | ipaddress.IPv6Address

MOST_ADDRESSES = 4

# RFC 6052: an IPv6 network that carries IPv4 addresses in its last four bytes.
_NAT64 = ipaddress.ip_network("64:ff9b::/96")


class HostRefused(Exception):
    """The host may not be connected to, or does not exist. Its text is a sentence for people."""


class HostUnknown(HostRefused):
    """The name has no address, perhaps only at this moment."""


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where to connect: `ips` are the judged addresses, `name` is what TLS has to prove."""

    name: str
    ips: tuple[str, ...]
    port: int

    @property
    def is_loopback(self) -> bool:
        return all(_innermost(ipaddress.ip_address(ip)).is_loopback for ip in self.ips)

    def open_socket(self, seconds: float) -> socket.socket:
        """Connect to the first of the addresses that answers; raises OSError."""
        for ip in self.ips[:-1]:
            with suppress(OSError):
                return socket.create_connection((ip, self.port), timeout=seconds)
        return socket.create_connection((self.ips[-1], self.port), timeout=seconds)


def resolve(name: str, port: int) -> Endpoint:
    """Look a typed host up once and judge every address that it has; raises HostRefused.

    One forbidden address refuses the whole name, since a name that points both outside and
    inside is not an honest mail server's.
    """
    name = name.strip().rstrip(".")
    if not name or len(name) > 253 or not 0 < port < 65536:
        raise HostRefused("That is not the name and port of a server.")
    try:
        found = socket.getaddrinfo(name, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise HostUnknown(f"There is no server with the name {name}.") from error
    addresses = tuple(dict.fromkeys(str(entry[4][0]).partition("%")[0] for entry in found))
    if not settings.MAIL_ALLOW_PRIVATE_HOSTS and not all(map(_is_public, addresses)):
        raise HostRefused(
            f"{name} is inside a private network, and this installation only connects to servers"
            " on the public internet."
        )
    return Endpoint(name, addresses[:MOST_ADDRESSES], port)


def _is_public(text: str) -> bool:
    address = _innermost(ipaddress.ip_address(text))
    return address.is_global and not address.is_multicast and not address.is_reserved


def _innermost(address: IpAddress) -> IpAddress:
    """The IPv4 address that an IPv6 address only wraps, otherwise the address itself."""
    if not isinstance(address, ipaddress.IPv6Address):
        return address
    wrapped = address.ipv4_mapped or address.sixtofour
    if wrapped is None and address in _NAT64:
        wrapped = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    if wrapped is None and address.teredo is not None:
        wrapped = address.teredo[1]
    return wrapped or address
