"""Adding a thread to projects, taking it out, and taking a mail back (R8, V2)."""

from types import SimpleNamespace

import pytest

from accounts import tenancy
from activities.models import (
    Activity,
    Assignment,
    Message,
    PendingParticipant,
    PrivateMessage,
    Sighting,
    TakenBack,
)
from activities.problems import NotThere, RecordProblem
from activities.services.choose_projects import add_thread, take_thread_out
from activities.services.take_back import take_back
from activities.services.undo import undo
from tests.activities.mailing import a_copy, arrive, make_channel, write_mail
from tests.activities.test_pages import a_waiting_mail, signed_in


@pytest.fixture
def waiting(inside: SimpleNamespace) -> SimpleNamespace:
    """A mail of Ana's to Mia, who is in both projects of the mailbox (S5)."""
    inside.mailbox = make_channel(inside, inside.ana, inside.one, inside.two)
    raw = write_mail("ana@ours.example", "mia@client.example", message_id="<s5@x.example>")
    arrive(inside, a_copy(inside.mailbox, raw))
    inside.thread_id = PrivateMessage.objects.get().thread_id
    return inside


def test_s6_the_chosen_project_takes_the_thread_and_what_follows(waiting: SimpleNamespace) -> None:
    client = signed_in(waiting.ana)
    answer = client.post(
        f"/w/ours/threads/{waiting.thread_id}/projects/", {"project": [waiting.one.id]}
    )
    assert answer.status_code == 303
    assert Assignment.objects.get().project == waiting.one
    reply = write_mail("mia@client.example", "ana@ours.example", in_reply_to="<s5@x.example>")
    arrive(waiting, a_copy(waiting.mailbox, reply))
    assert Assignment.objects.filter(project=waiting.one).count() == 2
    assert not PendingParticipant.objects.exists()


def test_s7_several_projects_may_be_chosen(waiting: SimpleNamespace) -> None:
    add_thread(
        waiting.id,
        by=waiting.ana,
        thread_id=waiting.thread_id,
        project_ids=[waiting.one.id, waiting.two.id],
    )
    assert Assignment.objects.count() == 2


def test_a_project_with_nobody_on_the_thread_is_refused(waiting: SimpleNamespace) -> None:
    from contacts.models import Project

    empty = Project.objects.create(workspace_id=waiting.id, name="Empty")
    with pytest.raises(RecordProblem, match="Nobody on this thread is in Empty"):
        add_thread(waiting.id, by=waiting.ana, thread_id=waiting.thread_id, project_ids=[empty.id])


def test_a_colleague_chooses_nothing_for_a_private_thread(waiting: SimpleNamespace) -> None:
    with (
        tenancy.in_workspace(waiting.id, waiting.ben.id),
        pytest.raises(NotThere),
    ):
        add_thread(
            waiting.id, by=waiting.ben, thread_id=waiting.thread_id, project_ids=[waiting.one.id]
        )


def test_s36_a_thread_that_was_taken_out_stays_out(inside: SimpleNamespace) -> None:
    mailbox = make_channel(inside, inside.ana, inside.one)
    first = write_mail("jane@client.example", "ana@ours.example", message_id="<s36@x.example>")
    arrive(inside, a_copy(mailbox, first))
    thread_id = Activity.objects.get().thread_id
    take_thread_out(inside.id, by=inside.ana, thread_id=thread_id, project_ids=[inside.one.id])
    reply = write_mail("jane@client.example", "ana@ours.example", in_reply_to="<s36@x.example>")
    arrive(inside, a_copy(mailbox, reply))
    assert not Assignment.objects.exists()
    assert {row.rule for row in PrivateMessage.objects.all()} == {"R8"}
    page = signed_in(inside.ana).get(f"/w/ours/threads/{thread_id}/").content.decode()
    assert "took its thread out of One" in page


def test_bcc_mail_that_is_taken_out_waits_in_unassigned(inside: SimpleNamespace) -> None:
    mail = a_waiting_mail(inside, sender="jane@client.example")
    assert mail.state == "logged"
    take_thread_out(inside.id, by=inside.ana, thread_id=mail.thread_id, project_ids=[inside.one.id])
    mail.refresh_from_db()
    assert mail.state == "unassigned"


def test_s39_a_mail_taken_back_stays_by_the_others_copy_and_goes_with_the_last(
    inside: SimpleNamespace,
) -> None:
    raw = write_mail("jane@client.example", "ana@ours.example", cc="ben@ours.example")
    anas, bens = (
        make_channel(inside, inside.ana, inside.one),
        make_channel(inside, inside.ben, inside.one),
    )
    arrive(inside, a_copy(anas, raw))
    arrive(inside, a_copy(bens, raw))
    mail = Activity.objects.get()
    take_back(inside.id, by=inside.ana, activity_id=mail.id)
    assert Sighting.objects.get().owner == inside.ben
    assert PrivateMessage.objects.get().rule == "V2"
    assert Assignment.objects.count() == 1
    with tenancy.in_workspace(inside.id, inside.ben.id):
        take_back(inside.id, by=inside.ben, activity_id=mail.id)
        assert not Message.objects.exists()
    arrive(inside, a_copy(anas, raw))
    arrive(inside, a_copy(bens, raw))
    assert not Activity.objects.exists()


def test_what_only_the_copy_that_was_taken_back_earned_goes(inside: SimpleNamespace) -> None:
    raw = write_mail("jane@client.example", "ana@ours.example", cc="omar@client.example")
    arrive(inside, a_copy(make_channel(inside, inside.ana, inside.one), raw))
    arrive(inside, a_copy(make_channel(inside, inside.ben, inside.two), raw))
    assert Assignment.objects.count() == 2
    take_back(inside.id, by=inside.ana, activity_id=Activity.objects.get().id)
    assert Assignment.objects.get().project == inside.two


def test_taking_back_can_be_undone_by_its_owner_alone(inside: SimpleNamespace) -> None:
    raw = write_mail("jane@client.example", "ana@ours.example")
    arrive(inside, a_copy(make_channel(inside, inside.ana, inside.one), raw))
    change = take_back(inside.id, by=inside.ana, activity_id=Activity.objects.get().id)
    with pytest.raises(NotThere):
        undo(inside.id, by=inside.ben, change_id=change.id)
    undo(inside.id, by=inside.ana, change_id=change.id)
    assert Assignment.objects.get().contact == inside.jane
    assert not TakenBack.objects.exists()


def test_only_a_member_with_a_copy_in_a_mailbox_is_offered_to_take_it_back(
    inside: SimpleNamespace,
) -> None:
    raw = write_mail("jane@client.example", "ana@ours.example")
    arrive(inside, a_copy(make_channel(inside, inside.ana, inside.one), raw))
    mail = Activity.objects.get()
    path = f"/w/ours/activities/{mail.id}/taking-back/"
    assert "The activity goes" in signed_in(inside.ana).get(path).content.decode()
    assert signed_in(inside.ben).get(path).status_code == 404
    assert signed_in(inside.ana).post(path).status_code == 303
    assert not Activity.objects.exists()
