"""The owner of a lost mailbox is told twice and no more, by whichever worker is first."""

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.core import mail
from django.utils import timezone

from accounts import tenancy
from mailsync.models import Mailbox
from mailsync.problems import NotThere
from mailsync.services.name_state import state_after
from mailsync.services.tell_owner import ask_owner, tell_owner
from mailsync.tasks import tell_owners
from tests.mailsync.granted import make_vendor_mailbox

SENTENCE = "Google no longer lets Threadwell in."


@pytest.fixture
def lost(ours: SimpleNamespace) -> Mailbox:
    return make_vendor_mailbox(
        ours,
        ours.ana,
        state=Mailbox.State.NEEDS_RECONNECT,
        state_detail=SENTENCE,
        state_since=timezone.now() - timedelta(minutes=14),
    )


def lost_since(mailbox: Mailbox, **ago: float) -> None:
    with tenancy.in_workspace(mailbox.workspace_id):
        since = timezone.now() - timedelta(**ago)
        Mailbox.objects.filter(id=mailbox.id).update(state_since=since)


def test_a_short_trouble_is_not_told(lost: Mailbox) -> None:
    tell_owners()
    assert mail.outbox == []


def test_the_owner_is_told_after_a_quarter_of_an_hour_and_after_a_day(
    ours: SimpleNamespace, lost: Mailbox, settings: Any
) -> None:
    settings.PUBLIC_BASE_URL = "https://threadwell.example"
    lost_since(lost, minutes=16)
    tell_owners()
    tell_owners()
    (first,) = mail.outbox
    assert first.to == [ours.ana.user.email]
    assert SENTENCE in first.body
    assert f"https://threadwell.example/w/ours/mailboxes/{lost.id}/" in first.body
    lost_since(lost, hours=25)
    for _ in range(3):
        tell_owners()
    assert len(mail.outbox) == 2
    lost_since(lost, days=9)
    tell_owners()
    assert len(mail.outbox) == 2


def test_a_mail_that_nobody_took_is_due_again(
    ours: SimpleNamespace, lost: Mailbox, settings: Any
) -> None:
    lost_since(lost, minutes=16)
    way = {"mailbox_id": lost.id, "owner_id": ours.ana.id}
    working = settings.EMAIL_BACKEND
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    assert not tell_owner(ours.id, **way)
    settings.EMAIL_BACKEND = working
    assert tell_owner(ours.id, **way)
    assert len(mail.outbox) == 1


def test_the_next_loss_is_told_anew(ours: SimpleNamespace, lost: Mailbox) -> None:
    lost_since(lost, minutes=16)
    tell_owners()
    with tenancy.in_workspace(ours.id):
        row = Mailbox.objects.get()
        Mailbox.objects.update(**state_after(row, Mailbox.State.LIVE))
        row.refresh_from_db()
        Mailbox.objects.update(**state_after(row, Mailbox.State.NEEDS_RECONNECT))
    lost_since(lost, minutes=16)
    tell_owners()
    assert len(mail.outbox) == 2


def test_a_member_who_left_is_told_nothing(ours: SimpleNamespace, lost: Mailbox) -> None:
    lost_since(lost, minutes=16)
    with tenancy.in_workspace(ours.id):
        ours.ana.deactivated_at = timezone.now()
        ours.ana.save()
    tell_owners()
    assert mail.outbox == []


def test_an_admin_asks_the_owner_once_an_hour(ours: SimpleNamespace, lost: Mailbox) -> None:
    assert ask_owner(ours.id, by=ours.ben, mailbox_id=lost.id)
    assert not ask_owner(ours.id, by=ours.ben, mailbox_id=lost.id)
    (asked,) = mail.outbox
    assert asked.subject.startswith(ours.ben.name)


def test_nobody_is_asked_about_a_mailbox_that_is_read(ours: SimpleNamespace) -> None:
    fine = make_vendor_mailbox(ours, ours.ana)
    with pytest.raises(NotThere):
        ask_owner(ours.id, by=ours.ben, mailbox_id=fine.id)
