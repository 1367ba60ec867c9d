"""The stored grant: sealed for its row, refreshed by one worker at a time, healed after a crash."""

import threading
import time
from collections.abc import Callable
from types import SimpleNamespace

import pytest
from django.db import connection
from django.db.models.functions import Now

from accounts import sealing, tenancy
from mailsync.models import Mailbox
from mailsync.providers.errors import AuthorizationLost, Transient
from mailsync.services import grants
from mailsync.services.grants import StoredTokens, row_name
from tests.mailsync.granted import make_vendor_mailbox

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def mailbox(ours: SimpleNamespace) -> Mailbox:
    return make_vendor_mailbox(ours, ours.ana, secret=b"first")


def tokens_of(mailbox: Mailbox) -> StoredTokens:
    return StoredTokens(mailbox.workspace_id, mailbox.id)


def row_of(mailbox: Mailbox) -> Mailbox:
    with tenancy.in_workspace(mailbox.workspace_id):
        return Mailbox.objects.get(id=mailbox.id)


def change(mailbox: Mailbox, **facts: object) -> None:
    with tenancy.in_workspace(mailbox.workspace_id):
        Mailbox.objects.filter(id=mailbox.id).update(**facts)


def at_once(count: int, act: Callable[[], object]) -> list[object]:
    """Let so many workers do it at the same moment; what each got, or the error that it met."""
    start, found = threading.Barrier(count), []

    def work() -> None:
        try:
            start.wait()
            found.append(act())
        except Exception as error:
            found.append(error)
        finally:
            connection.close()

    workers = [threading.Thread(target=work) for _ in range(count)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    return found


def test_workers_that_refresh_at_once_ask_the_vendor_once(mailbox: Mailbox) -> None:
    asked = []

    def ask(secret: bytes) -> bytes:
        assert not connection.in_atomic_block
        asked.append(secret)
        time.sleep(0.5)
        return b"second"

    found = at_once(5, lambda: tokens_of(mailbox).refresh(b"first", ask))
    assert found == [b"second"] * 5
    assert asked == [b"first"]
    row = row_of(mailbox)
    assert (row.grant_version, row.grant_leased_until) == (2, None)
    assert tokens_of(mailbox).load() == b"second"


def test_whoever_comes_later_gets_what_the_other_brought(mailbox: Mailbox) -> None:
    tokens = tokens_of(mailbox)
    tokens.refresh(b"first", lambda secret: b"second")
    assert tokens.refresh(b"first", lambda secret: pytest.fail("asked again")) == b"second"


def test_a_refresh_that_fails_leaves_the_grant_to_the_next(mailbox: Mailbox) -> None:
    def refuse(secret: bytes) -> bytes:
        raise Transient

    with pytest.raises(Transient):
        tokens_of(mailbox).refresh(b"first", refuse)
    assert tokens_of(mailbox).refresh(b"first", lambda secret: b"second") == b"second"


def test_a_worker_that_died_in_between_is_followed_after_its_lease(
    mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(grants, "WAIT_SECONDS", 0.3)
    change(mailbox, grant_leased_until=Now() + grants.LEASE)
    with pytest.raises(Transient):
        tokens_of(mailbox).refresh(b"first", lambda secret: b"second")
    change(mailbox, grant_leased_until=Now())
    assert tokens_of(mailbox).refresh(b"first", lambda secret: b"second") == b"second"


def test_a_worker_that_was_stopped_past_its_lease_overwrites_nobody(mailbox: Mailbox) -> None:
    def slow(secret: bytes) -> bytes:
        # Its lease ends while it waits for the vendor, and another worker is through before it.
        change(mailbox, grant_leased_until=Now())
        tokens_of(mailbox).refresh(b"first", lambda secret: b"second")
        return b"late"

    assert tokens_of(mailbox).refresh(b"first", slow) == b"second"
    assert tokens_of(mailbox).load() == b"second"


def test_reconnecting_during_a_refresh_wins(mailbox: Mailbox) -> None:
    def ask(secret: bytes) -> bytes:
        sealed = sealing.seal(b"reconnected", row=row_name(mailbox.id))
        change(mailbox, sealed_grant=sealed, grant_version=7, grant_leased_until=None)
        return b"late"

    assert tokens_of(mailbox).refresh(b"first", ask) == b"reconnected"


def test_disconnecting_during_a_refresh_leaves_nothing_behind(mailbox: Mailbox) -> None:
    def ask(secret: bytes) -> bytes:
        change(mailbox, sealed_grant=None, grant_version=7)
        return b"late"

    with pytest.raises(AuthorizationLost):
        tokens_of(mailbox).refresh(b"first", ask)
    assert row_of(mailbox).sealed_grant is None


def test_a_grant_of_another_row_does_not_open(ours: SimpleNamespace, mailbox: Mailbox) -> None:
    other = make_vendor_mailbox(ours, ours.ben, secret=b"other")
    change(mailbox, sealed_grant=row_of(other).sealed_grant)
    with pytest.raises(AuthorizationLost, match="can no longer be opened"):
        tokens_of(mailbox).load()
    assert b"other" not in bytes(row_of(other).sealed_grant or b"")
