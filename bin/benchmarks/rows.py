"""The rows that can be measured, in the order of running."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

from benchmarks.report import Figure


@dataclass(frozen=True, slots=True)
class Bench:
    """What a row is given: the environment of the services, a folder, and how far to go.

    `given` is the environment as the caller had it, before services were started. `small` asks for
    sizes that only show that a row works.
    """

    environment: Mapping[str, str]
    given: Mapping[str, str]
    state: Path
    full: bool
    pairs: int
    small: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """A row by what it measures; `module` has a function measure(bench)."""

    module: str
    sentence: str

    def measure(self, bench: Bench) -> Iterator[Figure]:
        found: Iterator[Figure] = import_module(f"benchmarks.{self.module}").measure(bench)
        return found


ROWS = {
    "queries": Row("queries", "statements a message in batches of 100 and 200, and one delivery"),
    "engine": Row("engine", "decisions a second of the engine alone, on prepared facts"),
    "world": Row("world", "blocks read to load the facts, with 1,000 and 1,000,000 contacts"),
    "ingest": Row("ingest", "messages a CPU second against the limit pipeline and django-mailbox"),
    "pages": Row("pages", "blocks and queries of list pages at 10 thousand and 1 million rows"),
    "inbox": Row("inbox", "blocks and queries of a member's own mail at 10 and 100 thousand mails"),
    "memory": Row("memory", "most memory of a worker for one mail of 24 MiB and of 48 MiB"),
    "backfill": Row("backfill", "requests and gets for 5,000 mails, and Graph's calls at a time"),
    "pushes": Row("pushes", "10,000 pushes through gunicorn: lost, syncs a mailbox, queries, CPU"),
    "visible": Row("visible", "seconds from a push until its mail is an activity on the page"),
    "startup": Row("startup", "seconds until a second start of bin/demo answers"),
}
