"""Signing in at Microsoft by msal, against the sandbox."""

import json
import logging
import time
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from mailsync.providers.errors import (
    AuthorizationLost,
    ConsentMissing,
    Permanent,
    Throttled,
    Transient,
)
from mailsync.providers.grants import ConsentRefused, Visit
from mailsync.providers.graph_consent import GraphConsent
from mailsync.providers.graph_tokens import access_token, account_of, renew
from mailsync.sandbox.faults import Answer, Reset, Truncate
from mailsync.sandbox.microsoft_sign_in import TENANT_ID, object_id
from mailsync.sandbox.server import Sandbox
from tests.mailsync.microsoft import ANA, CALLBACK, MicrosoftAccount, consent, visit


@pytest.fixture
def ana(sandbox: Sandbox) -> Sandbox:
    sandbox.microsoft.add_account(ANA, "Ana Berg")
    return sandbox


def begin(*, send: bool = False, hint: str = ANA) -> Visit:
    return GraphConsent().begin(redirect_uri=CALLBACK, state="s1", send=send, hint=hint)


def finish(at: Visit, answer: dict[str, str], back: str = CALLBACK) -> Any:
    return GraphConsent().finish(kept=at.kept, answer=answer, redirect_uri=back)


def asked(at: Visit) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(at.url).query).items()}


def test_a_grant_names_the_account_and_what_it_may(ana: Sandbox) -> None:
    grant = consent(ANA, send=True)
    box = ana.mailboxes.get(ANA)
    assert box is not None
    assert grant.account_id == f"{object_id(box)}.{TENANT_ID}"
    assert (grant.address, grant.name, grant.can_send) == (ANA, "Ana Berg", True)
    assert consent(ANA).account_id == grant.account_id
    assert not consent(ANA).can_send


def test_the_least_is_asked_for_and_sending_only_when_wanted(ana: Sandbox) -> None:
    plain = {"Mail.Read", "User.Read", "openid", "profile", "offline_access"}
    assert set(asked(begin())["scope"].split()) == plain
    assert set(asked(begin(send=True))["scope"].split()) == {*plain, "Mail.Send"}


def test_the_visit_carries_state_nonce_and_a_code_challenge(ana: Sandbox) -> None:
    first, second = asked(begin()), asked(begin())
    assert (first["state"], first["code_challenge_method"]) == ("s1", "S256")
    assert first["nonce"] != second["nonce"]
    assert first["code_challenge"] != second["code_challenge"]
    assert first["redirect_uri"] == CALLBACK
    assert (first["login_hint"], first.get("prompt")) == (ANA, None)
    assert asked(begin(hint=""))["prompt"] == "select_account"


def test_the_browser_is_sent_to_the_configured_root(ana: Sandbox) -> None:
    assert begin().url.startswith(f"{ana.url}/microsoft/common/oauth2/v2.0/authorize?")


def test_a_proxy_that_passes_only_the_endpoints_is_enough(ana: Sandbox) -> None:
    ana.faults.choose("microsoft.discovery", Answer(404, b"not here"), times=None)
    assert consent(ANA).address == ANA


def test_a_visit_that_was_cancelled_is_refused_in_words(ana: Sandbox) -> None:
    at = begin()
    with pytest.raises(ConsentRefused, match="Start again and accept"):
        finish(at, visit(at, ANA, answer="deny"))


def test_without_the_right_to_read_there_is_nothing_to_do(ana: Sandbox) -> None:
    with pytest.raises(ConsentRefused, match="right to read mail"):
        consent(ANA, without=("Mail.Read",))


def test_without_the_right_to_send_reading_goes_on(ana: Sandbox) -> None:
    grant = consent(ANA, send=True, without=("Mail.Send",))
    assert not grant.can_send
    assert renew(grant.secret)


def test_without_the_right_to_the_profile_the_name_of_the_sign_in_is_the_address(
    ana: Sandbox,
) -> None:
    assert consent(ANA, without=("User.Read",)).address == ANA


@pytest.mark.parametrize(
    ("state", "back"), [("other", CALLBACK), ("s1", "http://127.0.0.1:8000/elsewhere/")]
)
def test_an_answer_to_another_visit_is_refused(ana: Sandbox, state: str, back: str) -> None:
    at = begin()
    answer = visit(at, ANA) | {"state": state}
    with pytest.raises(ConsentRefused, match="not started here"):
        finish(at, answer, back)


def test_a_code_serves_once(ana: Sandbox) -> None:
    at = begin()
    answer = visit(at, ANA)
    assert finish(at, answer).address == ANA
    with pytest.raises(ConsentRefused, match="took too long or was used before"):
        finish(at, answer)


def test_a_code_that_somebody_else_brought_is_refused(ana: Sandbox) -> None:
    mine, theirs = begin(), begin()
    with pytest.raises(ConsentRefused):
        finish(mine, visit(mine, ANA) | {"code": visit(theirs, ANA)["code"]})


def test_an_identity_of_another_app_or_issuer_is_refused(ana: Sandbox, settings: Any) -> None:
    sign = ana.microsoft.sign_in.key.sign
    for changed in ({"aud": "another-app"}, {"iss": "https://evil.example/v2.0"}, {"tid": "x"}):
        ana.microsoft.sign_in.key.sign = _with(sign, changed)  # type: ignore[method-assign]
        with pytest.raises(ConsentRefused, match="another app"):
            consent(ANA)


def _with(
    sign: Callable[[dict[str, Any]], str], changed: dict[str, Any]
) -> Callable[[dict[str, Any]], str]:
    return lambda claims: sign(claims | changed)


