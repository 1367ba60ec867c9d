"""The workspace boundary, kept by PostgreSQL.

Every table of a workspace carries a row-level policy, and every key between two of them is
composite (workspace, id), because key checks alone bypass policies. Both are declared as
constraints of the model, so makemigrations finds them and migrations carry them.

A transaction names its workspace (and the member it acts for) with `in_workspace`. Without that,
no row of any workspace can be seen or written.
"""

import os
import time
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib import import_module
from typing import Any

from django.conf import settings
from django.db import connection, migrations, models, transaction
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

SAME_WORKSPACE = "{column} = (select nullif(current_setting('app.workspace_id', true), '')::uuid)"
ACTING_MEMBER = "(select nullif(current_setting('app.member_id', true), '')::uuid)"

# What a row may demand beyond its workspace. The owner of a private row is a member.
OWNER_ONLY = f"owner_id = {ACTING_MEMBER}"
OWNER_OR_NOBODYS = f"(owner_id is null or owner_id = {ACTING_MEMBER})"
OWNER_OR_SHARED_ACTIVITY = f"(activity_id is not null or owner_id = {ACTING_MEMBER})"

ALL_VERBS = ("SELECT", "INSERT", "UPDATE", "DELETE")
APPEND_ONLY = ("SELECT", "INSERT")


class UnsafeDatabaseRole(Exception):
    """The process is signed in to PostgreSQL as a role that row-level security cannot hold."""


def uuid7() -> uuid.UUID:
    """A random id that sorts by its time of making (RFC 9562, version 7), so indexes stay dense."""
    return uuid.UUID(bytes=_uuid7_bytes())


def uuid7_text() -> str:
    """Such an id as text, for rows that travel as JSON: making the object costs as much again."""
    digits = _uuid7_bytes().hex()
    return f"{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:]}"


