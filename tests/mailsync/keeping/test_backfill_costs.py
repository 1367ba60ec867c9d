"""Reading the past asks a vendor for hardly more than it must, and news does not wait for it."""

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.db.models.functions import Now

from accounts import tenancy
from mailsync.models import Mailbox
from mailsync.services import sync_mailbox as module
from mailsync.services.hear_pushes import hear_address
from mailsync.services.want_sync import want_sync
from tests.mailsync.conftest import record_of
from tests.mailsync.keeping.desk import Desk, run_once

COUNT = 700
# Inbox and sent mail are selected. Gmail: seven pages of two batches from two lists and one of the
# empty label; where history begins, and what came before and during the backfill. Graph: a page
# and an empty one, and what came of each folder since.
LEAST = {
    "gmail": {
        "labels.list": 1,
        "getProfile": 1,
        "labels.get": 2,
        "messages.list": 3,
        "batch": 14,
        "messages.get": COUNT,
        "history.list": 2,
    },
    "graph": {"graph.folders": 1, "graph.delta": 4},
}


def test_a_backfill_asks_no_more_than_it_must(
    ours: SimpleNamespace, desk: Desk, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.GMAIL_UNITS_A_MINUTE = settings.GMAIL_PROJECT_UNITS_A_MINUTE = 10**9
    monkeypatch.setattr(module, "PAGE_SIZES", (100,))
    desk.put(*range(1, COUNT + 1))
    mailbox = desk.connect(ours, ours.ana)
    assert run_once(mailbox).past_read
    assert desk.sandbox.log.counts(desk.address) == LEAST[desk.vendor]
    assert mailbox.counts["done"] == COUNT


# A folder of Graph's tells what is new only after its past.
@pytest.mark.parametrize("desk", ["gmail"], indirect=True)
def test_mail_that_is_hinted_at_during_the_backfill_does_not_wait_for_its_end(
    ours: SimpleNamespace, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "PAGE_SIZES", (2,))
    desk.put(*range(1, 11))
    mailbox = desk.connect(ours, ours.ana)
    record = module.record_page
    seen: list[list[str]] = []

    def hinted(reading: Any, page: Any, *, past: bool) -> bool:
        if past and not seen:
            desk.put(11)
            want_sync(ours.id, mailbox_id=mailbox.id, owner_id=ours.ana.id)
        wanted = record(reading, page, past=past)
        seen.append(sorted(record_of(mailbox)["logged"]))
        return wanted

    monkeypatch.setattr(module, "record_page", hinted)
    run = run_once(mailbox)
    assert seen[1] == ["Mail 10", "Mail 11", "Mail 9"]
    assert run.past_read
    assert len(record_of(mailbox)["logged"]) == 11


@pytest.mark.parametrize("desk", ["gmail"], indirect=True)
def test_every_push_during_a_backfill_is_heeded_and_not_only_the_first(
    ours: SimpleNamespace, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "PAGE_SIZES", (2,))
    desk.put(*range(1, 11))
    mailbox = desk.connect(ours, ours.ana)
    record = module.record_page
    seen: list[list[str]] = []
    coming = [11, 12]

    def pushed(reading: Any, page: Any, *, past: bool) -> bool:
        if past and coming:
            # The run has lasted for a while, so that the first of them is due at once.
            with tenancy.in_workspace(ours.id, ours.ana.id):
                Mailbox.objects.update(began_at=Now() - timedelta(seconds=10))
            desk.put(coming.pop(0))
            hear_address(desk.address)
        wanted = record(reading, page, past=past)
        seen.append(record_of(mailbox)["logged"])
        return wanted

    monkeypatch.setattr(module, "record_page", pushed)
    assert run_once(mailbox).past_read
    assert "Mail 11" in seen[1]
    assert "Mail 12" in seen[3]
    assert len(seen[3]) < len(seen[-1]) == 12


@pytest.mark.parametrize("desk", ["graph"], indirect=True)
def test_a_run_whose_time_is_up_records_the_rest_of_the_page_that_it_has(
    ours: SimpleNamespace, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "PAGE_SIZES", (100,))
    desk.put(*range(1, 251))
    mailbox = desk.connect(ours, ours.ana)
    while not record_of(mailbox):
        assert run_once(mailbox, seconds=0).again
    assert len(record_of(mailbox)["logged"]) == 250


@pytest.mark.parametrize("desk", ["graph"], indirect=True)
def test_a_run_that_is_far_beyond_its_time_leaves_the_rest_of_a_page_to_the_next(
    ours: SimpleNamespace, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "PAGE_SIZES", (100,))
    monkeypatch.setattr(module, "AT_HAND_SECONDS", 0)
    desk.put(*range(1, 251))
    mailbox = desk.connect(ours, ours.ana)
    while not record_of(mailbox):
        assert run_once(mailbox, seconds=0).again
    assert len(record_of(mailbox)["logged"]) == 100
    assert not run_once(mailbox).again
    assert len(record_of(mailbox)["logged"]) == 250
