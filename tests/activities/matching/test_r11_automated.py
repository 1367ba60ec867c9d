"""R11: mail that a machine wrote."""

import pytest

from activities.matching.facts import Automated, AutomatedClass, Outcome
from tests.activities.matching.story import ANA, BULK, JANE, STRANGER, Story

CLASSES = [
    (Automated(report=True), AutomatedClass.REPORT),
    (Automated(auto_reply=True), AutomatedClass.AUTO_REPLY),
    (Automated(calendar_reply=True), AutomatedClass.CALENDAR_REPLY),
    (Automated(bulk=True), AutomatedClass.BULK),
]


def jane_in_one() -> Story:
    story = Story()
    story.contact(JANE, "one")
    return story


@pytest.mark.parametrize(("header", "name"), CLASSES)
def test_it_is_not_logged_by_sync(header: Automated, name: AutomatedClass) -> None:
    decision = jane_in_one().sync(STRANGER, ANA, JANE, automated=header)
    assert (decision.outcome, decision.rule) == (Outcome.NOT_LOGGED, "R11")
    assert decision.steps[-1].code == name.value


@pytest.mark.parametrize(("header", "name"), CLASSES)
def test_an_admin_lets_a_class_through(header: Automated, name: AutomatedClass) -> None:
    story = jane_in_one()
    story.let_through = {name}
    assert story.sync(STRANGER, ANA, JANE, automated=header).outcome is Outcome.LOGGED


def test_a_class_that_was_let_through_does_not_open_another() -> None:
    story = jane_in_one()
    story.let_through = {AutomatedClass.BULK}
    both = Automated(auto_reply=True, bulk=True)
    assert story.sync(STRANGER, ANA, JANE, automated=both).rule == "R11"


def test_a_contact_in_from_is_logged() -> None:
    assert jane_in_one().sync(JANE, ANA, automated=BULK).outcome is Outcome.LOGGED


def test_bcc_and_sent_keep_it() -> None:
    story = jane_in_one()
    assert story.bcc(ANA, JANE, project="one", automated=BULK).outcome is Outcome.LOGGED
    assert story.send(ANA, JANE, automated=BULK).outcome is Outcome.LOGGED


@pytest.mark.parametrize("list_id", ["success.ours.example", "<success.ours.example>"])
def test_a_list_of_our_own_makes_nothing_bulk(list_id: str) -> None:
    decision = jane_in_one().sync(STRANGER, JANE, automated=BULK, list_id=list_id)
    assert decision.outcome is Outcome.LOGGED


@pytest.mark.parametrize("list_id", ["", "list.example", "ours.example.list.example"])
def test_any_other_list_does(list_id: str) -> None:
    assert jane_in_one().sync(STRANGER, JANE, automated=BULK, list_id=list_id).rule == "R11"


def test_a_list_of_our_own_hides_no_automatic_reply() -> None:
    header = Automated(auto_reply=True, bulk=True)
    decision = jane_in_one().sync(STRANGER, JANE, automated=header, list_id="success.ours.example")
    assert decision.steps[-1].code == "auto_reply"
