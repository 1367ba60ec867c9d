"""Mail addresses and domains as plain text: one normal form, and what a domain is.

Everything here is pure. An address or a domain in its *normal form* is what the directory stores,
what the engine compares and what logs mask; nothing else may be compared with `==`.
"""

import re
import unicodedata
from functools import cache, lru_cache
from pathlib import Path

import idna
from publicsuffixlist import PublicSuffixList

ADDRESS_LIMIT = 254
"""Characters of the longest address that fits an SMTP path (RFC 5321, 4.5.3.1.3)."""

DOMAIN_LIMIT = 253
SUFFIX_LIMIT = 16
"""How many parents of one domain are ever looked up, so that a long name costs no long query."""

_INPUT_LIMIT = 1_000
_ADDRESSES_KEPT = 65_536
_DOMAINS_KEPT = 16_384

_PLAIN_LOCAL = re.compile(r"[a-z0-9.!#$%&'*+/=?^_`{|}~-]+\Z")
_ODD_LOCAL = re.compile(r'[^\s"(),:;<>@\[\\\]]+\Z')
_QUOTED_LOCAL = re.compile(r'"(?:[^"\\]|\\.)+"\Z')
# Underscores are no host name characters, but mail servers do use them below their own domain.
_ASCII_DOMAIN = re.compile(
    r"(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?\.)+"
    r"(?![0-9]+\Z)[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\Z"
)
# Control, format (direction marks, zero width), surrogate, private and separator characters make
# two addresses look alike that are not, so an address with one of them is nobody's.
_HIDDEN = frozenset({"Cc", "Cf", "Cs", "Co", "Zs", "Zl", "Zp"})

_NO_REPLY = frozenset(
    {"no-reply", "noreply", "donotreply", "mailer-daemon", "postmaster", "bounce"}
)


def normalise_address(text: str) -> str | None:
    """Return the one form in which an address is compared, or None when it is not an address.

    Lower case, the domain in ASCII (UTS 46), at most 254 characters. Whatever comes in, nothing is
    raised. Dots may stand anywhere in the local part: some carriers gave out such addresses.
    """
    if len(text) > _INPUT_LIMIT:
        return None
    return _normalise_address(text)


@lru_cache(maxsize=_ADDRESSES_KEPT)
def _normalise_address(text: str) -> str | None:
    local, at, host = text.strip().rpartition("@")
    if not at:
        return None
    domain = normalise_domain(host)
    plain_local = _normalise_local(local)
    if domain is None or plain_local is None:
        return None
    address = f"{plain_local}@{domain}"
    return address if len(address) <= ADDRESS_LIMIT else None


def _normalise_local(local: str) -> str | None:
    lowered = local.lower()
    if _PLAIN_LOCAL.match(lowered):
        return lowered
    composed = unicodedata.normalize("NFC", unicodedata.normalize("NFC", local).lower())
    if _QUOTED_LOCAL.match(composed):
        return _unquote(composed)
    if not _ODD_LOCAL.match(composed) or _has_hidden(composed):
        return None
    return composed


def _unquote(local: str) -> str | None:
    """Drop quotes that mean nothing: "jane"@x and jane@x are one mailbox (RFC 5321, 4.1.2)."""
    inner = re.sub(r"\\(.)", r"\1", local[1:-1])
    if _has_hidden(inner.replace(" ", "")):
        return None
    return inner if _ODD_LOCAL.match(inner) else local


def _has_hidden(text: str) -> bool:
    return any(unicodedata.category(character) in _HIDDEN for character in text)


def normalise_domain(text: str) -> str | None:
    """Return a domain in lower case ASCII (UTS 46) without a closing dot, or None.

    A name of one label, an IP number and a domain literal are no domains here.
    """
    if len(text) > _INPUT_LIMIT:
        return None
    return _normalise_domain(text)


@lru_cache(maxsize=_DOMAINS_KEPT)
def _normalise_domain(text: str) -> str | None:
    domain = text.strip().lower()
    if not domain.isascii():
        domain = _to_ascii(domain)
    domain = domain.removesuffix(".")
    if len(domain) > DOMAIN_LIMIT or not _ASCII_DOMAIN.match(domain):
        return None
    return domain


def _to_ascii(domain: str) -> str:
    """Map by UTS 46 and write each label in punycode; an empty text when that is not possible.

    idna.encode would also refuse names that IDNA 2008 forbids but registries have sold (emoji).
    """
    try:
        mapped = idna.uts46_remap(domain, std3_rules=False, transitional=False)
        return ".".join(_label_to_ascii(label) for label in mapped.split("."))
    except (idna.IDNAError, UnicodeError):
        return ""


def _label_to_ascii(label: str) -> str:
    if label.isascii():
        return label
    return "xn--" + label.encode("punycode").decode("ascii")


def without_tag(address: str) -> str:
    """Return a normalised address without the +tag of its local part."""
    local, _, domain = address.rpartition("@")
    name, plus, _ = local.partition("+")
    if not plus or not name or name.startswith('"'):
        return address
    return f"{name}@{domain}"


def domain_of(address: str) -> str:
    """Return what stands behind the last @ of a normalised address."""
    return address.rpartition("@")[2]


@lru_cache(maxsize=_DOMAINS_KEPT)
def suffixes(domain: str) -> tuple[str, ...]:
    """Return a normalised domain and its parents of two labels or more, longest first.

    At most SUFFIX_LIMIT of them, the shortest: nobody owns a domain of more labels than that.
    """
    labels = domain.split(".")
    first = max(0, len(labels) - SUFFIX_LIMIT - 1)
    return tuple(".".join(labels[start:]) for start in range(first, len(labels) - 1))


@lru_cache(maxsize=_DOMAINS_KEPT)
def registrable_domain(domain: str) -> str | None:
    """Return the part of a normalised domain that somebody registered, or None for a suffix.

    Source: the public suffix list, its private section included.
    """
    return _public_suffixes().privatesuffix(domain)


@lru_cache(maxsize=_DOMAINS_KEPT)
def is_public_suffix(domain: str) -> bool:
    """Tell whether strangers register names directly below this domain (co.uk, github.io)."""
    return _public_suffixes().is_public(domain)


@cache
def _public_suffixes() -> PublicSuffixList:
    return PublicSuffixList()


@lru_cache(maxsize=_DOMAINS_KEPT)
def is_public_mail_domain(domain: str) -> bool:
    """Tell whether anybody can get a mailbox at this domain, or at the one that it is below.

    Source: public_mail_domains.txt. Where customers of a provider got a domain of their own below
    its name, the list marks the name with = and only the name itself is public.
    """
    exact, with_subdomains = _public_mail_domains()
    return domain in exact or any(suffix in with_subdomains for suffix in suffixes(domain))


@cache
def _public_mail_domains() -> tuple[frozenset[str], frozenset[str]]:
    text = Path(__file__).with_name("public_mail_domains.txt").read_text(encoding="utf-8")
    lines = [line.strip() for line in text.splitlines()]
    names = [line for line in lines if line and not line.startswith("#")]
    exact = frozenset(name.removeprefix("=") for name in names)
    return exact, frozenset(name for name in names if not name.startswith("="))


def mask(address: str) -> str:
    """Return an address as logs may show it: j***@acme.example."""
    local, at, domain = address.rpartition("@")
    if not at or not local or _has_hidden(domain):
        return "***"
    return f"{local[0]}***@{domain}"


def is_no_reply(address: str) -> bool:
    """Tell whether a normalised address belongs to a machine that nobody can write to."""
    return without_tag(address).rpartition("@")[0] in _NO_REPLY
