"""Secrets at rest, and hashes that only this installation can make.

Sealed values are AES-256-GCM with a key id in front and the row's identity as associated data,
so that a value copied to another row does not open. Keys stand in CREDENTIAL_KEYS as
`id:base64,id:base64`; the first seals, all of them open.
"""

import base64
import hashlib
import hmac
import os
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

_NONCE = 12


class CannotUnseal(Exception):
    """The value was sealed with a key that is no longer listed, or for another row."""


def seal(plain: bytes, *, row: str) -> bytes:
    """Encrypt `plain` for the row named `row` ("mailsync.mailbox:<id>")."""
    key_id, key = next(iter(_keys().items()))
    nonce = os.urandom(_NONCE)
    return key_id.encode() + b":" + nonce + AESGCM(key).encrypt(nonce, plain, row.encode())


def present_key() -> bytes:
    """What every value begins with that the first key sealed."""
    return next(iter(_keys())).encode() + b":"


def unseal(sealed: bytes, *, row: str) -> bytes:
    """The plain value again; raises CannotUnseal."""
    key_id, _, body = bytes(sealed).partition(b":")
    key = _keys().get(key_id.decode("ascii", "replace"))
    if key is None:
        raise CannotUnseal("The key that sealed this value is not in CREDENTIAL_KEYS.")
    try:
        return AESGCM(key).decrypt(body[:_NONCE], body[_NONCE:], row.encode())
    except InvalidTag as error:
        raise CannotUnseal("The value does not belong to this row.") from error


def keyed_hash(*parts: str) -> bytes:
    """A hash of the parts that nobody without the installation's secret can compute (32 bytes)."""
    return hmac.digest(_hash_key(), "\x1f".join(parts).encode("utf-8", "replace"), "sha256")


@lru_cache(maxsize=1)
def _keys() -> dict[str, bytes]:
    listed = [pair.split(":", 1) for pair in settings.CREDENTIAL_KEYS]
    return {key_id: base64.b64decode(text) for key_id, text in listed}


@lru_cache(maxsize=1)
def _hash_key() -> bytes:
    # Derived from its own setting, so that rotating the sealing keys keeps the hashes.
    return hashlib.sha256(b"threadwell hash" + settings.HASH_KEY.encode()).digest()
