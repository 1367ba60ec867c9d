"""The sandbox refuses what Google refuses, and tells its pushes as Google does."""

import base64
import http.server
import json
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jwt
import pytest
import requests

from mailsync.providers.google_tokens import READ_SCOPE, GoogleSecret
from mailsync.sandbox.faults import Lie
from mailsync.sandbox.google import SERVICE_ACCOUNT
from mailsync.sandbox.google_sign_in import CLIENT_ID, CLIENT_SECRET
from mailsync.sandbox.server import Sandbox
from tests.mailsync.google import BACK, GmailBench
from tests.mailsync.mail import make_mail

BATCH_PART = "--b\r\nContent-Type: application/http\r\nContent-ID: <{n}>\r\n\r\nGET {path}\r\n\r\n"


@pytest.fixture
def bench(sandbox: Sandbox) -> GmailBench:
    return GmailBench(sandbox, send=False)


def ask(bench: GmailBench, method: str, path: str, **options: Any) -> requests.Response:
    token = options.pop("token", GoogleSecret.read(bench.tokens.secret).access_token)
    headers = {"Authorization": f"Bearer {token}"} | options.pop("headers", {})
    url = f"{bench.sandbox.url}/google{path}"
    return requests.request(method, url, headers=headers, timeout=10, **options)


USER = "/gmail/v1/users/me"


@pytest.mark.parametrize(
    ("method", "path", "status", "reason"),
    [
        ("GET", f"{USER}/messages?pagetoken=1", 400, "badRequest"),
        ("GET", f"{USER}/labels?q=x", 400, "badRequest"),
        ("GET", f"{USER}/messages?labelIds=Nowhere", 400, "badRequest"),
        ("GET", f"{USER}/messages?maxResults=many", 400, "badRequest"),
        ("GET", f"{USER}/messages?pageToken=none", 400, "badRequest"),
        ("GET", f"{USER}/messages?q=some+words", 400, "badRequest"),
        ("GET", f"{USER}/history", 400, "badRequest"),
        ("GET", f"{USER}/history?startHistoryId=1&pageToken=x", 400, "badRequest"),
        ("GET", f"{USER}/history?startHistoryId=99999999", 404, "notFound"),
        ("GET", f"{USER}/messages/nothing", 404, "notFound"),
        ("GET", f"{USER}/messages/nothing?format=odd", 400, "badRequest"),
        ("GET", f"{USER}/labels/nothing", 404, "notFound"),
        ("GET", f"{USER}/nothing", 404, "notFound"),
        ("PUT", f"{USER}/labels", 404, "notFound"),
        ("POST", f"{USER}/messages/send", 403, "insufficientPermissions"),
        ("POST", f"{USER}/watch", 400, "badRequest"),
    ],
)
def test_what_google_refuses(
    bench: GmailBench, method: str, path: str, status: int, reason: str
) -> None:
    answer = ask(bench, method, path)
    assert answer.status_code == status
    assert answer.json()["error"]["errors"][0]["reason"] == reason


def test_a_missing_scope_is_named_in_the_details(bench: GmailBench) -> None:
    error = ask(bench, "POST", f"{USER}/messages/send", json={}).json()["error"]
    assert error["details"][0]["reason"] == "ACCESS_TOKEN_SCOPE_INSUFFICIENT"


@pytest.mark.parametrize("token", ["", "nonsense"])
def test_without_a_token_nobody_is_answered(bench: GmailBench, token: str) -> None:
    assert ask(bench, "GET", f"{USER}/profile", token=token).status_code == 401


def test_another_account_is_not_shown(bench: GmailBench) -> None:
    bench.sandbox.google.add_account("boss@ours.example")
    path = "/gmail/v1/users/boss@ours.example/profile"
    assert ask(bench, "GET", path).status_code == 403
    assert ask(bench, "GET", f"/gmail/v1/users/{bench.address}/profile").status_code == 200


def test_parameters_that_every_call_knows_are_accepted(bench: GmailBench) -> None:
    path = f"{USER}/profile?alt=json&prettyPrint=false&fields=historyId"
    assert set(ask(bench, "GET", path).json()) == {"historyId"}