def _uuid7_bytes() -> bytes:
    dice = bytearray(os.urandom(10))
    dice[0] = 0x70 | dice[0] & 0x0F
    dice[2] = 0x80 | dice[2] & 0x3F
    return (time.time_ns() // 1_000_000).to_bytes(6, "big") + dice


@contextmanager
def in_workspace(
    workspace_id: uuid.UUID | str, member_id: uuid.UUID | str | None = None
) -> Iterator[None]:
    """Open a transaction in which only this workspace's rows exist.

    `member_id` opens that member's private rows as well. The settings are local to the
    transaction, so a pooled connection never carries them on; a nested use gives the outer
    workspace back when it ends.
    """
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(
                "select current_setting('app.workspace_id', true),"
                " current_setting('app.member_id', true),"
                " set_config('app.workspace_id', %s, true), set_config('app.member_id', %s, true)",
                [str(workspace_id), str(member_id or "")],
            )
            before = cursor.fetchone()[:2]
        yield
    if connection.in_atomic_block and not connection.needs_rollback:
        with connection.cursor() as cursor:
            cursor.execute(
                "select set_config('app.workspace_id', %s, true),"
                " set_config('app.member_id', %s, true)",
                [before[0] or "", before[1] or ""],
            )


def call(function: str, *arguments: Any) -> list[tuple[Any, ...]]:
    """Ask one of the SECURITY DEFINER functions, which answer ids across workspaces, only ids."""
    marks = ", ".join(["%s"] * len(arguments))
    with connection.cursor() as cursor:
        cursor.execute(f"select * from {function}({marks})", list(arguments))
        return list(cursor.fetchall())


def routing_function(name: str, arguments: str, columns: str, body: str) -> migrations.RunSQL:
    """A migration step that makes a function which answers ids across workspaces.

    It runs as the owner of the tables, so it may select only ids, and only the application's role
    may call it.
    """
    types = ", ".join(part.split()[-1] for part in arguments.split(", ") if part)
    role = settings.DATABASE_APP_ROLE
    return migrations.RunSQL(
        f"create function {name}({arguments}) returns table ({columns}) language sql stable"
        f" security definer set search_path = public, pg_temp as $${body}$$;"
        f" revoke all on function {name}({types}) from public;"
        f' grant execute on function {name}({types}) to "{role}"',
        f"drop function {name}({types})",
    )


def drop_routing_function(name: str, made_in: str) -> migrations.RunSQL:
    """A migration step that drops what the migration `made_in` made; its reverse makes it again."""
    steps = import_module(made_in).Migration.operations
    drops = f"drop function {name}("
    made = next(one for one in steps if str(getattr(one, "reverse_sql", "")).startswith(drops))
    return migrations.RunSQL(made.reverse_sql, made.sql)


def open_tables_to_the_application() -> migrations.RunSQL:
    """A migration step, the first of all: tables that belong to no workspace can be used.

    Tables of a workspace take these rights away again and give what their policy allows.
    """
    role, verbs = settings.DATABASE_APP_ROLE, "select, insert, update, delete"
    return migrations.RunSQL(
        f'grant usage on schema public to "{role}";'
        f' grant {verbs} on all tables in schema public to "{role}";'
        f' grant usage, select on all sequences in schema public to "{role}";'
        f' alter default privileges in schema public grant {verbs} on tables to "{role}";'
        f' alter default privileges in schema public grant usage, select on sequences to "{role}"',
        migrations.RunSQL.noop,
    )


def refuse_unsafe_role() -> None:
    """Raise UnsafeDatabaseRole where PostgreSQL would not apply the policies to this process."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select rolsuper or rolbypassrls or exists (select 1 from pg_class where relowner ="
            " pg_roles.oid and relname = 'accounts_workspace') from pg_roles"
            " where rolname = current_user"
        )
        row = cursor.fetchone()
    if row is None or row[0]:
        raise UnsafeDatabaseRole(
            "DATABASE_URL signs in as a superuser, as a role with BYPASSRLS or as the owner of the"
            " tables, so workspaces would not be kept apart. Use the role"
            f" {settings.DATABASE_APP_ROLE} for it, and DATABASE_OWNER_URL for migrations."
        )


class WorkspacePolicy(models.BaseConstraint):
    """Row-level security of one table: the same workspace, and `also` where a row is private."""

    def __init__(
        self,
        *,
        name: str,
        column: str = "workspace_id",
        also: str = "",
        verbs: Sequence[str] = ALL_VERBS,
        routed: bool = False,
    ) -> None:
        super().__init__(name=name)
        self.column, self.also, self.verbs, self.routed = column, also, tuple(verbs), routed

    def create_sql(  # type: ignore[override]
        self, model: type[models.Model], schema_editor: BaseDatabaseSchemaEditor
    ) -> str:
        table, role = model._meta.db_table, settings.DATABASE_APP_ROLE
        test = SAME_WORKSPACE.format(column=self.column)
        if self.also:
            test = f"{test} and {self.also}"
        statements = [
            f'alter table "{table}" enable row level security',
            f'alter table "{table}" force row level security',
            f'create policy "{self.name}" on "{table}" using ({test}) with check ({test})',
            f'revoke all on "{table}" from "{role}"',
            f'grant {", ".join(self.verbs)} on "{table}" to "{role}"',
        ]
        if self.routed:
            # The functions that answer ids across workspaces run as the owner of the tables.
            statements.append(
                f'create policy "{self.name}_routed" on "{table}" for select'
                " to current_user using (true)"
            )
        return "; ".join(statements)

    def constraint_sql(  # type: ignore[override]
        self, model: type[models.Model], schema_editor: BaseDatabaseSchemaEditor
    ) -> None:
        schema_editor.deferred_sql.append(self.create_sql(model, schema_editor))

    def remove_sql(  # type: ignore[override]
        self, model: type[models.Model], schema_editor: BaseDatabaseSchemaEditor
    ) -> str:
        table = model._meta.db_table
        return (
            f'drop policy if exists "{self.name}_routed" on "{table}";'
            f' drop policy if exists "{self.name}" on "{table}"'
        )

    def validate(self, *args: Any, **kwargs: Any) -> None:
        """The database alone judges this; a form has nothing to check."""

    def __eq__(self, other: object) -> bool:
        return isinstance(other, WorkspacePolicy) and self.deconstruct() == other.deconstruct()

    __hash__ = models.BaseConstraint.__hash__

    def deconstruct(self) -> tuple[str, tuple[Any, ...], dict[str, Any]]:
        path, args, kwargs = super().deconstruct()
        kwargs |= {"column": self.column, "also": self.also, "verbs": self.verbs}
        return path, tuple(args), kwargs | {"routed": self.routed}


class SameWorkspaceKey(models.BaseConstraint):
    """A foreign key (workspace, id) beside the ORM's own ForeignKey without a constraint."""

    def __init__(self, *, name: str, field: str) -> None:
        super().__init__(name=name)
        self.field = field

    def create_sql(  # type: ignore[override]
        self, model: type[models.Model], schema_editor: BaseDatabaseSchemaEditor
    ) -> None:
        field = model._meta.get_field(self.field)
        target = field.related_model._meta.db_table  # type: ignore[union-attr]
        # Deferred to the end of the migration, when every table has its (workspace, id) key.
        schema_editor.deferred_sql.append(
            f'alter table "{model._meta.db_table}" add constraint "{self.name}"'
            f' foreign key ("workspace_id", "{field.column}")'  # type: ignore[union-attr]
            f' references "{target}" ("workspace_id", "id"){self._on_delete(field)}'
            " deferrable initially deferred"
        )

    @staticmethod
    def _on_delete(field: Any) -> str:
        # The ORM deletes only the rows that the policy shows it. Another member's private rows
        # must follow all the same, and the database's own keys see them.
        if field.remote_field.on_delete is models.CASCADE:
            return " on delete cascade"
        if field.remote_field.on_delete is models.SET_NULL:
            return f' on delete set null ("{field.column}")'
        return ""

    def constraint_sql(  # type: ignore[override]
        self, model: type[models.Model], schema_editor: BaseDatabaseSchemaEditor
    ) -> None:
        self.create_sql(model, schema_editor)

    def remove_sql(  # type: ignore[override]
        self, model: type[models.Model], schema_editor: BaseDatabaseSchemaEditor
    ) -> str:
        return f'alter table "{model._meta.db_table}" drop constraint if exists "{self.name}"'

    def validate(self, *args: Any, **kwargs: Any) -> None:
        """The database alone judges this; a form has nothing to check."""

    def __eq__(self, other: object) -> bool:
        return isinstance(other, SameWorkspaceKey) and self.deconstruct() == other.deconstruct()

    __hash__ = models.BaseConstraint.__hash__

    def deconstruct(self) -> tuple[str, tuple[Any, ...], dict[str, Any]]:
        path, args, kwargs = super().deconstruct()
        return path, tuple(args), kwargs | {"field": self.field}


def owned(
    table: str,
    *keys: str,
    also: str = "",
    verbs: Sequence[str] = ALL_VERBS,
    routed: bool = False,
) -> list[models.BaseConstraint]:
    """The constraints every table of a workspace has.

    `table` is its name, `keys` its foreign keys to other tables of the workspace, `also` what a
    private row demands, `routed` whether a function may look ids up across workspaces.
    """
    return [
        models.UniqueConstraint(fields=["workspace", "id"], name=f"{table}_key"),
        WorkspacePolicy(name=f"{table}_policy", also=also, verbs=verbs, routed=routed),
        *(SameWorkspaceKey(name=f"{table}_{key}_key", field=key) for key in keys),
    ]


class WorkspaceModel(models.Model):
    """A row of one workspace, with an id that says nothing."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    workspace = models.ForeignKey(
        "accounts.Workspace", on_delete=models.CASCADE, related_name="+", db_index=False
    )

    class Meta:
        abstract = True
