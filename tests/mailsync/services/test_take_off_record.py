"""Disconnecting a mailbox with what it has logged: its copies leave the record, others' stay."""

import threading
import uuid
from types import SimpleNamespace

import pytest
from django.db import connection

from accounts import tenancy
from activities.models import Activity, Assignment, Message, PrivateMessage, Sighting
from activities.services.take_back import take_back
from mailsync import tasks
from mailsync.models import Mailbox
from mailsync.services.disconnect_mailbox import disconnect_mailbox
from mailsync.services.take_off_record import take_off_record
from tests.activities.mailing import a_copy, arrive, make_channel, write_mail
from tests.mailsync.granted import make_vendor_mailbox


@pytest.fixture
def mailbox(ours: SimpleNamespace) -> Mailbox:
    return make_vendor_mailbox(ours, ours.ana)


def mail_to(address: str, number: int = 1) -> bytes:
    return write_mail("jane@client.example", address, message_id=f"<same-{number}@client.example>")


def disconnect(cast: SimpleNamespace, mailbox: Mailbox, *, keep: bool) -> int:
    """Disconnect it and do what follows; returns how many batches that were."""
    with tenancy.in_workspace(cast.id, cast.ana.id):
        disconnect_mailbox(cast.id, by=cast.ana, mailbox_id=mailbox.id, keep_logged=keep)
    batches = 0
    while take_off_record(cast.id, mailbox_id=mailbox.id, owner_id=cast.ana.id):
        batches += 1
    return batches


def states(cast: SimpleNamespace) -> list[str]:
    with tenancy.in_workspace(cast.id, cast.ana.id):
        return list(Activity.objects.order_by("id").values_list("state", flat=True))


def test_what_only_this_mailbox_brought_is_gone_with_its_words(
    ours: SimpleNamespace, mailbox: Mailbox
) -> None:
    for number in (1, 2):
        arrive(ours, a_copy(mailbox.channel, mail_to("ana@ours.example", number)))
    assert states(ours) == ["logged", "logged"]
    assert disconnect(ours, mailbox, keep=False) == 1
    assert states(ours) == []
    with tenancy.in_workspace(ours.id, ours.ana.id):
        for table in (Message, Sighting, Assignment, PrivateMessage):
            assert not table.objects.exists(), table
        assert Mailbox.objects.get().taken_off


def test_kept_mail_stays(ours: SimpleNamespace, mailbox: Mailbox) -> None:
    arrive(ours, a_copy(mailbox.channel, mail_to("ana@ours.example")))
    assert disconnect(ours, mailbox, keep=True) == 0
    assert states(ours) == ["logged"]


def test_what_a_colleagues_mailbox_has_too_stays(ours: SimpleNamespace, mailbox: Mailbox) -> None:
    with tenancy.in_workspace(ours.id, ours.ben.id):
        bens = make_channel(ours, ours.ben, ours.one)
    mail = mail_to("ana@ours.example, ben@ours.example")
    arrive(ours, a_copy(mailbox.channel, mail))
    arrive(ours, a_copy(bens, mail))
    disconnect(ours, mailbox, keep=False)
    assert states(ours) == ["logged"]
    with tenancy.in_workspace(ours.id, ours.ana.id):
        assert Sighting.objects.get().channel_id == bens.id


def test_a_second_mailbox_of_the_same_member_keeps_its_copies(
    ours: SimpleNamespace, mailbox: Mailbox
) -> None:
    second = make_vendor_mailbox(ours, ours.ana, account_id="second")
    mail = mail_to("ana@ours.example")
    arrive(ours, a_copy(mailbox.channel, mail), a_copy(second.channel, mail))
    disconnect(ours, mailbox, keep=False)
    assert states(ours) == ["logged"]


def test_the_same_mail_is_logged_again_by_a_mailbox_that_is_connected_anew(
    ours: SimpleNamespace, mailbox: Mailbox
) -> None:
    mail = mail_to("ana@ours.example")
    arrive(ours, a_copy(mailbox.channel, mail))
    disconnect(ours, mailbox, keep=False)
    again = make_vendor_mailbox(ours, ours.ana)
    arrive(ours, a_copy(again.channel, mail))
    assert states(ours) == ["logged"]


