"""Signing in at Google: what is asked for, what comes back, and what is refused."""

import json
import time
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest

from mailsync.providers.errors import AuthorizationLost, ConsentMissing, Permanent, Transient
from mailsync.providers.gmail import GmailProvider
from mailsync.providers.gmail_consent import GmailConsent
from mailsync.providers.google_tokens import READ_SCOPE, SEND_SCOPE, GoogleSecret, refreshed
from mailsync.providers.grants import ConsentRefused, Grant, Unlimited, Visit
from mailsync.sandbox.faults import Answer, Reset
from mailsync.sandbox.google_sign_in import CLIENT_ID
from mailsync.sandbox.server import Sandbox
from tests.mailsync.google import BACK, HeldTokens, answer_in, connect_google, visit
from tests.mailsync.mail import make_mail

ANA = "ana@ours.example"
JSON = {"Content-Type": "application/json"}


@pytest.fixture(autouse=True)
def ana(sandbox: Sandbox) -> Sandbox:
    sandbox.google.add_account(ANA, "Ana")
    return sandbox


def begin(**options: Any) -> Visit:
    return GmailConsent().begin(redirect_uri=BACK, state="state", **({"send": False} | options))


def finish(begun: Visit, answer: dict[str, str]) -> Grant:
    return GmailConsent().finish(kept=begun.kept, answer=answer, redirect_uri=BACK)


def test_a_visit_asks_for_what_is_needed_and_no_more() -> None:
    asked = dict(parse_qsl(urlsplit(begin(hint=ANA).url).query))
    assert asked["scope"].split() == ["openid", "email", READ_SCOPE]
    assert (asked["access_type"], asked["prompt"]) == ("offline", "consent")
    assert asked["include_granted_scopes"] == "true"
    assert (asked["code_challenge_method"], asked["login_hint"]) == ("S256", ANA)
    assert (asked["client_id"], asked["redirect_uri"], asked["state"]) == (CLIENT_ID, BACK, "state")
    other = dict(parse_qsl(urlsplit(begin(send=True).url).query))
    assert other["scope"].split() == ["openid", "email", READ_SCOPE, SEND_SCOPE]
    assert other["prompt"] == "select_account consent"
    assert other["nonce"] != asked["nonce"]
    assert other["code_challenge"] != asked["code_challenge"]


def test_nothing_secret_stands_in_the_address_or_in_a_repr(sandbox: Sandbox) -> None:
    begun = begin()
    kept = json.loads(begun.kept)
    assert kept["verifier"] not in begun.url
    assert kept["verifier"] not in repr(begun)
    grant = connect_google(ANA)
    assert GoogleSecret.read(grant.secret).refresh_token not in repr(grant)


@pytest.mark.parametrize("jwks", [False, True])
def test_a_grant_names_the_account_and_opens_it(sandbox: Sandbox, jwks: bool) -> None:
    sandbox.google.sign_in.publish_jwks = jwks
    grant = connect_google("Ana@Ours.example".lower())
    assert (grant.address, grant.can_send) == (ANA, True)
    assert grant.account_id == sandbox.mailboxes.get(ANA).account_id
    with GmailProvider(HeldTokens(grant.secret), Unlimited()) as provider:
        assert provider.profile().account_id == grant.account_id


def test_reading_that_was_not_ticked_is_refused_with_what_is_to_be_given_back(
    sandbox: Sandbox,
) -> None:
    with pytest.raises(ConsentRefused, match="not allowed to read") as refused:
        connect_google(ANA, without=("gmail.readonly",))
    unused = refused.value.unused
    assert unused is not None
    assert unused.account_id == sandbox.mailboxes.get(ANA).account_id
    GmailConsent().revoke(unused.secret)
    assert sandbox.google.sign_in.grants.granted(ANA, CLIENT_ID) == []


def test_sending_that_was_not_ticked_only_cannot_send(sandbox: Sandbox) -> None:
    grant = connect_google(ANA, without=("gmail.send",))
    assert not grant.can_send
    with GmailProvider(HeldTokens(grant.secret), Unlimited()) as provider:
        assert provider.list_scopes()
        with pytest.raises(ConsentMissing):
            provider.send(make_mail(1))


def test_adding_the_right_to_send_keeps_the_right_to_read(sandbox: Sandbox) -> None:
    connect_google(ANA, send=False)
    grant = connect_google(ANA, send=True)
    assert {READ_SCOPE, SEND_SCOPE} <= set(GoogleSecret.read(grant.secret).scopes)
    assert GoogleSecret.read(grant.secret).refresh_token


def test_a_refusal_is_said_in_plain_words() -> None:
    with pytest.raises(ConsentRefused, match="did not allow"):
        connect_google(ANA, answer="deny")
    with pytest.raises(ConsentRefused, match="administrator"):
        finish(begin(), {"state": "state", "error": "admin_policy_enforced"})
    with pytest.raises(ConsentRefused, match="did not finish"):
        finish(begin(), {"state": "state"})


@pytest.mark.parametrize("state", ["another", "", "stät"])
def test_an_answer_to_somebody_elses_visit_is_refused(state: str) -> None:
    begun = begin()
    answer = answer_in(visit(begun.url, ANA)) | {"state": state}
    with pytest.raises(ConsentRefused, match="not started here"):
        finish(begun, answer)


