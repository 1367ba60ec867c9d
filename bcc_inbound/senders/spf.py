"""SPF: may this machine send for this domain? (RFC 7208)

The DNS is asked at most ten times for terms and may answer twice with nothing (section 4.6.4).
What it does not answer in time is no verdict: the question is to be asked again.
"""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from bcc_inbound.senders.names import IpAddress, Names, NotAnswered
from bcc_inbound.senders.spf_record import BadRecord, Directive, Facts, Record, expand, is_spf
from bcc_inbound.senders.spf_record import read_record as read
from contacts.addresses import normalise_domain

MOST_LOOKUPS = 10
MOST_VOID = 2
MOST_HOSTS = 10


class Spf(StrEnum):
    """The results of section 2.6; its temperror is called by what it means."""

    PASS = "pass"  # noqa: S105 - the word of the RFC
    FAIL = "fail"
    SOFTFAIL = "softfail"
    NEUTRAL = "neutral"
    NONE = "none"
    PERMERROR = "permerror"
    NOT_ANSWERED = "not_answered"


_RESULTS = {"+": Spf.PASS, "-": Spf.FAIL, "~": Spf.SOFTFAIL, "?": Spf.NEUTRAL}


def check_host(names: Names, ip: IpAddress, domain: str, *, sender: str, helo: str) -> Spf:
    """What the record of `domain` says of a mail from `ip`; `sender` is an address there."""
    run = _Run(names, ip, sender, helo)
    try:
        return run.check(domain)
    except BadRecord:
        return Spf.PERMERROR
    except NotAnswered:
        return Spf.NOT_ANSWERED


@dataclass
class _Run:
    names: Names
    ip: IpAddress
    sender: str
    helo: str
    lookups: int = 0
    void: int = 0
    facts: Facts = field(init=False)

    def __post_init__(self) -> None:
        self.facts = Facts(self.ip, self.sender, self.helo, self._validated)

    def check(self, domain: str) -> Spf:
        if normalise_domain(domain) is None:
            return Spf.NONE
        records = [text for text in self.names.texts(domain) if is_spf(text)]
        if not records:
            return Spf.NONE
        if len(records) > 1:
            raise BadRecord
        record = read(records[0])
        for directive in record.directives:
            if self._matches(directive, domain):
                return _RESULTS[directive.sign]
        return self._redirected(record, domain)

    def _redirected(self, record: Record, domain: str) -> Spf:
        if not record.redirect:
            return Spf.NEUTRAL
        self._count()
        result = self.check(expand(record.redirect, domain, self.facts))
        if result is Spf.NONE:
            raise BadRecord
        return result

    def _matches(self, one: Directive, domain: str) -> bool:
        if one.name == "all":
            return True
        if one.network is not None:
            return self.ip.version == one.network.version and self.ip in one.network
        self._count()
        target = expand(one.domain, domain, self.facts) if one.domain else domain
        return bool(_ASKED[one.name](self, one, target))

    def _includes(self, _one: Directive, target: str) -> bool:
        result = self.check(target)
        if result is Spf.NONE:
            raise BadRecord
        return result is Spf.PASS

    def _is_address(self, one: Directive, target: str) -> bool:
        found = self._found(self.names.addresses(target, self.ip))
        return any(one.covers(self.ip, address) for address in found)

    def _is_exchanger(self, one: Directive, target: str) -> bool:
        hosts = self._found(self.names.exchangers(target))
        if len(hosts) > MOST_HOSTS:
            raise BadRecord
        return any(
            one.covers(self.ip, address)
            for host in hosts
            for address in self.names.addresses(host, self.ip)
        )

    def _is_named(self, _one: Directive, target: str) -> bool:
        wanted = target.lower()
        return any(
            name == wanted or name.endswith("." + wanted) for name in self._validated_names()
        )

    def _exists(self, _one: Directive, target: str) -> bool:
        return bool(self._found([1] if self.names.exists(target) else []))

    def _validated(self, domain: str) -> str:
        """The name that {p} stands for (section 7.3): below the domain, if there is one."""
        found = self._validated_names()
        below = [one for one in found if one == domain or one.endswith("." + domain)]
        return next(iter(below or found), "unknown")

    def _validated_names(self) -> list[str]:
        hosts = self.names.hosts(self.ip)[:MOST_HOSTS]
        return [one.lower() for one in hosts if self.ip in self.names.addresses(one, self.ip)]

    def _count(self) -> None:
        self.lookups += 1
        if self.lookups > MOST_LOOKUPS:
            raise BadRecord

    def _found(self, rows: list[Any]) -> list[Any]:
        """What the DNS said, counted where it was nothing."""
        self.void += not rows
        if self.void > MOST_VOID:
            raise BadRecord
        return rows


_ASKED = {
    "include": _Run._includes,
    "a": _Run._is_address,
    "mx": _Run._is_exchanger,
    "ptr": _Run._is_named,
    "exists": _Run._exists,
}
