"""A workspace in memory that a test tells a story in: mail arrives, people act, the world changes.

It does for the engine what the ingest service does in the product: it keeps what each copy earned,
makes the contacts that a decision asks for, and hands every copy its facts.
"""

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from activities.mail.message import Automated, Participant, Role
from activities.matching.copies import add_up
from activities.matching.decision import Decision
from activities.matching.engine import decide
from activities.matching.facts import (
    Book,
    Choice,
    CompanyFact,
    ContactFact,
    Copy,
    DomainFact,
    Effect,
    Entry,
    EntryKind,
    Insider,
    Past,
    ProfileFact,
    ProjectFact,
    Source,
    ThreadFact,
    Verdict,
    World,
)
from activities.matching.words import Outcome

ANA, BEN = "ana@ours.example", "ben@ours.example"
JANE, NEW, STRANGER = "jane@acme.example", "new@acme.example", "z@nowhere.example"
BULK = Automated(bulk=True)
START = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass
class Arrived:
    """One copy with the message it shows and the decision that stands."""

    copy: Copy
    message: str
    decision: Decision | None = None
    earned: list[Past] = field(default_factory=list)


class Story:
    """Projects one and two (or as many as are named); Ana and Ben work at ours.example."""

    def __init__(self, *projects: str, creates_contacts: bool = True) -> None:
        names = projects or ("one",)
        self.projects = {
            name: ProjectFact(name, name, f"mail in {name}", creates_contacts) for name in names
        }
        self.mailboxes = {ANA: names, BEN: names}
        self.contacts: dict[str, ContactFact] = {}
        self.companies: dict[str, CompanyFact] = {}
        self.domains: dict[str, DomainFact] = {}
        self.entries: list[Entry] = []
        self.erased: set[str] = set()
        self.let_through: set[Any] = set()
        self.threads: dict[str, ThreadFact] = {}
        self.arrived: list[Arrived] = []
        self.by_hand: dict[str, list[Past]] = {}
        self.taken_back: dict[tuple[str, str], datetime] = {}
        self.dismissed: dict[str, datetime] = {}
        self.now = START

    # The world

    def contact(
        self, address: str, *projects: str, chosen: bool = False, company: str | None = None
    ) -> ContactFact:
        fact = ContactFact(address, address, company, frozenset(projects), chosen)
        self.contacts[address] = fact
        return fact

    def company(self, name: str, domain: str, *projects: str) -> None:
        self.companies[name] = CompanyFact(name, name, frozenset(projects or self.projects))
        self.domains[domain] = DomainFact(domain, (name,))

    def entry(
        self, value: str, effect: Effect = Effect.IGNORE, member: str | None = None, **facts: Any
    ) -> Entry:
        kind = EntryKind.PATTERN if "*" in value else EntryKind.DOMAIN
        kind = EntryKind.ADDRESS if "@" in value and "*" not in value else kind
        entry = Entry(f"entry {value}", effect, kind, value, member_id=member, **facts)
        self.entries.append(entry)
        return entry

    def world(self) -> World:
        members = {entry.member_id for entry in self.entries} - {None}
        return World(
            internal={ANA: Insider.MEMBER, BEN: Insider.MEMBER},
            internal_domains=frozenset({"ours.example"}),
            inbound_domain="in.threadwell.example",
            contacts=self.contacts,
            domains=self.domains,
            companies=self.companies,
            projects=self.projects,
            entries=Book.of(entry for entry in self.entries if entry.member_id is None),
            member_entries={
                member: Book.of(entry for entry in self.entries if entry.member_id == member)
                for member in members
            },
            erased=frozenset(self.erased),
            let_through=frozenset(self.let_through),
            threads=self.threads,
        )

    # What arrives

    def sync(self, sender: str, *to: str, owner: str = ANA, **facts: Any) -> Decision:
        facts.setdefault("scope", tuple(self.mailboxes[owner]))
        return self._arrive(Source.SYNC, sender, to, owner_id=owner, **facts)

    def bcc(self, sender: str, *to: str, project: str | None = None, **facts: Any) -> Decision:
        """A copy at a project's address, or at the workspace's where no project is named."""
        scope = (project,) if project else tuple(self.projects)
        verdict = facts.setdefault("verdict", Verdict.MEMBER)
        facts.setdefault("owner_id", sender if verdict is Verdict.MEMBER else None)
        return self._arrive(Source.BCC, sender, to, scope=scope, names=project, **facts)

    def send(self, sender: str, *to: str, **facts: Any) -> Decision:
        """Written in the app, from a profile (contact, project) where one is given."""
        profile = facts.pop("profile", None)
        fact = ProfileFact(*profile) if profile else None
        names = profile[1] if profile else facts.get("picked_project_id")
        facts.setdefault("scope", tuple(self.mailboxes[sender]))
        return self._arrive(
            Source.SENT, sender, to, owner_id=sender, profile=fact, names=names, **facts
        )

    def again(self) -> list[Decision]:
        """The world has changed: judge every copy once more, in the order of their coming."""
        return [self._judge(one, redecision=True) for one in self.arrived]

    # What people do

    def add(self, thread: str, project: str, member: str = ANA) -> None:
        self._choose(thread, project, added=True, member=member)
        self.again()

    def take_out(self, thread: str, project: str, member: str = ANA) -> None:
        for one in self.arrived:
            if one.copy.thread_id == thread:
                one.earned = [past for past in one.earned if past.project_id != project]
        self._choose(thread, project, added=False, member=member)
        self.again()

    def take_back(self, message: str, member: str) -> None:
        self.taken_back[message, member] = self._tick()
        for one in self.arrived:
            if one.message == message and one.copy.owner_id == member:
                one.earned = []
        self.again()

    def assign(self, message: str, project: str, company: str) -> None:
        past = Past("", project, None, company, by_person=True, here=False)
        self.by_hand.setdefault(message, []).append(past)

    def dismiss(self, message: str) -> None:
        self.dismissed[message] = self._tick()

    # What the record shows

    def places(self, message: str = "m") -> set[tuple[str, str]]:
        """Where a message is recorded: (address, project)."""
        return {
            (past.address, str(past.project_id))
            for one in self.arrived
            if one.message == message
            for past in one.earned
        } | {(past.address, str(past.project_id)) for past in self.by_hand.get(message, ())}

    def outcome(self, message: str = "m") -> Outcome:
        """What the copies of a message add up to."""
        decisions = [one.decision for one in self.arrived if one.message == message]
        return add_up(decision for decision in decisions if decision).outcome

    def waiting(self, message: str = "m") -> dict[str, tuple[Any, ...]]:
        decisions = [one.decision for one in self.arrived if one.message == message]
        found = add_up(decision for decision in decisions if decision)
        return {one.address: one.candidates for one in found.ambiguous}

    # Behind the scenes

    def _arrive(
        self,
        source: Source,
        sender: str,
        to: tuple[str, ...],
        *,
        cc: tuple[str, ...] = (),
        message: str = "m",
        thread: str = "t",
        names: str | None = None,
        **facts: Any,
    ) -> Decision:
        people = [Participant(Role.FROM, sender)]
        people += [Participant(Role.TO, address) for address in to]
        people += [Participant(Role.CC, address) for address in cc]
        copy = Copy(
            source,
            tuple(people),
            thread_id=thread,
            own_addresses=frozenset({facts["owner_id"]} if facts.get("owner_id") else ()),
            acted_at=self._tick() if source is not Source.SYNC else None,
            **facts,
        )
        one = Arrived(copy, message)
        self.arrived.append(one)
        decision = self._judge(one, redecision=False)
        # What names a project places the thread (R7); a customer's accepted answer does not.
        if names and copy.verdict is Verdict.MEMBER:
            fact = self.threads.get(thread, ThreadFact())
            self.threads[thread] = replace(fact, placed=fact.placed | {names})
        return decision

    def _judge(self, one: Arrived, *, redecision: bool) -> Decision:
        others = [
            past._replace(here=False)
            for other in self.arrived
            if other.message == one.message and other is not one
            for past in other.earned
        ]
        owner_id = one.copy.owner_id
        copy = replace(
            one.copy,
            past=(*one.earned, *others, *self.by_hand.get(one.message, ())),
            redecision=redecision,
            before=one.decision.outcome if one.decision else None,
            taken_back_at=self.taken_back.get((one.message, str(owner_id))),
            dismissed_at=self.dismissed.get(one.message),
        )
        decision = one.decision = decide(copy, self.world())
        self._carry_out(one, decision)
        return decision

    def _carry_out(self, one: Arrived, decision: Decision) -> None:
        for row in decision.recorded:
            contact_id = row.contact_id
            if row.creates_contact or row.creates_profile:
                known = self.contacts.get(row.address) or ContactFact(
                    row.address, company_id=row.company_id
                )
                projects = known.projects | {row.project_id}
                self.contacts[row.address] = replace(known, projects=projects)
                contact_id = known.id
            past = Past(row.address, row.project_id, contact_id, row.company_id)
            if row.refines:
                one.earned = [
                    old for old in one.earned if old[:2] != past[:2] or old.contact_id is not None
                ]
            one.earned.append(past)

    def _choose(self, thread: str, project: str, *, added: bool, member: str) -> None:
        fact = self.threads.get(thread, ThreadFact())
        choice = Choice(project, added, self._tick(), frozenset({member}))
        self.threads[thread] = replace(fact, choices={**fact.choices, project: choice})

    def _tick(self) -> datetime:
        self.now += timedelta(minutes=1)
        return self.now
