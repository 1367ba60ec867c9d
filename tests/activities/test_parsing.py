"""The child process that reads mails: real processes, really killed."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from activities import parsing
from activities.mail.message import Problem
from activities.mail.mime import parse
from tests.activities.mail import hostile
from tests.activities.mail.samples import NAMES, sample

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(autouse=True)
def _end_the_child() -> Iterator[None]:
    yield
    parsing.close()


def child_pid() -> int:
    parsing.parse_raw(b"Subject: wake up\n\n")
    assert parsing._client.child is not None
    return parsing._client.child.process.pid


def flood() -> bytes:
    """Attributes beyond number in one tag: many seconds in native code."""
    names = b" ".join(b"%x" % number for number in range(180_000))
    return hostile.with_html(b"<p " + names)


def test_the_child_reads_what_the_parser_reads() -> None:
    raws = [sample(name) for name in NAMES]
    assert parsing.parse_many(raws) == [parse(raw) for raw in raws]


def test_one_child_serves_one_mail_after_another() -> None:
    assert child_pid() == child_pid()


def test_a_killed_child_is_replaced_and_the_mail_is_read() -> None:
    pid = child_pid()
    os.kill(pid, signal.SIGKILL)
    message, body = parsing.parse_raw(sample("gmail_web_reply"))
    assert (message.problem, body.snippet[:8]) == (Problem.NONE, "Hi Jane,")
    assert child_pid() != pid


def test_a_child_killed_in_the_middle_of_a_batch_loses_no_mail() -> None:
    pid = child_pid()
    raws = [sample(NAMES[number % len(NAMES)]) for number in range(1_500)]
    killer = threading.Timer(0.2, os.kill, (pid, signal.SIGKILL))
    killer.start()
    results = parsing.parse_many(raws)
    killer.join()
    assert len(results) == 1_500
    assert {message.problem for message, _ in results} == {Problem.NONE}


def test_a_mail_that_overruns_is_stopped_and_its_neighbours_are_read() -> None:
    pid = child_pid()
    raws = [sample("no_date"), flood(), sample("no_from")]
    results = parsing.parse_many(raws, seconds=0.5)
    assert [message.problem for message, _ in results] == [
        Problem.NONE,
        Problem.TOO_SLOW,
        Problem.NONE,
    ]
    assert results[1][0].participants[0].address == "bob@acme.example"
    assert results[1][1].problem is Problem.TOO_SLOW
    assert child_pid() != pid


def test_a_stopped_child_is_an_overrun_too() -> None:
    pid = child_pid()
    os.kill(pid, signal.SIGSTOP)
    (message, _), *_ = parsing.parse_many([sample("no_date")], seconds=0.3)
    assert message.problem is Problem.TOO_SLOW
    assert parsing.parse_raw(sample("no_date"))[0].problem is Problem.NONE


def test_no_zombie_stays_behind_a_killed_child() -> None:
    pid = child_pid()
    parsing.parse_many([flood()], seconds=0.3)
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


def test_a_mail_over_the_limit_never_reaches_the_child() -> None:
    message, body = parsing.parse_raw(hostile.one_byte_over_the_limit())
    assert message.problem is body.problem is Problem.TOO_LARGE
    assert parsing._client.child is None


def test_a_batch_larger_than_the_pipes_comes_back_in_order() -> None:
    raws = [hostile.with_text(b"%06d " % number * 5_000) for number in range(300)]
    texts = [body.text[:6] for _, body in parsing.parse_many(raws)]
    assert texts == [f"{number:06d}" for number in range(300)]


def test_threads_share_the_child_without_mixing_their_mails() -> None:
    wrong: list[str] = []

    def read(word: str) -> None:
        for _ in range(30):
            text = parsing.parse_raw(hostile.with_text(word.encode()))[1].text
            if text != word:
                wrong.append(text)

    threads = [threading.Thread(target=read, args=(f"thread {number}",)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


def test_a_forked_process_starts_a_child_of_its_own() -> None:
    script = """
import os
from activities import parsing
parsing.parse_raw(b"Subject: x\\n\\n")
mine = parsing._client.child.process.pid
pid = os.fork()
if pid == 0:
    subject = parsing.parse_raw(b"Subject: forked\\n\\n")[0].subject
    other = parsing._client.child.process.pid
    parsing.close()
    os._exit(0 if subject == "forked" and other != mine else 1)
assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0
assert parsing.parse_raw(b"Subject: parent\\n\\n")[0].subject == "parent"
assert parsing._client.child.process.pid == mine
"""
    subprocess.run([sys.executable, "-c", script], check=True, timeout=60, cwd=ROOT)


def test_the_child_ends_when_its_parent_is_killed() -> None:
    script = """
import os, signal
from activities import parsing
parsing.parse_raw(b"Subject: x\\n\\n")
print(parsing._client.child.process.pid, flush=True)
os.kill(os.getpid(), signal.SIGKILL)
"""
    done = subprocess.run(
        [sys.executable, "-c", script],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        cwd=ROOT,
    )
    pid = int(done.stdout)
    for _ in range(100):
        if not os.path.exists(f"/proc/{pid}/cmdline") or not _command_of(pid):
            return
        threading.Event().wait(0.05)
    pytest.fail("the child outlived its parent")


def _command_of(pid: int) -> bytes:
    """What a process runs; empty once it has ended and waits to be taken in."""
    try:
        with open(f"/proc/{pid}/cmdline", "rb") as file:
            return file.read()
    except OSError:
        return b""


def test_the_child_knows_no_django_and_none_of_our_secrets() -> None:
    os.environ["SECRET_FOR_THE_TEST"] = "s3cret"
    try:
        pid = child_pid()
        with open(f"/proc/{pid}/environ", "rb") as file:
            assert b"s3cret" not in file.read()
    finally:
        del os.environ["SECRET_FOR_THE_TEST"]
    script = "import sys, activities.mail.worker; sys.exit('django' in sys.modules)"
    subprocess.run([sys.executable, "-c", script], check=True, timeout=60, cwd=ROOT)


def test_the_child_has_limits_on_memory_time_and_core_dumps() -> None:
    with open(f"/proc/{child_pid()}/limits") as file:
        limits = {line[:26].strip(): line[26:].split()[0] for line in file}
    assert int(limits["Max address space"]) == 512 * 1024 * 1024
    assert int(limits["Max cpu time"]) < 60
    assert limits["Max core file size"] == "0"


SLOW_BODIES = {
    **{f"html: {name}": hostile.with_html(body) for name, body in hostile.SLOW_HTML.items()},
    **{f"text: {name}": hostile.with_text(body) for name, body in hostile.SLOW_TEXT.items()},
    **{
        f"flowed: {name}": hostile.with_text(body, b"; format=flowed")
        for name, body in hostile.SLOW_TEXT.items()
    },
}


@pytest.mark.parametrize("name", SLOW_BODIES)
def test_a_body_made_to_be_slow_ends_within_the_limit(name: str) -> None:
    message, _ = parsing.parse_raw(SLOW_BODIES[name])
    assert message.problem in {Problem.NONE, Problem.TOO_SLOW}
    assert message.participants[0].address == "bob@acme.example"


def test_an_ordinary_large_body_is_read_whole() -> None:
    body = parsing.parse_raw(hostile.with_html(b"<p>One line of text.</p>" * 20_000))[1]
    assert body.problem is Problem.NONE
    assert body.html.count("<p>") == 20_000
