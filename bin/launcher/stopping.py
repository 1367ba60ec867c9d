"""Turns Ctrl-C, SIGTERM and a closed terminal into one orderly stop."""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
_asked = threading.Event()


@contextmanager
def on_signals() -> Iterator[None]:
    """Within the block the first signal raises KeyboardInterrupt; more of them are ignored.

    A second Ctrl-C from an impatient hand must not leave half of the processes running.
    """
    before = {each: signal.signal(each, _stop) for each in SIGNALS}
    try:
        yield
    except KeyboardInterrupt:
        pass
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)


def _stop(number: int, frame: object) -> None:
    for each in SIGNALS:
        signal.signal(each, signal.SIG_IGN)
    _asked.set()
    raise KeyboardInterrupt


def wait() -> None:
    """Sleeps until a signal comes."""
    while not _asked.wait(3600):
        pass