def batch(bench: GmailBench, paths: list[str], kind: str = "multipart/mixed; boundary=b") -> Any:
    body = "".join(BATCH_PART.format(n=n, path=path) for n, path in enumerate(paths)) + "--b--\r\n"
    headers = {"Content-Type": kind}
    return ask(bench, "POST", "/batch/gmail/v1", data=body.encode(), headers=headers)


def test_a_batch_answers_each_part_by_itself(bench: GmailBench) -> None:
    bench.put(1)
    paths = [f"/google{USER}/messages/{bench.id_of(1)}", f"/google{USER}/messages/none"]
    answer = batch(bench, paths)
    assert answer.status_code == 200
    assert answer.text.count("HTTP/1.1 200") == answer.text.count("HTTP/1.1 404") == 1
    assert "Content-ID: <response-0>" in answer.text
    assert bench.sandbox.log.counts()["messages.get"] == 2


def test_a_batch_of_more_than_a_hundred_is_refused(bench: GmailBench) -> None:
    assert batch(bench, [f"/google{USER}/profile"] * 101).status_code == 400
    assert batch(bench, [f"/google{USER}/profile"] * 100).status_code == 200
    assert batch(bench, [f"/google{USER}/profile"], "application/json").status_code == 400
    assert batch(bench, ["https://elsewhere.example/"]).status_code == 400
    assert batch(bench, []).status_code == 400


def test_what_is_sent_has_to_be_json_with_a_mail_in_it(sandbox: Sandbox) -> None:
    bench = GmailBench(sandbox)
    raw = base64.urlsafe_b64encode(make_mail(1)).decode()
    send = f"{USER}/messages/send"
    assert ask(bench, "POST", send, json={"raw": raw}).status_code == 200
    assert ask(bench, "POST", send, json={"raw": ""}).status_code == 400
    assert ask(bench, "POST", send, json={"raw": 1}).status_code == 400
    assert ask(bench, "POST", send, json=[]).status_code == 400
    assert ask(bench, "POST", send, json={"raw": raw, "threadId": "x"}).status_code == 404
    mail = {"data": make_mail(1), "headers": {"Content-Type": "message/rfc822"}}
    assert ask(bench, "POST", send, **mail).status_code == 400


@pytest.mark.parametrize(
    ("change", "status", "error"),
    [
        ({"client_id": "x"}, 401, "invalid_client"),
        ({"client_secret": "x"}, 401, "invalid_client"),
        ({"grant_type": "password"}, 400, "unsupported_grant_type"),
        ({"refresh_token": "x"}, 400, "invalid_grant"),
        ({"grant_type": "authorization_code", "code": "x"}, 400, "invalid_grant"),
    ],
)
def test_the_token_endpoint_refuses(
    bench: GmailBench, change: dict[str, str], status: int, error: str
) -> None:
    form = {
        "client_id": CLIENT_ID,
        "client_secret": CLIENT_SECRET,
        "grant_type": "refresh_token",
        "refresh_token": GoogleSecret.read(bench.tokens.secret).refresh_token,
    }
    url = f"{bench.sandbox.url}/google/o/token"
    assert requests.post(url, data=form, timeout=10).status_code == 200
    assert requests.post(url, json=form, timeout=10).status_code == 400
    answer = requests.post(url, data=form | change, timeout=10)
    assert (answer.status_code, answer.json()["error"]) == (status, error)


@pytest.mark.parametrize(
    "change",
    [
        {"client_id": "x"},
        {"redirect_uri": "javascript:alert(1)"},
        {"response_type": "token"},
        {"scope": ""},
        {"code_challenge_method": "plain"},
    ],
)
def test_the_sign_in_page_refuses(bench: GmailBench, change: dict[str, str]) -> None:
    asked = {"client_id": CLIENT_ID, "redirect_uri": BACK, "response_type": "code"}
    asked |= {"scope": READ_SCOPE, "state": '"><script>'}
    url = f"{bench.sandbox.url}/google/o/auth"
    page = requests.get(url, params=asked, timeout=10)
    assert page.status_code == 200
    assert "<script>" not in page.text
    assert requests.get(url, params=asked | change, timeout=10).status_code in {400, 401}


