"""Google's public keys, which change every few days, kept for as long as they are good."""

import base64
import threading
import time
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

import requests
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicNumbers
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from accounts.bounded_json import read_json

KEEP_SECONDS = 3600.0
# A key id that we do not know may be new, but nobody can make us ask more often than this.
ASK_AGAIN_SECONDS = 60.0
# Where none were ever had, whoever waits for them is refused for so long without asking.
REFUSE_SECONDS = 10.0
_TIMEOUT = 5.0
_MOST_BYTES = 256_000


class KeysUnavailable(Exception):
    """The keys could not be fetched, so nothing can be said about a signature."""


class Certificates:
    """The keys behind one address, by key id, as PEM. Safe to share between threads."""

    def __init__(self, url: str, clock: Callable[[], float] = time.monotonic) -> None:
        self._url, self._clock = url, clock
        self._keys: dict[str, str] = {}
        self._fetched_at: float | None = None
        self._failed_at = float("-inf")
        self._lock = threading.Lock()

    def with_key(self, key_id: str) -> dict[str, str]:
        """The keys by id, asked for anew where they are old or this one is not among them.

        Where the address does not answer the known keys are used on; raises KeysUnavailable
        where there are none.
        """
        with self._lock:
            age = self._age()
            if age > KEEP_SECONDS or (key_id not in self._keys and age > ASK_AGAIN_SECONDS):
                self._fetch()
            return self._keys

    def _age(self) -> float:
        return float("inf") if self._fetched_at is None else self._clock() - self._fetched_at

    def _fetch(self) -> None:
        if self._clock() - self._failed_at < REFUSE_SECONDS:
            raise KeysUnavailable
        try:
            with requests.get(self._url, timeout=_TIMEOUT, stream=True) as answer:
                answer.raise_for_status()
                body = answer.raw.read(_MOST_BYTES, decode_content=True)
            keys = read_keys(read_json(body))
        except (requests.RequestException, OSError, ValueError) as error:
            if not self._keys:
                self._failed_at = self._clock()
                raise KeysUnavailable from error
            # Google is away: not every push shall wait for it.
            self._fetched_at = self._clock() - KEEP_SECONDS + ASK_AGAIN_SECONDS
            return
        self._keys, self._fetched_at = keys, self._clock()


@lru_cache(maxsize=4)
def certificates(url: str) -> Certificates:
    """The one set of keys that this process keeps of an address."""
    return Certificates(url)


def read_keys(answer: Any) -> dict[str, str]:
    """A map of key ids to PEM, from such a map or from JWKS; raises ValueError."""
    if not isinstance(answer, Mapping):
        raise ValueError("neither a map of certificates nor a set of keys")
    if isinstance(answer.get("keys"), list):
        keys = {str(key["kid"]): _pem(key) for key in answer["keys"] if _is_rsa(key)}
    else:
        keys = {name: text for name, text in answer.items() if isinstance(text, str)}
    if not keys:
        raise ValueError("no keys")
    return keys


def _is_rsa(key: Any) -> bool:
    return isinstance(key, Mapping) and key.get("kty") == "RSA" and {"kid", "n", "e"} <= key.keys()


def _pem(key: Mapping[str, Any]) -> str:
    numbers = RSAPublicNumbers(_number(key["e"]), _number(key["n"]))
    pem = numbers.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    return pem.decode()


def _number(text: Any) -> int:
    padded = str(text) + "=" * (-len(str(text)) % 4)
    return int.from_bytes(base64.urlsafe_b64decode(padded), "big")
