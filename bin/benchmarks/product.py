"""The product's own processes for a row: the web server as it is deployed, and a worker."""

import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import requests

from benchmarks.rows import Bench
from launcher import children
from launcher.children import Child, LauncherError

if TYPE_CHECKING:
    from mailsync.sandbox.server import Sandbox

_PATIENCE = 120.0
# As in the Dockerfile.
_GUNICORN = ("--worker-class", "gthread", "--workers", "2", "--threads", "8")
_QUICK = ("--without-gossip", "--without-mingle", "--without-heartbeat")


@contextmanager
def web_and_worker(bench: Bench, sandbox: "Sandbox", port: int) -> Iterator[tuple[Child, Child]]:
    """Run gunicorn on this port of 127.0.0.1 and a Celery worker; yields them once both answer."""
    environment = dict(bench.environment) | sandbox.settings()
    environment |= {"PUBLIC_BASE_URL": address_of(port), "LOG_LEVEL": "INFO"}
    python = (sys.executable, "-m")
    web = (*python, "gunicorn", "config.wsgi", *_GUNICORN, "--no-control-socket")
    worker = (*python, "celery", "-A", "config", "worker", *_QUICK, "--concurrency", "2")
    started: list[Child] = []
    try:
        for name, command in (
            ("web", (*web, "--bind", f"127.0.0.1:{port}", "--log-level", "warning")),
            ("worker", (*worker, "--loglevel", "INFO")),
        ):
            started.append(_start(bench, name, command, environment))
        _wait(started, port)
        yield started[0], started[1]
    finally:
        for child in reversed(started):
            children.stop(child, patience=20)


def address_of(port: int) -> str:
    return f"http://127.0.0.1:{port}"


def _start(
    bench: Bench, name: str, command: tuple[str, ...], environment: Mapping[str, str]
) -> Child:
    return children.start(name, command, state=Path(bench.state), environment=environment)


def _wait(started: list[Child], port: int) -> None:
    worker = started[1]
    deadline = time.monotonic() + _PATIENCE
    while not (_answers(port) and " ready" in worker.text()):
        for child in started:
            if child.process.poll() is not None or time.monotonic() > deadline:
                raise LauncherError(f"{child.name} does not answer:\n{child.last_lines()}")
        time.sleep(0.1)


def _answers(port: int) -> bool:
    try:
        return requests.get(f"{address_of(port)}/healthz", timeout=5).status_code == 200
    except requests.RequestException:
        return False
