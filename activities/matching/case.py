"""One copy under judgement: who stands on it, and what people did with it before."""

from dataclasses import dataclass, field
from datetime import datetime

from activities.mail.message import Role
from activities.matching.decision import Ambiguous, Recorded, Step, Taken
from activities.matching.entries import NO_ENTRIES, Entry
from activities.matching.facts import Copy, Past, ThreadFact, World
from activities.matching.hits import hits_of
from activities.matching.recognition import Known, as_internal, recognise
from activities.matching.words import Effect, Id, Kind, Outcome, Source, Verdict
from contacts.addresses import without_tag

_NO_THREAD = ThreadFact()
_NO_HITS: dict[str, Entry] = {}
_NONE: frozenset[Id] = frozenset()
_SYNC = Source.SYNC


@dataclass(slots=True)
class Match:
    """What matching found: who is recorded where, who waits, and why the others are not.

    `taken_out` names the projects that only an act of a person kept somebody out of.
    """

    recorded: list[Recorded] = field(default_factory=list)
    ambiguous: list[Ambiguous] = field(default_factory=list)
    failures: list[Step] = field(default_factory=list)
    taken_out: list[Id] = field(default_factory=list)


class Case:
    """What the rules ask about one copy. The common questions are answered once, when it opens.

    `knowns` holds who each address is, `externals` those from outside, `hits` the entry that
    matches an address, `kept` what the copy has on record already, `original` the known sender of
    a forward that a project assigns by itself (B4). `match` and `passed` are filled in on the way:
    what matching found, and the steps of the rules that had nothing to say.
    """

    __slots__ = (
        "copy",
        "externals",
        "from_sync",
        "hits",
        "kept",
        "knowns",
        "match",
        "original",
        "original_hits",
        "passed",
        "scope",
        "thread",
        "world",
    )

    def __init__(self, copy: Copy, world: World) -> None:
        self.copy = copy
        self.world = world
        self.from_sync = copy.source is _SYNC
        self.scope = copy.scope if self.from_sync else _named_scope(copy)
        self.thread = world.threads.get(copy.thread_id, _NO_THREAD)
        self.knowns: dict[str, Known] = {}
        self.externals: list[Known] = []
        self.kept: tuple[Past, ...] = ()
        if copy.past:
            self.kept = tuple(past for past in copy.past if past.here)
        self.match: Match | None = None
        self.passed: tuple[Step, ...] = ()
        may_hit = self._take_in_the_participants()
        own_entries = world.member_entries.get(copy.owner_id, NO_ENTRIES)
        self.hits = self.original_hits = _NO_HITS
        if may_hit or own_entries is not NO_ENTRIES:
            self.hits = hits_of(self.knowns, copy, world.entries, own_entries)
        self.original: Known | None = None
        if copy.forwarded_from:
            self.original = original = _original_sender(self)
            if original is not None:
                alone = {original.taken.address: original}
                self.original_hits = hits_of(alone, copy, world.entries, own_entries)

    def _take_in_the_participants(self) -> bool:
        """Recognise everybody once; tell whether an entry of the workspace hits one of them."""
        knowns, world, own = self.knowns, self.world, self.copy.own_addresses
        memo = world.memo
        may_hit = False
        for participant in self.copy.participants:
            address = participant.address
            if address in knowns:
                continue
            known: Known = memo.get(address) or recognise(address, world)
            if known.external:
                if own and (address in own or ("+" in address and without_tag(address) in own)):
                    known = as_internal(known, world)
                else:
                    self.externals.append(known)
            knowns[address] = known
            if known.block or known.ignore:
                may_hit = True
        return may_hit

    def takens(self) -> tuple[Taken, ...]:
        """What each address was taken for, in the order of the header."""
        hits = self.hits
        if not hits:
            return tuple([known.taken for known in self.knowns.values()])
        return tuple(
            _taken_for_hit(known.taken, hits[address]) if address in hits else known.taken
            for address, known in self.knowns.items()
        )

    def acted_after(self, moment: datetime) -> bool:
        """Tell whether this copy is itself a newer act of a person: a bcc or a send (R8).

        A customer's answer that was accepted is nobody's act.
        """
        copy = self.copy
        if self.from_sync or copy.acted_at is None or copy.verdict is Verdict.REPLY:
            return False
        return copy.acted_at > moment

    def removed(self) -> frozenset[Id]:
        """The projects that a person took the thread or this message out of, and that hold (R8)."""
        choices, taken_out = self.thread.choices, self.copy.taken_out
        if not choices and not taken_out:
            return _NONE
        gone = {
            project_id
            for project_id, choice in choices.items()
            if not choice.added and not self.acted_after(choice.at)
        }
        for project_id, moment in taken_out.items():
            choice = choices.get(project_id)
            added_again = choice is not None and choice.added and choice.at > moment
            if not added_again and not self.acted_after(moment):
                gone.add(project_id)
        return frozenset(gone)

    def chosen_projects(self) -> tuple[Id, ...]:
        """The projects that a member added the thread to, where that reaches this copy (R8).

        It reaches the chooser's own copies, what came by bcc or sent, and what is an activity
        already; to a colleague's private copy it is no more than a hint (see `placed`).
        """
        copy, removed = self.copy, self.removed()
        everywhere = not self.from_sync or copy.before in (Outcome.LOGGED, Outcome.UNASSIGNED)
        return tuple(
            project_id
            for project_id, choice in self.thread.choices.items()
            if choice.added
            and project_id not in removed
            and (everywhere or copy.owner_id in choice.members)
            and (copy.dismissed_at is None or choice.at > copy.dismissed_at)
        )

    def placed(self) -> frozenset[Id]:
        """The projects that the thread is placed in: a message named it, or a person added it."""
        choices = self.thread.choices
        added = {project_id for project_id, choice in choices.items() if choice.added}
        # The last act counts: what was taken out is a hint no more, also for a newer bcc.
        return self.thread.placed - choices.keys() | added

    def sender_is_a_contact(self) -> bool:
        """Tell whether a contact stands in From (R11)."""
        return any(
            participant.role is Role.FROM
            and self.knowns[participant.address].taken.kind is Kind.CONTACT
            for participant in self.copy.participants
        )


def _named_scope(copy: Copy) -> tuple[Id, ...]:
    """A profile or a project that a person named leaves no other project in scope (R7)."""
    if copy.profile is not None:
        return (copy.profile.project_id,)
    if copy.picked_project_id is not None:
        return (copy.picked_project_id,)
    return copy.scope


def _original_sender(case: Case) -> Known | None:
    """The sender of the forwarded mail, if every project that it would go to assigns forwards."""
    copy, world = case.copy, case.world
    known = recognise(copy.forwarded_from, world)
    contact = known.contact
    # What somebody from outside answers says of nobody else that a mail is theirs.
    if copy.source is not Source.BCC or copy.verdict is Verdict.REPLY or contact is None:
        return None
    fitting = [project_id for project_id in case.scope if project_id in contact.projects]
    if len(fitting) > 1:
        placed = case.placed()
        fitting = [project_id for project_id in fitting if project_id in placed]
    projects = [world.projects.get(project_id) for project_id in fitting]
    if projects and all(project and project.assigns_forwards for project in projects):
        return known
    return None


def _taken_for_hit(taken: Taken, entry: Entry) -> Taken:
    kind = Kind.BLOCKED if entry.effect is Effect.BLOCK else Kind.IGNORED
    return taken._replace(kind=kind, entry_id=entry.id)
