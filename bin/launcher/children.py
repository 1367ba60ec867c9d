"""Processes that a command starts, finds again after its own death, and ends with their children.

Each child leads a session of its own and leaves `pids/<name>` (pid, start time, stop signal) in the
state folder, so that a command started after a kill -9 can end what the killed one left, without
ever signalling a stranger that was given the same pid.
"""

import contextlib
import fcntl
import os
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TextIO

SERVICES = {"postgres", "valkey"}


class LauncherError(Exception):
    """Something that a person has to know, in one sentence."""


@dataclass(frozen=True)
class Child:
    name: str
    process: subprocess.Popen[bytes]
    log: Path
    pid_file: Path
    stop_signal: signal.Signals

    def text(self) -> str:
        """All that the child has written so far."""
        return self.log.read_text(errors="replace")

    def last_lines(self, count: int = 15) -> str:
        return "\n".join(self.text().splitlines()[-count:])


def hold(state: Path) -> TextIO:
    """Takes the state folder for this process until the returned file is closed or we die."""
    state.mkdir(mode=0o700, parents=True, exist_ok=True)
    lock = (state / "lock").open("a+")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as busy:
        lock.seek(0)
        holder = lock.read().strip() or "unknown"
        lock.close()
        raise LauncherError(
            f"Threadwell already runs from {state} (process {holder}). "
            "Stop it first, or name another folder with --state."
        ) from busy
    lock.truncate(0)
    lock.write(f"{os.getpid()}\n")
    lock.flush()
    return lock


def start(
    name: str,
    command: Sequence[str | Path],
    *,
    state: Path,
    environment: Mapping[str, str],
    stop_signal: signal.Signals = signal.SIGTERM,
) -> Child:
    log = state / "logs" / f"{name}.log"
    log.parent.mkdir(exist_ok=True)
    with log.open("wb") as output:
        process = subprocess.Popen(
            command,
            env=dict(environment),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    pid_file = state / "pids" / name
    pid_file.parent.mkdir(exist_ok=True)
    pid_file.write_text(f"{process.pid} {started_at(process.pid)} {int(stop_signal)}\n")
    return Child(name, process, log, pid_file, stop_signal)


def stop(child: Child, *, patience: float = 10.0, resend: bool = True) -> None:
    """Asks the child to stop, and ends its whole group after `patience` seconds."""
    if child.process.poll() is None:
        if resend:  # Celery reads a second signal as "drop everything now".
            child.process.send_signal(child.stop_signal)
        with contextlib.suppress(subprocess.TimeoutExpired):
            child.process.wait(patience)
    with contextlib.suppress(ProcessLookupError):
        os.killpg(child.process.pid, signal.SIGKILL)
    child.process.wait()
    child.pid_file.unlink(missing_ok=True)


def end_orphans(state: Path, *, patience: float = 10.0) -> list[str]:
    """Ends what a killed command left running from this state folder; gives back the names."""
    left = {
        record.name: leftover
        for record in sorted((state / "pids").glob("*"))
        if (leftover := _left_over(record.read_text()))
    }
    # Those that work with the services go first, all at once; they would wait for them otherwise.
    for batch in (left.keys() - SERVICES, left.keys() & SERVICES):
        for name in batch:
            _signal_group(*left[name])
        deadline = time.monotonic() + patience
        for name in batch:
            group = left[name][0]
            rest = deadline - time.monotonic()
            if not wait_until(partial(_group_has_ended, group), max(rest, 0.1)):
                _signal_group(group, signal.SIGKILL)
    for record in (state / "pids").glob("*"):
        record.unlink(missing_ok=True)
    return sorted(left)


def _group_has_ended(group: int) -> bool:
    return not group_is_alive(group)


def _left_over(record: str) -> tuple[int, signal.Signals] | None:
    """The group and its stop signal, None when it has ended or the pid is a stranger's by now."""
    fields = record.split()
    if len(fields) != 3 or not (fields[0].isdecimal() and fields[2].isdecimal()):
        return None
    pid, start_time, stop_signal = int(fields[0]), fields[1], signal.Signals(int(fields[2]))
    if started_at(pid) not in ("", start_time) or not group_is_alive(pid):
        return None
    return pid, stop_signal


def _signal_group(group: int, number: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(group, number)


def group_is_alive(group: int) -> bool:
    """True while the group has a member that runs; the dead that nobody has reaped do not count."""
    if Path("/proc/self/stat").exists():
        return any(_group_of(stat) == group for stat in Path("/proc").glob("[0-9]*/stat"))
    try:
        os.killpg(group, 0)
    except (ProcessLookupError, PermissionError):
        return False
    return True


def _group_of(stat: Path) -> int | None:
    try:
        state, _parent, group = stat.read_text().rpartition(")")[2].split()[:3]
    except OSError:
        return None
    return None if state == "Z" else int(group)


def started_at(pid: int) -> str:
    """The start time of a running process as the kernel tells it, "" when there is none."""
    stat = Path(f"/proc/{pid}/stat")
    if Path("/proc/self/stat").exists():
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:
            return ""
        return "" if fields[0] == "Z" else fields[19]
    shown = subprocess.run(
        ["ps", "-o", "lstart=", "-p", str(pid)], capture_output=True, text=True, check=False
    )
    return shown.stdout.strip().replace(" ", "_")


def wait_until(happened: Callable[[], bool], patience: float, *, pause: float = 0.05) -> bool:
    """True as soon as `happened()` is true, False when it was not within `patience` seconds."""
    deadline = time.monotonic() + patience
    while time.monotonic() < deadline:
        if happened():
            return True
        time.sleep(pause)
    return False


def free_port(wanted: int | None = None) -> int:
    """A port on the loopback address that nobody listens on; the wanted one when it is free."""
    for port in (wanted, 0):
        if port is None:
            continue
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return int(probe.getsockname()[1])
    raise LauncherError("No free port is left on 127.0.0.1.")
