"""What holds for every copy in every world."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from activities.matching.copies import add_up, decide_together
from activities.matching.decision import Decision
from activities.matching.engine import decide
from activities.matching.facts import (
    Automated,
    AutomatedClass,
    Book,
    Choice,
    CompanyFact,
    ContactFact,
    Copy,
    Defect,
    DomainFact,
    Effect,
    Entry,
    EntryKind,
    Insider,
    Outcome,
    OutOfScope,
    Participant,
    Past,
    ProfileFact,
    ProjectFact,
    Role,
    Source,
    ThreadFact,
    Verdict,
    World,
)
from activities.matching.sentences import headline, sentences
from activities.matching.words import Kind

PROJECTS = ("one", "two", "three")
ADDRESSES = (
    "ana@ours.example",
    "hr@ours.example",
    "p@in.threadwell.example",
    "jane@acme.example",
    "jane+tag@acme.example",
    "new@acme.example",
    "new@eu.acme.example",
    "noreply@beta.example",
    "x@gmail.com",
    "x@news.example",
    "z@nowhere.example",
    "odd",
    "",
    "@",
    "+@acme.example",
)
START = datetime(2026, 1, 1, tzinfo=UTC)

addresses = st.sampled_from(ADDRESSES)
moments = st.integers(0, 5).map(lambda minutes: START + timedelta(minutes=minutes))
some_projects = st.frozensets(st.sampled_from(PROJECTS))
flags = st.booleans()

contacts = st.dictionaries(
    addresses,
    st.builds(
        ContactFact,
        id=st.sampled_from(["c1", "c2", "c3"]),
        company_id=st.sampled_from([None, "Acme"]),
        projects=some_projects,
        profiles_chosen=flags,
    ),
    max_size=4,
)
entries = st.lists(
    st.builds(
        Entry,
        id=st.integers(0, 9),
        effect=st.sampled_from(Effect),
        kind=st.just(EntryKind.ADDRESS),
        value=addresses,
    )
    | st.builds(
        Entry,
        id=st.integers(10, 19),
        effect=st.sampled_from(Effect),
        kind=st.sampled_from([EntryKind.DOMAIN, EntryKind.PATTERN]),
        value=st.sampled_from(["news.example", "acme.example", "*@ours.example", "x*@gmail.com"]),
        subdomains=flags,
    ),
    max_size=2,
)
threads = st.builds(
    ThreadFact,
    placed=some_projects,
    choices=st.lists(
        st.builds(
            Choice,
            project_id=st.sampled_from(PROJECTS),
            added=flags,
            at=moments,
            members=st.frozensets(st.sampled_from(["ana", "ben"])),
        ),
        max_size=2,
    ).map(lambda rows: {row.project_id: row for row in rows}),
)
worlds = st.builds(
    World,
    internal=st.just({"ana@ours.example": Insider.MEMBER}),
    internal_domains=st.just(frozenset({"ours.example"})),
    inbound_domain=st.just("in.threadwell.example"),
    contacts=contacts,
    domains=st.just(
        {
            "acme.example": DomainFact("acme.example", ("Acme",)),
            "beta.example": DomainFact("beta.example", ("Beta", "Acme"), shared=True),
        }
    ),
    companies=some_projects.map(lambda some: {"Acme": CompanyFact("Acme", projects=some)}),
    projects=st.tuples(flags, flags).map(
        lambda on: {name: ProjectFact(name, name, "Email", on[0], on[1]) for name in PROJECTS[:2]}
    ),
    entries=entries.map(Book.of),
    member_entries=entries.map(lambda some: {"ana": Book.of(some)}),
    erased=st.frozensets(addresses, max_size=2),
    let_through=st.frozensets(st.sampled_from(AutomatedClass), max_size=1),
    threads=st.dictionaries(st.just("t"), threads, max_size=1),
)
pasts = st.lists(
    st.builds(
        Past,
        address=addresses,
        project_id=st.sampled_from(PROJECTS),
        contact_id=st.sampled_from([None, "c1", "c2"]),
        company_id=st.sampled_from([None, "Acme"]),
        by_person=flags,
        here=flags,
    ),
    max_size=2,
).map(tuple)
copies = st.builds(
    Copy,
    source=st.sampled_from(Source),
    participants=st.lists(
        st.builds(Participant, role=st.sampled_from(Role), address=addresses), max_size=5
    ).map(tuple),
    owner_id=st.sampled_from([None, "ana", "ben"]),
    own_addresses=st.frozensets(addresses, max_size=1),
    thread_id=st.just("t"),
    scope=st.permutations(PROJECTS).map(tuple),
    out_of_scope=st.none() | st.sampled_from(OutOfScope),
    automated=st.builds(Automated, bulk=flags, report=flags),
    list_id=st.sampled_from(["", "team.ours.example", "<<>"]),
    defect=st.none() | st.none() | st.sampled_from(Defect),
    forwarded_from=st.sampled_from(["", *ADDRESSES]),
    verdict=st.sampled_from(Verdict),
    acted_at=st.none() | moments,
    profile=st.none() | st.builds(ProfileFact, st.sampled_from(["c1"]), st.sampled_from(PROJECTS)),
    picked_project_id=st.sampled_from([None, *PROJECTS]),
    past=pasts,
    taken_out=st.dictionaries(st.sampled_from(PROJECTS), moments, max_size=1),
    dismissed_at=st.none() | moments,
    taken_back_at=st.none() | moments,
    excepted=st.frozensets(st.integers(0, 19), max_size=1),
    redecision=flags,
    looks_back=flags,
    before=st.none() | st.sampled_from(Outcome),
)

holds = settings(max_examples=400, deadline=None, suppress_health_check=list(HealthCheck))


def always(test: Callable[[Copy, World], None]) -> Callable[[], None]:
    """Ask a test of many copies in many worlds."""
    return given(copies, worlds)(holds(test))


@always
def test_every_copy_gets_a_decision_that_can_be_told_and_stored(copy: Copy, world: World) -> None:
    decision = decide(copy, world)
    assert headline(decision, {})
    assert sentences(decision, {})
    stored = json.loads(json.dumps(decision.to_json()))
    assert Decision.from_json(stored).recorded == decision.recorded


@always
def test_the_order_of_the_participants_changes_nothing(copy: Copy, world: World) -> None:
    there = decide(copy, world)
    back = decide(replace(copy, participants=copy.participants[::-1]), world)
    assert there.outcome is back.outcome
    targets = [
        {(one.contact_id or one.address, one.project_id) for one in decision.recorded}
        for decision in (there, back)
    ]
    assert targets[0] == targets[1]


@always
def test_nobody_internal_erased_or_hit_by_an_entry_is_ever_recorded(
    copy: Copy, world: World
) -> None:
    decision = decide(copy, world)
    recorded = {one.address for one in decision.recorded}
    waiting = {one.address for one in decision.ambiguous}
    never = {Kind.INTERNAL, Kind.ERASED}
    kinds = {taken.address: taken.kind for taken in decision.participants}
    assert not {address for address in recorded | waiting if kinds.get(address) in never}
    if decision.entry_id is not None:
        assert not recorded | waiting


@always
def test_what_is_recorded_once_is_not_recorded_again(copy: Copy, world: World) -> None:
    first = decide(copy, world)
    if any(one.creates_contact or one.creates_profile or one.refines for one in first.recorded):
        return
    earned = tuple(
        Past(one.address, one.project_id, one.contact_id, one.company_id) for one in first.recorded
    )
    second = decide(
        replace(copy, past=copy.past + earned, redecision=True, before=first.outcome), world
    )
    assert second.recorded == ()
    if earned:
        assert second.outcome is Outcome.LOGGED


@always
def test_a_record_is_in_a_project_that_exists_and_names_its_target(
    copy: Copy, world: World
) -> None:
    for one in decide(copy, world).recorded:
        assert one.project_id in world.projects
        assert one.contact_id is not None or one.company_id is not None
        assert not (one.creates_contact and one.contact_id is not None)


@always
def test_the_copies_of_a_message_add_up_in_any_order(copy: Copy, world: World) -> None:
    both = [copy, replace(copy, owner_id="ben", scope=PROJECTS[:1], profile=None)]
    there, back = (add_up(decide_together(order, world)) for order in (both, both[::-1]))
    assert there.outcome is back.outcome
    assert {one[:3] for one in there.recorded} == {one[:3] for one in back.recorded}


@always
def test_only_the_memo_of_the_world_changes(copy: Copy, world: World) -> None:
    once = decide(copy, world)
    assert decide(copy, world) == once == decide(copy, replace(world))
