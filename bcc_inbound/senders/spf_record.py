"""An SPF record cut into its terms, and its macros expanded (RFC 7208, sections 4.6, 5 and 7)."""

import ipaddress
import re
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import quote

from bcc_inbound.senders.names import IpAddress

RECORD_BYTES = 8 * 1024
NAME_LIMIT = 253

_TERM = re.compile(
    r"(?P<sign>[+?~-]?)(?P<name>all|include|a|mx|ptr|ip4|ip6|exists)(?P<rest>[:/].*)?\Z", re.I
)
_MODIFIER = re.compile(r"(?P<name>[a-z][a-z0-9_.-]*)=(?P<value>.*)\Z", re.I)
_CIDR = re.compile(r"(?P<name>[^/]*)(?:/(?P<four>\d{1,3}))?(?://(?P<six>\d{1,3}))?\Z")
_MACRO = re.compile(r"%(?:\{([slodiphv])(\d{0,3})(r?)([.\-+,/_=]*)\}|([%_-]))", re.I)
_LITERALS = {"%": "%", "_": " ", "-": "%20"}
_NEEDS_NAME = {"include", "exists"}


class BadRecord(Exception):
    """The record cannot be read as RFC 7208 wants it: the result is permerror."""


@dataclass(frozen=True, slots=True)
class Directive:
    """One mechanism. `domain` is unexpanded, `network` of ip4 and ip6, prefixes of a and mx."""

    sign: str
    name: str
    domain: str = ""
    network: ipaddress.IPv4Network | ipaddress.IPv6Network | None = None
    four: int = 32
    six: int = 128

    def covers(self, ip: IpAddress, found: IpAddress) -> bool:
        """Whether `ip` lies in the network around an address that the mechanism found."""
        prefix = self.four if found.version == 4 else self.six
        return ip in ipaddress.ip_network(f"{found}/{prefix}", strict=False)


@dataclass(frozen=True, slots=True)
class Record:
    directives: tuple[Directive, ...]
    redirect: str = ""


def is_spf(text: bytes) -> bool:
    """Whether a TXT record is an SPF record at all (section 4.5)."""
    return text[:7].lower() in {b"v=spf1", b"v=spf1 "}


def read_record(text: bytes) -> Record:
    """Cut the whole record; raises BadRecord wherever anything in it is wrong (section 4.6)."""
    if len(text) > RECORD_BYTES:
        raise BadRecord
    try:
        terms = [term for term in text.decode("ascii").split(" ")[1:] if term]
    except UnicodeDecodeError as problem:
        raise BadRecord from problem
    directives, modifiers = [], []
    for term in terms:
        if found := _TERM.match(term):
            directives.append(_directive(found))
        elif found := _MODIFIER.match(term):
            modifiers.append((found["name"].lower(), found["value"]))
        else:
            raise BadRecord
    redirects = [value for name, value in modifiers if name == "redirect"]
    explanations = [value for name, value in modifiers if name == "exp"]
    if len(redirects) > 1 or len(explanations) > 1 or "" in redirects:
        raise BadRecord
    return Record(tuple(directives), redirects[0] if redirects else "")


def _directive(found: re.Match[str]) -> Directive:
    sign, name, rest = found["sign"] or "+", found["name"].lower(), found["rest"] or ""
    if name == "all":
        if rest:
            raise BadRecord
        return Directive(sign, name)
    if name in {"ip4", "ip6"}:
        return Directive(sign, name, network=_network(name, rest))
    if name in {"a", "mx"}:
        return _with_prefixes(sign, name, rest)
    domain = rest.removeprefix(":")
    if rest.startswith("/") or (name in _NEEDS_NAME and not domain) or rest == ":":
        raise BadRecord
    return Directive(sign, name, domain)


def _network(name: str, rest: str) -> ipaddress.IPv4Network | ipaddress.IPv6Network:
    try:
        network = ipaddress.ip_network(rest.removeprefix(":"), strict=False)
    except ValueError as problem:
        raise BadRecord from problem
    if not rest.startswith(":") or f"ip{network.version}" != name:
        raise BadRecord
    return network


def _with_prefixes(sign: str, name: str, rest: str) -> Directive:
    found = _CIDR.match(rest.removeprefix(":"))
    if found is None or rest == ":" or (rest.startswith(":") and not found["name"]):
        raise BadRecord
    four, six = int(found["four"] or 32), int(found["six"] or 128)
    if four > 32 or six > 128:
        raise BadRecord
    return Directive(sign, name, found["name"], four=four, six=six)


@dataclass(frozen=True, slots=True)
class Facts:
    """What macros may say of one mail. `validated` finds the name of {p} when it is wanted."""

    ip: IpAddress
    sender: str
    helo: str
    validated: Callable[[str], str]

    def value(self, letter: str, domain: str) -> str:
        local, _, host = self.sender.rpartition("@")
        if letter == "p":
            return self.validated(domain)
        dotted = ".".join(self.ip.exploded.replace(":", "")) if self.ip.version == 6 else ""
        return {
            "s": self.sender,
            "l": local,
            "o": host,
            "d": domain,
            "i": dotted or str(self.ip),
            "v": "ip6" if dotted else "in-addr",
            "h": self.helo,
        }[letter]


def expand(text: str, domain: str, facts: Facts) -> str:
    """The name that a domain-spec means for this mail; raises BadRecord for a wrong macro."""

    def replace(found: re.Match[str]) -> str:
        if found[5]:
            return _LITERALS[found[5]]
        return _transform(found, facts.value(found[1].lower(), domain))

    if "%" in _MACRO.sub("", text):
        raise BadRecord
    name = _MACRO.sub(replace, text).rstrip(".")
    while len(name) > NAME_LIMIT and "." in name:
        name = name.partition(".")[2]
    return name


def _transform(found: re.Match[str], value: str) -> str:
    delimiters = found[4] or "."
    parts = re.split(f"[{re.escape(delimiters)}]", value)
    if found[3]:
        parts.reverse()
    if found[2]:
        if int(found[2]) == 0:
            raise BadRecord
        parts = parts[-int(found[2]) :]
    text = ".".join(parts)
    return quote(text, safe="-._~") if found[1].isupper() else text
