"""The sandbox refuses what Microsoft refuses, and tells what Microsoft tells."""

import base64
import json
import queue
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests

from mailsync.providers.graph_tokens import access_token
from mailsync.sandbox.faults import Delay, Lie
from mailsync.sandbox.server import Sandbox
from tests.mailsync.mail import make_mail
from tests.mailsync.microsoft import ANA, MicrosoftAccount, consent

IMMUTABLE = {"Prefer": 'IdType="ImmutableId"'}


def ask(
    account: MicrosoftAccount, path: str, method: str = "GET", **what: Any
) -> requests.Response:
    url = path if "://" in path else f"{account.sandbox.url}/microsoft/v1.0{path}"
    headers = {"Authorization": f"Bearer {access_token(account.tokens.secret)}"}
    headers |= what.pop("headers", {})
    return requests.request(method, url, headers=headers, timeout=10, **what)


def code(answer: requests.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["error"]["code"]


def inbox(account: MicrosoftAccount) -> str:
    return f"/me/mailFolders/{account.folder('inbox')}/messages"


def test_a_list_without_select_gives_whole_bodies_and_is_counted(
    microsoft: MicrosoftAccount,
) -> None:
    microsoft.put(1)
    (item,) = ask(microsoft, "/me/messages").json()["value"]
    assert item["body"]["content"] == "Body of mail 1.\r\n"
    assert "internetMessageHeaders" not in item
    assert microsoft.graph.full_bodies == 1
    (item,) = ask(microsoft, "/me/messages?$select=subject").json()["value"]
    assert set(item) == {"id", "subject"}
    assert microsoft.graph.full_bodies == 1


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("$select=subject,secrets", "RequestBroker--ParseUri"),
        ("$filter=subject eq 'x'", "ErrorInvalidUrlQueryFilter"),
        ("$filter=receivedDateTime ge yesterday", "BadRequest"),
        ("$orderby=subject", "ErrorInvalidUrlQuery"),
        ("$filter=internetMessageId eq '<x>'&$orderby=receivedDateTime desc", "InefficientFilter"),
        ("$top=1001", "ErrorInvalidUrlQuery"),
        ("$expand=attachments", "BadRequest"),
        ("size=3", "BadRequest"),
    ],
)
def test_a_query_that_the_vendor_does_not_know_is_refused(
    microsoft: MicrosoftAccount, query: str, said: str
) -> None:
    assert code(ask(microsoft, f"/me/messages?{query}")) == (400, said)


@pytest.mark.parametrize(
    "query",
    [
        "$filter=receivedDateTime le 2026-01-01T00:00:00Z",
        "$filter=receivedDateTime ge 2026-01-01T00:00:00Z and receivedDateTime ge 2026-01-01",
        "$filter=internetMessageId eq '<x>'",
        "$orderby=receivedDateTime asc",
        "$search=x",
        "$deltatoken=nonsense",
    ],
)
def test_a_delta_takes_fewer_options_than_a_list(microsoft: MicrosoftAccount, query: str) -> None:
    assert ask(microsoft, f"{inbox(microsoft)}/delta?{query}").status_code == 400


def test_a_link_takes_no_further_options(microsoft: MicrosoftAccount) -> None:
    link = ask(microsoft, f"{inbox(microsoft)}/delta?$select=id").json()["@odata.deltaLink"]
    assert ask(microsoft, link).status_code == 200
    assert ask(microsoft, f"{link}&$select=id").status_code == 400


def test_a_delta_gives_ten_at_a_time_and_no_order_where_none_is_asked(
    microsoft: MicrosoftAccount,
) -> None:
    microsoft.put(*range(1, 13))
    answer = ask(microsoft, f"{inbox(microsoft)}/delta?$select=receivedDateTime").json()
    times = [item["receivedDateTime"] for item in answer["value"]]
    assert len(times) == 10
    assert times != sorted(times, reverse=True)
    assert "@odata.nextLink" in answer


def test_a_filtered_delta_stops_at_its_limit_without_a_word(microsoft: MicrosoftAccount) -> None:
    microsoft.graph.filtered_most = 3
    microsoft.put(*range(1, 8))
    since = "$filter=receivedDateTime ge 2026-01-01T00:00:00Z"
    answer = ask(microsoft, f"{inbox(microsoft)}/delta?$select=id&{since}").json()
    assert len(answer["value"]) == 3
    assert "@odata.deltaLink" in answer


