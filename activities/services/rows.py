"""Writes many rows of one table with one statement.

The rows travel as one JSON parameter, which PostgreSQL takes apart itself: far cheaper than
quoting each value, and the row-level policies hold as for any INSERT.
"""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection, models

Row = dict[str, Any]


def insert(
    workspace_id: UUID | str,
    model: type[models.Model],
    rows: Sequence[Row],
    *,
    conflict: str = "",
    returning: str = "",
) -> tuple[str, list[Any]] | None:
    """The INSERT for these rows of the workspace (column name to value, the same in all rows).

    `conflict` is what follows ON CONFLICT. Returns SQL and parameters, or None without rows.
    """
    if not rows:
        return None
    table = f'"{model._meta.db_table}"'
    columns = ", ".join(f'"{name}"' for name in rows[0])
    sql = (
        f"insert into {table} (workspace_id, {columns}) select %s::uuid, {columns}"
        f" from json_populate_recordset(null::{table}, %s::json)"
    )
    if conflict:
        sql += f" on conflict {conflict}"
    if returning:
        sql += f" returning {returning}"
    return sql, [str(workspace_id), to_json(rows)]


def together(*inserts: tuple[str, list[Any]] | None) -> tuple[str, list[Any]] | None:
    """One statement for inserts none of which reads what another one writes.

    Keys between their rows are checked at the commit. What the last one returns is returned.
    """
    wanted = [one for one in inserts if one is not None]
    if not wanted:
        return None
    parts = [f"part{place} as ({sql})" for place, (sql, _) in enumerate(wanted[:-1])]
    sql = f"with {', '.join(parts)} {wanted[-1][0]}" if parts else wanted[-1][0]
    return sql, [value for _, values in wanted for value in values]


def run(statements: Sequence[tuple[str, list[Any]] | None]) -> None:
    """Send the statements in order in one round trip."""
    wanted = [statement for statement in statements if statement is not None]
    if wanted:
        with connection.cursor() as cursor:
            cursor.execute(
                ";\n".join(sql for sql, _ in wanted), [one for _, many in wanted for one in many]
            )


def fetch(statement: tuple[str, list[Any]] | None) -> list[tuple[Any, ...]]:
    """Run one statement and return its rows; nothing for None."""
    if statement is None:
        return []
    with connection.cursor() as cursor:
        cursor.execute(*statement)
        return list(cursor.fetchall())


def to_json(value: Any) -> str:
    """JSON as PostgreSQL reads it into columns: bytes as bytea text, times in ISO form."""
    return json.dumps(value, default=_plain, ensure_ascii=False, separators=(",", ":"))


def _plain(value: Any) -> Any:
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, bytes):
        return "\\x" + value.hex()
    if isinstance(value, datetime):
        return value.isoformat()
    return list(value)
