"""Reads whole mails in a child process that may be killed; the door to `activities.mail`.

Headers alone are linear and bounded to 64 KB: `activities.mail.mime.parse_headers` may be called
anywhere. Bodies come through here. Each process has one lasting child, started at the first mail.
"""

import atexit
import fcntl
import os
import select
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from activities.mail import wire
from activities.mail.message import MAX_RAW_BYTES, ParsedBody, ParsedMessage, Problem
from activities.mail.mime import parse_headers

SECONDS_A_MESSAGE = 5.0
BATCH_MESSAGES = 100
BATCH_BYTES = 1024 * 1024

Parsed = tuple[ParsedMessage, ParsedBody]

_ROOT = Path(__file__).resolve().parents[1]
_CHUNK = 1024 * 1024
_MAX_ANSWER = 32 * 1024 * 1024


def parse_raw(raw: bytes) -> Parsed:
    """Read one mail; never raises. See `parse_many`."""
    return parse_many([raw])[0]


def parse_many(raws: Sequence[bytes], *, seconds: float = SECONDS_A_MESSAGE) -> list[Parsed]:
    """Read mails in order. A mail over 25 MB, one that takes longer than `seconds` or one that
    ends the child comes back with its `problem` set and, where that works, its headers."""
    results: list[Parsed] = []
    for batch in _batches(raws):
        if len(batch[0]) > MAX_RAW_BYTES:
            results.append(_unread(batch[0], Problem.TOO_LARGE))
        else:
            results += _client.parse(batch, seconds)
    return results


def close() -> None:
    """End the child of this process; the next mail starts another."""
    _client.close()


def _batches(raws: Sequence[bytes]) -> Iterator[list[bytes]]:
    batch: list[bytes] = []
    size = 0
    for raw in raws:
        if batch and (len(batch) >= BATCH_MESSAGES or size + len(raw) > BATCH_BYTES):
            yield batch
            batch, size = [], 0
        batch.append(raw)
        size += len(raw)
    if batch:
        yield batch


def _unread(raw: bytes, problem: Problem) -> Parsed:
    return replace(parse_headers(raw), problem=problem), ParsedBody(problem=problem)


class _Overrun(Exception):
    """The child did not answer in time."""


class _Gone(Exception):
    """The child ended in the middle of a mail."""


class _Client:
    """One child and the lock around it: a batch is asked and answered by one thread."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.child: _Child | None = None

    def parse(self, mails: list[bytes], seconds: float) -> list[Parsed]:
        results: list[Parsed] = []
        died_at = -1
        with self.lock:
            while len(results) < len(mails):
                at = len(results)
                # The mail at which a child died is tried once more, alone: the system may have
                # ended the child for reasons of its own.
                until = at + 1 if died_at == at else len(mails)
                child = self._running()
                try:
                    _ask(child, mails[at:until], seconds, results)
                except _Overrun:
                    self._kill()
                    results.append(_unread(mails[len(results)], Problem.TOO_SLOW))
                except (_Gone, OSError):
                    self._kill()
                    if died_at == len(results):
                        results.append(_unread(mails[died_at], Problem.PARSER_DIED))
                    else:
                        died_at = len(results)
        return results

    def _running(self) -> "_Child":
        """The child. That none can be started is the machine's trouble and raises: no mail is to
        be called unreadable for it."""
        if self.child is None:
            self.child = _Child()
        return self.child

    def _kill(self) -> None:
        if self.child is not None:
            self.child.kill()
            self.child = None

    def close(self) -> None:
        with self.lock:
            self._kill()


def _ask(child: "_Child", mails: list[bytes], seconds: float, results: list[Parsed]) -> None:
    """Ask for all mails at once and take in each answer as it comes."""
    for frame in wire.request(mails):
        child.write(frame, seconds)
    for raw in mails:
        results.append(wire.read_answer(raw, child.read_frame(seconds)))


class _Child:
    """The process and its two pipes, which never block longer than the caller allows."""

    def __init__(self) -> None:
        # No shell, our own interpreter and module; an environment without any of our secrets; a
        # process group of its own, so that a signal to the worker lets it finish its page.
        self.process = subprocess.Popen(
            [sys.executable, "-m", "activities.mail.worker"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            bufsize=0,
            cwd=_ROOT,
            env=_environment(),
            process_group=0,
        )
        if self.process.stdin is None or self.process.stdout is None:
            raise OSError("the child has no pipes")
        self.input, self.output = self.process.stdin.fileno(), self.process.stdout.fileno()
        self.arrived = bytearray()
        for pipe in (self.input, self.output):
            os.set_blocking(pipe, False)
            _widen(pipe)

    def write(self, data: bytes, seconds: float) -> None:
        """Send all of `data`; the child reads a whole request before it answers."""
        deadline = time.monotonic() + seconds
        view = memoryview(data)
        while view:
            _wait(self.input, select.POLLOUT, deadline)
            try:
                view = view[os.write(self.input, view[:_CHUNK]) :]
            except BlockingIOError:
                continue
            except BrokenPipeError as error:
                raise _Gone from error

    def read_frame(self, seconds: float) -> bytes:
        """The next answer, within `seconds` in all."""
        deadline = time.monotonic() + seconds
        (length,) = wire.LENGTH.unpack(self._read(wire.LENGTH.size, deadline))
        if length > _MAX_ANSWER:
            raise _Gone
        return self._read(length, deadline)

    def _read(self, length: int, deadline: float) -> bytes:
        while len(self.arrived) < length:
            _wait(self.output, select.POLLIN, deadline)
            try:
                chunk = os.read(self.output, _CHUNK)
            except BlockingIOError:
                continue
            if not chunk:
                raise _Gone
            self.arrived += chunk
        data = bytes(self.arrived[:length])
        del self.arrived[:length]
        return data

    def kill(self) -> None:
        """End the process at once and take in its exit, so that no zombie stays."""
        self.process.kill()
        self.forget()
        self.process.wait()

    def forget(self) -> None:
        """Close our ends of the pipes; a child whose input has ended goes by itself."""
        for stream in (self.process.stdin, self.process.stdout):
            if stream is not None:
                stream.close()


def _widen(pipe: int) -> None:
    """Let a megabyte wait in the pipe where the system can, so that neither side sleeps often."""
    with suppress(AttributeError, OSError):
        fcntl.fcntl(pipe, fcntl.F_SETPIPE_SZ, _CHUNK)


def _wait(descriptor: int, event: int, deadline: float) -> None:
    poll = select.poll()
    poll.register(descriptor, event)
    left = deadline - time.monotonic()
    if left <= 0 or not poll.poll(left * 1000):
        raise _Overrun


def _environment() -> dict[str, str]:
    paths = dict.fromkeys([str(_ROOT), *filter(None, sys.path)])
    kept = ("PATH", "LD_LIBRARY_PATH", "PYTHONDONTWRITEBYTECODE", "SYSTEMROOT")
    given = {name: os.environ[name] for name in kept if name in os.environ}
    return {**given, "PYTHONPATH": os.pathsep.join(paths), "LC_ALL": "C.UTF-8"}


def _after_fork() -> None:
    """A forked process starts a child of its own; the pipes it inherited are its parent's."""
    global _client
    if _client.child is not None:
        _client.child.forget()
        # Its exit is the parent's to take in.
        _client.child.process.returncode = -signal.SIGKILL
    _client = _Client()


_client = _Client()
os.register_at_fork(after_in_child=_after_fork)
atexit.register(close)
