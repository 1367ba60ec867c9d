"""Pushes to a subscriber: sent one after the other, and again until they are accepted."""

import logging
import queue
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import requests

from mailsync.sandbox.faults import Delay, Faults, Lie

log = logging.getLogger(__name__)

# Both vendors try again for hours; this is enough to see whether the product counts on it.
ATTEMPTS = 4
PAUSE = 0.2
TIMEOUT = 10


@dataclass(frozen=True, slots=True)
class Push:
    """What is posted where; `body` is made when it is sent, since a signature has a time in it."""

    mailbox: str
    url: str
    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class Pushes:
    """The queue. Faults of the operation "push": Lie("drop"), Lie("repeat") and Lie("hold") (until
    `release`, which sends what was held in reverse), and Delay. `sent` tells each answer."""

    faults: Faults
    sent: list[tuple[Push, int]] = field(default_factory=list)
    held: list[Push] = field(default_factory=list)
    _queue: "queue.Queue[Push | None]" = field(default_factory=queue.Queue)
    _thread: threading.Thread | None = None

    def start(self) -> None:
        self._thread = threading.Thread(target=self._run, name="sandbox pushes", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        self._queue.put(None)
        if self._thread is not None:
            self._thread.join(timeout=5)

    def send(self, push: Push) -> None:
        """Queue a push, subject to the faults that were chosen."""
        effects = self.faults.take("push", push.mailbox)
        words = {effect.word for effect in effects if isinstance(effect, Lie)}
        for effect in effects:
            if isinstance(effect, Delay):
                timer = threading.Timer(effect.seconds, self._queue.put, [push])
                timer.daemon = True
                timer.start()
                return
        if "hold" in words:
            self.held.append(push)
        elif "drop" not in words:
            for _ in range(2 if "repeat" in words else 1):
                self._queue.put(push)

    def release(self) -> None:
        """Send what was held back, the newest first."""
        while self.held:
            self._queue.put(self.held.pop())

    def wait(self, condition: Callable[[], bool], seconds: float = 10) -> bool:
        """Wait until the condition holds; False where it did not in time."""
        deadline = time.monotonic() + seconds
        while not condition():
            if time.monotonic() > deadline:
                return False
            time.sleep(0.02)
        return True

    def _run(self) -> None:
        while (push := self._queue.get()) is not None:
            for attempt in range(ATTEMPTS):
                status = post(push)
                self.sent.append((push, status))
                if 200 <= status < 300:
                    break
                time.sleep(PAUSE * 2**attempt)


def post(push: Push) -> int:
    """The status of the answer, or 0 where there was none."""
    try:
        answer = requests.post(
            push.url,
            data=push.body,
            headers={"Content-Type": "application/json", **push.headers},
            timeout=TIMEOUT,
            allow_redirects=False,
        )
    except requests.RequestException as error:
        log.info("sandbox: a push was not taken (%s)", type(error).__name__)
        return 0
    return answer.status_code
