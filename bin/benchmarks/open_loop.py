"""Sends requests at times that were fixed beforehand, whatever the server does with them."""

import http.client
import queue
import threading
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

_TIMEOUT = 60.0


@dataclass(frozen=True, slots=True)
class Post:
    """What is posted to a path of the server."""

    path: str
    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class Outcome:
    """The statuses that came back (0: none), and the seconds from each one's time to its answer.

    A request that had to wait for a free connection has waited since its time.
    """

    statuses: Counter[int] = field(default_factory=Counter)
    seconds: list[float] = field(default_factory=list)
    took: float = 0.0

    def share(self, part: float) -> float:
        """The seconds within which this part of the answers came."""
        return sorted(self.seconds)[max(int(len(self.seconds) * part) - 1, 0)]


def send(posts: Sequence[Post], *, port: int, rate: float, connections: int = 64) -> Outcome:
    """Send them at this rate a second over so many connections to 127.0.0.1.

    With a rate of 0 each connection sends its next one as soon as it has an answer.
    """
    waiting: queue.SimpleQueue[tuple[float, Post] | None] = queue.SimpleQueue()
    outcome, lock = Outcome(), threading.Lock()

    def work() -> None:
        server = http.client.HTTPConnection("127.0.0.1", port, timeout=_TIMEOUT)
        while (given := waiting.get()) is not None:
            due, post = given
            status = _post(server, post)
            ended = time.perf_counter()
            with lock:
                outcome.statuses[status] += 1
                outcome.seconds.append(ended - (due or began))
        server.close()

    workers = [threading.Thread(target=work) for _ in range(connections)]
    began = time.perf_counter()
    for worker in workers:
        worker.start()
    for due, post in _on_time(posts, began, rate):
        waiting.put((due, post))
    for _ in workers:
        waiting.put(None)
    for worker in workers:
        worker.join()
    outcome.took = time.perf_counter() - began
    return outcome


def _on_time(posts: Sequence[Post], began: float, rate: float) -> Iterator[tuple[float, Post]]:
    for number, post in enumerate(posts):
        due = began + number / rate if rate else 0.0
        time.sleep(max(due - time.perf_counter(), 0))
        yield due, post


def _post(server: http.client.HTTPConnection, post: Post) -> int:
    """The status. A connection that the server ended while it was idle is opened once more."""
    for _ in range(2):
        try:
            server.request("POST", post.path, post.body, dict(post.headers))
            answer = server.getresponse()
            answer.read()
            return answer.status
        except (http.client.HTTPException, OSError):
            server.close()
    return 0
