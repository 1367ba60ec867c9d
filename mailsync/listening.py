"""Many mailboxes, one process: waits for news at all of them and marks them dirty.

One thread waits at all sockets; what can block (connecting, renewing, writing a hint down) is done
by a few others. A connection that is lost costs at most one poll: it is opened again, later and
later, and the mailbox counts as dirty once it is.
"""

import logging
import selectors
import socket
import time
import uuid
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field

from mailsync.providers.errors import AuthorizationLost, Permanent, ProviderError
from mailsync.providers.imap_idle import IdleConnection

log = logging.getLogger(__name__)

# A server may end IDLE after half an hour (RFC 2177).
RENEW_SECONDS = 25 * 60
LOOK_SECONDS = 3
FIRST_WAIT, LONGEST_WAIT, HOPELESS_WAIT = 2.0, 300.0, 1800.0
WORKERS = 16


@dataclass(frozen=True, slots=True)
class Place:
    """A mailbox to listen at, by ids alone."""

    workspace_id: uuid.UUID
    mailbox_id: uuid.UUID
    owner_id: uuid.UUID


@dataclass(slots=True)
class Ear:
    """What is known of one place. While `busy`, a worker has it and the main thread keeps off;
    what it ran into stands in `trouble`. Only the main thread touches the selector."""

    place: Place
    connection: IdleConnection | None = None
    busy: bool = False
    heard: bool = False
    trouble: Exception | None = None
    wanted: bool = True
    since: float = 0.0
    failures: int = 0
    again_at: float = 0.0


@dataclass(slots=True)
class Switchboard:
    """All ears. `places` says who is to be listened to, `open_at` connects, `hint` marks dirty."""

    places: Callable[[], Iterable[Place]]
    open_at: Callable[[Place], IdleConnection]
    hint: Callable[[Place], None]
    ears: dict[uuid.UUID, Ear] = field(default_factory=dict)
    looked_at: float = float("-inf")
    ended: bool = False
    _selector: selectors.BaseSelector = field(default_factory=selectors.DefaultSelector)
    _pool: ThreadPoolExecutor = field(
        default_factory=lambda: ThreadPoolExecutor(WORKERS, thread_name_prefix="idle")
    )
    _bell: tuple[socket.socket, socket.socket] = field(default_factory=socket.socketpair)

    def run(self) -> None:
        """Listen until `end` is called."""
        for end in self._bell:
            end.setblocking(False)
        self._selector.register(self._bell[0], selectors.EVENT_READ, None)
        try:
            while not self.ended:
                self._turn()
        finally:
            for ear in list(self.ears.values()):
                self._let_go(ear)
            self._pool.shutdown(wait=False, cancel_futures=True)

    def end(self) -> None:
        """Stop at the next turn; may be called from a signal handler."""
        self.ended = True
        self._ring()

    def _turn(self) -> None:
        for key, _ in self._selector.select(timeout=1.0):
            if key.data is None:
                with suppress(BlockingIOError):
                    self._bell[0].recv(4096)
            else:
                self._hear(key.data)
        self._look()
        for ear in list(self.ears.values()):
            self._tend(ear)

    def _look(self) -> None:
        """Take in mailboxes that are new, and let go of those that are no longer read."""
        now = time.monotonic()
        if now - self.looked_at < LOOK_SECONDS:
            return
        self.looked_at = now
        try:
            places = {place.mailbox_id: place for place in self.places()}
        except Exception as error:
            # A database that is away is no reason to stop listening.
            log.warning("could not look for mailboxes: %s", type(error).__name__)
            return
        for mailbox_id, place in places.items():
            self.ears.setdefault(mailbox_id, Ear(place)).wanted = True
        for mailbox_id in self.ears.keys() - places.keys():
            self.ears[mailbox_id].wanted = False

    def _tend(self, ear: Ear) -> None:
        if ear.busy:
            return
        now = time.monotonic()
        if not ear.wanted:
            self._let_go(ear)
            del self.ears[ear.place.mailbox_id]
        elif ear.trouble is not None:
            self._lost(ear, ear.trouble)
        elif ear.connection is None and now >= ear.again_at:
            self._give(ear, self._connect)
        elif ear.connection is not None and not ear.heard:
            self._selector.register(ear.connection, selectors.EVENT_READ, ear)
            ear.heard = True
        elif ear.connection is not None and now - ear.since > RENEW_SECONDS:
            self._unregister(ear)
            self._give(ear, self._renew)

    def _hear(self, ear: Ear) -> None:
        if ear.busy or ear.connection is None:
            return
        try:
            if ear.connection.news():
                self._pool.submit(self._tell, ear.place)
        except ProviderError as error:
            self._lost(ear, error)

    def _give(self, ear: Ear, work: Callable[[Ear], None]) -> None:
        ear.busy = True
        self._pool.submit(self._work, ear, work)

    def _work(self, ear: Ear, work: Callable[[Ear], None]) -> None:
        try:
            work(ear)
            ear.since, ear.failures = time.monotonic(), 0
        except Exception as error:
            ear.trouble = error
        finally:
            ear.busy = False
            self._ring()

    def _connect(self, ear: Ear) -> None:
        ear.connection = self.open_at(ear.place)
        log.info("listening at mailbox %s", ear.place.mailbox_id)
        self._tell(ear.place)

    def _renew(self, ear: Ear) -> None:
        if ear.connection is not None and ear.connection.renew():
            self._tell(ear.place)

    def _tell(self, place: Place) -> None:
        try:
            self.hint(place)
        except Exception as error:
            log.warning("a hint was lost until the next poll: %s", type(error).__name__)

    def _lost(self, ear: Ear, error: Exception) -> None:
        self._let_go(ear)
        ear.trouble, ear.failures = None, min(ear.failures + 1, 20)
        hopeless = isinstance(error, AuthorizationLost | Permanent)
        wait = HOPELESS_WAIT if hopeless else min(FIRST_WAIT**ear.failures, LONGEST_WAIT)
        ear.again_at = time.monotonic() + wait
        log.info(
            "mailbox %s: not listening for %.0f s (%s)",
            ear.place.mailbox_id,
            wait,
            type(error).__name__,
        )

    def _let_go(self, ear: Ear) -> None:
        self._unregister(ear)
        connection, ear.connection = ear.connection, None
        if connection is not None:
            connection.close()

    def _unregister(self, ear: Ear) -> None:
        if ear.connection is not None and ear.heard:
            self._selector.unregister(ear.connection)
        ear.heard = False

    def _ring(self) -> None:
        with suppress(BlockingIOError):
            self._bell[1].send(b"!")
