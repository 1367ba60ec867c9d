"""The folder of one test run, and all that a run which was killed left behind."""

import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from launcher import children, throwaway

SLEEP = [sys.executable, "-c", "import time; time.sleep(300)"]


@pytest.fixture
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A temporary folder of our own, so that the run we are part of is not swept away."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


def start_marked(state: Path) -> subprocess.Popen[bytes]:
    return subprocess.Popen(SLEEP, env=os.environ | {throwaway.MARK: str(state)})


@pytest.mark.usefixtures("elsewhere")
def test_what_tests_forgot_to_stop_ends_with_the_run() -> None:
    with throwaway.folder() as state:
        forgotten = start_marked(state)
    assert forgotten.wait(10) == -signal.SIGTERM
    assert not state.exists()


def test_what_a_killed_run_left_is_swept_by_the_next(elsewhere: Path) -> None:
    old = elsewhere / f"{throwaway.PREFIX}old"
    children.hold(old).close()
    forgotten = start_marked(old)
    with throwaway.folder():
        assert forgotten.wait(10) == -signal.SIGTERM
        assert not old.exists()


def test_a_run_that_is_still_going_is_left_alone(elsewhere: Path) -> None:
    other = elsewhere / f"{throwaway.PREFIX}other"
    held = children.hold(other)
    working = start_marked(other)
    with throwaway.folder():
        assert working.poll() is None
        assert other.exists()
    working.kill()
    working.wait()
    held.close()


def test_strangers_are_not_marked(tmp_path: Path) -> None:
    assert throwaway.marked(tmp_path) == []
