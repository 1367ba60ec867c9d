"""The facts of one copy and of the world that it is judged in.

Addresses and domains stand in their normal form (contacts.addresses). Ids are opaque. Whoever loads
the facts prepares one World for a batch of copies; the engine only looks up in it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType
from typing import Any, NamedTuple

from activities.mail.message import Automated, Participant, Role
from activities.matching.entries import NO_ENTRIES, Book, Entry
from activities.matching.words import (
    AutomatedClass,
    Defect,
    Effect,
    EntryKind,
    HeldBecause,
    Id,
    Insider,
    Outcome,
    OutOfScope,
    Source,
    Verdict,
)
from contacts.addresses import domain_of, suffixes, without_tag

__all__ = [
    "Automated",
    "AutomatedClass",
    "Book",
    "Choice",
    "CompanyFact",
    "ContactFact",
    "Copy",
    "Defect",
    "DomainFact",
    "Effect",
    "Entry",
    "EntryKind",
    "HeldBecause",
    "Id",
    "Insider",
    "OutOfScope",
    "Outcome",
    "Participant",
    "Past",
    "ProfileFact",
    "ProjectFact",
    "Role",
    "Source",
    "ThreadFact",
    "Verdict",
    "World",
    "addresses_to_look_up",
    "domains_to_look_up",
]

_NOTHING: Mapping[Any, Any] = MappingProxyType({})
_BY_A_PERSON = Automated()


@dataclass(frozen=True, slots=True)
class ContactFact:
    """A contact: the projects that it has a profile in, and whether a person chose them (R7)."""

    id: Id
    name: str = ""
    company_id: Id | None = None
    projects: frozenset[Id] = frozenset()
    profiles_chosen: bool = False


@dataclass(frozen=True, slots=True)
class CompanyFact:
    """A company and the projects that it belongs to."""

    id: Id
    name: str = ""
    projects: frozenset[Id] = frozenset()


@dataclass(frozen=True, slots=True)
class DomainFact:
    """A domain that a company claims, that several share, or that the workspace calls public."""

    domain: str
    company_ids: tuple[Id, ...] = ()
    shared: bool = False
    public: bool = False


@dataclass(frozen=True, slots=True)
class ProjectFact:
    """A project's settings, as far as mail is concerned."""

    id: Id
    name: str = ""
    interaction_type: str = ""
    creates_contacts: bool = True
    assigns_forwards: bool = False


@dataclass(frozen=True, slots=True)
class Choice:
    """The last act of a person on a thread in one project: added it, or took it out (R8).

    `members` are those whose act stands: a choice reaches their own mailboxes in full.
    """

    project_id: Id
    added: bool
    at: datetime
    members: frozenset[Id] = frozenset()


@dataclass(frozen=True, slots=True)
class ThreadFact:
    """What people did with a thread.

    `placed` holds the projects that one of its messages named or was assigned in by a person (R7);
    `choices` the last act in each project, by project id (R8).
    """

    placed: frozenset[Id] = frozenset()
    choices: Mapping[Id, Choice] = field(default_factory=lambda: _NOTHING)


@dataclass(frozen=True, slots=True)
class ProfileFact:
    """The profile that a message was written from."""

    contact_id: Id
    project_id: Id


class Past(NamedTuple):
    """One assignment that the message already has.

    `address` is the participant that it was recorded for ("" where a person assigned the message
    as a whole), `by_person` says that a hand made it, `here` that the copy being judged carries it.
    """

    address: str
    project_id: Id
    contact_id: Id | None = None
    company_id: Id | None = None
    by_person: bool = False
    here: bool = True


