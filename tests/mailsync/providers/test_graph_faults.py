"""What Graph does wrong, and what becomes of it."""

import json
import threading
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import pytest

from mailsync.providers import graph_calls
from mailsync.providers.errors import (
    AuthorizationLost,
    ConsentMissing,
    MessageGone,
    Permanent,
    Throttled,
    Transient,
)
from mailsync.providers.graph_errors import Failure, house_error
from mailsync.sandbox.faults import Answer, Delay, Reset, Truncate
from mailsync.sandbox.server import Sandbox
from tests.mailsync.mail import make_mail
from tests.mailsync.microsoft import ANA, HeldTokens, MicrosoftAccount, Places, consent


@pytest.mark.parametrize(
    ("status", "code", "expected"),
    [
        (400, "BadRequest", Permanent),
        (403, "ErrorAccessDenied", ConsentMissing),
        (404, "ErrorItemNotFound", MessageGone),
        (404, "MailboxNotEnabledForRESTAPI", Permanent),
        (408, "", Transient),
        (409, "ErrorIrresolvableConflict", Transient),
        (413, "", Permanent),
        (429, "ErrorItemNotFound", Throttled),
        (500, "ErrorInternalServerError", Transient),
        (500, "ErrorItemNotFound", Transient),
        (502, "", Transient),
        (503, "", Transient),
        (504, "UnknownError", Transient),
        (302, "", Transient),
    ],
)
def test_the_table_of_answers(status: int, code: str, expected: type[Exception]) -> None:
    assert type(house_error(Failure(status, code.lower()))) is expected


@pytest.mark.parametrize(("status", "wait"), [(429, "73"), (503, "73"), (429, "date")])
def test_a_wish_for_a_pause_is_told(microsoft: MicrosoftAccount, status: int, wait: str) -> None:
    # The server's clock is two hours ahead of ours: only its own date says what it means.
    there = datetime.now(UTC) + timedelta(hours=2)
    date = format_datetime(there + timedelta(seconds=73), usegmt=True)
    headers = {"Retry-After": date if wait == "date" else wait}
    headers["Date"] = format_datetime(there, usegmt=True)
    error = house_error(Failure(status, headers={k.lower(): v for k, v in headers.items()}))
    assert isinstance(error, Throttled)
    assert error.retry_after == 73
    microsoft.sandbox.faults.choose("graph.folders", Answer(status, b"", {"Retry-After": "73"}))
    with microsoft.provider() as provider, pytest.raises(Throttled) as caught:
        provider.list_scopes()
    assert caught.value.retry_after == 73


@pytest.mark.parametrize("fault", [Reset(), Truncate(), Answer(200, b"[]"), Answer(200, b"")])
def test_what_breaks_on_the_way_is_worth_another_try(
    microsoft: MicrosoftAccount, fault: Any
) -> None:
    microsoft.put(1)
    microsoft.sandbox.faults.choose("graph.delta", fault)
    with microsoft.provider() as provider:
        cursor = provider.start_cursor([microsoft.folder("inbox")], None)
        with pytest.raises(Transient):
            provider.enumerate(cursor, 5)
        assert len(provider.enumerate(cursor, 5).changes) == 1


def test_a_full_page_that_the_server_does_not_manage_is_asked_for_in_small_ones(
    microsoft: MicrosoftAccount,
) -> None:
    microsoft.put(*range(1, 131))
    microsoft.sandbox.faults.choose("graph.delta", Answer(504))
    with microsoft.provider() as provider:
        page = provider.enumerate(provider.start_cursor([microsoft.folder("inbox")], None), 200)
        assert (len(page.changes), page.done) == (100, False)
        assert len(provider.enumerate(page.cursor, 200).changes) == 30
        microsoft.sandbox.faults.choose("graph.delta", Answer(504), times=2)
        with pytest.raises(Transient):
            provider.enumerate(page.cursor, 50)
    assert microsoft.sandbox.log.counts()["graph.delta"] == 4


