"""The last act of a person counts: through later copies, later decisions and undoing."""

import re
import uuid
from types import SimpleNamespace

import pytest

from accounts import tenancy
from accounts.models import Member
from activities.models import (
    Activity,
    Assignment,
    Message,
    PendingParticipant,
    PrivateMessage,
    Sighting,
    TakenOut,
)
from activities.selectors.visible import reachable, seen, sight_of
from activities.services.assign import Whom
from activities.services.choose_projects import add_thread, take_thread_out
from activities.services.log_by_hand import log_by_hand
from activities.services.redecide import redecide_thread
from activities.services.remove_assignment import remove_assignment
from activities.services.take_back import take_back
from activities.services.undo import undo
from tests.activities.mailing import a_copy, arrive, make_channel, write_mail

KNOWN, OURS = "jane@client.example", "ana@ours.example"


def without_fingerprint() -> bytes:
    return re.sub(rb"(?m)^(Message-ID|Date):.*\n", b"", write_mail(KNOWN, OURS))


def decide_again(cast: SimpleNamespace, member: Member, thread_id: uuid.UUID) -> None:
    with tenancy.in_workspace(cast.id, member.id):
        redecide_thread(cast.id, thread_id, member.id)


def remove_only(cast: SimpleNamespace) -> tuple[uuid.UUID, uuid.UUID]:
    """Take the one assignment away; returns the change and the thread."""
    one = Assignment.objects.get()
    thread_id = one.activity.thread_id
    change = remove_assignment(
        cast.id, by=cast.ana, activity_id=one.activity_id, assignment_id=one.id
    )
    return change.id, thread_id


def log_on_acme(cast: SimpleNamespace, member: Member) -> uuid.UUID:
    row = PrivateMessage.objects.get(owner=member)
    whom = [Whom(company_id=cast.acme.id)]
    projects = [cast.one.id]
    change = log_by_hand(cast.id, by=member, private_id=row.id, whom=whom, project_ids=projects)
    return change.id


def test_a_mail_without_a_fingerprint_stays_taken_back_and_undoing_brings_it(
    inside: SimpleNamespace,
) -> None:
    copy = a_copy(make_channel(inside, inside.ana, inside.one), without_fingerprint())
    assert copy.message.fingerprint is None
    arrive(inside, copy)
    change = take_back(inside.id, by=inside.ana, activity_id=Activity.objects.get().id)
    decide_again(inside, inside.ana, PrivateMessage.objects.get().thread_id)
    assert not Activity.objects.exists()
    undo(inside.id, by=inside.ana, change_id=change.id)
    assert Activity.objects.get().state == "logged"


@pytest.mark.parametrize("fingerprint", [True, False])
def test_a_mail_that_was_removed_stays_out_until_that_is_undone(
    inside: SimpleNamespace, fingerprint: bool
) -> None:
    raw = write_mail(KNOWN, OURS) if fingerprint else without_fingerprint()
    arrive(inside, a_copy(make_channel(inside, inside.ana, inside.one), raw))
    change_id, thread_id = remove_only(inside)
    decide_again(inside, inside.ana, thread_id)
    assert not Activity.objects.exists()
    undo(inside.id, by=inside.ana, change_id=change_id)
    assert Activity.objects.get().state == "logged"
    assert not TakenOut.objects.exists()


def test_a_colleagues_later_copy_does_not_bring_a_removed_mail_back(
    inside: SimpleNamespace,
) -> None:
    raw = write_mail(KNOWN, OURS, cc="ben@ours.example")
    arrive(inside, a_copy(make_channel(inside, inside.ana, inside.one), raw))
    remove_only(inside)
    arrive(inside, a_copy(make_channel(inside, inside.ben, inside.one), raw))
    assert not Activity.objects.exists()


def test_adding_the_thread_again_opens_a_removed_mail_and_undoing_closes_it(
    inside: SimpleNamespace,
) -> None:
    arrive(inside, a_copy(make_channel(inside, inside.ana, inside.one), write_mail(KNOWN, OURS)))
    _, thread_id = remove_only(inside)
    change = add_thread(inside.id, by=inside.ana, thread_id=thread_id, project_ids=[inside.one.id])
    assert Activity.objects.get().state == "logged"
    undo(inside.id, by=inside.ana, change_id=change.id)
    decide_again(inside, inside.ana, thread_id)
    assert not Activity.objects.exists()


def test_logging_a_removed_mail_by_hand_opens_it_and_undoing_closes_it(
    inside: SimpleNamespace,
) -> None:
    arrive(inside, a_copy(make_channel(inside, inside.ana, inside.one), write_mail(KNOWN, OURS)))
    _, thread_id = remove_only(inside)
    change_id = log_on_acme(inside, inside.ana)
    assert not TakenOut.objects.exists()
    undo(inside.id, by=inside.ana, change_id=change_id)
    decide_again(inside, inside.ana, thread_id)
    assert not Activity.objects.exists()


