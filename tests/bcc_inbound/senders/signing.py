"""Keys and signatures for tests: what a domain that signs its mail publishes and does."""

import base64
import hashlib
from functools import cache

import dkim
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

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


def signed_without_its_author(raw: bytes, domain: str) -> bytes:
    """The mail with a signature over its subject alone, which dkimpy refuses to make."""
    head, _, body = raw.partition(b"\r\n\r\n")
    subject = next(line for line in head.split(b"\r\n") if line.startswith(b"Subject: "))
    digest = base64.b64encode(hashlib.sha256(body).digest()).decode()
    tags = (
        f"DKIM-Signature: v=1; a=rsa-sha256; c=simple/simple; d={domain}; s={SELECTOR};"
        f" h=subject; bh={digest}; b="
    ).encode()
    signature = key_of(domain, 1024).sign(
        subject + b"\r\n" + tags, padding.PKCS1v15(), hashes.SHA256()
    )
    return tags + base64.b64encode(signature) + b"\r\n" + raw