def test_a_change_of_flags_tells_the_flag_alone(microsoft: MicrosoftAccount) -> None:
    (message,) = microsoft.put(1)
    path = f"{inbox(microsoft)}/delta?$select=subject,isRead,parentFolderId"
    link = ask(microsoft, path, headers=IMMUTABLE).json()["@odata.deltaLink"]
    microsoft.flag(message, "seen")
    (item,) = ask(microsoft, link, headers=IMMUTABLE).json()["value"]
    folder = microsoft.folder("inbox")
    assert item == {"id": message.id, "isRead": True, "parentFolderId": folder}


def test_a_move_is_a_removal_here_and_an_addition_there(microsoft: MicrosoftAccount) -> None:
    (message,) = microsoft.put(1)
    links = [
        ask(
            microsoft,
            f"/me/mailFolders/{name}/messages/delta?$select=subject",
            headers=IMMUTABLE,
        ).json()["@odata.deltaLink"]
        for name in ("inbox", "archive")
    ]
    microsoft.move(message, "archive")
    here, there = [ask(microsoft, link, headers=IMMUTABLE).json()["value"] for link in links]
    assert here == [{"id": message.id, "@removed": {"reason": "deleted"}}]
    assert there == [{"id": message.id, "subject": "Mail 1"}]


def test_an_id_changes_with_the_folder_unless_an_immutable_one_is_preferred(
    microsoft: MicrosoftAccount,
) -> None:
    (message,) = microsoft.put(1)

    def shown(headers: dict[str, str]) -> str:
        found = ask(microsoft, "/me/messages?$select=id", headers=headers).json()
        return str(found["value"][0]["id"])

    before = shown({})
    assert shown(IMMUTABLE) == message.id != before
    assert ask(microsoft, f"/me/messages/{before}?$select=id").status_code == 200
    microsoft.move(message, "archive")
    assert shown({}) != before
    assert shown(IMMUTABLE) == message.id
    assert code(ask(microsoft, f"/me/messages/{before}?$select=id")) == (404, "ErrorItemNotFound")


def test_without_a_token_or_the_right_nothing_is_told(sandbox: Sandbox) -> None:
    account = MicrosoftAccount(sandbox)
    assert requests.get(f"{sandbox.url}/microsoft/v1.0/me", timeout=5).status_code == 401
    account.tokens.secret = consent(ANA).secret
    answer = ask(account, "/me/sendMail", "POST", headers={"Content-Type": "text/plain"})
    assert code(answer) == (403, "ErrorAccessDenied")


def test_sending_wants_mime_in_base64(microsoft: MicrosoftAccount) -> None:
    plain = {"Content-Type": "text/plain"}
    raw = make_mail(1, **{"from": ANA})
    assert ask(microsoft, "/me/sendMail", "POST", json={}).status_code == 415
    wrong = ask(microsoft, "/me/sendMail", "POST", headers=plain, data=raw)
    assert code(wrong) == (400, "ErrorMimeContentInvalidBase64String")
    data = base64.b64encode(raw)
    sent = ask(microsoft, "/me/sendMail", "POST", headers=plain, data=data)
    assert (sent.status_code, sent.content) == (202, b"")


def test_what_is_sent_arrives_at_another_account_of_the_sandbox(
    microsoft: MicrosoftAccount,
) -> None:
    with microsoft.sandbox.lock:
        other = microsoft.sandbox.microsoft.add_account("ben@ours.example")
    with microsoft.provider() as provider:
        assert provider.send(make_mail(1, **{"from": ANA}, to="Ben <ben@ours.example>"))
    assert [one.message_id for one in other.messages.values()] == ["<mail-1@client.example>"]


