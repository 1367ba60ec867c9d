"""Kicks the workers after something was stored. A broker that is down costs latency, never mail."""

import logging
import threading
import uuid
from collections.abc import Callable
from queue import Empty, SimpleQueue

logger = logging.getLogger(__name__)


class Waker:
    """Passes wake-ups on from a thread of its own, so that nobody ever waits for the broker.

    `kick` sends one; what it raises is swallowed and counted in `failed`. A workspace that is
    already waiting to be kicked is not queued again.
    """

    def __init__(self, kick: Callable[[str], object]) -> None:
        self.failed = 0
        self._kick = kick
        self._waiting: set[uuid.UUID] = set()
        self._queue: SimpleQueue[uuid.UUID | None] = SimpleQueue()
        self._thread = threading.Thread(target=self._run, name="inbound-wake", daemon=True)
        self._thread.start()

    def wake(self, workspace_id: uuid.UUID) -> None:
        """Ask for the workspace's deliveries to be processed soon; returns at once."""
        if workspace_id not in self._waiting:
            self._waiting.add(workspace_id)
            self._queue.put(workspace_id)

    def close(self, patience: float = 5.0) -> None:
        """Send what is waiting, for at most `patience` seconds, and end."""
        self._queue.put(None)
        self._thread.join(patience)

    def _run(self) -> None:
        while (workspace_id := self._next()) is not None:
            self._waiting.discard(workspace_id)
            try:
                self._kick(str(workspace_id))
            except Exception as problem:
                self.failed += 1
                logger.warning(
                    "a wake-up did not reach the broker: %s (%d so far)",
                    type(problem).__name__,
                    self.failed,
                )

    def _next(self) -> uuid.UUID | None:
        while True:
            try:
                return self._queue.get(timeout=60)
            except Empty:
                continue
