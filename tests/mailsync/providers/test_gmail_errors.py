"""Every refusal of Google's becomes the right error, after one attempt and without a pause."""

import json
import logging
import time
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from mailsync.providers.errors import (
    AuthorizationLost,
    ConsentMissing,
    MessageGone,
    Permanent,
    ProviderError,
    Throttled,
    Transient,
)
from mailsync.providers.gmail import GmailProvider
from mailsync.providers.google_tokens import SEND_SCOPE, GoogleSecret
from mailsync.sandbox.faults import Answer, Effect, Reset, Truncate
from mailsync.sandbox.google_errors import error, rate_limited
from mailsync.sandbox.server import Sandbox
from tests.mailsync.google import CountingBudget, GmailBench, HeldTokens
from tests.mailsync.mail import make_mail
from tests.mailsync.providers.conformance import read_past


@pytest.fixture
def bench(sandbox: Sandbox) -> GmailBench:
    return GmailBench(sandbox)


@pytest.fixture(autouse=True)
def nobody_sleeps() -> Any:
    started = time.monotonic()
    yield
    assert time.monotonic() - started < 8


def google_says(code: int, reason: str, message: str = "No.", **headers: str) -> Answer:
    answer = error(code, message, reason)
    names = {name.replace("_", "-"): value for name, value in headers.items()}
    return Answer(code, answer.body, dict(answer.headers) | names)


HTML = Answer(502, b"<html><h1>502. That's an error.</h1></html>", {"Content-Type": "text/html"})
NOT_ALLOWED = json.dumps(
    {"error": {"code": 403, "details": [{"reason": "ACCESS_TOKEN_SCOPE_INSUFFICIENT"}]}}
).encode()

TABLE = [
    (google_says(429, "rateLimitExceeded"), Throttled),
    (google_says(403, "rateLimitExceeded"), Throttled),
    (google_says(403, "userRateLimitExceeded"), Throttled),
    (google_says(403, "quotaExceeded"), Throttled),
    (google_says(403, "insufficientPermissions"), ConsentMissing),
    (Answer(403, NOT_ALLOWED), ConsentMissing),
    (google_says(403, "accessNotConfigured"), Permanent),
    (google_says(403, "domainPolicy"), Permanent),
    (google_says(403, "forbidden"), Permanent),
    (google_says(400, "failedPrecondition"), Permanent),
    (google_says(404, "notFound"), MessageGone),
    (google_says(410, "deleted"), MessageGone),
    (google_says(500, "backendError"), Transient),
    (google_says(503, "backendError"), Transient),
    (google_says(503, "backendError", retry_after="30"), Throttled),
    (HTML, Transient),
    (Answer(403, b"<html>Sorry</html>"), Permanent),
    (Answer(302, b"", {"Location": "http://127.0.0.1:1/"}), Transient),
    (Answer(200, b"[1, 2]", {"Content-Type": "application/json"}), Transient),
    (Answer(200, b"<html>Welcome to the hotel</html>", {"Content-Type": "text/html"}), Transient),
    (Answer(200, b"\xff\xfe", {"Content-Type": "application/json"}), Transient),
    (Reset(), Transient),
    (Reset(after=True), Transient),
    (Truncate(), Transient),
]


@pytest.mark.parametrize(("effect", "expected"), TABLE)
def test_the_table_of_refusals(
    bench: GmailBench, effect: Effect, expected: type[ProviderError]
) -> None:
    bench.sandbox.faults.choose("labels.list", effect)
    with bench.open() as provider:
        with pytest.raises(expected) as caught:
            provider.list_scopes()
        # An error's kind decides what becomes of the mailbox: no other kind will do.
        house = [
            kind for kind in type(caught.value).__mro__ if kind in ProviderError.__subclasses__()
        ]
        assert house == [expected]
        assert bench.sandbox.log.counts()["labels.list"] == 1
        assert len(provider.list_scopes()) > 5
    assert bench.tokens.renewed == 0


def test_a_connection_that_a_restart_closed_is_opened_again(bench: GmailBench) -> None:
    bench.sandbox.faults.choose("labels.list", Reset(orderly=True))
    with bench.open() as provider:
        assert provider.list_scopes()


def in_words(seconds: int) -> Answer:
    until = (datetime.now(UTC) + timedelta(seconds=seconds)).strftime("%Y-%m-%dT%H:%M:%S.123Z")
    refusal = rate_limited("userRateLimitExceeded", 429, until)
    return Answer(refusal.status, refusal.body, refusal.headers)


def a_date(seconds: int) -> Answer:
    moment = datetime.now(UTC) + timedelta(seconds=seconds)
    text = moment.strftime("%a, %d %b %Y %H:%M:%S GMT")
    return google_says(429, "rateLimitExceeded", retry_after=text)


