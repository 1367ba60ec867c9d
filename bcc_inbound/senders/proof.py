"""Whether a mail comes from whom it names as its author, and what that rests on (B2)."""

import ipaddress
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from bcc_inbound.senders.alignment import Policy, aligned, find_policy
from bcc_inbound.senders.dkim import Dkim, Signature, check_signatures
from bcc_inbound.senders.names import Names, NotAnswered
from bcc_inbound.senders.reported import Reported
from bcc_inbound.senders.spf import Spf, check_host
from contacts.addresses import domain_of, normalise_domain

NULL_SENDER = "<>"


class By(StrEnum):
    """Who looked at the sender."""

    PEER = "peer"
    RELAY = "relay"
    PROVIDER = "provider"
    OWN = "own"
    NOBODY = ""


@dataclass(frozen=True, slots=True)
class Evidence:
    """What is known of one mail's way to us.

    `raw` is "" where its bytes are not those that were signed. `results` are those of a relay of
    ours or of the provider that took the mail; None where nobody but we can look.
    """

    author: str
    raw: bytes
    received: float
    peer: str = ""
    helo: str = ""
    envelope_sender: str = ""
    results: Sequence[Reported] | None = None
    by: By = By.OWN


@dataclass(frozen=True, slots=True)
class Proof:
    """What was found. `passed` is what counts; the rest is for the people who look into it.

    `waits` says that nothing has passed and that the DNS still owes an answer.
    """

    passed: bool = False
    by: By = By.NOBODY
    spf: str = ""
    spf_domain: str = ""
    signatures: tuple[Signature, ...] = ()
    dmarc: str = ""
    policy: bool = False
    waits: bool = False

    def as_json(self) -> dict[str, Any]:
        """What the delivery keeps of it."""
        return {
            "passed": self.passed,
            "by": self.by.value,
            "spf": self.spf,
            "spf_domain": self.spf_domain,
            "dkim": [[one.domain, one.result] for one in self.signatures],
            "dmarc": self.dmarc,
            "policy": self.policy,
        }


NOTHING = Proof()
TRUSTED = Proof(passed=True, by=By.PEER)


def prove(names: Names, evidence: Evidence) -> Proof:
    """Look at everything that may prove the author; never raises for what a stranger wrote."""
    judged = _Judged(names, evidence)
    signatures = judged.signatures()
    spf, domain = judged.spf()
    passed = judged.passes(spf, domain, signatures)
    owed = (
        not judged.policy_known
        or spf == Spf.NOT_ANSWERED
        or any(one.result is Dkim.NOT_ANSWERED for one in signatures)
    )
    return Proof(
        passed=passed,
        by=evidence.by,
        spf=spf,
        spf_domain=domain,
        signatures=tuple(signatures),
        dmarc="pass" if passed else "fail",
        policy=judged.policy.published,
        waits=owed and not passed,
    )


@dataclass
class _Judged:
    names: Names
    evidence: Evidence
    policy: Policy = field(init=False)
    policy_known: bool = True

    def __post_init__(self) -> None:
        try:
            self.policy = find_policy(self.names, self.evidence.author)
        except NotAnswered:
            # Until the domain says otherwise, only what is aligned under any policy counts.
            self.policy, self.policy_known = Policy(False, True, True), False

    def signatures(self) -> list[Signature]:
        """Those that a relay or provider vouches for, and those that we can check ourselves."""
        reported = [
            Signature(_domain(one.properties, "header.d", "header.i"), Dkim.PASS)
            for one in self.evidence.results or ()
            if (one.method, one.result) == ("dkim", "pass")
        ]
        if not self.evidence.raw:
            return reported
        own = check_signatures(
            self.names,
            self.evidence.raw,
            author=self.evidence.author,
            received=self.evidence.received,
        )
        return reported + own

    def spf(self) -> tuple[str, str]:
        """The result, and the domain it is about; of the peer only where the peer is a stranger."""
        if self.evidence.results is not None:
            for one in self.evidence.results:
                if one.method == "spf":
                    return one.result, _domain(one.properties, "smtp.mailfrom", "smtp.helo")
            return "", ""
        return self._own_spf()

    def _own_spf(self) -> tuple[str, str]:
        try:
            ip = ipaddress.ip_address(self.evidence.peer)
        except ValueError:
            return "", ""
        helo, sender = self.evidence.helo, self.evidence.envelope_sender
        if sender in {NULL_SENDER, ""}:
            # RFC 7208, 2.4: a mail without a return path is its machine's own.
            sender = f"postmaster@{helo}"
        elif "@" not in sender.strip("@"):
            return Spf.NONE, ""
        domain = normalise_domain(domain_of(sender)) or ""
        sender = f"{sender.rpartition('@')[0] or 'postmaster'}@{domain}"
        found = check_host(self.names, ip, domain, sender=sender, helo=helo)
        return found, domain

    def passes(self, spf: str, domain: str, signatures: Sequence[Signature]) -> bool:
        author, policy = self.evidence.author, self.policy
        if spf == Spf.PASS and aligned(domain, author, strict=policy.strict_spf):
            return True
        if self._dmarc_passed():
            return True
        return any(
            one.result is Dkim.PASS and aligned(one.domain, author, strict=policy.strict_dkim)
            for one in signatures
        )

    def _dmarc_passed(self) -> bool:
        return any(
            (one.method, one.result) == ("dmarc", "pass")
            and _domain(one.properties, "header.from") == self.evidence.author
            for one in self.evidence.results or ()
        )


def _domain(properties: Mapping[str, str], *names: str) -> str:
    """The domain in the first of these properties that is there; it may hold a whole address."""
    text = next((properties[name] for name in names if name in properties), "")
    return normalise_domain(domain_of(text.strip("<>"))) or ""
