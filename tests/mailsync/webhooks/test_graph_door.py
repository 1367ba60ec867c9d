"""Graph's notifications: each item stands or falls by its own secret."""

import json
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import OperationalError, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts import tally, tenancy
from mailsync.models import Mailbox, Subscription
from tests.mailsync.webhooks.conftest import (
    graph_push,
    item,
    make_mailbox,
    subscription_of,
    wanted,
)

GRAPH = Mailbox.Provider.GRAPH
LIFECYCLE = "/hooks/graph/lifecycle/"


@pytest.fixture(autouse=True)
def counting() -> None:
    tally.counts.clear()


@pytest.fixture
def mailbox(ours: SimpleNamespace) -> Mailbox:
    return make_mailbox(ours, ours.ana, GRAPH, "one")


@pytest.mark.parametrize("path", ["/hooks/graph/", LIFECYCLE])
def test_the_validation_token_comes_back_as_plain_text(path: str) -> None:
    answer = Client().post(f"{path}?validationToken=Validation%3A+Testing+%3Cb%3E%26%20caf%C3%A9")
    assert (answer.status_code, answer["Content-Type"]) == (200, "text/plain; charset=utf-8")
    assert answer.content.decode() == "Validation: Testing <b>& café"
    assert answer["X-Content-Type-Options"] == "nosniff"


def test_a_validation_token_of_any_length_is_not_echoed() -> None:
    assert Client().post(f"/hooks/graph/?validationToken={'a' * 2_001}").status_code == 400


def test_a_notification_marks_the_mailbox(mailbox: Mailbox) -> None:
    assert graph_push(item("one", "s-one")).status_code == 202
    assert wanted(mailbox) == [True]
    assert subscription_of(mailbox).pushed_at is not None


def test_a_forged_secret_on_one_of_three_items_stops_that_item_alone(
    ours: SimpleNamespace, rival: SimpleNamespace
) -> None:
    one = make_mailbox(ours, ours.ana, GRAPH, "one")
    two = make_mailbox(ours, ours.ben, GRAPH, "two")
    three = make_mailbox(rival, rival.ana, GRAPH, "three")
    answer = graph_push(item("one", "s-one"), item("two", "s-one"), item("three", "s-three"))
    assert answer.status_code == 202
    assert wanted(one, two, three) == [True, False, True]
    assert tally.counts["push by Graph: secret refused"] == 1


@pytest.mark.parametrize("secret", ["", "S-ONE", "s-one ", "x" * 129, None, 7, ["s-one"]])
def test_no_other_secret_opens(secret: Any, mailbox: Mailbox) -> None:
    assert graph_push(item("one", secret)).status_code == 202
    assert wanted(mailbox) == [False]


def test_a_subscription_without_a_secret_believes_nobody(ours: SimpleNamespace) -> None:
    mailbox = make_mailbox(ours, ours.ana, GRAPH, "one")
    with tenancy.in_workspace(ours.id):
        Subscription.objects.update(secret_hash=b"")
    graph_push(item("one", ""), item("one", "s-one"))
    assert wanted(mailbox) == [False]


def test_an_unknown_subscription_is_counted_and_answered_alike(mailbox: Mailbox) -> None:
    known = graph_push(item("one", "s-one"))
    answer = graph_push(item("nobody", "s-one"), item("ONE", "s-one"))
    assert (answer.status_code, answer.content) == (known.status_code, known.content)
    assert tally.counts["push by Graph: unknown subscription"] == 2


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"[]", b"{}", b'{"value": 7}', b"\xff", b"[" * 200_000, b'{"value": {}}'],
    ids=repr,
)
def test_what_is_no_notification_is_refused(body: bytes, mailbox: Mailbox) -> None:
    assert graph_push(body=body[:200_000]).status_code == 400
    assert tally.counts["push by Graph: malformed"] == 1


def test_items_that_make_no_sense_do_not_stop_their_neighbours(mailbox: Mailbox) -> None:
    odd: list[Any] = [
        7,
        None,
        [],
        {},
        item("", "x"),
        item("a\0b", "x"),
        item("n" * 501, "x"),
        item("one", "s-one", lifecycleEvent="somethingNew"),
        item("one", "s-one", lifecycleEvent=["missed"]),
    ]
    assert graph_push(*odd, item("one", "s-one")).status_code == 202
    assert wanted(mailbox) == [True]
    assert tally.counts["push by Graph: item malformed"] == 9


