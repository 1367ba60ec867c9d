"""Row `engine`: decisions a second of one core, on facts that are loaded already."""

import time
from collections.abc import Iterator
from dataclasses import replace

from activities.mail.mime import parse_headers
from activities.matching.engine import decide
from activities.matching.facts import (
    CompanyFact,
    ContactFact,
    Copy,
    DomainFact,
    ProjectFact,
    World,
)
from activities.matching.words import Insider, Source
from benchmarks import corpus, meters
from benchmarks.report import Figure
from benchmarks.rows import Bench

_MAILS = 3_000
_BATCH = 200
_RUNS = 9


def measure(bench: Bench) -> Iterator[Figure]:
    """Batches of 200 as in the ingest: what the engine remembers of an address ends with one."""
    world, copies = _world(), _copies()
    outcomes: dict[str, int] = {}
    for copy in copies:
        word = decide(copy, world).outcome.value
        outcomes[word] = outcomes.get(word, 0) + 1
    speeds = []
    for _ in range(_RUNS):
        began = time.process_time()
        for start in range(0, _MAILS, _BATCH):
            fresh = replace(world)
            for copy in copies[start : start + _BATCH]:
                decide(copy, fresh)
        speeds.append(_MAILS / (time.process_time() - began))
    median, (low, high) = meters.middle(speeds)
    yield Figure(
        "engine",
        "decisions a CPU second",
        median,
        at_least=50_000,
        low=low,
        high=high,
        facts={"runs": _RUNS, "copies": _MAILS, "outcomes": outcomes},
    )


def _world() -> World:
    projects = [f"project {number}" for number in range(3)]
    companies = {
        f"company {number}": CompanyFact(
            f"company {number}", f"Company {number}", frozenset({projects[number % 3]})
        )
        for number in range(corpus.COMPANIES)
    }
    return World(
        internal={corpus.member_address(one): Insider.MEMBER for one in range(corpus.MEMBERS)},
        internal_domains=frozenset({corpus.OWN_DOMAIN}),
        contacts={corpus.contact_address(one): _contact(one) for one in range(corpus.CONTACTS)},
        domains={
            corpus.company_domain(one): DomainFact(corpus.company_domain(one), (f"company {one}",))
            for one in range(corpus.COMPANIES)
        },
        companies=companies,
        projects={one: ProjectFact(one, one, "Email") for one in projects},
    )


def _contact(number: int) -> ContactFact:
    company = number % corpus.COMPANIES
    return ContactFact(
        f"contact {number}",
        f"Person {number}",
        f"company {company}",
        frozenset({f"project {company % 3}"}),
    )


def _copies() -> list[Copy]:
    scope = tuple(f"project {number}" for number in range(3))
    return [
        Copy(
            source=Source.SYNC,
            participants=parse_headers(mail.raw).participants,
            owner_id="member",
            own_addresses=frozenset({corpus.member_address(0)}),
            channel_id="mailbox",
            thread_id=f"thread {number}",
            scope=scope,
        )
        for number, mail in enumerate(corpus.mails(_MAILS))
    ]
