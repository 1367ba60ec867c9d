"""The frame of the sandbox: mail that survives a restart, faults that strike when chosen."""

import http.client
import json
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from mailsync.sandbox.faults import Answer, Delay, Lie, Reset, Truncate
from mailsync.sandbox.mailboxes import Folder, Mailboxes
from mailsync.sandbox.server import Sandbox, SandboxRefused
from mailsync.sandbox.tables import Tables
from mailsync.sandbox.web import Call, Lies, Refusal, Request, Response, as_json
from tests.mailsync.mail import make_mail, when

ANA = "ana@ours.example"
FOLDERS = [Folder("INBOX", "Inbox", "inbox"), Folder("SENT", "Sent", "sent")]


class Echo:
    """A vendor that answers what it was asked."""

    prefix = "/echo"

    def call_for(self, request: Request) -> Call:
        if request.path == "/nothing":
            raise Refusal(as_json({"error": "no such call"}, 404))

        def run(lies: Lies) -> Response:
            return as_json({"path": request.path, "lies": sorted(lies)})

        return Call("echo", request.one("who"), run)

    def settings(self, root: str) -> dict[str, str]:
        return {"GMAIL_API_ROOT": f"{root}/echo"}


def ask(sandbox: Sandbox, target: str) -> tuple[int, bytes]:
    line = http.client.HTTPConnection(urlsplit(sandbox.url).netloc, timeout=5)
    try:
        line.request("GET", target)
        answer = line.getresponse()
        return answer.status, answer.read()
    finally:
        line.close()


@pytest.fixture
def echo(sandbox: Sandbox) -> Sandbox:
    sandbox.apps = [Echo()]
    return sandbox


def test_a_call_reaches_the_vendor_of_its_prefix_and_is_counted(echo: Sandbox) -> None:
    assert ask(echo, "/echo/a?who=ana")[0] == 200
    assert ask(echo, "/other/a")[0] == 404
    assert ask(echo, "/echo/nothing")[0] == 404
    assert echo.log.counts() == {"echo": 1, "refused": 1}
    assert echo.log.counts("ana") == {"echo": 1}
    assert (echo.log.most_at_once("ana"), echo.log.under_way("ana")) == (1, 0)


def test_a_fault_strikes_the_calls_it_was_chosen_for_and_no_other(echo: Sandbox) -> None:
    echo.faults.choose("echo", Answer(503, b"down"), skip=1, times=2, mailbox="ana")
    assert [ask(echo, "/echo/a?who=ben")[0] for _ in range(2)] == [200, 200]
    assert [ask(echo, "/echo/a?who=ana")[0] for _ in range(4)] == [200, 503, 503, 200]


def test_a_truncated_answer_ends_early_and_says_so_in_its_length(echo: Sandbox) -> None:
    echo.faults.choose("echo", Truncate())
    status, body = ask(echo, "/echo/a")
    assert status == 200
    with pytest.raises(ValueError, match=r"."):
        json.loads(body)


@pytest.mark.parametrize("after", [False, True])
def test_a_reset_leaves_no_answer(echo: Sandbox, after: bool) -> None:
    echo.faults.choose("echo", Reset(after=after))
    with pytest.raises((ConnectionError, http.client.HTTPException)):
        ask(echo, "/echo/a")


def test_a_delay_and_a_lie_reach_the_vendors_own_code(echo: Sandbox) -> None:
    echo.faults.choose("*", Delay(0.01), times=None)
    echo.faults.choose("echo", Lie("loop"))
    assert json.loads(ask(echo, "/echo/a")[1])["lies"] == ["loop"]
    assert json.loads(ask(echo, "/echo/a")[1])["lies"] == []


def test_mail_and_its_history_survive_a_restart(tmp_path: Path) -> None:
    path = tmp_path / "state"
    tables = Tables(path)
    boxes = Mailboxes(tables)
    boxes.add(ANA, vendor="google", folders=FOLDERS, aliases=["a@ours.example"])
    first = boxes.deliver(ANA, make_mail(1), scopes=["INBOX"], received_at=when(1))
    answer = make_mail(2, in_reply_to="<mail-1@client.example>")
    second = boxes.deliver(ANA, answer, scopes=["INBOX"], flags=["seen"], received_at=when(2))
    gone = boxes.deliver(ANA, make_mail(3), scopes=["INBOX"])
    boxes.move(ANA, first.id, "SENT")
    boxes.flag(ANA, first.id, add=["flagged"])
    boxes.delete(ANA, gone.id)
    tables.close()
    path.open("a").write('["mailboxes", "half')
    again = Mailboxes(Tables(path))
    before, after = boxes.get(ANA), again.get(ANA)
    assert before == after
    assert [one.kind for one in after.events] == ["added"] * 3 + ["scopes", "flags", "deleted"]
    assert second.thread_id == first.id
    assert again.raw(ANA, second.id) == answer
    assert again.deliver(ANA, make_mail(4), scopes=["INBOX"]).id not in {
        first.id,
        second.id,
        gone.id,
    }


def test_ids_of_microsoft_differ_in_case() -> None:
    boxes = Mailboxes(Tables())
    boxes.add(ANA, vendor="microsoft", folders=FOLDERS)
    made = boxes.deliver(ANA, make_mail(1), scopes=["INBOX"]).id
    assert made != made.lower()


def test_the_sandbox_never_starts_with_production_settings(
    settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    import sys

    settings.DEMO = False
    monkeypatch.delitem(sys.modules, "pytest")
    with pytest.raises(SandboxRefused):
        Sandbox()
    settings.DEMO = True
    Sandbox()
