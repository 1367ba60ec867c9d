"""The certificates that SNS signs with: fetched from where a message says, kept, and few at a time.

Whoever knows the door can name ever new paths on Amazon's host. So a path that led to nothing is
not asked again at once, and in any stretch of time only so many are asked at all.
"""

from collections.abc import Callable
from threading import Lock
from time import monotonic

import requests
from cryptography.x509 import load_pem_x509_certificate

from bcc_inbound.webhooks.posts import NotNow

CERTIFICATE_BYTES = 16 * 1024
FETCH_SECONDS = 5
KEPT_SECONDS = 3600
GOOD_SECONDS = 24 * 3600
"""How long a certificate is still used while it cannot be fetched anew."""

MOST_KEPT = 64
STRETCH = 10.0
"""Seconds. By default SNS tries again after 20, three times, and then gives up:
https://docs.aws.amazon.com/sns/latest/dg/SendMessageToHttp.retry.html"""


class Certificates:
    """What this process fetched, and what it asked within the last stretch of time."""

    def __init__(self, *, most_asked: int, clock: Callable[[], float] = monotonic) -> None:
        self._most_asked = most_asked
        self._clock = clock
        self._lock = Lock()
        self._kept: dict[str, tuple[float, bytes]] = {}
        self._asked: dict[str, float] = {}

    def get(self, url: str) -> bytes:
        """The certificate at a URL that leads to Amazon; raises NotNow without one."""
        with self._lock:
            since, known = self._kept.get(url, (0.0, b""))
            age = self._clock() - since
            if known and age < KEPT_SECONDS:
                return known
            may_ask = self._may_ask(url)
        try:
            return self._fetch(url, may_ask=may_ask)
        except NotNow:
            if known and age < GOOD_SECONDS:
                return known
            raise

    def keep(self, url: str, content: bytes) -> None:
        """Keep a certificate; the one that was fetched longest ago makes room."""
        with self._lock:
            self._kept.pop(url, None)
            if len(self._kept) >= MOST_KEPT:
                del self._kept[next(iter(self._kept))]
            self._kept[url] = (self._clock(), content)

    def forget(self) -> None:
        """Start anew, as another process does."""
        with self._lock:
            self._kept.clear()
            self._asked.clear()

    def _may_ask(self, url: str) -> bool:
        now = self._clock()
        self._asked = {one: at for one, at in self._asked.items() if now - at < STRETCH}
        if url in self._asked or len(self._asked) >= self._most_asked:
            return False
        self._asked[url] = now
        return True

    def _fetch(self, url: str, *, may_ask: bool) -> bytes:
        if not may_ask:
            raise NotNow
        content = _read(url)
        self.keep(url, content)
        return content


def _read(url: str) -> bytes:
    """Fetch at most a few kilobytes, in a few seconds, from where the URL says and no further."""
    try:
        with requests.get(url, timeout=FETCH_SECONDS, stream=True, allow_redirects=False) as answer:
            content = next(answer.iter_content(CERTIFICATE_BYTES), b"")
            if answer.status_code != 200:
                raise NotNow
    except requests.RequestException as problem:
        raise NotNow from problem
    try:
        load_pem_x509_certificate(content)
    except ValueError as problem:
        raise NotNow from problem
    return content