@pytest.mark.parametrize("path", ["/hooks/graph/", LIFECYCLE])
def test_half_a_character_is_an_unknown_name_or_a_wrong_secret_and_stops_no_neighbour(
    path: str, mailbox: Mailbox
) -> None:
    event = {"lifecycleEvent": "missed"} if path == LIFECYCLE else {}
    odd = [item("o\ud800e", "s-one", **event), item("one", "\udfffs-one", **event)]
    assert graph_push(*odd, path=path).status_code == 202
    assert wanted(mailbox) == [False]
    assert graph_push(*odd, item("one", "s-one", **event), path=path).status_code == 202
    assert wanted(mailbox) == [True]


def test_too_many_items_and_too_many_bytes_are_refused(mailbox: Mailbox) -> None:
    assert graph_push(*[item("one", "s-one")] * 1_001).status_code == 400
    assert graph_push(body=b" " * 1_000_001).status_code == 413
    assert wanted(mailbox) == [False]


def test_the_number_of_queries_is_the_same_for_one_item_and_for_many(
    ours: SimpleNamespace, rival: SimpleNamespace
) -> None:
    names = [f"sub-{n}" for n in range(6)]
    for name in names[:5]:
        make_mailbox(ours, ours.ana, GRAPH, name)
    make_mailbox(ours, ours.ben, GRAPH, names[5])
    with CaptureQueriesContext(connection) as many:
        graph_push(*[item(name, f"s-{name}") for name in names[:5]] * 20)
    with CaptureQueriesContext(connection) as one:
        graph_push(item(names[5], f"s-{names[5]}"))
    assert len(many) == len(one) == 8
    with CaptureQueriesContext(connection) as again:
        graph_push(*[item(name, f"s-{name}") for name in names])
    assert len(again) == 6
    assert not [q for q in again if "UPDATE" in q["sql"] or "insert" in q["sql"]]


def test_a_database_that_is_down_is_503(mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch) -> None:
    def down(*_: Any) -> None:
        raise OperationalError

    monkeypatch.setattr(tenancy, "call", down)
    assert graph_push(item("one", "s-one")).status_code == 503


def test_a_burst_of_warnings_renews_once(mailbox: Mailbox) -> None:
    warning = item("one", "s-one", lifecycleEvent="reauthorizationRequired")
    assert graph_push(warning, warning, path=LIFECYCLE).status_code == 202
    first = subscription_of(mailbox).renew_at
    assert first <= datetime.now(UTC)
    graph_push(warning, path=LIFECYCLE)
    assert subscription_of(mailbox).renew_at == first
    later = datetime.now(UTC) + timedelta(days=3)
    with tenancy.in_workspace(mailbox.workspace_id):
        Subscription.objects.update(renewed_at=datetime.now(UTC), renew_at=later)
    graph_push(warning, path=LIFECYCLE)
    assert subscription_of(mailbox).renew_at == later
    assert wanted(mailbox) == [False]


def test_a_removed_subscription_is_made_anew(mailbox: Mailbox) -> None:
    graph_push(item("one", "s-one", lifecycleEvent="subscriptionRemoved"), path=LIFECYCLE)
    row = subscription_of(mailbox)
    assert (row.provider_id, row.expires_at) == ("", None)
    assert row.renew_at <= datetime.now(UTC)


def test_missed_notifications_have_the_mailbox_read(mailbox: Mailbox) -> None:
    graph_push(item("one", "s-one", lifecycleEvent="missed"), path=LIFECYCLE)
    assert wanted(mailbox) == [True]


@pytest.mark.parametrize("event", ["reauthorizationRequired", "subscriptionRemoved", "missed"])
def test_a_lifecycle_item_with_a_forged_secret_does_nothing(event: str, mailbox: Mailbox) -> None:
    before = subscription_of(mailbox)
    graph_push(item("one", "forged", lifecycleEvent=event), path=LIFECYCLE)
    after = subscription_of(mailbox)
    assert (after.provider_id, after.renew_at) == (before.provider_id, before.renew_at)
    assert wanted(mailbox) == [False]
    assert tally.counts["lifecycle push by Graph: secret refused"] == 1


@pytest.mark.parametrize("method", ["get", "put", "delete", "options", "head"])
def test_only_a_post_comes_in(method: str) -> None:
    assert getattr(Client(), method)("/hooks/graph/?validationToken=x").status_code == 405


def test_nothing_of_a_notification_stands_in_the_log(
    mailbox: Mailbox, caplog: pytest.LogCaptureFixture
) -> None:
    graph_push(item("one", "s-forged-secret", resource="/me/messages/AAA"), item("two", "x"))
    graph_push(body=json.dumps({"value": "marker"}))
    for word in ("s-forged-secret", "AAA", "marker"):
        assert word not in caplog.text
