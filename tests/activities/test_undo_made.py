"""Undoing an assignment takes back what it made on the spot, and what rules made of that."""

from types import SimpleNamespace

import pytest

from activities.models import Activity, Assignment, Change
from activities.services.assign import Whom, assign
from activities.services.redecide import due_changes, work_off_change
from activities.services.undo import undo
from contacts.models import Company, CompanyDomain, Contact, ProjectCompany
from tests.activities.mailing import a_copy, arrive, make_channel, write_mail


@pytest.fixture
def waiting(inside: SimpleNamespace) -> SimpleNamespace:
    """Two mails that Ana sent in, to two people of a firm that nobody knows."""
    inbound = make_channel(inside, None, inside.one, source="bcc")
    for to in ("zed@brandnew.example", "amy@brandnew.example"):
        arrive(inside, a_copy(inbound, write_mail("ana@ours.example", to), sender=inside.ana))
    inside.first = Activity.objects.order_by("id")[0]
    return inside


def link(cast: SimpleNamespace, **whom: object) -> Change:
    """Assign the first mail with the box *link this domain* ticked."""
    return assign(
        cast.id,
        by=cast.ana,
        activity_ids=[cast.first.id],
        whom=[Whom(link_domain="brandnew.example", **whom)],  # type: ignore[arg-type]
        project_ids=[cast.one.id],
    )


def work(cast: SimpleNamespace) -> None:
    """Let the worker decide again whatever the directory's changes touch."""
    for change in due_changes(cast.id):
        work_off_change(cast.id, change)


def states() -> list[str]:
    return list(Activity.objects.order_by("id").values_list("state", flat=True))


@pytest.mark.parametrize("worker_came_first", [True, False])
def test_undo_takes_back_the_company_its_domain_and_what_the_domain_logged(
    waiting: SimpleNamespace, worker_came_first: bool
) -> None:
    change = link(waiting, new_company="Brandnew")
    if worker_came_first:
        work(waiting)
        assert states() == ["logged", "logged"]
    undo(waiting.id, by=waiting.ana, change_id=change.id)
    work(waiting)
    assert states() == ["unassigned", "unassigned"]
    assert not Company.objects.filter(name="Brandnew").exists()
    assert not CompanyDomain.objects.filter(domain="brandnew.example").exists()
    assert not Contact.objects.filter(addresses__address__endswith="brandnew.example").exists()
    assert not Assignment.objects.exists()


def test_undo_leaves_a_company_that_was_there_with_what_it_had(waiting: SimpleNamespace) -> None:
    change = link(waiting, company_id=waiting.acme.id)
    work(waiting)
    undo(waiting.id, by=waiting.ana, change_id=change.id)
    assert states() == ["unassigned", "unassigned"]
    kept = CompanyDomain.objects.filter(company=waiting.acme)
    assert [row.domain for row in kept] == ["acme.example"]
    assert ProjectCompany.objects.filter(company=waiting.acme, project=waiting.one).exists()


def test_undo_keeps_what_a_hand_did_with_the_new_company_since(waiting: SimpleNamespace) -> None:
    change = link(waiting, new_company="Brandnew")
    work(waiting)
    company = Company.objects.get(name="Brandnew")
    second = Activity.objects.order_by("id")[1]
    assign(
        waiting.id,
        by=waiting.ben,
        activity_ids=[second.id],
        whom=[Whom(company_id=company.id)],
        project_ids=[waiting.one.id],
    )
    undo(waiting.id, by=waiting.ana, change_id=change.id)
    work(waiting)
    assert states() == ["unassigned", "logged"]
    assert Assignment.objects.get().company == company
