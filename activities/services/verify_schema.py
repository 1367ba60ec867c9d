"""Asks the database's own catalog whether it still keeps workspaces apart."""

from django.apps import apps
from django.db import connection

from accounts.tenancy import SameWorkspaceKey, WorkspacePolicy


def untied_keys() -> list[str]:
    """Composite keys that a model declares and the database lacks, or has not validated."""
    declared = _declared(SameWorkspaceKey)
    with connection.cursor() as cursor:
        cursor.execute(
            "select conname from pg_constraint where contype = 'f' and convalidated"
            " and conname = any(%s)",
            [sorted(declared)],
        )
        return sorted(declared - {name for (name,) in cursor.fetchall()})


def open_tables() -> list[str]:
    """Policies that a model declares and whose table does not force them."""
    declared = _declared(WorkspacePolicy)
    with connection.cursor() as cursor:
        cursor.execute(
            "select p.polname from pg_policy p join pg_class c on c.oid = p.polrelid"
            " where c.relrowsecurity and c.relforcerowsecurity and p.polqual is not null"
            " and p.polwithcheck is not null and p.polname = any(%s)",
            [sorted(declared)],
        )
        return sorted(declared - {name for (name,) in cursor.fetchall()})


def _declared(kind: type[SameWorkspaceKey] | type[WorkspacePolicy]) -> set[str]:
    return {
        constraint.name
        for model in apps.get_models()
        for constraint in model._meta.constraints
        if isinstance(constraint, kind)
    }
