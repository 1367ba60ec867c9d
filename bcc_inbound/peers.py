"""Which machines may hand us mail that counts as authenticated, or say whether it is."""

import ipaddress
from functools import lru_cache

from django.conf import settings

Network = ipaddress.IPv4Network | ipaddress.IPv6Network


def is_trusted(peer: str) -> bool:
    """Whether the operator named this IP address, alone or within a network."""
    return _is_in(peer, settings.INBOUND_TRUSTED_PEERS)


def is_relay(peer: str) -> bool:
    """Whether this machine may be the relay that INBOUND_AUTHSERV_ID names.

    Without such a relay nobody is one: whoever connects to us is then the sender's own server.
    """
    if not relay_name():
        return False
    return _is_in(peer, settings.INBOUND_RELAY_PEERS)


def relay_name() -> str:
    """The name under which that relay writes its results, "" where there is none."""
    return str(settings.INBOUND_AUTHSERV_ID)


def plain(peer: str) -> str:
    """The address of a peer in one form: an IPv4 address that came over IPv6 is an IPv4 address."""
    try:
        address = ipaddress.ip_address(peer.partition("%")[0])
    except ValueError:
        return peer
    mapped = getattr(address, "ipv4_mapped", None)
    return str(mapped or address)


def _is_in(peer: str, listed: list[str]) -> bool:
    try:
        address = ipaddress.ip_address(plain(peer))
    except ValueError:
        return False
    return any(address in network for network in _networks(tuple(listed)))


@lru_cache(maxsize=8)
def _networks(listed: tuple[str, ...]) -> tuple[Network, ...]:
    return tuple(
        ipaddress.ip_network(text.strip(), strict=False) for text in listed if text.strip()
    )