class Door(http.server.BaseHTTPRequestHandler):
    """Takes pushes; the first few are refused where the test says so."""

    taken: list[tuple[str, dict[str, Any]]] = []
    refuse = 0

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        status = 503 if Door.refuse else 204
        Door.refuse = max(0, Door.refuse - 1)
        if status == 204:
            Door.taken.append((self.headers["Authorization"], body))
        self.send_response(status)
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Quietly."""


@pytest.fixture
def door(bench: GmailBench) -> Iterator[str]:
    server = http.server.HTTPServer(("127.0.0.1", 0), Door)
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    Door.taken, Door.refuse = [], 0
    bench.sandbox.google.push_url = f"http://127.0.0.1:{server.server_port}/hooks/gmail/"
    with bench.open() as provider:
        provider.subscribe("", "")
    yield bench.sandbox.google.push_url
    server.shutdown()
    server.server_close()


def pushed() -> list[int]:
    found = []
    for _, body in Door.taken:
        data = json.loads(base64.urlsafe_b64decode(body["message"]["data"]))
        assert data["emailAddress"] == "ana@ours.example"
        found.append(data["historyId"])
    return found


def test_a_push_is_signed_by_the_service_account_for_its_door(bench: GmailBench, door: str) -> None:
    bench.put(1)
    assert bench.sandbox.pushes.wait(lambda: len(Door.taken) == 1)
    token = Door.taken[0][0].removeprefix("Bearer ")
    key = jwt.PyJWK(bench.sandbox.google.sign_in.key.jwks()["keys"][0]).key
    claims = jwt.decode(token, key, algorithms=["RS256"], audience=door)
    assert (claims["email"], claims["email_verified"]) == (SERVICE_ACCOUNT, True)
    assert pushed() == [bench.box.latest]


def test_pushes_are_dropped_repeated_and_turned_round_as_chosen(
    bench: GmailBench, door: str
) -> None:
    first = bench.box.latest
    for word, times in (("drop", 1), ("repeat", 1), ("hold", 2)):
        bench.sandbox.faults.choose("push", Lie(word), times=times)
        for _ in range(times):
            bench.put(1)
        bench.sandbox.faults.clear()
    bench.sandbox.pushes.release()
    assert bench.sandbox.pushes.wait(lambda: len(Door.taken) == 4)
    assert pushed() == [first + 2, first + 2, first + 4, first + 3]


def test_a_push_that_was_not_taken_comes_again(bench: GmailBench, door: str) -> None:
    Door.refuse = 2
    bench.put(1)
    assert bench.sandbox.pushes.wait(lambda: len(Door.taken) == 1)
    assert [status for _, status in bench.sandbox.pushes.sent] == [503, 503, 204]


def test_a_mailbox_without_a_watch_pushes_nothing(bench: GmailBench, door: str) -> None:
    with bench.open() as provider:
        provider.unsubscribe(None)
    bench.put(1)
    bench.sandbox.google.push(bench.address, "7")
    assert bench.sandbox.pushes.wait(lambda: len(Door.taken) == 1)
    assert pushed() == ["7"]


def test_grants_and_watches_survive_a_restart(tmp_path: Path, settings: Any) -> None:
    path = tmp_path / "state"
    with Sandbox(state=path) as first:
        for name, value in first.settings().items():
            setattr(settings, name, value)
        bench = GmailBench(first)
        bench.put(1)
        with bench.open() as provider:
            provider.subscribe("", "")
            cursor = provider.start_cursor(["INBOX"], None)
    with Sandbox(state=path) as second:
        for name, value in second.settings().items():
            setattr(settings, name, value)
        second.mailboxes.deliver(bench.address, make_mail(2), scopes=["INBOX"])
        with bench.open() as provider:
            (change,) = provider.changes(cursor, 10).changes
            assert provider.fetch_raw(change.ref, 10_000).raw == make_mail(2)
        assert second.tables.get("gmail watches", bench.address)
