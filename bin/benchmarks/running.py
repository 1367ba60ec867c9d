"""Starts services of the benchmark's own, prepares the database, and runs the rows."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from benchmarks.report import Figure
from benchmarks.rows import ROWS, Bench
from launcher import services, stopping, throwaway

ROOT = Path(__file__).resolve().parents[2]
_SERVICES = ("DATABASE_URL", "DATABASE_OWNER_URL", "REDIS_URL", "BLOB_ROOT", "SECRET_KEY")


def figures(
    names: Sequence[str], *, full: bool, pairs: int, small: bool = False
) -> Iterator[Figure]:
    """Run these rows (all without a name) and yield each figure as it is found."""
    given = dict(os.environ)
    for name in _SERVICES:  # Ours alone: figures from a server in use would say nothing.
        os.environ.pop(name, None)
    with (
        stopping.on_signals(),
        throwaway.folder() as state,
        # No waiting for the disk: it is counts and CPU seconds that are measured.
        services.running(state, durable=False) as environment,
    ):
        environment |= _settings()
        say("Preparing the database ...")
        manage = [sys.executable, str(ROOT / "manage.py"), "migrate", "--noinput", "-v0"]
        subprocess.run(manage, env=environment, cwd=ROOT, check=True)
        _enter(environment)
        bench = Bench(environment, given, state, full, pairs, small)
        for name in names or ROWS:
            began = time.monotonic()
            say(f"{name}: {ROWS[name].sentence} ...")
            yield from ROWS[name].measure(bench)
            say(f"{name}: done after {time.monotonic() - began:.0f} s")


def say(sentence: str) -> None:
    print(sentence, file=sys.stderr, flush=True)


def _settings() -> dict[str, str]:
    search = [str(ROOT / "bin"), str(ROOT)]
    return {
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "PYTHONPATH": os.pathsep.join(search),
        "DEMO": "1",  # Pages are drawn without collected static files.
        "DEBUG": "0",
        "LOG_LEVEL": "WARNING",
        "MAIL_ALLOW_PRIVATE_HOSTS": "1",
        "INBOUND_TRUSTED_PEERS": "127.0.0.1",
    }


def _enter(environment: dict[str, str]) -> None:
    """Make this process one of the product's."""
    import django

    os.environ.update(environment)
    sys.path[:0] = [str(ROOT / "bin"), str(ROOT)]
    django.setup()
