"""Processes that are started, found again and ended, and never a stranger's."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from launcher import children
from launcher.children import LauncherError

SLEEP = [sys.executable, "-c", "import time; time.sleep(300)"]
# A leader that ignores the polite signal, with a child that would outlive it.
STUBBORN = [
    sys.executable,
    "-c",
    "import signal, subprocess, sys, time; signal.signal(signal.SIGTERM, signal.SIG_IGN);"
    "subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(300)']);"
    "print('ready', flush=True); time.sleep(300)",
]


@pytest.fixture
def stranger() -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen(SLEEP, start_new_session=True)
    yield process
    process.kill()
    process.wait()


def record(state: Path, pid: int, start_time: str) -> None:
    (state / "pids").mkdir(exist_ok=True)
    (state / "pids" / "web").write_text(f"{pid} {start_time} {int(signal.SIGTERM)}\n")


def test_a_process_left_by_a_killed_command_is_ended(
    tmp_path: Path, stranger: subprocess.Popen[bytes]
) -> None:
    record(tmp_path, stranger.pid, children.started_at(stranger.pid))
    assert children.end_orphans(tmp_path) == ["web"]
    assert stranger.wait(5) == -signal.SIGTERM


def test_a_stranger_who_was_given_the_same_pid_is_left_alone(
    tmp_path: Path, stranger: subprocess.Popen[bytes]
) -> None:
    record(tmp_path, stranger.pid, "1")
    assert children.end_orphans(tmp_path) == []
    assert stranger.poll() is None
    assert list((tmp_path / "pids").iterdir()) == []


def test_a_torn_pid_file_is_forgotten(tmp_path: Path) -> None:
    record(tmp_path, 0, "")
    (tmp_path / "pids" / "web").write_text("")
    assert children.end_orphans(tmp_path) == []


def test_stopping_ends_the_whole_group_of_a_stubborn_child(tmp_path: Path) -> None:
    child = children.start("web", STUBBORN, state=tmp_path, environment=os.environ)
    assert children.wait_until(lambda: "ready" in child.text(), 10)
    children.stop(child, patience=0.3)
    assert children.wait_until(lambda: not children.group_is_alive(child.process.pid), 5)
    assert not child.pid_file.exists()


def test_a_child_that_stops_when_asked_is_not_killed(tmp_path: Path) -> None:
    child = children.start("web", SLEEP, state=tmp_path, environment=os.environ)
    children.stop(child)
    assert child.process.returncode == -signal.SIGTERM


def test_the_wanted_port_is_taken_when_it_is_free() -> None:
    wanted = children.free_port()
    assert children.free_port(wanted) == wanted


def test_another_port_is_chosen_when_the_wanted_one_is_taken() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        wanted = taken.getsockname()[1]
        assert children.free_port(wanted) != wanted


def test_a_state_folder_is_held_by_one_command_at_a_time(tmp_path: Path) -> None:
    held = children.hold(tmp_path)
    with pytest.raises(LauncherError, match=f"already runs .*process {os.getpid()}"):
        children.hold(tmp_path)
    held.close()
    children.hold(tmp_path).close()
