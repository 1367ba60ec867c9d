"""What the database itself says about the boundary between workspaces."""

import uuid
from datetime import UTC, datetime
from typing import Any

from django.apps import apps
from django.db import connection, models

from accounts.tenancy import SameWorkspaceKey, WorkspaceModel, WorkspacePolicy, in_workspace, uuid7

OURS = ("accounts", "contacts", "activities", "mailsync", "bcc_inbound")

# Models that belong to no workspace, each with the reason.
NOBODYS = {
    "accounts.User": "one person signs in once and may be a member of several workspaces",
    "mailsync.ProjectSpending": "a provider counts all our requests together; numbers only",
    "accounts.Workspace": "it is the workspace; its own policy compares its id",
    "bcc_inbound.WebhookReceipt": "one request of a provider may bring mail for several workspaces",
}


def our_models() -> list[type[models.Model]]:
    """Every model of ours, the abstract ones left out."""
    return [model for name in OURS for model in apps.get_app_config(name).get_models()]


def workspace_models() -> list[type[models.Model]]:
    """The models whose rows belong to a workspace."""
    return [model for model in our_models() if issubclass(model, WorkspaceModel)]


def unguarded_tables() -> list[str]:
    """Tables of a workspace without forced row-level security, or with half a policy."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            select c.relname, c.relrowsecurity and c.relforcerowsecurity, coalesce((
                select bool_and(p.qual is not null and p.with_check is not null)
                from pg_policies p where p.tablename = c.relname and p.cmd = 'ALL'), false)
            from pg_class c join pg_namespace n on n.oid = c.relnamespace
            where n.nspname = 'public' and c.relkind = 'r' and exists (
                select 1 from pg_attribute a where a.attrelid = c.oid and not a.attisdropped
                and a.attname = 'workspace_id')
            """
        )
        return [name for name, forced, whole in cursor.fetchall() if not (forced and whole)]


def visible_without_a_workspace() -> dict[str, int]:
    """How many rows of each table a connection sees that named no workspace."""
    counts = {}
    with connection.cursor() as cursor:
        for model in [*workspace_models(), apps.get_model("accounts", "Workspace")]:
            cursor.execute(f'select count(*) from "{model._meta.db_table}"')
            counts[model._meta.label] = cursor.fetchone()[0]
    return {label: count for label, count in counts.items() if count}


def loose_keys() -> list[str]:
    """Foreign keys between two tables of a workspace that do not carry the workspace."""
    loose = []
    for model in workspace_models():
        tied = {c.field for c in model._meta.constraints if isinstance(c, SameWorkspaceKey)}
        for field in model._meta.get_fields():
            if isinstance(field, models.ForeignKey) and field.name not in tied:
                target = field.related_model
                if isinstance(target, type) and issubclass(target, WorkspaceModel):
                    loose.append(f"{model._meta.label}.{field.name}")
    return loose


def has_policy(model: type[models.Model]) -> bool:
    """Whether the model declares the policy of its table."""
    return any(isinstance(one, WorkspacePolicy) for one in model._meta.constraints)


class Mirror:
    """One row in every table of a workspace, with a marker in every text column."""

    def __init__(self, workspace_id: uuid.UUID, marker: str, **given: models.Model) -> None:
        self.workspace_id, self.marker = workspace_id, marker
        self.rows: dict[type[models.Model], models.Model] = {
            type(one): one for one in given.values()
        }
        owner = given["member"].pk
        with in_workspace(workspace_id, owner):
            for model in workspace_models():
                self.row_of(model)

    def row_of(self, model: type[models.Model]) -> models.Model:
        """The row of this model, made with everything that it points at."""
        if model not in self.rows:
            row = model(**{f.name: self._value(f) for f in model._meta.fields if f.name != "id"})
            if "root" in {f.name for f in model._meta.fields}:
                row.root = row  # type: ignore[attr-defined]
            row.save(force_insert=True)
            self.rows[model] = row
        return self.rows[model]

    def _value(self, field: models.Field) -> Any:  # type: ignore[type-arg]
        if field.name == "workspace":
            return apps.get_model("accounts", "Workspace")(id=self.workspace_id)
        if isinstance(field, models.ForeignKey):
            return self._pointed_at(field)
        if field.choices:
            return field.choices[0][0]
        if isinstance(field, models.CharField | models.TextField):
            return self.marker[: field.max_length or None]
        return self._plain(field)

    def _pointed_at(self, field: models.ForeignKey) -> models.Model | None:  # type: ignore[type-arg]
        target = field.related_model
        if target is field.model:
            return None
        if issubclass(target, WorkspaceModel):
            return self.row_of(target)
        return next((row for kind, row in self.rows.items() if kind is target), None)

    def _plain(self, field: models.Field) -> Any:  # type: ignore[type-arg]
        kind = field.get_internal_type()
        if kind == "JSONField":
            return {"marker": self.marker, "source": "bcc"}
        if kind == "BinaryField":
            return uuid7().bytes + uuid7().bytes
        if kind == "ArrayField":
            return [uuid7()]
        if field.null or field.has_default() or field.has_db_default():
            return field.get_default()
        return datetime(2026, 3, 2, tzinfo=UTC) if kind == "DateTimeField" else 1
