"""Bodies come one by one: what goes wrong with one message is none of its neighbours' business."""

import logging
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import DataError
from django.db.models import Max
from django.db.models.functions import Now

from accounts import tenancy
from activities.models import Message, Sighting
from activities.services.store_body import store_body
from mailsync.models import Mailbox
from mailsync.services import fetch_bodies as module
from mailsync.services.fetch_bodies import MOST_ATTEMPTS, fetch_bodies
from tests.mailsync.conftest import Account, connect, sync


@pytest.fixture
def mailbox(ours: SimpleNamespace, account: Account) -> Mailbox:
    """A mailbox with three logged mails whose bodies are due, the first of them first."""
    account.put(1, 2, 3)
    found = connect(ours, ours.ana, account)
    sync(found)
    return found


def make_due(mailbox: Mailbox, **changes: Any) -> None:
    with tenancy.in_workspace(mailbox.workspace_id):
        Message.objects.filter(body_state="due").update(body_due_at=Now(), **changes)


def fetch(mailbox: Mailbox) -> int:
    return fetch_bodies(mailbox.workspace_id, channel_id=mailbox.channel_id)


def bodies(mailbox: Mailbox) -> dict[str, tuple[str, int]]:
    """The state and the counted attempts of each body, by subject."""
    with tenancy.in_workspace(mailbox.workspace_id):
        rows = Message.objects.values_list("subject", "body_state", "body_attempts")
        return {subject: (state, attempts) for subject, state, attempts in rows}


def poison(monkeypatch: pytest.MonkeyPatch, mailbox: Mailbox, error: Exception) -> None:
    """Storing the first body of a batch fails each time with this error."""
    with tenancy.in_workspace(mailbox.workspace_id):
        first = Message.objects.filter(subject="Mail 2").get().id

    def fail_at_one(workspace_id: Any, *, message_id: Any, **facts: Any) -> bool:
        if message_id == first and facts["raw"] is not None:
            raise error
        return store_body(workspace_id, message_id=message_id, **facts)

    monkeypatch.setattr(module, "store_body", fail_at_one)


def test_a_message_that_always_fails_takes_no_neighbour_with_it(
    mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    poison(monkeypatch, mailbox, DataError("a secret line of the mail"))
    with caplog.at_level(logging.INFO):
        while fetch(mailbox):
            pass
    assert bodies(mailbox) == {
        "Mail 1": ("present", 1),
        "Mail 2": ("due", 1),
        "Mail 3": ("present", 1),
    }
    assert "DataError" in caplog.text
    assert "secret" not in caplog.text
    for _ in range(MOST_ATTEMPTS):
        make_due(mailbox)
        fetch(mailbox)
    assert bodies(mailbox)["Mail 2"] == ("unreadable", MOST_ATTEMPTS)


def test_a_disk_that_is_full_counts_no_attempt_and_lets_the_others_pass(
    mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    poison(monkeypatch, mailbox, OSError(28, "No space left on device"))
    fetch(mailbox)
    assert bodies(mailbox)["Mail 2"] == ("due", 0)
    with tenancy.in_workspace(mailbox.workspace_id):
        last = Message.objects.filter(body_state="due").aggregate(at=Max("body_due_at"))["at"]
        assert Message.objects.get(subject="Mail 2").body_due_at == last
        waiting = Message.objects.filter(body_state="due").exclude(subject="Mail 2")
        assert not waiting.filter(body_due_at=last).exists()


def test_a_process_that_dies_counts_for_the_message_it_died_at(
    mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    def die(*_: Any, **__: Any) -> bool:
        raise SystemExit

    monkeypatch.setattr(module, "store_body", die)
    with pytest.raises(SystemExit):
        fetch(mailbox)
    assert sorted(attempts for _, attempts in bodies(mailbox).values()) == [0, 0, 1]


def test_a_message_that_went_away_in_between_is_passed_over(
    mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    def lose_one(workspace_id: Any, *, message_id: Any, **facts: Any) -> bool:
        return store_body(workspace_id, message_id=mailbox.id, **facts)

    monkeypatch.setattr(module, "store_body", lose_one)
    assert fetch(mailbox) == 3
    assert set(bodies(mailbox).values()) == {("due", 1)}


def test_a_body_whose_mail_was_deleted_before_it_was_fetched_is_gone(
    mailbox: Mailbox, account: Account
) -> None:
    account.delete(2)
    sync(mailbox)
    states = {subject: state for subject, (state, _) in bodies(mailbox).items()}
    assert states == {"Mail 1": "due", "Mail 2": "gone", "Mail 3": "due"}


def test_a_body_that_another_mailbox_still_has_stays_due(
    mailbox: Mailbox, account: Account, ours: SimpleNamespace
) -> None:
    with tenancy.in_workspace(mailbox.workspace_id):
        copy = Sighting.objects.get(message__subject="Mail 2")
        copy.pk, copy.provider_id = mailbox.id, "another"
        copy.save(force_insert=True)
    account.delete(2)
    sync(mailbox)
    assert bodies(mailbox)["Mail 2"] == ("due", 0)


def test_a_mail_that_was_moved_is_due_again_under_its_new_id(
    mailbox: Mailbox, account: Account
) -> None:
    account.delete(2)
    sync(mailbox)
    assert bodies(mailbox)["Mail 2"][0] == "gone"
    account.put(2)
    sync(mailbox)
    assert bodies(mailbox)["Mail 2"] == ("due", 0)
    make_due(mailbox)
    fetch(mailbox)
    assert bodies(mailbox)["Mail 2"] == ("present", 1)