@pytest.mark.parametrize("make", [in_words, a_date])
def test_the_time_may_stand_in_the_text_or_be_a_date(bench: GmailBench, make: Any) -> None:
    bench.sandbox.faults.choose("labels.list", make(90))
    with bench.open() as provider, pytest.raises(Throttled) as caught:
        provider.list_scopes()
    assert 87 <= caught.value.retry_after <= 91


@pytest.mark.parametrize("code", [400, 404, 429, 500, 503])
def test_one_bad_part_of_a_batch_is_asked_for_alone(bench: GmailBench, code: int) -> None:
    bench.put(1, 2, 3, 4, 5)
    with bench.open() as provider:
        refs, _ = read_past(provider, provider.start_cursor(["INBOX"], None), 10)
        bench.sandbox.faults.choose("messages.get", google_says(code, "backendError"), skip=2)
        if code == 400:
            with pytest.raises(Permanent):
                provider.fetch_headers(refs)
            return
        found = {header.ref for header in provider.fetch_headers(refs)}
    gone = code == 404
    assert found == set(refs) - ({refs[2]} if gone else set())
    assert bench.sandbox.log.counts()["messages.get"] == (5 if gone else 6)
    assert bench.sandbox.log.counts()["batch"] == 1


def test_a_part_that_says_until_when_stops_the_page(bench: GmailBench) -> None:
    bench.put(1, 2, 3)
    with bench.open() as provider:
        refs, _ = read_past(provider, provider.start_cursor(["INBOX"], None))
        bench.sandbox.faults.choose("messages.get", in_words(40), skip=1)
        with pytest.raises(Throttled) as caught:
            provider.fetch_headers(refs)
    assert caught.value.retry_after > 35
    assert bench.sandbox.log.counts()["messages.get"] == 3


def test_a_part_that_keeps_failing_stops_the_page(bench: GmailBench) -> None:
    bench.put(1, 2, 3)
    with bench.open() as provider:
        refs, _ = read_past(provider, provider.start_cursor(["INBOX"], None))
        bench.sandbox.faults.choose("messages.get", google_says(500, "backendError"), times=None)
        with pytest.raises(Transient):
            provider.fetch_headers(refs)


@pytest.mark.parametrize("times", [1, 2])
def test_a_part_that_is_cut_off_is_asked_for_alone(bench: GmailBench, times: int) -> None:
    bench.put(1, 2, 3)
    with bench.open() as provider:
        refs, _ = read_past(provider, provider.start_cursor(["INBOX"], None))
        bench.sandbox.faults.choose("messages.get", Truncate(), times=times)
        assert {header.ref for header in provider.fetch_headers(refs)} == set(refs)


@pytest.mark.parametrize(
    "effect", [Truncate(), Answer(200, b"{}", {"Content-Type": "application/json"}), Reset(), HTML]
)
def test_a_batch_whose_answer_makes_no_sense_is_tried_again_later(
    bench: GmailBench, effect: Effect
) -> None:
    bench.put(1, 2, 3)
    with bench.open() as provider:
        refs, _ = read_past(provider, provider.start_cursor(["INBOX"], None))
        bench.sandbox.faults.choose("batch", effect)
        with pytest.raises(Transient):
            provider.fetch_headers(refs)


def test_a_message_without_its_facts_is_set_aside_alone(bench: GmailBench) -> None:
    bench.put(1, 2)
    odd = json.dumps({"id": "x", "threadId": "y", "internalDate": "soon", "payload": {}}).encode()
    with bench.open() as provider:
        refs, _ = read_past(provider, provider.start_cursor(["INBOX"], None))
        answer = Answer(200, odd, {"Content-Type": "application/json"})
        bench.sandbox.faults.choose("messages.get", answer)
        found = {header.ref: header.raw for header in provider.fetch_headers(refs)}
    assert found[refs[0]] is None
    assert found[refs[1]]


def ended(bench: GmailBench) -> None:
    """The access token's time is up, as the mailbox's secret knows."""
    secret = GoogleSecret.read(bench.tokens.secret)
    facts = {name: getattr(secret, name) for name in secret.__slots__}
    bench.tokens.secret = GoogleSecret(**(facts | {"ends_at": time.time() - 1})).to_bytes()


def test_a_token_that_ended_is_renewed_before_it_is_used(bench: GmailBench) -> None:
    ended(bench)
    with bench.open() as provider:
        provider.list_scopes()
        provider.list_scopes()
    assert bench.sandbox.log.counts() == {"refresh": 1, "labels.list": 2}


