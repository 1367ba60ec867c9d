"""The keys that the sandbox signs tokens with, and how it publishes them."""

import base64
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any

import jwt
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID

from mailsync.sandbox.tables import Tables


class SigningKey:
    """One RSA key a vendor, kept over a restart; `rotate` makes another."""

    def __init__(self, tables: Tables, vendor: str) -> None:
        self._tables, self._vendor = tables, vendor
        if tables.get("signing keys", vendor) is None:
            self.rotate()

    def rotate(self) -> None:
        """Sign with a new key from now on; the old one is no longer published."""
        number = (self._tables.get("signing keys", self._vendor) or {"number": 0})["number"] + 1
        row = {"pem": _private_key(self._vendor, number), "number": number}
        self._tables.put("signing keys", self._vendor, row)

    @property
    def id(self) -> str:
        return f"{self._vendor}-{self._row['number']}"

    def sign(self, claims: dict[str, Any]) -> str:
        """A JWT by RS256."""
        return jwt.encode(claims, self._key, algorithm="RS256", headers={"kid": self.id})

    def jwks(self) -> dict[str, Any]:
        """The public key as a JSON Web Key Set."""
        numbers = self._key.public_key().public_numbers()
        key = {
            "kty": "RSA",
            "alg": "RS256",
            "use": "sig",
            "kid": self.id,
            "n": _base64(numbers.n),
            "e": _base64(numbers.e),
        }
        return {"keys": [key]}

    def certificates(self) -> dict[str, str]:
        """The public key in a certificate, by its id."""
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, f"sandbox {self._vendor}")])
        now = datetime.now(UTC)
        made = (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(name)
            .public_key(self._key.public_key())
            .serial_number(self._row["number"])
            .not_valid_before(now - timedelta(days=1))
            .not_valid_after(now + timedelta(days=30))
            .sign(self._key, hashes.SHA256())
        )
        return {self.id: made.public_bytes(serialization.Encoding.PEM).decode()}

    @property
    def _row(self) -> dict[str, Any]:
        row: dict[str, Any] = self._tables.get("signing keys", self._vendor)
        return row

    @property
    def _key(self) -> rsa.RSAPrivateKey:
        return _loaded(self._row["pem"])


@lru_cache
def _loaded(pem: str) -> rsa.RSAPrivateKey:
    """Checking a key takes a tenth of a second, so it is done once."""
    key = serialization.load_pem_private_key(pem.encode(), password=None)
    if not isinstance(key, rsa.RSAPrivateKey):
        raise TypeError("the sandbox signs with RSA")
    return key


@lru_cache
def _private_key(vendor: str, number: int) -> str:
    """As PEM. Making one takes a while, so that all sandboxes of a process share it."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    pem = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    return pem.decode()


def _base64(number: int) -> str:
    data = number.to_bytes((number.bit_length() + 7) // 8, "big")
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()