def test_one_that_fails_keeps_no_neighbour_waiting(
    ours: SimpleNamespace, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = make_vendor_mailbox(ours, ours.ben)
    arrive(ours, a_copy(mailbox.channel, mail_to("ana@ours.example", 1)))
    arrive(ours, a_copy(other.channel, mail_to("ben@ours.example", 2)))
    for member, one in ((ours.ana, mailbox), (ours.ben, other)):
        with tenancy.in_workspace(ours.id, member.id):
            disconnect_mailbox(ours.id, by=member, mailbox_id=one.id, keep_logged=False)
    real, bad = tasks.taking_off.take_off_record, mailbox.id

    def fails_for_one(
        workspace_id: uuid.UUID, *, mailbox_id: uuid.UUID, owner_id: uuid.UUID
    ) -> bool:
        if mailbox_id == bad:
            raise ValueError("nobody foresaw this")
        return real(workspace_id, mailbox_id=mailbox_id, owner_id=owner_id)

    monkeypatch.setattr(tasks.taking_off, "take_off_record", fails_for_one)
    tasks.part()
    with tenancy.in_workspace(ours.id, ours.ana.id):
        assert dict(Mailbox.objects.values_list("id", "taken_off")) == {bad: False, other.id: True}


@pytest.mark.django_db(transaction=True)
def test_a_second_worker_does_not_wait_for_the_first(
    ours: SimpleNamespace, mailbox: Mailbox
) -> None:
    arrive(ours, a_copy(mailbox.channel, mail_to("ana@ours.example")))
    with tenancy.in_workspace(ours.id, ours.ana.id):
        disconnect_mailbox(ours.id, by=ours.ana, mailbox_id=mailbox.id, keep_logged=False)
    found: list[bool] = []

    def second() -> None:
        try:
            found.append(take_off_record(ours.id, mailbox_id=mailbox.id, owner_id=ours.ana.id))
        finally:
            connection.close()

    with tenancy.in_workspace(ours.id, ours.ana.id):
        Mailbox.objects.select_for_update().get(id=mailbox.id)
        other = threading.Thread(target=second)
        other.start()
        other.join(20)
        assert found == [False]
    assert take_off_record(ours.id, mailbox_id=mailbox.id, owner_id=ours.ana.id)


@pytest.mark.parametrize("colleague", [False, True])
def test_a_mail_that_is_taken_back_after_its_mailbox_is_gone_leaves_no_private_header(
    ours: SimpleNamespace, mailbox: Mailbox, colleague: bool
) -> None:
    mail = mail_to("ana@ours.example")
    arrive(ours, a_copy(mailbox.channel, mail))
    if colleague:
        arrive(ours, a_copy(make_vendor_mailbox(ours, ours.ben).channel, mail))
    disconnect(ours, mailbox, keep=True)
    with tenancy.in_workspace(ours.id, ours.ana.id):
        take_back(ours.id, by=ours.ana, activity_id=Activity.objects.get().id)
        assert not PrivateMessage.objects.exists()
        assert Sighting.objects.count() == (1 if colleague else 0)


@pytest.mark.django_db(transaction=True)
def test_a_mail_that_is_taken_back_during_the_disconnection_leaves_none_either(
    ours: SimpleNamespace, mailbox: Mailbox
) -> None:
    arrive(ours, a_copy(mailbox.channel, mail_to("ana@ours.example")))
    with tenancy.in_workspace(ours.id, ours.ana.id):
        activity_id = Activity.objects.get().id
        # A body that is still to come would be given up, and so wait for the other side.
        Message.objects.update(body_state=Message.Body.PRESENT)

    def take() -> None:
        try:
            with tenancy.in_workspace(ours.id, ours.ana.id):
                take_back(ours.id, by=ours.ana, activity_id=activity_id)
        finally:
            connection.close()

    other = threading.Thread(target=take)
    with tenancy.in_workspace(ours.id, ours.ana.id):
        disconnect_mailbox(ours.id, by=ours.ana, mailbox_id=mailbox.id)
        other.start()
        other.join(1)
        assert other.is_alive(), "It waits for how the disconnection ends."
    other.join(20)
    with tenancy.in_workspace(ours.id, ours.ana.id):
        assert not PrivateMessage.objects.exists()
        assert not Sighting.objects.exists()
