"""Where a word could have been left behind: the whole database, the files, and Redis."""

import logging
from pathlib import Path
from typing import Any

import redis
from django.conf import settings

from tests.architecture.owner import owner_cursor


def tables_with(*words: str) -> dict[str, set[str]]:
    """Which tables carry each word in any column, every row of everybody read.

    The owner of the tables is bound by the policies too; it lifts them for its own eyes, in a
    transaction that is rolled back. Bytes are read as hex, so a word is looked for in both forms.
    """
    found: dict[str, set[str]] = {word: set() for word in words}
    with owner_cursor() as cursor:
        cursor.execute(
            "select c.relname, c.relrowsecurity from pg_class c join pg_namespace n"
            " on n.oid = c.relnamespace where n.nspname = 'public' and c.relkind in ('r', 'p')"
        )
        for table, guarded in cursor.fetchall():
            cursor.execute("begin")
            if guarded:
                cursor.execute(f'alter table "{table}" no force row level security')
            for word in words:
                cursor.execute(
                    f'select count(*) from "{table}" t where t::text ilike %s or t::text ilike %s',
                    [f"%{word}%", f"%{word.encode().hex()}%"],
                )
                if cursor.fetchone()[0]:
                    found[word].add(table)
            cursor.execute("rollback")
    return found


def files_with(*words: str) -> dict[str, list[Path]]:
    """Which files below BLOB_ROOT carry each word."""
    found: dict[str, list[Path]] = {word: [] for word in words}
    for file in Path(settings.BLOB_ROOT).rglob("*"):
        if file.is_file():
            content = file.read_bytes()
            for word in words:
                if word.encode() in content:
                    found[word].append(file)
    return found


def as_written(record: logging.LogRecord) -> str:
    """The line that the configured handler makes of a record."""
    (handler,) = [one for one in logging.getLogger().handlers if one.name == "console"]
    return handler.format(record)


def redis_texts(url: str = "") -> list[str]:
    """Every key of Redis with its value: cache, task messages, and whatever else there is."""
    server = redis.Redis.from_url(url or settings.REDIS_URL)
    return [f"{key!r} {_value(server, key)!r}" for key in server.scan_iter(count=1000)]


def _value(server: redis.Redis, key: bytes) -> Any:
    read = {
        b"string": server.get,
        b"list": lambda one: server.lrange(one, 0, -1),
        b"set": server.smembers,
        b"zset": lambda one: server.zrange(one, 0, -1, withscores=True),
        b"hash": server.hgetall,
        b"stream": server.xrange,
    }.get(server.type(key))
    return read(key) if read else None
