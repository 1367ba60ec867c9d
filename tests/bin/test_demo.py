"""bin/demo as a newcomer starts it: twice in a row, and after a kill -9 of itself."""

import os
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.management import load_command_class

from launcher import children, product

ROOT = Path(__file__).resolve().parents[2]
pytestmark = pytest.mark.usefixtures("nothing_given")


PARTS = {"web", "worker", "beat", "smtp", "imap", "sandbox", "postgres"}


class Demo:
    """One running bin/demo, read up to the line with its address and on to its last one."""

    def __init__(self, state: Path, *options: str) -> None:
        ports = ("--port", str(children.free_port()), "--smtp-port", str(children.free_port()))
        command = [sys.executable, str(ROOT / "bin" / "demo"), "--state", str(state)]
        self.process = subprocess.Popen(
            [*command, *(options or ports)],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self.lines: list[str] = []

    def read_until(self, wanted: str) -> str:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.lines.append(line)
            if wanted in line:
                return line.strip()
        raise AssertionError("".join(self.lines))

    def address(self) -> str:
        address = self.read_until("Threadwell is at ").removeprefix("Threadwell is at ")
        self.read_until("Ctrl-C stops everything")
        return address


@pytest.fixture
def state(tmp_path: Path) -> Iterator[Path]:
    yield tmp_path / "state"
    children.end_orphans(tmp_path / "state")


def running_from(state: Path) -> list[str]:
    return [record.name for record in (state / "pids").glob("*")]


def test_it_answers_and_stops_and_survives_its_own_kill(state: Path) -> None:
    first = Demo(state)
    address = first.address()
    with urllib.request.urlopen(f"{address}/accounts/login/", timeout=10) as page:
        assert page.status == 200
    told = "".join(first.lines)
    for promised in ("@", "password", "SMTP", "Inbound", "/outbox/", "Three things to try"):
        assert promised in told
    os.kill(first.process.pid, signal.SIGKILL)
    first.process.wait()
    assert set(running_from(state)) >= PARTS

    port = address.rpartition(":")[2]
    second = Demo(state, "--port", port, "--smtp-port", str(children.free_port()))
    assert second.address() == address
    second.process.send_signal(signal.SIGINT)
    assert second.process.wait(40) == 0
    assert running_from(state) == []


def test_a_second_one_from_the_same_folder_is_told_so(state: Path) -> None:
    with children.hold(state):
        demo = Demo(state)
        demo.read_until("already runs from")
        assert demo.process.wait(10) == 1


def test_a_taken_port_is_told_before_anything_is_filled(state: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "http.server", "--bind", "127.0.0.1", "0"],
        stdout=subprocess.PIPE,
        env=os.environ | {"PYTHONUNBUFFERED": "1"},
        text=True,
    ) as other:
        assert other.stdout is not None
        port = other.stdout.readline().split(" port ")[1].split()[0]
        demo = Demo(state, "--port", port)
        demo.read_until(f"Port {port} is taken")
        assert demo.process.wait(10) == 1
        other.kill()
    assert running_from(state) == []


def test_fresh_never_removes_a_folder_that_is_not_ours(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("years of work")
    demo = Demo(tmp_path, "--fresh")
    demo.read_until("leaves it alone")
    assert (tmp_path / "thesis.txt").exists()


def test_a_password_that_begins_with_a_hyphen_connects_the_mailboxes_too() -> None:
    name, *words = product.connecting(8000, "-Xq_-7w")
    command = load_command_class("mailsync", name)
    given = command.create_parser("manage.py", name).parse_args(words)
    assert given.password == "-Xq_-7w"
    assert given.site == "http://127.0.0.1:8000"
