"""Counts that do not depend on how busy the machine is: statements, buffers, CPU, memory."""

import json
import os
import re
import resource
import statistics
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

_STATEMENT_ENDS = re.compile(r";\s*(?=\S)")


@dataclass(slots=True)
class Count:
    """How often the database was asked, and how many statements that were."""

    round_trips: int = 0
    statements: int = 0
    sql: list[str] = field(default_factory=list)


@contextmanager
def counted() -> Iterator[Count]:
    """Count what this process asks the database, but BEGIN and COMMIT, which ask nothing.

    Several statements that travel together are one round trip, and each counts as a statement.
    """
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    count = Count()
    with CaptureQueriesContext(connection) as captured:
        yield count
    sent = [query["sql"] for query in captured.captured_queries]
    count.sql = [sql for sql in sent if sql not in {"BEGIN", "COMMIT"}]
    count.round_trips = len(count.sql)
    count.statements = sum(1 + len(_STATEMENT_ENDS.findall(_plain(sql))) for sql in count.sql)


def _plain(sql: str) -> str:
    """The statement without its values, in which a semicolon separates nothing."""
    return re.sub(r"'(?:[^']|'')*'", "''", sql)


@contextmanager
def cpu(backend_pid: int | None = None) -> Iterator[dict[str, float]]:
    """Measure CPU seconds: of this process with the children that ended, and of one backend."""
    spent: dict[str, float] = {}
    own, server, clock = _own_cpu(), _cpu_of(backend_pid), time.perf_counter()
    yield spent
    spent["seconds"] = time.perf_counter() - clock
    spent["client_cpu"] = _own_cpu() - own
    spent["server_cpu"] = _cpu_of(backend_pid) - server


def _own_cpu() -> float:
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + children.ru_utime + children.ru_stime


def _cpu_of(pid: int | None) -> float:
    """CPU seconds of a process on this machine; nought where it cannot be seen."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def explain(cursor: Any, sql: str, parameters: Sequence[Any] = ()) -> tuple[int, float]:
    """Run a statement and return the blocks that it read and the milliseconds that it took."""
    cursor.execute(f"explain (analyze, buffers, format json) {sql}", parameters)
    found = cursor.fetchone()[0]
    whole = (json.loads(found) if isinstance(found, str) else found)[0]
    plan = whole["Plan"]
    return plan["Shared Hit Blocks"] + plan["Shared Read Blocks"], whole["Execution Time"]


def peak_bytes(pid: int | str = "self") -> int:
    """The most memory that a process ever held (VmHWM)."""
    return _status(pid, "VmHWM")


def resident_bytes(pid: int | str = "self") -> int:
    return _status(pid, "VmRSS")


def forget_peak(pid: int | str = "self") -> None:
    """Let the peak of a process begin anew at what it holds now (Linux, proc(5) clear_refs)."""
    Path(f"/proc/{pid}/clear_refs").write_text("5")


def _status(pid: int | str, name: str) -> int:
    found = re.search(rf"^{name}:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text(), re.M)
    return int(found[1]) * 1024 if found else 0


def middle(values: Sequence[float]) -> tuple[float, tuple[float, float]]:
    """The median, and the smallest and largest value."""
    return statistics.median(values), (min(values), max(values))
