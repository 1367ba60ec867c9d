"""Asks whether the record still keeps its promises: every workspace, every member, every check.

A check is one statement that counts broken rows, so that a workspace costs the same number of
queries whatever it holds. Apps above this one bring checks of their own: settings.INTEGRITY_CHECKS
names the tuples.
"""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from django.conf import settings
from django.db import connection
from django.utils.module_loading import import_string

from accounts import tenancy
from activities.services.verify_files import broken_files
from activities.services.verify_schema import open_tables, untied_keys


@dataclass(frozen=True, slots=True)
class Check:
    """One promise. `sql` counts the rows that break it, given %(workspace)s and %(member)s.

    `private` promises are about rows that only their owner sees, so each member asks them.
    """

    name: str
    promise: str
    sql: str
    private: bool = False


@dataclass(slots=True)
class Finding:
    """What one check found: how many rows are broken, and in which workspaces."""

    name: str
    promise: str
    broken: int = 0
    workspaces: tuple[uuid.UUID, ...] = ()

    def add(self, workspace_id: uuid.UUID, broken: int) -> None:
        if broken:
            self.broken += broken
            self.workspaces = tuple(dict.fromkeys((*self.workspaces, workspace_id)))


def verify_integrity() -> list[Finding]:
    """Run every check in every workspace and return one finding a check, in a fixed order."""
    checks: list[Check] = [
        check for path in settings.INTEGRITY_CHECKS for check in import_string(path)
    ]
    findings = {check.name: Finding(check.name, check.promise) for check in checks}
    files = Finding("files", "Every file and raw mail is in the blob store, byte for byte.")
    for workspace_id, rows in groupby(tenancy.call("accounts_everybody"), key=lambda row: row[0]):
        members = [member_id for _, member_id in rows if member_id is not None]
        _ask(workspace_id, None, [one for one in checks if not one.private], findings)
        for member_id in members:
            _ask(workspace_id, member_id, [one for one in checks if one.private], findings)
        files.add(workspace_id, broken_files(workspace_id))
    return [*findings.values(), files, *_schema()]


def _ask(
    workspace_id: uuid.UUID,
    member_id: uuid.UUID | None,
    checks: Sequence[Check],
    findings: dict[str, Finding],
) -> None:
    parameters = {"workspace": workspace_id, "member": member_id}
    with tenancy.in_workspace(workspace_id, member_id), connection.cursor() as cursor:
        for check in checks:
            cursor.execute(check.sql, parameters)
            findings[check.name].add(workspace_id, cursor.fetchone()[0])


def _schema() -> list[Finding]:
    return [
        Finding("keys", "Every key inside a workspace carries the workspace.", len(untied_keys())),
        Finding(
            "policies",
            "Every table of a workspace forces its row-level policy.",
            len(open_tables()),
        ),
    ]