def test_a_token_that_is_refused_is_renewed_once(bench: GmailBench) -> None:
    bench.put(1, 2)
    with bench.open() as provider:
        refs, _ = read_past(provider, provider.start_cursor(["INBOX"], None))
        bench.sandbox.google.sign_in.grants.end_access(bench.address)
        assert len(provider.fetch_headers(refs)) == 2
        bench.sandbox.google.sign_in.grants.end_access(bench.address)
        assert provider.list_scopes()
    assert bench.tokens.renewed == 2


def test_a_token_that_another_worker_renewed_is_taken_over(bench: GmailBench) -> None:
    with bench.open() as first, bench.open() as second:
        bench.sandbox.google.sign_in.grants.end_access(bench.address)
        first.list_scopes()
        second.list_scopes()
    assert bench.tokens.renewed == 1
    assert bench.sandbox.log.counts()["refresh"] == 1


def test_gmail_that_refuses_every_token_is_no_dead_grant(bench: GmailBench) -> None:
    bench.sandbox.faults.choose("labels.list", google_says(401, "authError"), times=None)
    with bench.open() as provider, pytest.raises(Transient):
        provider.list_scopes()
    assert bench.sandbox.log.counts()["labels.list"] == 2


JSON = {"Content-Type": "application/json"}
ENDPOINT = [
    (Answer(400, b'{"error": "invalid_grant"}', JSON), AuthorizationLost),
    (
        Answer(400, b'{"error": "invalid_grant", "error_subtype": "invalid_rapt"}', JSON),
        AuthorizationLost,
    ),
    (Answer(401, b'{"error": "invalid_client"}', JSON), Permanent),
    (Answer(400, b'{"error": "invalid_request"}', JSON), Transient),
    (Answer(400, b"<html>invalid_grant</html>"), Transient),
    (Answer(500, b'{"error": "invalid_grant"}', JSON), Transient),
    (Answer(500, b'{"error": "internal_failure"}', JSON), Transient),
    (HTML, Transient),
    (Answer(200, b"<html>Welcome to the hotel</html>"), Transient),
    (Answer(200, b'"text"', JSON), Transient),
    (Answer(200, b"{}", JSON), Transient),
    (Answer(302, b"", {"Location": "http://127.0.0.1:1/"}), Transient),
    (Answer(429, b"{}", JSON | {"Retry-After": "33"}), Throttled),
    (Reset(), Transient),
    (Truncate(), Transient),
]


@pytest.mark.parametrize(("effect", "expected"), ENDPOINT)
def test_only_the_word_invalid_grant_ends_a_grant(
    bench: GmailBench, effect: Effect, expected: type[ProviderError]
) -> None:
    ended(bench)
    before = bench.tokens.secret
    bench.sandbox.faults.choose("refresh", effect)
    with bench.open() as provider:
        with pytest.raises(expected):
            provider.list_scopes()
        assert bench.sandbox.log.counts()["refresh"] == 1
        assert bench.tokens.secret == before
        assert provider.list_scopes()


def test_a_dead_grant_says_what_to_do_and_why_it_may_be_so(bench: GmailBench) -> None:
    bench.end_grant()
    with bench.open() as provider, pytest.raises(AuthorizationLost, match="seven days"):
        provider.list_scopes()


def test_a_right_that_was_not_given_is_missing_and_not_lost(sandbox: Sandbox) -> None:
    bench = GmailBench(sandbox, send=False)
    with bench.open() as provider:
        provider.list_scopes()
        with pytest.raises(ConsentMissing) as caught:
            provider.send(make_mail(1))
    assert caught.value.scope == SEND_SCOPE


def test_nothing_private_stands_in_a_log(
    bench: GmailBench, caplog: pytest.LogCaptureFixture
) -> None:
    bench.put(1)
    secret = GoogleSecret.read(bench.tokens.secret)
    with caplog.at_level(logging.DEBUG), bench.open() as provider:
        ended(bench)
        refs, _ = read_past(provider, provider.start_cursor(["INBOX"], None))
        provider.fetch_headers(refs)
        provider.find("mail-1@client.example")
        bench.sandbox.faults.choose("*", Truncate())
        with pytest.raises(Transient):
            provider.list_scopes()
    for private in (secret.refresh_token, secret.access_token, "client.example", "Mail 1"):
        assert private not in caplog.text + repr(secret) + repr(provider._connection)


def test_bytes_that_are_no_grant_ask_for_reconnecting(sandbox: Sandbox) -> None:
    for secret in (b"", b"{}", b"[]", b"\xff", b'{"scopes": 1}'):
        with pytest.raises(AuthorizationLost), GmailProvider(HeldTokens(secret), CountingBudget()):
            pass
