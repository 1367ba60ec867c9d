"""B6: mail that cannot be judged by its participants."""

import pytest

from activities.matching.facts import Defect, Outcome
from tests.activities.matching.story import ANA, JANE, Story


def jane_in_one() -> Story:
    story = Story()
    story.contact(JANE, "one")
    return story


@pytest.mark.parametrize("defect", Defect)
def test_it_is_not_logged_by_sync_and_kept_by_bcc_with_the_reason(defect: Defect) -> None:
    story = jane_in_one()
    synced = story.sync(ANA, JANE, defect=defect)
    kept = story.bcc(ANA, JANE, project="one", defect=defect)
    assert (synced.outcome, synced.rule) == (Outcome.NOT_LOGGED, "B6")
    assert (kept.outcome, kept.banner) == (Outcome.UNASSIGNED, defect.value)


def test_500_addresses_are_judged_and_501_are_not() -> None:
    others = [f"p{number}@nowhere.example" for number in range(498)]
    assert jane_in_one().sync(ANA, JANE, *others).outcome is Outcome.LOGGED
    assert jane_in_one().sync(ANA, JANE, *others, "one@more.example").rule == "B6"


def test_what_cannot_be_read_is_kept_though_it_names_nobody() -> None:
    decision = Story().bcc(ANA, defect=Defect.UNPARSEABLE)
    assert (decision.outcome, decision.rule) == (Outcome.UNASSIGNED, "B6")
