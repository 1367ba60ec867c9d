"""Keys and signatures for tests: what a domain that signs its mail publishes and does."""

import base64
from functools import cache

import dkim
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from tests.dns_server import DnsServer

SELECTOR = "s1"


@cache
def key_of(domain: str, bits: int = 1024) -> rsa.RSAPrivateKey:
    """The key of a domain; 1,024 bits are the least that counts, and quick to make."""
    return rsa.generate_private_key(65537, bits)


def published(domain: str, bits: int = 1024) -> str:
    """The p= of its key record."""
    public = key_of(domain, bits).public_key()
    der = public.public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    return base64.b64encode(der).decode()


def publish_key(zone: DnsServer, domain: str, *, tags: str = "v=DKIM1", bits: int = 1024) -> None:
    zone.add(f"{SELECTOR}._domainkey.{domain}", "TXT", f"{tags}; p={published(domain, bits)}")


def signed(raw: bytes, domain: str, *, bits: int = 1024, **words: object) -> bytes:
    """The mail with a signature of the domain on top."""
    pem = key_of(domain, bits).private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.TraditionalOpenSSL,
        serialization.NoEncryption(),
    )
    words.setdefault("include_headers", [b"from", b"to", b"subject"])
    words.setdefault("canonicalize", (b"relaxed", b"relaxed"))
    signature: bytes = dkim.sign(raw, SELECTOR.encode(), domain.encode(), pem, **words)
    return signature + raw
