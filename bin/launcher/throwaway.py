"""A state folder for one run of the tests, and the end of those that a killed run left behind."""

import contextlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from launcher import children, services
from launcher.children import LauncherError

PREFIX = f"threadwell-test-{os.getuid()}-"


@contextmanager
def folder() -> Iterator[Path]:
    """Yields a new folder below the system's temporary one, and removes it with all it holds."""
    sweep(Path(tempfile.gettempdir()))
    made = Path(tempfile.mkdtemp(prefix=PREFIX)).resolve()
    try:
        yield made
    finally:
        services.forget(made)
        shutil.rmtree(made, ignore_errors=True)


def sweep(where: Path) -> None:
    """Ends what runs from folders whose test run was killed, and removes them."""
    for old in where.glob(f"{PREFIX}*"):
        # A folder without a lock is only being made; one whose lock is held is in use.
        if old.stat().st_uid != os.getuid() or not (old / "lock").exists():
            continue
        with contextlib.suppress(LauncherError), children.hold(old):
            children.end_orphans(old)
            services.forget(old)
            shutil.rmtree(old, ignore_errors=True)
