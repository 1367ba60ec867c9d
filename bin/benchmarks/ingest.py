"""Row `ingest`: messages a CPU second, whole path, beside two others that take turns with us.

A CPU second is one of the process, of its children (we parse in one) and of its database backend
together. The limit pipeline and the import store every body; so `import` is what is compared, and
`headers` (a page of sync, whose bodies come later) is told beside it.
"""

import json
import os
import subprocess
import sys
import venv
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg2

from benchmarks import corpus, meters
from benchmarks.contestants import corpus_file
from benchmarks.report import Figure
from benchmarks.rows import Bench
from launcher.children import LauncherError

_HERE = Path(__file__).resolve().parent
_ROOT = _HERE.parents[1]
_RIVALS = _ROOT / ".bench" / "rivals"
_LOCK = _HERE / "rivals.lock"
_DATABASE = "bench_rivals"
_BATCH = 200
_MAILS = 3_000 + _BATCH
"""The first batch warms up and is not counted."""
_SLOW_MAILS = 300

Run = dict[str, float]


def measure(bench: Bench) -> Iterator[Figure]:
    python = rivals_python()
    corpus_path = bench.state / "corpus.mails"
    corpus_file.write(corpus_path, ((mail.raw, mail.received_at) for mail in corpus.mails(_MAILS)))
    path, batch = str(corpus_path), str(_BATCH)
    rivals = dict(bench.environment) | {
        "DATABASE_URL": _make_database(bench.environment["DATABASE_OWNER_URL"]),
        "PYTHONPATH": str(_ROOT / "bin"),
    }
    commands = {
        "limit pipeline": (rivals, python, "limit_pipeline", path, batch),
        "import": (bench.environment, sys.executable, "threadwell", path, batch, "import"),
        "headers": (bench.environment, sys.executable, "threadwell", path, batch, "headers"),
        "django-mailbox": (rivals, python, "django_mailbox_run", path, str(_SLOW_MAILS)),
    }
    runs: dict[str, list[Run]] = {name: [] for name in commands}
    for _ in range(bench.pairs):
        for name, command in commands.items():
            runs[name].append(_run(*command))
    yield from _speeds(runs)
    for ours in ("import", "headers"):
        yield _ratio(runs, ours, "limit pipeline", at_least=0.5)
        yield _ratio(runs, ours, "django-mailbox", at_least=10)


def rivals_python() -> str:
    """The interpreter of the environment with the rivals, made on first use."""
    python, stamp = _RIVALS / "bin" / "python", _RIVALS / "installed.lock"
    if not stamp.exists() or stamp.read_text() != _LOCK.read_text():
        venv.create(_RIVALS, with_pip=True, clear=True)
        install = (python, "-m", "pip", "install", "--quiet", "--require-hashes", "-r", _LOCK)
        environment = os.environ | {"PIP_DISABLE_PIP_VERSION_CHECK": "1"}
        if subprocess.run(install, env=environment, check=False).returncode != 0:
            raise LauncherError("The rivals of the ingest could not be installed; see above.")
        stamp.write_text(_LOCK.read_text())
    return str(python)


def _make_database(owner_url: str) -> str:
    connection = psycopg2.connect(owner_url)
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute(f"drop database if exists {_DATABASE}")
        cursor.execute(f"create database {_DATABASE}")
    connection.close()
    return urlunsplit(urlsplit(owner_url)._replace(path=f"/{_DATABASE}"))


def _run(environment: Mapping[str, str], python: str, module: str, *arguments: str) -> Run:
    done = subprocess.run(
        [python, "-m", f"benchmarks.contestants.{module}", *arguments],
        env=dict(environment),
        cwd=_ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        raise LauncherError(f"{module} failed. Its last lines:\n{done.stderr[-2000:]}")
    found: Run = json.loads(done.stdout.splitlines()[-1])
    return found


def _speeds(runs: Mapping[str, Sequence[Run]]) -> Iterator[Figure]:
    for name, of in runs.items():
        median, (low, high) = meters.middle([_speed(run) for run in of])
        client, _ = meters.middle([1000 * run["client_cpu"] / run["messages"] for run in of])
        server, _ = meters.middle([1000 * run["server_cpu"] / run["messages"] for run in of])
        yield Figure(
            "ingest",
            f"{name}: messages a CPU second",
            median,
            low=low,
            high=high,
            facts={
                "client_ms_a_message": round(client, 3),
                "server_ms_a_message": round(server, 3),
                "messages": of[0]["messages"],
                "runs": len(of),
            },
        )


def _ratio(runs: Mapping[str, Sequence[Run]], ours: str, theirs: str, *, at_least: float) -> Figure:
    """Of runs that stood next to each other, so that a busy minute slows both."""
    pairs = zip(runs[ours], runs[theirs], strict=True)
    median, (low, high) = meters.middle([_speed(one) / _speed(other) for one, other in pairs])
    return Figure(
        "ingest", f"{ours}: times {theirs}", median, at_least=at_least, low=low, high=high
    )


def _speed(run: Run) -> float:
    return run["messages"] / (run["client_cpu"] + run["server_cpu"])
