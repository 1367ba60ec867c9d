"""The matching engine: one copy and the world in, one decision out."""

from activities.matching.case import Case
from activities.matching.decision import Decision, Step
from activities.matching.facts import Copy, World
from activities.matching.rules import (
    Judge,
    Rule,
    a_machine_wrote_it,
    it_belongs_to_other_projects,
    it_cannot_be_judged,
    it_is_blocked,
    it_is_ignored,
    it_is_out_of_scope,
    it_was_dismissed,
    its_company_creates_no_contacts,
    its_mailbox_does_not_look_back,
    its_owner_took_it_back,
    its_people_were_erased,
    its_sender_is_not_accepted,
    its_thread_was_added,
    its_thread_was_taken_out,
    nobody_is_recognised,
    nobody_outside_is_on_it,
    somebody_fits_several_projects,
    somebody_is_recognised,
)
from activities.matching.words import Source, State

SYNC = (
    it_is_out_of_scope,
    it_is_blocked,
    it_is_ignored,
    it_cannot_be_judged,
    nobody_outside_is_on_it,
    its_owner_took_it_back,
    it_was_dismissed,
    its_thread_was_added,
    its_thread_was_taken_out,
    a_machine_wrote_it,
    its_mailbox_does_not_look_back,
    somebody_is_recognised,
    somebody_fits_several_projects,
    its_company_creates_no_contacts,
    it_belongs_to_other_projects,
    its_people_were_erased,
    nobody_is_recognised,
)

# What came by bcc or sent is always kept, so no rule asks about scope, machines or looking back.
_KEPT = (
    it_is_ignored,
    it_cannot_be_judged,
    nobody_outside_is_on_it,
    its_owner_took_it_back,
    it_was_dismissed,
    its_thread_was_added,
    its_thread_was_taken_out,
    somebody_is_recognised,
    somebody_fits_several_projects,
    it_belongs_to_other_projects,
    its_people_were_erased,
    nobody_is_recognised,
)

BCC = (it_is_blocked, its_sender_is_not_accepted, *_KEPT)
SENT = (it_is_blocked, *_KEPT)
MANUAL = _KEPT

RULES: dict[Source, tuple[Rule, ...]] = {
    Source.SYNC: SYNC,
    Source.BCC: BCC,
    Source.SENT: SENT,
    Source.MANUAL: MANUAL,
}


def decide(copy: Copy, world: World) -> Decision:
    """Judge one copy by the rules of its source. The last rule catches all, so there is an answer.

    Nothing is raised for any facts, and nothing is changed but the world's memo.
    """
    case = Case(copy, world)
    for judge, case.passed in _CHAINS[copy.source]:
        decision = judge(case)
        if decision is not None:
            return decision
    raise AssertionError("The last rule of a source has to catch all.")


def _chain(rules: tuple[Rule, ...]) -> tuple[tuple[Judge, tuple[Step, ...]], ...]:
    """Each rule's test with the steps that were passed before it, made once."""
    passed = [Step(one.id, State.PASSED, one.name) for one in rules]
    return tuple((one.judge, tuple(passed[:place])) for place, one in enumerate(rules))


_CHAINS = {source: _chain(rules) for source, rules in RULES.items()}