def test_a_fifth_call_at_once_is_refused(microsoft: MicrosoftAccount) -> None:
    microsoft.sandbox.faults.choose("graph.me", Delay(0.3), times=None)
    answers: queue.Queue[requests.Response] = queue.Queue()
    threads = [
        threading.Thread(target=lambda: answers.put(ask(microsoft, "/me?$select=id")))
        for _ in range(5)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    found = [answers.get() for _ in threads]
    refused = [one for one in found if one.status_code == 429]
    assert refused
    assert refused[0].headers["Retry-After"] == "1"


def test_more_than_the_requests_of_ten_minutes_are_refused(microsoft: MicrosoftAccount) -> None:
    microsoft.graph.most_requests = len(microsoft.graph._asked[ANA]) + 2
    statuses = [ask(microsoft, "/me?$select=id").status_code for _ in range(3)]
    assert statuses == [200, 200, 429]


def test_an_expired_state_is_a_410(microsoft: MicrosoftAccount) -> None:
    link = ask(microsoft, f"{inbox(microsoft)}/delta?$select=id").json()["@odata.deltaLink"]
    microsoft.sandbox.faults.choose("graph.delta", Lie("expire"))
    assert code(ask(microsoft, link)) == (410, "SyncStateNotFound")
    assert ask(microsoft, link).status_code == 200


class Door:
    """A subscriber: it proves itself, and keeps what it is sent."""

    def __init__(self) -> None:
        self.items: queue.Queue[dict[str, Any]] = queue.Queue()
        self.kind, self.asked = "text/plain", 0
        door = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                token = parse_qs(urlsplit(self.path).query).get("validationToken", [""])[0]
                self.send_response(200)
                self.send_header("Content-Type", door.kind)
                self.end_headers()
                if token:
                    door.asked += 1
                    self.wfile.write(token.encode())
                    return
                for item in json.loads(body)["value"]:
                    door.items.put(item | {"path": self.path})

            def log_message(self, format: str, *args: object) -> None:
                """Quiet."""

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/hooks/graph/"
        threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True).start()


@pytest.fixture
def door() -> Iterator[Door]:
    door = Door()
    yield door
    door.server.shutdown()
    door.server.server_close()


def test_a_subscriber_proves_itself_and_is_told_with_its_secret(
    microsoft: MicrosoftAccount, door: Door
) -> None:
    with microsoft.provider() as provider:
        watch = provider.subscribe(door.url, "s" * 43, lifecycle=f"{door.url}lifecycle/")
    assert watch is not None
    assert door.asked == 2
    (message,) = microsoft.put(1)
    item = door.items.get(timeout=5)
    assert (item["subscriptionId"], item["clientState"]) == (watch.id, "s" * 43)
    assert (item["changeType"], item["resourceData"]["id"]) == ("created", message.id)
    microsoft.move(message, "archive")
    microsoft.delete(message)
    told = [door.items.get(timeout=5)["changeType"] for _ in range(2)]
    assert told == ["updated", "deleted"]
    for event in ("missed", "reauthorizationRequired", "subscriptionRemoved"):
        microsoft.graph.subscriptions.tell(ANA, event)
        item = door.items.get(timeout=5)
        assert item["lifecycleEvent"] == event
        assert item["path"].endswith("/lifecycle/")
        assert item["clientState"] == "s" * 43
    microsoft.put(2)
    time.sleep(0.2)
    assert door.items.empty()


@pytest.mark.parametrize("kind", ["text/html", "application/json"])
def test_a_proof_that_is_no_plain_text_is_none(
    microsoft: MicrosoftAccount, door: Door, kind: str
) -> None:
    door.kind = kind
    answer = ask(microsoft, "/subscriptions", "POST", json=_wanted(notificationUrl=door.url))
    assert code(answer) == (400, "ValidationError")


@pytest.mark.parametrize(
    "changes",
    [
        {"expirationDateTime": "2199-01-01T00:00:00Z"},
        {"expirationDateTime": "2020-01-01T00:00:00Z"},
        {"resource": "me/events"},
        {"changeType": "created,moved"},
        {"clientState": "x" * 129},
        {"notificationUrl": "http://threadwell.example/hooks/graph/"},
        {"colour": "blue"},
    ],
    ids=str,
)
def test_a_subscription_that_the_vendor_does_not_give(
    microsoft: MicrosoftAccount, changes: dict[str, str]
) -> None:
    microsoft.graph.subscriptions.proves = False
    assert ask(microsoft, "/subscriptions", "POST", json=_wanted()).status_code == 201
    answer = ask(microsoft, "/subscriptions", "POST", json=_wanted(**changes))
    assert code(answer) == (400, "InvalidRequest")


def test_grants_and_mail_survive_a_restart(tmp_path: Path, settings: Any) -> None:
    state = tmp_path / "sandbox.jsonl"
    with Sandbox(state=state) as first:
        for name, value in first.settings().items():
            setattr(settings, name, value)
        account = MicrosoftAccount(first)
        account.put(1)
    with Sandbox(state=state) as second:
        for name, value in second.settings().items():
            setattr(settings, name, value)
        account.sandbox = second
        with account.provider() as provider:
            assert len(provider.find("mail-1@client.example")) == 1


def _wanted(**changes: str) -> dict[str, str]:
    end = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + 3600))
    return {
        "changeType": "created",
        "notificationUrl": "https://threadwell.example/hooks/graph/",
        "resource": "/me/messages",
        "expirationDateTime": end,
        "clientState": "secret",
    } | changes
