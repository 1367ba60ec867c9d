"""Row `startup`: how long a newcomer waits for the second start of bin/demo."""

import os
import selectors
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

from benchmarks import meters
from benchmarks.report import Figure
from benchmarks.rows import Bench
from launcher.children import LauncherError

_ROOT = Path(__file__).resolve().parents[2]
_PATIENCE = 300.0
_RUNS = 3


def measure(bench: Bench) -> Iterator[Figure]:
    state = bench.state / "demo"
    first = _start(bench, state)
    median, (low, high) = meters.middle([_start(bench, state) for _ in range(_RUNS)])
    yield Figure(
        "startup",
        "second start of bin/demo until it answers",
        median,
        "s",
        at_most=8,
        low=low,
        high=high,
        facts={"first_start": round(first, 1), "runs": _RUNS},
    )


def _start(bench: Bench, state: Path) -> float:
    """Seconds until the demo says where it is; it is stopped again."""
    began = time.monotonic()
    demo = subprocess.Popen(
        [str(_ROOT / "bin" / "demo"), "--state", str(state)],
        env=_as_a_newcomer(bench),
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    try:
        return _until_it_answers(demo) - began
    finally:
        demo.send_signal(signal.SIGINT)
        demo.wait()


def _as_a_newcomer(bench: Bench) -> dict[str, str]:
    ours = {"DATABASE_URL", "DATABASE_OWNER_URL", "REDIS_URL", "BLOB_ROOT"}
    return {name: value for name, value in bench.given.items() if name not in ours}


def _until_it_answers(demo: "subprocess.Popen[bytes]") -> float:
    if demo.stdout is None:
        raise LauncherError("bin/demo has no output to read.")
    said = b""
    with selectors.DefaultSelector() as waiting:
        waiting.register(demo.stdout, selectors.EVENT_READ)
        deadline = time.monotonic() + _PATIENCE
        while b"Threadwell is at" not in said:
            if not waiting.select(deadline - time.monotonic()):
                raise LauncherError("bin/demo did not answer.")
            chunk = os.read(demo.stdout.fileno(), 65_536)
            if not chunk:
                raise LauncherError("bin/demo ended before it answered.")
            said += chunk
    return time.monotonic()
