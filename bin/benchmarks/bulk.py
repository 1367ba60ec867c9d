"""Millions of rows, made by the database itself.

Signs in as the superuser of the benchmark's own cluster, because checking the keys of rows that
are right by construction would take hours. The product itself never has that role.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

import psycopg2

from benchmarks.rows import Bench
from launcher import roles

CHUNK = 100_000


@contextmanager
def filling(bench: Bench) -> Iterator[Any]:
    """Yield a cursor whose rows are not checked; the tables are vacuumed and analysed after."""
    port = urlsplit(bench.environment["DATABASE_URL"]).port
    password = roles.kept_secret(bench.state, "postgres")
    connection = psycopg2.connect(roles.url("postgres", password, port=port or 5432))
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute("set session_replication_role = replica")
        yield cursor
        cursor.execute("vacuum analyze")
    connection.close()


def fill(cursor: Any, statements: tuple[str, ...], parameters: dict[str, Any], count: int) -> None:
    """Run each statement for the numbers 0 to count - 1, a chunk at a time."""
    for first in range(0, count, CHUNK):
        last = min(first + CHUNK, count) - 1
        for statement in statements:
            cursor.execute(statement, parameters | {"first": first, "last": last})
