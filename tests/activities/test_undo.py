"""Undo: every change backwards, and later manual acts kept."""

from types import SimpleNamespace

import pytest

from accounts import tenancy
from activities.models import Activity, Assignment, Change, ThreadChoice
from activities.problems import NotThere
from activities.services.dismiss import dismiss
from activities.services.remove_assignment import change_interaction_type, remove_assignment
from activities.services.undo import undo
from contacts.models import Project
from tests.activities.mailing import a_copy, arrive, make_channel, write_mail
from tests.activities.test_assign import place
from tests.activities.test_pages import a_logged_mail, a_waiting_mail, signed_in


def state_of(mail: Activity) -> str:
    mail.refresh_from_db()
    return mail.state


def test_undoing_an_assignment_puts_every_mail_back_into_unassigned(
    inside: SimpleNamespace,
) -> None:
    mails = [a_waiting_mail(inside), a_waiting_mail(inside)]
    undo(inside.id, by=inside.ana, change_id=place(inside, *mails).id)
    assert [state_of(mail) for mail in mails] == ["unassigned", "unassigned"]
    assert not Assignment.objects.exists()


def test_undoing_twice_changes_nothing_and_says_so(inside: SimpleNamespace) -> None:
    mail = a_waiting_mail(inside)
    change = place(inside, mail)
    assert undo(inside.id, by=inside.ana, change_id=change.id)[1]
    place(inside, mail)
    assert not undo(inside.id, by=inside.ana, change_id=change.id)[1]
    assert state_of(mail) == "logged"
    client = signed_in(inside.ben)
    answer = client.post(f"/w/ours/activities/changes/{change.id}/undo/")
    assert answer.status_code == 409
    assert "Ana has already undone this" in answer.content.decode()


def test_undo_keeps_what_a_person_did_afterwards(inside: SimpleNamespace) -> None:
    mail = a_waiting_mail(inside)
    first = place(inside, mail)
    place(inside, mail, project_ids=[inside.two.id], expected="logged")
    undo(inside.id, by=inside.ana, change_id=first.id)
    assert Assignment.objects.get().project == inside.two
    assert state_of(mail) == "logged"


def test_undo_leaves_alone_what_was_removed_and_made_again(inside: SimpleNamespace) -> None:
    mail = a_waiting_mail(inside)
    first = place(inside, mail)
    remove_assignment(
        inside.id, by=inside.ben, activity_id=mail.id, assignment_id=Assignment.objects.get().id
    )
    place(inside, mail, by=inside.ben)
    undo(inside.id, by=inside.ana, change_id=first.id)
    assert Assignment.objects.get().made_by == inside.ben


def test_undoing_a_dismissal_puts_the_mail_back_into_the_queue(inside: SimpleNamespace) -> None:
    mail = a_waiting_mail(inside)
    change = dismiss(inside.id, by=inside.ana, activity_ids=[mail.id])
    undo(inside.id, by=inside.ben, change_id=change.id)
    assert state_of(mail) == "unassigned"


def test_undoing_a_dismissal_keeps_a_later_assignment(inside: SimpleNamespace) -> None:
    mail = a_waiting_mail(inside)
    change = dismiss(inside.id, by=inside.ana, activity_ids=[mail.id])
    place(inside, mail, expected="dismissed")
    undo(inside.id, by=inside.ana, change_id=change.id)
    assert state_of(mail) == "logged"


def test_undoing_a_removal_puts_the_assignment_back_as_it_was(inside: SimpleNamespace) -> None:
    mail = a_waiting_mail(inside)
    place(inside, mail)
    given = Assignment.objects.get()
    change_interaction_type(
        inside.id,
        by=inside.ana,
        activity_id=mail.id,
        assignment_id=given.id,
        interaction_type="Visit",
    )
    change = remove_assignment(
        inside.id, by=inside.ana, activity_id=mail.id, assignment_id=given.id
    )
    undo(inside.id, by=inside.ana, change_id=change.id)
    again = Assignment.objects.get()
    assert (again.id, again.interaction_type, again.origin) == (given.id, "Visit", "person")
    assert state_of(mail) == "logged"
    assert mail.taken_out == {}


def test_undoing_a_changed_interaction_type_gives_the_old_one_back(
    inside: SimpleNamespace,
) -> None:
    mail = a_logged_mail(inside)
    given = Assignment.objects.get()
    change = change_interaction_type(
        inside.id,
        by=inside.ana,
        activity_id=mail.id,
        assignment_id=given.id,
        interaction_type="Visit",
    )
    undo(inside.id, by=inside.ana, change_id=change.id)
    given.refresh_from_db()
    assert given.interaction_type == "Email"


def test_a_synced_mail_that_went_back_to_its_owner_is_logged_again_by_undo(
    inside: SimpleNamespace,
) -> None:
    from activities.services.choose_projects import take_thread_out

    mail = a_logged_mail(inside, subject="Out and in")
    change = take_thread_out(
        inside.id, by=inside.ana, thread_id=mail.thread_id, project_ids=[inside.one.id]
    )
    assert not Activity.objects.exists()
    undo(inside.id, by=inside.ana, change_id=change.id)
    assert Activity.objects.get().message.subject == "Out and in"
    assert Assignment.objects.get().contact == inside.jane
    assert not ThreadChoice.objects.exists()


def test_undoing_a_thread_choice_asks_again(inside: SimpleNamespace) -> None:
    from activities.models import PendingParticipant, PrivateMessage
    from activities.services.choose_projects import add_thread

    channel = make_channel(inside, inside.ana, inside.one, inside.two)
    arrive(inside, a_copy(channel, write_mail("ana@ours.example", "mia@client.example")))
    thread_id = PrivateMessage.objects.get().thread_id
    change = add_thread(inside.id, by=inside.ana, thread_id=thread_id, project_ids=[inside.one.id])
    assert Activity.objects.get().state == "logged"
    undo(inside.id, by=inside.ana, change_id=change.id)
    assert not Assignment.objects.exists()
    assert not Activity.objects.exists()
    with tenancy.in_workspace(inside.id, inside.ana.id):
        assert PendingParticipant.objects.get().owner == inside.ana


def test_nobody_undoes_what_they_cannot_see(inside: SimpleNamespace) -> None:
    closed = Project.objects.create(workspace_id=inside.id, name="Closed", open_to_all=False)
    channel = make_channel(inside, None, closed, source="bcc")
    raw = write_mail("ana@ours.example", "z@new.example")
    (result,) = arrive(inside, a_copy(channel, raw, sender=inside.ana))
    change = dismiss(inside.id, by=inside.ana, activity_ids=[result.activity_id])
    with pytest.raises(NotThere):
        undo(inside.id, by=inside.ben, change_id=change.id)
    page = signed_in(inside.ben).get("/w/ours/activities/changes/")
    assert not page.context["changes"]
    assert Change.objects.get().undone_at is None


def test_the_toast_after_an_act_carries_its_undo(inside: SimpleNamespace) -> None:
    mail = a_waiting_mail(inside)
    client = signed_in(inside.ana)
    page = client.post("/w/ours/activities/dismissal/", {"open": mail.id}, follow=True)
    url = f"/w/ours/activities/changes/{Change.objects.get().id}/undo/"
    assert url in page.content.decode()
    assert client.post(url).status_code == 303
    assert state_of(mail) == "unassigned"
