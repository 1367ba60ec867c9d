"""Wakes workers up. Nothing depends on it: the work is rows, and a sweeper finds what is due."""

import logging
import os
import threading
from queue import SimpleQueue

from celery import current_app

from accounts.tally import count

logger = logging.getLogger(__name__)

MOST_WAITING = 10_000


def wake(task: str, *ids: str) -> bool:
    """Ask for a task by name with ids as arguments; False when the broker did not take it.

    A broker that is down must neither fail a request nor lose anything, so whatever it raises is
    swallowed and logged without the arguments.
    """
    try:
        current_app.signature(task, args=ids).apply_async(ignore_result=True, retry=False)
    except Exception as error:  # the broker's library raises errors of many families
        logger.warning("The broker did not take a wake-up for %s: %s", task, type(error).__name__)
        return False
    return True


def wake_soon(task: str, *ids: str) -> None:
    """The same from a thread of its own, for doors that must not wait for the broker.

    A wake-up that waits already is not queued twice, and beyond `MOST_WAITING` they are dropped
    and counted: the sweeper finds the work.
    """
    _of_this_process().put((task, *ids))


class _Waker:
    """The thread of one process, and what it has still to send."""

    def __init__(self) -> None:
        self.process = os.getpid()
        self._waiting: set[tuple[str, ...]] = set()
        self._queue: SimpleQueue[tuple[str, ...]] = SimpleQueue()
        threading.Thread(target=self._run, name="wake", daemon=True).start()

    def put(self, wanted: tuple[str, ...]) -> None:
        if wanted in self._waiting:
            return
        if len(self._waiting) >= MOST_WAITING:
            count("wake-ups dropped, since the broker is too slow")
            return
        self._waiting.add(wanted)
        self._queue.put(wanted)

    def _run(self) -> None:
        while True:
            wanted = self._queue.get()
            self._waiting.discard(wanted)
            if not wake(*wanted):
                count("wake-ups that did not reach the broker")


_lock = threading.Lock()
_waker: _Waker | None = None


def _of_this_process() -> _Waker:
    """A server may fork after this module was loaded, and threads do not survive a fork."""
    global _waker
    with _lock:
        if _waker is None or _waker.process != os.getpid():
            _waker = _Waker()
        return _waker