def test_a_code_is_good_for_one_visit_and_once() -> None:
    first, second = begin(), begin()
    answer = answer_in(visit(first.url, ANA))
    with pytest.raises(ConsentRefused, match="too long"):
        finish(second, answer)
    answer = answer_in(visit(first.url, ANA))
    assert finish(first, answer).address == ANA
    with pytest.raises(ConsentRefused, match="too long"):
        finish(first, answer)


def test_an_id_token_of_another_visit_is_refused() -> None:
    begun = begin()
    kept = json.loads(begun.kept) | {"nonce": "another"}
    answer = answer_in(visit(begun.url, ANA))
    with pytest.raises(ConsentRefused, match="not started here"):
        finish(Visit(begun.url, json.dumps(kept).encode()), answer)


def forged(sandbox: Sandbox, **claims: Any) -> dict[str, Any]:
    """What a token endpoint would answer, with an id token that is not as it should be."""
    now = int(time.time())
    whole = {
        "iss": "https://accounts.google.com",
        "aud": CLIENT_ID,
        "sub": "1",
        "email": ANA,
        "iat": now,
        "exp": now + 60,
    }
    token = sandbox.google.sign_in.key.sign(whole | claims)
    return {
        "access_token": "a",
        "refresh_token": "r",
        "expires_in": 60,
        "scope": f"openid {READ_SCOPE}",
        "id_token": token,
    }


@pytest.mark.parametrize(
    "claims",
    [{"aud": "another app"}, {"iss": "https://evil.example"}, {"exp": 1_000_000}, {"sub": ""}],
)
def test_an_id_token_that_is_not_for_us_is_refused(
    sandbox: Sandbox, claims: dict[str, Any]
) -> None:
    begun = begin()
    answer = answer_in(visit(begun.url, ANA))
    body = forged(sandbox, **({"nonce": json.loads(begun.kept)["nonce"]} | claims))
    sandbox.faults.choose("token", Answer(200, json.dumps(body).encode(), JSON))
    with pytest.raises(ConsentRefused, match=r"verified|which account"):
        finish(begun, answer)


@pytest.mark.parametrize("token", ["", "x", "a.b.c", "e30.e30.", "x" * 20_000])
def test_an_id_token_that_nobody_signed_is_refused(sandbox: Sandbox, token: str) -> None:
    begun = begin()
    body = forged(sandbox) | {"id_token": token}
    answer = answer_in(visit(begun.url, ANA))
    sandbox.faults.choose("token", Answer(200, json.dumps(body).encode(), JSON))
    with pytest.raises(ConsentRefused, match="verified"):
        finish(begun, answer)


@pytest.mark.parametrize(
    ("scope", "sentence"),
    [(f"openid {READ_SCOPE}", "no lasting access"), ("openid", "not allowed to read")],
)
def test_what_is_not_lasting_is_given_back_and_the_member_reads_what_was_wrong(
    sandbox: Sandbox, scope: str, sentence: str
) -> None:
    begun = begin()
    answer = answer_in(visit(begun.url, ANA))
    grants = sandbox.google.sign_in.grants
    grants.make_refresh(ANA, CLIENT_ID, ["openid"])
    body = forged(sandbox, nonce=json.loads(begun.kept)["nonce"]) | {
        "access_token": grants.make_access(ANA, ["openid"]),
        "refresh_token": None,
        "scope": scope,
    }
    sandbox.faults.choose("token", Answer(200, json.dumps(body).encode(), JSON))
    with pytest.raises(ConsentRefused, match=sentence) as refused:
        finish(begun, answer)
    assert refused.value.unused is not None
    GmailConsent().revoke(refused.value.unused.secret)
    assert grants.granted(ANA, CLIENT_ID) == []


@pytest.mark.parametrize(
    ("operation", "effect", "expected"),
    [
        ("token", Answer(502, b"<html>"), Transient),
        ("token", Reset(), Transient),
        ("certs", Answer(500, b""), Transient),
        ("token", Answer(401, b'{"error": "invalid_client"}', JSON), Permanent),
    ],
)
def test_a_google_that_is_down_is_not_the_members_fault(
    sandbox: Sandbox, operation: str, effect: Any, expected: type[Exception]
) -> None:
    begun = begin()
    answer = answer_in(visit(begun.url, ANA))
    sandbox.faults.choose(operation, effect)
    with pytest.raises(expected):
        finish(begun, answer)


def test_a_grant_that_is_given_back_no_longer_opens(sandbox: Sandbox) -> None:
    secret = connect_google(ANA).secret
    GmailConsent().revoke(secret)
    with pytest.raises(AuthorizationLost):
        refreshed(secret)
    # One that is dead already, or that never was one, is no error.
    GmailConsent().revoke(secret)
    GmailConsent().revoke(b"nonsense")
    assert sandbox.log.counts()["revoke"] == 2
    sandbox.faults.choose("revoke", Answer(503, b""))
    with pytest.raises(Transient):
        GmailConsent().revoke(secret)


def test_without_an_app_at_google_there_is_no_sign_in(settings: Any) -> None:
    assert GmailConsent().is_configured()
    settings.GOOGLE_CLIENT_SECRET = ""
    assert not GmailConsent().is_configured()
