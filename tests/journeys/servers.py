"""The product's own processes for the journeys: the worker, the SMTP listener, the IMAP listener.

They run against the test's database, as the restricted role, and a Redis database of their own, so
that two test processes beside each other never take one another's wake-ups.
"""

import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, TypeVar
from urllib.parse import urlsplit, urlunsplit

import redis
from django.conf import settings
from django.db import connection

from config.celery import app
from mailsync.sandbox.server import Sandbox

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 30.0
CLAIM = "threadwell-journeys"
LISTENING = re.compile(r"listening on \S+ port (\d+)")

Found = TypeVar("Found")


def eventually(look: Callable[[], Found], *, hoping: object, patience: float = PATIENCE) -> Found:
    """What `look` finds, as soon as it finds something; fails after `patience` seconds.

    `hoping` is put into words only then, so that a list may tell what was seen last.
    """
    deadline = time.monotonic() + patience
    while not (found := look()):
        assert time.monotonic() < deadline, f"Waited {patience:.0f} s in vain for {hoping}."
        time.sleep(0.03)
    return found


@dataclass
class Program:
    """A process of the product, and what it wrote."""

    process: subprocess.Popen[bytes]
    log: Path

    def says(self, pattern: str) -> re.Match[str] | None:
        text = self.log.read_text(errors="replace")
        assert self.process.poll() is None, text[-3000:]
        return re.search(pattern, text)

    def end(self) -> None:
        self.process.terminate()
        try:
            self.process.wait(15)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


@dataclass
class Servers:
    """Everything that runs beside the tests. `start` adds one more program."""

    environment: dict[str, str]
    folder: Path
    sandbox: Sandbox
    smtp_port: int = 0
    programs: list[Program] = field(default_factory=list)

    def start(self, name: str, *command: str, **changes: str) -> Program:
        log = self.folder / f"{name}.log"
        with log.open("ab") as written:
            program = Program(self._spawn(command, written, changes), log)
        self.programs.append(program)
        return program

    def idle(self) -> bool:
        """Whether no wake-up waits and none is being worked on."""
        broker = redis.Redis.from_url(self.environment["REDIS_URL"])
        # Celery keeps what a worker has taken, and not yet finished, in `unacked`.
        return not broker.exists("celery", "unacked")

    def _spawn(
        self, command: tuple[str, ...], written: IO[bytes], changes: dict[str, str]
    ) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            [sys.executable, *command],
            cwd=ROOT,
            env=self.environment | changes,
            stdin=subprocess.DEVNULL,
            stdout=written,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )


@contextmanager
def running(**further: str) -> Iterator[Servers]:
    """A worker and an SMTP listener that answer; they end when the block does.

    `further` settings hold for all of them.
    """
    place = tempfile.TemporaryDirectory(prefix="threadwell-journeys-")
    with own_redis() as url, Sandbox() as sandbox, place as folder:
        further |= sandbox.settings()
        servers = Servers(environment(url, folder) | further, Path(folder), sandbox)
        try:
            worker = servers.start("worker", "-m", "celery", "-A", "config", "worker", *QUICK)
            smtp = servers.start("smtp", "manage.py", "listen_smtp", "--port", "0")
            said = eventually(lambda: smtp.says(LISTENING.pattern), hoping="the SMTP listener")
            servers.smtp_port = int(said[1])
            eventually(lambda: worker.says(" ready"), hoping="the worker")
            yield servers
        finally:
            for program in servers.programs:
                program.end()


QUICK = ("--pool", "solo", "--without-gossip", "--without-mingle", "--without-heartbeat")
QUICK += ("--loglevel", "INFO")


def environment(redis_url: str, folder: str) -> dict[str, str]:
    """What a process needs in order to be part of this test run."""
    database = connection.settings_dict
    url = (
        f"postgres://{database['USER']}:{database['PASSWORD']}@{database['HOST']}"
        f":{database['PORT']}/{database['NAME']}"
    )
    plain = {key: value for key, value in os.environ.items() if key != "TEST_DATABASE_SUFFIX"}
    return plain | {
        "DATABASE_URL": url,
        "REDIS_URL": redis_url,
        "BLOB_ROOT": f"{folder}/blobs",
        "INBOUND_TRUSTED_PEERS": "127.0.0.1",
        "MAIL_ALLOW_PRIVATE_HOSTS": "1",
        "LOG_LEVEL": "INFO",
        "PYTHONUNBUFFERED": "1",
        # The pages that a browser sees are served with their files as they stand in static/.
        "DEBUG": "1",
    }


@contextmanager
def own_redis() -> Iterator[str]:
    """Claim a numbered database of the Redis; its address."""
    url, claimed = _claim()
    try:
        yield url
    finally:
        claimed.flushdb()
        claimed.close()


@contextmanager
def waking(url: str) -> Iterator[None]:
    """Point this process's wake-ups at that database, where the worker of the journeys listens.

    For the journeys alone: the worker knows nothing of what other tests run beside it.
    """
    before = os.environ.get("CELERY_BROKER_URL")
    # Celery reads this variable whenever it connects, before any setting.
    os.environ["CELERY_BROKER_URL"] = url
    _forget_connections()
    try:
        yield
    finally:
        del os.environ["CELERY_BROKER_URL"]
        if before is not None:
            os.environ["CELERY_BROKER_URL"] = before
        _forget_connections()


def _claim() -> tuple[str, redis.Redis]:
    parts = urlsplit(settings.REDIS_URL)
    for number in range(15, 0, -1):
        url = urlunsplit(parts._replace(path=f"/{number}"))
        client = redis.Redis.from_url(url)
        # Whoever was killed before it could tidy up gives the database back after an hour.
        if client.set(CLAIM, os.getpid(), nx=True, ex=3600):
            client.delete("celery", "unacked", "unacked_index")
            return url, client
        client.close()
    raise RuntimeError("All databases of the Redis are taken by other journeys.")


def _forget_connections() -> None:
    """Have Celery open new connections: it keeps those to the broker that it had before."""
    app._after_fork()
