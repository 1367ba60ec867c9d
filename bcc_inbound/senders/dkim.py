"""DKIM: which domains signed this mail, and do their signatures hold? (RFC 6376, RFC 8301)

dkimpy does the cryptography. What it leaves open is closed here: who may ask how much, expiry at
the moment of receipt, algorithms and keys that are broken, and signatures over half a mail.
"""

import logging
import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import dkim as dkimpy
from dkim.util import InvalidTagValueList, parse_tag_value

from activities.mail.header_block import read_header
from bcc_inbound.senders.names import Names, NotAnswered
from contacts.addresses import normalise_domain, registrable_domain

MOST_SIGNATURES = 5
MOST_LINES = 600_000
"""A mail of 25 MB in base64 has 350,000 lines; dkimpy makes an object of each."""

KEY_BYTES = 1_200
"""Text of an RSA key of 6,144 bits; a longer one would only cost time."""

SMALLEST_KEY = 1_024
SLACK_SECONDS = 300

_ALGORITHMS = {b"rsa-sha256", b"ed25519-sha256"}
_FOLD = re.compile(rb"\r?\n(?=[ \t])")
_silent = logging.Logger("dkimpy")
_silent.disabled = True


class Dkim(StrEnum):
    """How one signature ended."""

    PASS = "pass"  # noqa: S105 - the word of the RFC
    FAIL = "fail"
    EXPIRED = "expired"
    WEAK = "weak"
    NO_KEY = "no_key"
    PARTIAL = "partial"
    TESTING = "testing"
    UNREADABLE = "unreadable"
    NOT_ANSWERED = "not_answered"


@dataclass(frozen=True, slots=True)
class Signature:
    """One signature: the domain that takes responsibility (d=), and how it ended."""

    domain: str
    result: Dkim


def check_signatures(names: Names, raw: bytes, *, author: str, received: float) -> list[Signature]:
    """The signatures of a mail, those of the author's organisation first, at most five of them.

    `author` is the domain in From, `received` the time of receipt in seconds since 1970.
    """
    if raw.count(b"\n") > MOST_LINES:
        return []
    try:
        mail = dkimpy.DKIM(raw, logger=_silent, minkey=SMALLEST_KEY)
    except Exception:
        # Whatever a stranger's header does to the parser, nothing was signed.
        return []
    signed = [name.lower() for name, _ in mail.headers].count(b"from")
    # dkimpy skips a line such as "From : x", which others read as an author.
    if signed != 1 or len(read_header(raw).every("from")) != 1:
        return []
    found = _in_order(mail.headers, author)
    return [
        Signature(domain, _check(names, mail, place, tags, received))
        for place, domain, tags in found
    ]


_Found = tuple[int, str, dict[bytes, bytes]]


def _in_order(headers: Sequence[Any], author: str) -> list[_Found]:
    values = [value for name, value in headers if name.lower() == b"dkim-signature"]
    found = []
    for place, value in enumerate(values):
        try:
            tags = parse_tag_value(_FOLD.sub(b"", value))
        except InvalidTagValueList:
            continue
        domain = normalise_domain(tags.get(b"d", b"").decode("ascii", "replace"))
        if domain is not None:
            found.append((place, domain, tags))
    own = registrable_domain(author) or author
    found.sort(key=lambda one: (one[1] != author, (registrable_domain(one[1]) or one[1]) != own))
    return found[:MOST_SIGNATURES]


def _check(names: Names, mail: Any, place: int, tags: dict[bytes, bytes], received: float) -> Dkim:
    refused = _refused(tags, received)
    if refused is not None:
        return refused
    try:
        key = _key(names, tags)
    except NotAnswered:
        return Dkim.NOT_ANSWERED
    unfit = _unfit(key, tags)
    if unfit is not None:
        return unfit
    try:
        holds = mail.verify(place, dnsfunc=lambda *_args, **_words: key)
    except dkimpy.KeyFormatError:
        return Dkim.WEAK
    except dkimpy.ValidationError:
        return Dkim.FAIL
    except Exception:
        # Base64, numbers and lists of a stranger, in a parser that is not ours.
        return Dkim.UNREADABLE
    return Dkim.PASS if holds else Dkim.FAIL


def _refused(tags: dict[bytes, bytes], received: float) -> Dkim | None:
    """What needs no key to be refused."""
    if tags.get(b"a", b"").lower() not in _ALGORITHMS:
        return Dkim.WEAK
    if b"l" in tags:
        # Whoever passes the mail on may add what they like behind the signed length (8.2).
        return Dkim.PARTIAL
    if b"from" not in {name.strip().lower() for name in tags.get(b"h", b"").split(b":")}:
        # Anybody's mail could be made of this one (6.1.1); dkimpy asks it only when it signs.
        return Dkim.FAIL
    expires = tags.get(b"x", b"")
    if expires and not (expires.isdigit() and len(expires) <= 12):
        return Dkim.UNREADABLE
    if expires and int(expires) < received - SLACK_SECONDS:
        return Dkim.EXPIRED
    return None


def _key(names: Names, tags: dict[bytes, bytes]) -> bytes:
    selector = tags.get(b"s", b"").decode("ascii", "replace")
    domain = tags.get(b"d", b"").decode("ascii", "replace")
    texts = names.texts(f"{selector}._domainkey.{domain}")
    return next((text for text in texts if b"p=" in text), b"")


def _unfit(key: bytes, tags: dict[bytes, bytes]) -> Dkim | None:
    """Why the key proves nothing, if so (3.6.1)."""
    try:
        said = parse_tag_value(key) if key else {}
    except InvalidTagValueList:
        said = {}
    if not said.get(b"p"):
        return Dkim.NO_KEY
    if len(key) > KEY_BYTES:
        return Dkim.UNREADABLE
    hashes = {one.strip() for one in said.get(b"h", b"sha256").split(b":")}
    services = {one.strip() for one in said.get(b"s", b"*").split(b":")}
    flags = {one.strip() for one in said.get(b"t", b"").split(b":")}
    if b"sha256" not in hashes or not services & {b"*", b"email"}:
        return Dkim.WEAK
    if b"y" in flags:
        # A domain that tests asks to be treated as one that does not sign.
        return Dkim.TESTING
    identity = tags.get(b"i", b"").lower().rpartition(b"@")[2]
    if b"s" in flags and identity and identity != tags[b"d"].lower():
        return Dkim.FAIL
    return None
