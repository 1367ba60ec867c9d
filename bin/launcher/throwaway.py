"""A state folder for one run of the tests, and the end of those that a killed run left behind."""

import contextlib
import os
import shutil
import signal
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from launcher import children, services
from launcher.children import LauncherError

MARK = "THREADWELL_TEST_RUN"  # Stands in the environment of all that a test run starts.
PREFIX = f"threadwell-test-{os.getuid()}-"


@contextmanager
def folder() -> Iterator[Path]:
    """Yields a new folder below the system's temporary one, and removes it with all it holds."""
    sweep(Path(tempfile.gettempdir()))
    made = Path(tempfile.mkdtemp(prefix=PREFIX)).resolve()
    try:
        yield made
    finally:
        end_marked(made)
        services.forget(made)
        shutil.rmtree(made, ignore_errors=True)


def sweep(where: Path) -> None:
    """Ends what runs from folders whose test run was killed, and removes them."""
    for old in where.glob(f"{PREFIX}*"):
        # A folder without a lock is only being made; one whose lock is held is in use.
        if old.stat().st_uid != os.getuid() or not (old / "lock").exists():
            continue
        with contextlib.suppress(LauncherError), children.hold(old):
            end_marked(old)
            children.end_orphans(old)
            services.forget(old)
            shutil.rmtree(old, ignore_errors=True)


def end_marked(state: Path, *, patience: float = 5.0) -> None:
    """Ends what tests of this run started and, being killed themselves, could not stop."""
    for number in (signal.SIGTERM, signal.SIGKILL):
        for pid in marked(state):
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.kill(pid, number)
        if children.wait_until(lambda: not marked(state), patience):
            return


def marked(state: Path) -> list[int]:
    mark = os.fsencode(f"{MARK}={state}")
    return [int(folder.name) for folder in Path("/proc").glob("[0-9]*") if _has(folder, mark)]


def _has(folder: Path, mark: bytes) -> bool:
    try:
        return mark in (folder / "environ").read_bytes().split(b"\0")
    except OSError:
        return False
