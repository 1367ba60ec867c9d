"""Gmail's pushes: only Google may mark a mailbox, and marking is all that a push does."""

import base64
import json
import time
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import OperationalError, connection
from django.db.models.functions import Now
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts import tally, tenancy, wake
from mailsync.models import Mailbox
from mailsync.providers import google_certs
from tests.conftest import make_member
from tests.mailsync.webhooks.conftest import (
    ACCOUNT,
    Google,
    gmail_push,
    make_mailbox,
    push_data,
    wanted,
)

GMAIL = Mailbox.Provider.GMAIL


@pytest.fixture
def mailbox(ours: SimpleNamespace) -> Mailbox:
    return make_mailbox(ours, ours.ana, GMAIL)


def test_a_proven_push_marks_the_mailbox(google: Google, mailbox: Mailbox) -> None:
    assert gmail_push(google.token()).status_code == 204
    assert wanted(mailbox) == [True]


def test_google_may_name_itself_in_either_way(google: Google, mailbox: Mailbox) -> None:
    assert gmail_push(google.token(iss="accounts.google.com")).status_code == 204
    assert wanted(mailbox) == [True]


FORGED: dict[str, Callable[[Google], str]] = {
    "no token": lambda google: "",
    "not a token": lambda google: "a.b.c",
    "a very long one": lambda google: "a" * 9_000,
    "another key under this name": lambda google: _resigned(google),
    "an unknown key": lambda google: google.token(google.other),
    "no signature": lambda google: _unsigned(google),
    "symmetric": lambda google: _with_header(google, alg="HS256"),
    "no key id": lambda google: _with_header(google, kid=None),
    "header is a list": lambda google: "W10." + google.token().split(".", 1)[1],
    "claims are a list": lambda google: _with_claims(google, "W10"),
    "nested claims": lambda google: _with_claims(google, _encode(b"[" * 4_000)),
    "another issuer": lambda google: google.token(iss="https://accounts.google.com.evil.example"),
    "another audience": lambda google: google.token(aud="https://threadwell.example/hooks/graph/"),
    "audience without its slash": lambda google: google.token(
        aud="https://threadwell.example/hooks/gmail"
    ),
    "a list of audiences": lambda google: google.token(
        aud=["https://threadwell.example/hooks/gmail/"]
    ),
    "another account": lambda google: google.token(email="push@evil.example"),
    "address not verified": lambda google: google.token(email_verified=False),
    "verified in words": lambda google: google.token(email_verified="yes"),
    "no word on verifying": lambda google: google.token(email_verified=None),
    "expired": lambda google: google.token(iat=time.time() - 7200, exp=time.time() - 60),
    "from the future": lambda google: google.token(iat=time.time() + 600),
    "without an end": lambda google: google.token(exp=None),
    "an end in words": lambda google: google.token(exp=[]),
}


