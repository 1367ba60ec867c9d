"""An import that is killed again and again, with a worker that is killed too and a Redis that
loses everything, ends exactly where an undisturbed one ends.

THREADWELL_FAULT_MAILS sets the size of the pile; the default keeps the suite short.
"""

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
import redis
from django.conf import settings
from django.db import connection

from accounts import tenancy
from activities.services.verify_integrity import verify_integrity
from contacts.models import DirectoryChange
from mailsync.services.connect_mailbox import connect_files
from tests.conftest import make_workspace
from tests.journeys.mail_pile import standing, write_pile

MAILS = int(os.environ.get("THREADWELL_FAULT_MAILS", "1200"))
ROOT = Path(settings.BASE_DIR)
PATIENCE = 60 + MAILS / 5


@pytest.fixture
def environment() -> dict[str, str]:
    """What a process of the product needs to work on the test database."""
    database = connection.settings_dict
    login = f"{database['USER']}:{database['PASSWORD']}@{database['HOST']}:{database['PORT']}"
    # A broker database of its own: it is emptied, and other tests run beside this one.
    broker = settings.REDIS_URL.rpartition("/")[0] + "/9"
    own = {"DATABASE_URL": f"postgres://{login}/{database['NAME']}", "REDIS_URL": broker}
    return {k: v for k, v in os.environ.items() if k != "DATABASE_OWNER_URL"} | own


@pytest.fixture
def pile(tmp_path: Path) -> Path:
    """The mbox that both workspaces import."""
    write_pile(tmp_path / "pile.mbox", MAILS)
    return tmp_path / "pile.mbox"


@pytest.fixture
def worker(environment: dict[str, str]) -> Iterator["Worker"]:
    """A real Celery worker that can be killed and started again."""
    found = Worker(environment)
    found.start()
    yield found
    found.kill()


class Worker:
    """One worker process in a process group of its own."""

    def __init__(self, environment: dict[str, str]) -> None:
        self.environment = environment

    def start(self) -> None:
        command = [
            sys.executable,
            "-m",
            "celery",
            "-A",
            "config",
            "worker",
            "-c",
            "1",
            "-l",
            "ERROR",
        ]
        self.process = subprocess.Popen(
            command,
            cwd=ROOT,
            env=self.environment,
            start_new_session=True,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    def kill(self) -> None:
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


def prepare(slug: str) -> SimpleNamespace:
    """A workspace in which Ana has a mailbox for files, synced to both projects."""
    cast = make_workspace(slug, "ours.example")
    made = connect_files(
        cast.id, by=cast.ana, address="ana@ours.example", project_ids=[cast.one.id, cast.two.id]
    )
    cast.mailbox_id = made.id
    return cast


def importing(
    cast: SimpleNamespace, pile: Path, environment: dict[str, str]
) -> subprocess.Popen[bytes]:
    """Start the importer; in a group of its own, so that its parser dies with it."""
    command = [
        sys.executable,
        "manage.py",
        "import_mail",
        "--mailbox",
        str(cast.mailbox_id),
        str(pile),
    ]
    return subprocess.Popen(
        command,
        cwd=ROOT,
        env=environment,
        start_new_session=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def change_the_world(cast: SimpleNamespace) -> None:
    """Have everything decided again, so that the worker has something to be killed at."""
    with tenancy.in_workspace(cast.id):
        DirectoryChange.objects.create(workspace_id=cast.id, kind="everything")


def settled(cast: SimpleNamespace) -> bool:
    """Whether no change of the directory waits any more."""
    with tenancy.in_workspace(cast.id):
        # A killed worker's lease is not waited for here: its time is up at once.
        DirectoryChange.objects.filter(done_at=None).update(due_at="2026-01-01T00:00Z")
        return not DirectoryChange.objects.filter(done_at=None).exists()


@pytest.mark.django_db(transaction=True)
def test_an_import_that_is_killed_at_random_ends_like_an_undisturbed_one(
    environment: dict[str, str], pile: Path, worker: Worker
) -> None:
    calm, wild = prepare("calm"), prepare("wild")
    assert importing(calm, pile, environment).wait(timeout=PATIENCE) == 0
    dice, broker = random.Random(11), redis.Redis.from_url(environment["REDIS_URL"])  # noqa: S311
    deadline, kills = time.monotonic() + 4 * PATIENCE, 0
    while True:
        assert time.monotonic() < deadline
        importer = importing(wild, pile, environment)
        try:
            # The first try ends early on any machine; later ones get more time, so that the end
            # is reached on any machine too.
            done = importer.wait(timeout=dice.uniform(0.3, 1.2) * 1.4**kills) == 0
        except subprocess.TimeoutExpired:
            os.killpg(importer.pid, signal.SIGKILL)
            importer.wait()
            done = False
        if done:
            break
        kills += 1
        change_the_world(wild)
        broker.flushdb()
        worker.kill()
        worker.start()
    assert kills > 0
    # Both are decided again at the end: a list mail from somebody who became a contact later is
    # logged by that (R11), and the wild one was decided again on the way.
    for cast in (calm, wild):
        change_the_world(cast)
        wait_until_settled(cast, environment)
    ends, expected = standing(wild), standing(calm)
    for what, rows in expected.items():
        assert ends[what] == rows, what
    assert [one for one in verify_integrity() if wild.id in one.workspaces] == []


def wait_until_settled(cast: SimpleNamespace, environment: dict[str, str]) -> None:
    """Let the sweeper find what the flushed broker forgot."""
    deadline = time.monotonic() + PATIENCE
    while not settled(cast):
        assert time.monotonic() < deadline, "Changes of the directory were never worked off."
        command = [sys.executable, "manage.py", "sync_loop", "--once"]
        subprocess.run(command, cwd=ROOT, env=environment, check=True, capture_output=True)


@pytest.mark.django_db(transaction=True)
def test_the_same_file_again_changes_nothing(environment: dict[str, str], pile: Path) -> None:
    cast = prepare("again")
    assert importing(cast, pile, environment).wait(timeout=PATIENCE) == 0
    before = standing(cast)
    assert importing(cast, pile, environment).wait(timeout=PATIENCE) == 0
    assert standing(cast) == before
