"""Row `memory`: the most that a worker and its parsing child hold for one large delivery."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from benchmarks import meters
from benchmarks.report import Figure
from benchmarks.rows import Bench
from launcher.children import LauncherError

_ROOT = Path(__file__).resolve().parents[2]
_MIB = 1024 * 1024
_RUNS = 3


def measure(bench: Bench) -> Iterator[Figure]:
    for megabytes, what, most in ((24, "parsed", 3.0), (48, "kept unparsed", 1.2)):
        runs = [_run(bench, megabytes) for _ in range(_RUNS)]
        size = megabytes * _MIB
        median, (low, high) = meters.middle([run["peak"] / size for run in runs])
        yield Figure(
            "memory",
            f"{megabytes} MiB {what}: peak above idle in sizes of the mail",
            median,
            at_most=most,
            low=low,
            high=high,
            facts={"idle_mib": round(runs[0]["idle"] / _MIB), "state": runs[0]["state"]},
        )
        after, (low, high) = meters.middle([run["after"] / size for run in runs])
        yield Figure(
            "memory",
            f"{megabytes} MiB {what}: still held afterwards, in sizes of the mail",
            after,
            low=low,
            high=high,
        )


def _run(bench: Bench, megabytes: int) -> dict[str, float]:
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.memory_probe", str(megabytes)],
        env=dict(bench.environment),
        cwd=_ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        raise LauncherError(f"The memory probe failed:\n{done.stderr[-2000:]}")
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found
