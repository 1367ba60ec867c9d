"""Two people who triage the same mail at the same moment, on connections of their own (U3)."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from types import SimpleNamespace

import pytest
from django.db import connection

from accounts import tenancy
from accounts.models import Member
from activities.models import Activity, Assignment, Change
from activities.problems import AlreadyDone
from activities.services.assign import Whom, assign
from activities.services.dismiss import dismiss
from activities.services.undo import undo
from tests.activities.test_pages import a_waiting_mail

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(ours: SimpleNamespace, *acts: tuple[Member, Callable[[], object]]) -> list[str]:
    """Run the acts side by side and return what those who came second were told."""
    start = Barrier(len(acts))

    def run(who: Member, act: Callable[[], object]) -> str:
        try:
            with tenancy.in_workspace(ours.id, who.id):
                start.wait(10)
                act()
        except AlreadyDone as problem:
            return problem.sentence
        finally:
            connection.close()
        return ""

    with ThreadPoolExecutor(len(acts)) as pool:
        return [told for told in pool.map(lambda one: run(*one), acts) if told]


def test_one_of_two_assigns_and_the_other_hears_who_it_was(ours: SimpleNamespace) -> None:
    for _ in range(3):
        with tenancy.in_workspace(ours.id, ours.ana.id):
            mail = a_waiting_mail(ours)

        def place(who: Member, mail: Activity = mail) -> None:
            assign(
                ours.id,
                by=who,
                activity_ids=[mail.id],
                whom=[Whom(company_id=ours.acme.id)],
                project_ids=[ours.one.id if who == ours.ana else ours.two.id],
                expected="unassigned",
            )

        (told,) = at_once(
            ours, (ours.ana, lambda: place(ours.ana)), (ours.ben, lambda: place(ours.ben))
        )
        with tenancy.in_workspace(ours.id):
            winner = Assignment.objects.get(activity=mail).made_by
        assert told.startswith(f"{winner.name} has already assigned this")


def test_an_assignment_and_a_dismissal_never_both_hold(ours: SimpleNamespace) -> None:
    with tenancy.in_workspace(ours.id, ours.ana.id):
        mail = a_waiting_mail(ours)
    whom = [Whom(company_id=ours.acme.id)]
    told = at_once(
        ours,
        (
            ours.ana,
            lambda: assign(
                ours.id,
                by=ours.ana,
                activity_ids=[mail.id],
                whom=whom,
                project_ids=[ours.one.id],
                expected="unassigned",
            ),
        ),
        (ours.ben, lambda: dismiss(ours.id, by=ours.ben, activity_ids=[mail.id])),
    )
    assert len(told) == 1
    with tenancy.in_workspace(ours.id):
        recorded = Assignment.objects.exists()
        assert Activity.objects.get().state == ("logged" if recorded else "dismissed")


def test_a_change_that_two_undo_is_undone_once(ours: SimpleNamespace) -> None:
    with tenancy.in_workspace(ours.id, ours.ana.id):
        change = dismiss(ours.id, by=ours.ana, activity_ids=[a_waiting_mail(ours).id])
    results: list[bool] = []
    act = lambda who: results.append(undo(ours.id, by=who, change_id=change.id)[1])  # noqa: E731
    at_once(ours, (ours.ana, lambda: act(ours.ana)), (ours.ben, lambda: act(ours.ben)))
    assert sorted(results) == [False, True]
    with tenancy.in_workspace(ours.id):
        assert Change.objects.get().undone_at is not None