def test_undoing_a_log_by_hand_leaves_the_mail_taken_back(inside: SimpleNamespace) -> None:
    arrive(inside, a_copy(make_channel(inside, inside.ana, inside.one), write_mail(KNOWN, OURS)))
    take_back(inside.id, by=inside.ana, activity_id=Activity.objects.get().id)
    change_id = log_on_acme(inside, inside.ana)
    assert Activity.objects.get().state == "logged"
    undo(inside.id, by=inside.ana, change_id=change_id)
    decide_again(inside, inside.ana, PrivateMessage.objects.get().thread_id)
    assert not Activity.objects.exists()


@pytest.mark.parametrize("to", [KNOWN, "z@nobody.example"])
def test_what_was_sent_in_survives_taking_back_hidden_and_comes_again(
    inside: SimpleNamespace, to: str
) -> None:
    raw = write_mail(OURS, to)
    arrive(inside, a_copy(make_channel(inside, inside.ana, inside.one), raw))
    if to != KNOWN:
        log_on_acme(inside, inside.ana)
    door = make_channel(inside, None, inside.one, source="bcc")
    arrive(inside, a_copy(door, raw, sender=inside.ana))
    mail = Activity.objects.get()
    held = set(Assignment.objects.values_list("contact", "company", "project"))
    change = take_back(inside.id, by=inside.ana, activity_id=mail.id)
    mail.refresh_from_db()
    assert mail.state == "withdrawn"
    assert list(Sighting.objects.values_list("counts", flat=True)) == [False]
    assert PrivateMessage.objects.count() == 1
    for member in (inside.ana, inside.ben):
        sight = sight_of(inside.id, member)
        assert not seen(sight).exists()
        assert not reachable(sight).exists()
    undo(inside.id, by=inside.ana, change_id=change.id)
    mail.refresh_from_db()
    assert mail.state == "logged"
    assert Message.objects.get().body_state == "present"
    assert list(Sighting.objects.values_list("counts", flat=True)) == [True, True]
    assert set(Assignment.objects.values_list("contact", "company", "project")) == held
    assert not PrivateMessage.objects.exists()


def test_what_waited_for_a_project_and_was_taken_back_waits_again_when_that_is_undone(
    inside: SimpleNamespace,
) -> None:
    raw = write_mail(OURS, f"{KNOWN}, mia@client.example")
    door = make_channel(inside, None, source="bcc")
    arrive(inside, a_copy(door, raw, sender=inside.ana))
    arrive(inside, a_copy(make_channel(inside, inside.ana, inside.one, inside.two), raw))
    remove_only(inside)
    mail = Activity.objects.get()
    assert mail.state == "needs_project"
    change = take_back(inside.id, by=inside.ana, activity_id=mail.id)
    undo(inside.id, by=inside.ana, change_id=change.id)
    mail.refresh_from_db()
    assert mail.state == "needs_project"
    assert PendingParticipant.objects.filter(activity=mail, owner=inside.ana).exists()


def test_what_was_sent_in_and_taken_back_can_be_logged_by_hand(inside: SimpleNamespace) -> None:
    raw = write_mail(OURS, KNOWN)
    arrive(inside, a_copy(make_channel(inside, inside.ana, inside.one), raw))
    door = make_channel(inside, None, inside.one, source="bcc")
    arrive(inside, a_copy(door, raw, sender=inside.ana))
    take_back(inside.id, by=inside.ana, activity_id=Activity.objects.get().id)
    log_on_acme(inside, inside.ana)
    assert Activity.objects.get().state == "logged"


def test_undoing_a_take_out_brings_a_colleagues_hand_logged_mail_again(
    inside: SimpleNamespace,
) -> None:
    box = make_channel(inside, inside.ben, inside.one)
    arrive(inside, a_copy(box, write_mail("z@nobody.example", "ben@ours.example")))
    with tenancy.in_workspace(inside.id, inside.ben.id):
        log_on_acme(inside, inside.ben)
    thread_id = Activity.objects.get().thread_id
    change = take_thread_out(
        inside.id, by=inside.ana, thread_id=thread_id, project_ids=[inside.one.id]
    )
    assert not Activity.objects.exists()
    undo(inside.id, by=inside.ana, change_id=change.id)
    assert Assignment.objects.get().company == inside.acme
    decide_again(inside, inside.ben, thread_id)
    assert Assignment.objects.get().company == inside.acme