def test_a_wrong_secret_of_the_app_is_for_whoever_runs_it(ana: Sandbox, settings: Any) -> None:
    at = begin()
    answer = visit(at, ANA)
    settings.MICROSOFT_CLIENT_SECRET = "old"
    with pytest.raises(Permanent, match="app's registration"):
        finish(at, answer)


def test_a_revoked_grant_is_authorization_lost(microsoft: MicrosoftAccount) -> None:
    microsoft.sandbox.microsoft.revoke(ANA)
    with pytest.raises(AuthorizationLost):
        renew(microsoft.tokens.secret)


@pytest.mark.parametrize(
    ("suberror", "expected"),
    [
        ("bad_token", AuthorizationLost),
        ("", AuthorizationLost),
        ("consent_required", ConsentMissing),
    ],
)
def test_the_words_of_a_refused_grant(
    microsoft: MicrosoftAccount, suberror: str, expected: type[Exception]
) -> None:
    body = json.dumps({"error": "invalid_grant", "suberror": suberror}).encode()
    microsoft.sandbox.faults.choose("microsoft.token", Answer(400, body))
    with pytest.raises(expected):
        renew(microsoft.tokens.secret)


TROUBLE = (
    Answer(500, b'{"error": "invalid_grant"}'),
    Answer(503, b"<html>down</html>", {"Retry-After": "5"}),
    Answer(200, b"<html>sign in to the proxy</html>"),
    Answer(200, b"[]"),
    Reset(),
    Truncate(),
)


@pytest.mark.parametrize(
    ("operation", "fault"),
    [
        *(("microsoft.token", fault) for fault in TROUBLE),
        *(("microsoft.discovery", fault) for fault in TROUBLE),
        ("microsoft.token", Answer(400, b'{"error": "temporarily_unavailable"}')),
    ],
    ids=str,
)
def test_trouble_at_the_sign_in_is_never_a_lost_grant(
    microsoft: MicrosoftAccount, operation: str, fault: Any
) -> None:
    microsoft.sandbox.faults.choose(operation, fault)
    with pytest.raises(Transient):
        renew(microsoft.tokens.secret)
    assert renew(microsoft.tokens.secret)


def test_a_throttled_sign_in_says_for_how_long(microsoft: MicrosoftAccount) -> None:
    answer = Answer(429, b"{}", {"Retry-After": "41"})
    microsoft.sandbox.faults.choose("microsoft.token", answer)
    with pytest.raises(Throttled) as caught:
        renew(microsoft.tokens.secret)
    assert caught.value.retry_after == 41


def test_a_refusal_is_not_repeated_from_memory(microsoft: MicrosoftAccount) -> None:
    refusal = Answer(400, b'{"error": "invalid_grant"}')
    microsoft.sandbox.faults.choose("microsoft.token", refusal)
    with pytest.raises(AuthorizationLost):
        renew(microsoft.tokens.secret)
    assert access_token(renew(microsoft.tokens.secret))


def test_a_refreshed_secret_keeps_account_and_rights(microsoft: MicrosoftAccount) -> None:
    before = microsoft.tokens.secret
    after = renew(renew(before))
    assert access_token(after) != access_token(before)
    assert account_of(after) == account_of(before)
    assert json.loads(after)["scopes"] == ["Mail.Read", "User.Read", "Mail.Send"]
    # msal keeps the newest of each kind, so that the secret does not grow.
    assert len(after) < 1.2 * len(before)


def test_a_secret_that_is_none_is_authorization_lost(ana: Sandbox) -> None:
    for secret in (b"", b"{}", b"\xff", b'{"cache": "[]", "scopes": []}'):
        with pytest.raises(AuthorizationLost):
            renew(secret)
    with pytest.raises(AuthorizationLost):
        access_token(b"")


def test_secrets_go_over_https_or_stay_on_this_machine(ana: Sandbox, settings: Any) -> None:
    settings.MICROSOFT_LOGIN_ROOT = "http://login.example"
    with pytest.raises(Permanent, match="not encrypted"):
        begin()


def test_no_token_and_no_address_stands_in_a_log(
    ana: Sandbox, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        grant = consent(ANA)
        ana.faults.choose("microsoft.token", Truncate())
        with pytest.raises(Transient):
            renew(grant.secret)
    tables = ana.tables
    made = [*tables.all("microsoft access tokens"), *tables.all("microsoft refresh tokens")]
    assert len(made) == 4
    assert not [one for one in made if one in caplog.text]
    assert grant.secret.decode() not in repr(grant)


def test_giving_a_grant_back_only_forgets_it(ana: Sandbox) -> None:
    grant = consent(ANA)
    GraphConsent().revoke(grant.secret)
    GraphConsent().revoke(b"nonsense")


def test_an_app_that_nobody_registered_is_not_offered(ana: Sandbox, settings: Any) -> None:
    assert GraphConsent().is_configured()
    settings.MICROSOFT_CLIENT_ID = ""
    assert not GraphConsent().is_configured()


def test_a_token_that_ends_soon_is_not_used(ana: Sandbox) -> None:
    secret = consent(ANA).secret
    assert access_token(secret, fresh=True)
    data = json.loads(secret)
    cache = json.loads(data["cache"])
    for entry in cache["AccessToken"].values():
        entry["expires_on"] = str(int(time.time()) + 30)
    ending = json.dumps(data | {"cache": json.dumps(cache)}).encode()
    assert access_token(ending, fresh=True) == ""