def test_a_page_of_monsters_is_asked_for_in_parts(
    microsoft: MicrosoftAccount, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(graph_calls, "MOST_BYTES", 20_000)
    microsoft.put(*range(1, 31), x_long="x" * 900)
    microsoft.put(31, x_long="\n ".join(["x" * 900] * 12))
    with microsoft.provider() as provider:
        page = provider.enumerate(provider.start_cursor([microsoft.folder("inbox")], None), 200)
        assert 0 < len(page.changes) <= 10
        while not page.done:
            page = provider.enumerate(page.cursor, 200)


def test_a_list_without_items_or_an_end_is_worth_another_try(microsoft: MicrosoftAccount) -> None:
    with microsoft.provider() as provider:
        cursor = provider.start_cursor([microsoft.folder("inbox")], None)
        for body in (b'{"value": {}}', b'{"value": []}'):
            microsoft.sandbox.faults.choose("graph.delta", Answer(200, body))
            with pytest.raises(Transient):
                provider.enumerate(cursor, 5)


def test_a_server_that_is_down_is_transient(microsoft: MicrosoftAccount, settings: Any) -> None:
    settings.GRAPH_API_ROOT = "http://127.0.0.1:9/v1.0"
    with microsoft.provider() as provider, pytest.raises(Transient):
        provider.list_scopes()


def test_tokens_go_over_https_or_stay_on_this_machine(
    microsoft: MicrosoftAccount, settings: Any
) -> None:
    settings.GRAPH_API_ROOT = "http://graph.example/v1.0"
    with pytest.raises(Permanent, match="not encrypted"), microsoft.provider():
        pass


def test_a_token_that_graph_does_not_know_is_renewed_once(microsoft: MicrosoftAccount) -> None:
    microsoft.sandbox.microsoft.sign_in.grants.end_access(ANA)
    with microsoft.provider() as provider:
        assert provider.list_scopes()
        assert provider.list_scopes()
    assert microsoft.tokens.asked == 1


def test_a_401_that_stays_is_authorization_lost(microsoft: MicrosoftAccount) -> None:
    microsoft.sandbox.faults.choose("graph.folders", Answer(401), times=None)
    with microsoft.provider() as provider, pytest.raises(AuthorizationLost):
        provider.list_scopes()
    assert microsoft.sandbox.log.counts()["graph.folders"] == 2


def test_a_revoked_grant_is_lost_though_the_cache_looks_valid(
    microsoft: MicrosoftAccount,
) -> None:
    microsoft.sandbox.microsoft.revoke(ANA)
    with microsoft.provider() as provider, pytest.raises(AuthorizationLost):
        provider.list_scopes()


def test_a_sign_in_that_is_down_while_a_token_ends_loses_no_grant(
    microsoft: MicrosoftAccount,
) -> None:
    microsoft.sandbox.microsoft.sign_in.grants.end_access(ANA)
    microsoft.sandbox.faults.choose("microsoft.token", Answer(503))
    with microsoft.provider() as provider:
        with pytest.raises(Transient):
            provider.list_scopes()
        assert provider.list_scopes()


def test_a_token_that_another_worker_renewed_is_used(microsoft: MicrosoftAccount) -> None:
    microsoft.sandbox.microsoft.sign_in.grants.end_access(ANA)
    with microsoft.provider() as first, microsoft.provider() as second:
        assert first.list_scopes()
        assert second.list_scopes()
    assert microsoft.tokens.asked == 1


def test_a_missing_right_names_it(sandbox: Sandbox) -> None:
    account = MicrosoftAccount(sandbox)
    account.tokens = HeldTokens(consent(ANA, without=("User.Read",)).secret)
    with account.provider() as provider, pytest.raises(ConsentMissing) as caught:
        provider.profile()
    assert caught.value.scope == "User.Read"
    assert caught.value.needs_owner


def test_every_request_is_paid_for_before_it_is_made(microsoft: MicrosoftAccount) -> None:
    budget = Places()
    microsoft.put(1, 2)
    with microsoft.provider(budget) as provider:
        provider.list_scopes()
        page = provider.enumerate(provider.start_cursor([microsoft.folder("inbox")], None), 5)
        provider.fetch_raw(page.changes[0].ref, 10_000)
        assert budget.spent == sum(microsoft.sandbox.log.counts().values())
        budget.left = 0
        before = microsoft.sandbox.log.counts()
        with pytest.raises(Throttled):
            provider.list_scopes()
    assert microsoft.sandbox.log.counts() == before


def test_a_fifth_call_at_once_never_happens(microsoft: MicrosoftAccount) -> None:
    budget, refused = Places(), list[Exception]()
    (message,) = microsoft.put(1)
    microsoft.sandbox.faults.choose("graph.get", Delay(0.1), times=None)

    def read() -> None:
        try:
            with microsoft.provider(budget) as provider:
                for _ in range(3):
                    provider.fetch_headers([message.id])
        except Exception as error:
            refused.append(error)

    threads = [threading.Thread(target=read) for _ in range(9)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert refused == []
    assert microsoft.sandbox.log.most_at_once(ANA) == 4


def test_one_message_that_makes_no_sense_spoils_no_other(microsoft: MicrosoftAccount) -> None:
    body = {
        "value": [
            {"id": "AAkBad=", "receivedDateTime": "soon", "isRead": 1, "isDraft": None}
            | {"internetMessageHeaders": [7], "toRecipients": "nobody"},
            {"id": "AAkGood=", "receivedDateTime": "2026-03-02T10:00:00.1234567Z"}
            | {"isRead": True, "isDraft": False, "subject": "Fine"},
            "nonsense",
            {"id": None},
        ],
        "@odata.deltaLink": f"{microsoft.sandbox.url}/microsoft/v1.0/me/x",
    }
    microsoft.sandbox.faults.choose("graph.delta", Answer(200, json.dumps(body).encode()))
    with microsoft.provider() as provider:
        page = provider.enumerate(provider.start_cursor([microsoft.folder("inbox")], None), 5)
        found = {one.ref: one for one in provider.fetch_headers([c.ref for c in page.changes])}
    assert found["AAkBad="].raw is None
    assert b"Subject: Fine" in (found["AAkGood="].raw or b"")
    assert found["AAkGood="].received_at.microsecond == 123456


def test_a_message_beyond_what_graph_sends_is_refused_in_words(
    microsoft: MicrosoftAccount,
) -> None:
    microsoft.sandbox.faults.choose("graph.send", Answer(413))
    with microsoft.provider() as provider, pytest.raises(Permanent, match="larger than"):
        provider.send(make_mail(1))


def test_no_token_no_subject_and_no_address_stands_in_a_log(
    microsoft: MicrosoftAccount, caplog: pytest.LogCaptureFixture
) -> None:
    microsoft.put(1)
    with caplog.at_level("DEBUG"), microsoft.provider() as provider:
        page = provider.enumerate(provider.start_cursor([microsoft.folder("inbox")], None), 5)
        provider.fetch_raw(page.changes[0].ref, 10_000)
        provider.find("mail-1@client.example")
    ours = [record.getMessage() for record in caplog.records if record.name.startswith("mailsync")]
    assert not [one for one in ours if "Mail 1" in one or "client.example" in one]
    assert "Bearer" not in caplog.text
