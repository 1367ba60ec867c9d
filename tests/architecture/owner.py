"""The owner of the tables, for tests that take a defence out or look behind every policy."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import environ
import psycopg2
from django.db import connection


@contextmanager
def owner_cursor() -> Iterator[Any]:
    """A cursor signed in to the test database as the owner; each statement commits by itself."""
    owner = environ.Env().db_url("DATABASE_OWNER_URL")
    found = psycopg2.connect(
        host=owner["HOST"],
        port=owner["PORT"],
        user=owner["USER"],
        password=owner["PASSWORD"],
        dbname=connection.settings_dict["NAME"],
        options="-c lock_timeout=5s",
    )
    found.autocommit = True
    try:
        with found.cursor() as cursor:
            yield cursor
    finally:
        found.close()