def _encode(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def _resigned(google: Google) -> str:
    """Signed by a stranger who writes Google's key id into the header."""
    header = google.token().split(".")[0]
    claims = google.token().split(".")[1]
    signature = google.other.signer.sign(f"{header}.{claims}".encode())
    return f"{header}.{claims}.{_encode(signature)}"


def _unsigned(google: Google) -> str:
    _, claims, _ = google.token().split(".")
    return f"{_encode(json.dumps({'alg': 'none', 'kid': 'one'}).encode())}.{claims}."


def _with_header(google: Google, **header: Any) -> str:
    fields = {"alg": "RS256", "typ": "JWT", "kid": "one"} | header
    kept = {name: value for name, value in fields.items() if value is not None}
    _, claims, signature = google.token().split(".")
    return f"{_encode(json.dumps(kept).encode())}.{claims}.{signature}"


def _with_claims(google: Google, claims: str) -> str:
    header = google.token().split(".")[0]
    signed = f"{header}.{claims}".encode()
    return f"{header}.{claims}.{_encode(google.key.signer.sign(signed))}"


@pytest.mark.parametrize("how", FORGED)
def test_a_forged_token_is_refused_and_counted(how: str, google: Google, mailbox: Mailbox) -> None:
    assert gmail_push(FORGED[how](google)).status_code == 401
    assert wanted(mailbox) == [False]
    assert tally.counts["push by Pub/Sub: token refused"] == 1


def test_without_a_bearer_there_is_no_way_in(google: Google, mailbox: Mailbox) -> None:
    answer = gmail_push("", Authorization=f"Basic {google.token()}")
    assert (answer.status_code, wanted(mailbox)) == (401, [False])


@pytest.mark.parametrize("account", ["", None])
def test_nothing_is_believed_where_no_account_was_configured(
    account: str | None, google: Google, mailbox: Mailbox, settings: Any
) -> None:
    settings.GOOGLE_PUBSUB_SERVICE_ACCOUNT = account or ""
    assert gmail_push(google.token(email=account)).status_code == 403
    assert wanted(mailbox) == [False]


def test_keys_may_come_as_jwks(google: Google, mailbox: Mailbox) -> None:
    google.served = {"keys": [google.other.jwk, google.key.jwk, {"kty": "EC"}, "x"]}
    assert gmail_push(google.token()).status_code == 204
    assert wanted(mailbox) == [True]


def test_keys_are_asked_for_once_and_again_when_they_rotate(
    google: Google, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(3):
        gmail_push(google.token())
    assert google.asked == 1
    google.served = {"two": google.other.certificate}
    # A stranger who makes up names of keys cannot make us ask and ask.
    assert gmail_push(google.token(google.other)).status_code == 401
    assert google.asked == 1
    monkeypatch.setattr(google_certs, "ASK_AGAIN_SECONDS", -1.0)
    assert gmail_push(google.token(google.other)).status_code == 204
    assert google.asked == 2
    assert gmail_push(google.token()).status_code == 401
    google.served = None
    assert gmail_push(google.token(google.other)).status_code == 204


def test_while_no_keys_were_ever_had_made_up_tokens_do_not_make_us_ask_and_ask(
    google: Google, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    good, google.served = google.served, None
    for _ in range(5):
        assert gmail_push(google.token()).status_code == 503
    assert google.asked == 1
    google.served = good
    monkeypatch.setattr(google_certs, "REFUSE_SECONDS", 0.0)
    assert gmail_push(google.token()).status_code == 204
    assert wanted(mailbox) == [True]


def test_while_the_keys_cannot_be_had_google_is_asked_to_come_again(
    google: Google, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(google_certs, "REFUSE_SECONDS", 0.0)
    answers: tuple[Any, ...] = (None, [], {}, {"keys": []})
    for google.served in answers:
        assert gmail_push(google.token()).status_code == 503
    assert wanted(mailbox) == [False]


def _plain(**notice: Any) -> str:
    return json.dumps(notice)


DATA = {
    "standard": push_data(emailAddress="ana@ours.example", historyId="18446744073709551615"),
    "any case": push_data(emailAddress="ANA@Ours.Example", historyId=12),
    "no history": push_data(emailAddress="ana@ours.example"),
    "no padding": push_data(emailAddress="ana@ours.example", historyId=1).rstrip("="),
    "no padding and longer": push_data(emailAddress="ana@ours.example", historyId=12).rstrip("="),
    "url-safe": base64.urlsafe_b64encode(
        _plain(emailAddress="ana@ours.example", historyId=1, x="þÿ>>>???").encode()
    ).decode(),
    "with a line end": push_data(emailAddress="ana@ours.example", historyId=7) + "\n",
}


@pytest.mark.parametrize("how", DATA)
def test_every_way_of_writing_the_notice_is_read(
    how: str, google: Google, mailbox: Mailbox
) -> None:
    assert gmail_push(google.token(), data=DATA[how]).status_code == 204
    assert wanted(mailbox) == [True]


SENSELESS = {
    "no json": b"{",
    "no bytes at all": b"",
    "nested": b"[" * 200_000,
    "not utf-8": b"\xff\xfe\x00",
    "a list": b"[]",
    "no message": b"{}",
    "message is text": b'{"message": "x"}',
    "no data": b'{"message": {}}',
    "data is a number": b'{"message": {"data": 7}}',
    "no base64": b'{"message": {"data": "!!!"}}',
    "data is a list in base64": b'{"message": {"data": "W10="}}',
    "no address": json.dumps({"message": {"data": push_data(historyId=1)}}).encode(),
    "address is a list": json.dumps({"message": {"data": push_data(emailAddress=["a"])}}).encode(),
    "address with NUL": json.dumps(
        {"message": {"data": push_data(emailAddress="ana@ours.example\0")}}
    ).encode(),
    "half a character alone": b'"\\ud800"',
    "nested data": json.dumps(
        {"message": {"data": base64.b64encode(b"[" * 50_000).decode()}}
    ).encode(),
}


@pytest.mark.parametrize("how", SENSELESS)
def test_what_makes_no_sense_is_counted_and_not_sent_again(
    how: str, google: Google, mailbox: Mailbox
) -> None:
    assert gmail_push(google.token(), body=SENSELESS[how]).status_code == 204
    assert wanted(mailbox) == [False]
    assert tally.counts["push by Pub/Sub: malformed"] == 1


def test_an_unknown_mailbox_is_answered_alike(google: Google, mailbox: Mailbox) -> None:
    known = gmail_push(google.token())
    unknown = gmail_push(google.token(), data=push_data(emailAddress="no@nobody.example"))
    assert (unknown.status_code, unknown.content) == (known.status_code, known.content)
    assert tally.counts["push by Pub/Sub: unknown mailbox"] == 1


def test_half_a_character_in_an_address_makes_an_unknown_one(
    google: Google, mailbox: Mailbox
) -> None:
    half = push_data(emailAddress="a\ud800na@ours.example")
    assert gmail_push(google.token(), data=half).status_code == 204
    assert wanted(mailbox) == [False]
    assert tally.counts["push by Pub/Sub: unknown mailbox"] == 1


def test_a_body_beyond_the_limit_is_refused_before_it_is_read(
    google: Google, mailbox: Mailbox
) -> None:
    assert gmail_push(google.token(), body=b" " * 1_000_001).status_code == 413
    assert wanted(mailbox) == [False]


def test_the_same_address_is_marked_in_every_workspace(
    google: Google, ours: SimpleNamespace, rival: SimpleNamespace
) -> None:
    shared = {"address": "ana@ours.example"}
    here, there = (make_mailbox(c, c.ana, GMAIL, **shared) for c in (ours, rival))
    other = make_mailbox(rival, rival.ben, GMAIL)
    imap = make_mailbox(rival, rival.ben, Mailbox.Provider.IMAP, **shared)
    gmail_push(google.token())
    assert wanted(here, there, other, imap) == [True, True, False, False]


@pytest.mark.parametrize("state", ["paused", "disconnected", "needs_reconnect"])
def test_a_mailbox_that_is_not_read_is_not_marked(
    state: str, google: Google, ours: SimpleNamespace
) -> None:
    mailbox = make_mailbox(ours, ours.ana, GMAIL, state=state)
    assert gmail_push(google.token()).status_code == 204
    assert wanted(mailbox) == [False]


def test_the_mailbox_of_a_member_who_left_is_not_marked(
    google: Google, ours: SimpleNamespace
) -> None:
    with tenancy.in_workspace(ours.id):
        max_ = make_member(ours, "max", "member")
        max_.deactivated_at = max_.joined_at
        max_.save(update_fields=["deactivated_at"])
    mailbox = make_mailbox(ours, max_, GMAIL, address="ana@ours.example")
    gmail_push(google.token())
    assert wanted(mailbox) == [False]


def test_a_burst_writes_once_and_then_only_asks(google: Google, mailbox: Mailbox) -> None:
    token = google.token()
    gmail_push(token, data=push_data(emailAddress="no@nobody.example"))
    with CaptureQueriesContext(
        connection,
    ) as first:
        gmail_push(token)
    writing = [q["sql"] for q in first if "UPDATE" in q["sql"] or "insert" in q["sql"]]
    # The route; then workspace, hint, subscription, and the workspace left (in a savepoint).
    assert (len(writing), len(first)) == (2, 7)
    with CaptureQueriesContext(connection) as second:
        for _ in range(5):
            assert gmail_push(token).status_code == 204
    assert len(second) == 5
    assert wanted(mailbox) == [True]


def test_a_burst_during_a_run_writes_until_it_is_known_as_one_and_then_now_and_then(
    google: Google, mailbox: Mailbox
) -> None:
    token = google.token()
    with tenancy.in_workspace(mailbox.workspace_id):
        Mailbox.objects.filter(id=mailbox.id).update(began_at=Now())
    writing = []
    for _ in range(40):
        with CaptureQueriesContext(connection) as asked:
            gmail_push(token)
        writing.append(len(asked) > 1)
    assert all(writing[:6])
    # A quarter of a second may pass where other work is done on the machine.
    assert sum(writing[6:]) < 16


@pytest.mark.django_db(transaction=True)
def test_a_broker_that_is_down_slows_no_push(
    google: Google, ours: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    mailbox = make_mailbox(ours, ours.ana, GMAIL)
    asked = []

    def slow(task: str, *ids: str) -> bool:
        asked.append((task, *ids))
        time.sleep(2)
        return False

    monkeypatch.setattr(wake, "wake", slow)
    token = google.token()
    gmail_push(token, data=push_data(emailAddress="no@nobody.example"))
    begun = time.monotonic()
    assert gmail_push(token).status_code == 204
    assert time.monotonic() - begun < 1
    deadline = time.monotonic() + 5
    while not tally.counts["wake-ups that did not reach the broker"]:
        assert time.monotonic() < deadline
        time.sleep(0.05)
    assert wanted(mailbox) == [True]
    ids = (str(ours.id), str(mailbox.id), str(ours.ana.id))
    assert asked == [("mailsync.tasks.sync_mailbox", *ids)]


def test_a_database_that_is_down_is_503(
    google: Google, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    def down(*_: Any) -> None:
        raise OperationalError

    monkeypatch.setattr(tenancy, "call", down)
    assert gmail_push(google.token()).status_code == 503


@pytest.mark.parametrize("method", ["get", "put", "delete", "options", "head", "patch"])
def test_only_a_post_comes_in(method: str, google: Google, mailbox: Mailbox) -> None:
    assert getattr(Client(), method)("/hooks/gmail/").status_code == 405


def test_no_session_is_made_and_no_word_of_the_push_stands_in_the_log(
    google: Google, mailbox: Mailbox, caplog: pytest.LogCaptureFixture
) -> None:
    token = google.token()
    answer = gmail_push(token, data=push_data(emailAddress="secret@nobody.example"))
    gmail_push(token + "x")
    assert not answer.cookies
    for word in ("secret", "nobody.example", token[:40], ACCOUNT):
        assert word not in caplog.text