@dataclass(frozen=True, slots=True)
class World:
    """One workspace, as far as a batch of copies may ask for it.

    `internal` maps the addresses of members (past and present) and of mailboxes. `contacts` and
    `erased` are keyed by address; load them for `addresses_to_look_up`, `domains` for
    `domains_to_look_up`, with every company that these name in `companies`. `projects` holds all
    projects of the workspace. `entries` are the workspace's, `member_entries` each member's own.
    `memo` belongs to the engine: what it found out about an address is kept for the batch.
    """

    internal: Mapping[str, Insider] = field(default_factory=lambda: _NOTHING)
    internal_domains: frozenset[str] = frozenset()
    inbound_domain: str = ""
    contacts: Mapping[str, ContactFact] = field(default_factory=lambda: _NOTHING)
    domains: Mapping[str, DomainFact] = field(default_factory=lambda: _NOTHING)
    companies: Mapping[Id, CompanyFact] = field(default_factory=lambda: _NOTHING)
    projects: Mapping[Id, ProjectFact] = field(default_factory=lambda: _NOTHING)
    entries: Book = NO_ENTRIES
    member_entries: Mapping[Id, Book] = field(default_factory=lambda: _NOTHING)
    erased: frozenset[str] = frozenset()
    let_through: frozenset[AutomatedClass] = frozenset()
    threads: Mapping[Id, ThreadFact] = field(default_factory=lambda: _NOTHING)
    memo: dict[str, Any] = field(default_factory=dict, init=False, repr=False, compare=False)


@dataclass(frozen=True, slots=True)
class Copy:
    """One sighting of a message, to be judged.

    owner_id        whose mailbox it is, or the member who sent it; None for nobody's
    own_addresses   the owner's addresses, which no entry ever matches
    scope           the projects in scope, in order (R7); under sent those to fall back to when
                    neither `profile` nor `picked_project_id` names one
    out_of_scope    why sync does not look at it, None when it does (R1)
    automated       what the header says about a machine as the writer; `list_id` its bare List-Id
    defect          why the participants cannot be judged (B6)
    forwarded_from  the original sender of a forward, read from its text (B4)
    verdict         of the sender, under bcc only (B2); `held_because` where it is held
    acted_at        when the owner sent or bcc'd this very copy: an act of a person on the message
    past            what the message already has, from every copy and by hand (C1, R12)
    taken_out       projects that a person removed this one message from, and when
    dismissed_at    when a person called it not about a customer (U2)
    taken_back_at   when its owner took it back (V2); `owner_acted_at` the owner's newest bcc, send
                    or assignment by hand of this message
    excepted        entries that somebody who may edit them set aside for this message (R3)
    redecision      the world changed, and this copy was judged before as `before`
    looks_back      whether earlier private mail of this mailbox may be logged (C1)
    """

    source: Source
    participants: tuple[Participant, ...]
    owner_id: Id | None = None
    own_addresses: frozenset[str] = frozenset()
    channel_id: Id | None = None
    inbound_address: str = ""
    thread_id: Id | None = None
    scope: tuple[Id, ...] = ()
    out_of_scope: OutOfScope | None = None
    automated: Automated = _BY_A_PERSON
    list_id: str = ""
    defect: Defect | None = None
    forwarded_from: str = ""
    verdict: Verdict = Verdict.MEMBER
    held_because: HeldBecause | None = None
    acted_at: datetime | None = None
    profile: ProfileFact | None = None
    picked_project_id: Id | None = None
    past: tuple[Past, ...] = ()
    taken_out: Mapping[Id, datetime] = field(default_factory=lambda: _NOTHING)
    dismissed_at: datetime | None = None
    taken_back_at: datetime | None = None
    owner_acted_at: datetime | None = None
    excepted: frozenset[Id] = frozenset()
    redecision: bool = False
    looks_back: bool = True
    before: Outcome | None = None


def addresses_to_look_up(copies: Iterable[Copy]) -> set[str]:
    """Every address that judging these copies asks for, each also without its +tag (R2)."""
    found: set[str] = set()
    for copy in copies:
        found.update(participant.address for participant in copy.participants)
        if copy.forwarded_from:
            found.add(copy.forwarded_from)
    found.update([without_tag(address) for address in found])
    return found


def domains_to_look_up(addresses: Iterable[str]) -> set[str]:
    """The domains of these addresses and every parent of them (R6)."""
    found: set[str] = set()
    for domain in {domain_of(address) for address in addresses}:
        found.update(suffixes(domain))
    return found
