"""Imports companies, domains, contacts and profiles from a file, as often as one likes."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction

from accounts import audit
from accounts.models import Member
from accounts.tenancy import uuid7
from contacts.models import DirectoryChange
from contacts.problems import DirectoryProblem
from contacts.selectors import administered_projects
from contacts.services.import_row import ProjectsByName, import_row
from contacts.services.note_changes import MOST_SEPARATE, note_changes
from contacts.services.read_csv import ImportRow


@dataclass(frozen=True)
class Refusal:
    """A row that was left out, by its line in the file, and why."""

    line: int
    sentence: str


@dataclass(frozen=True)
class ImportReport:
    """What an import did, or would do: rows that changed something, that did not, and refusals."""

    changed: int
    unchanged: int
    refused: tuple[Refusal, ...]
    dry_run: bool


def import_directory(
    workspace_id: uuid.UUID, *, by: Member, rows: Sequence[ImportRow], dry_run: bool
) -> ImportReport:
    """Import each row that can be, and return what happened to all of them.

    Only what is missing is added: a second run changes nothing, and nothing that a person set is
    overwritten. A dry run does the very same and takes it all back at the end.
    """
    with transaction.atomic():
        started = uuid7()
        report = _import(workspace_id, by, rows, dry_run)
        if dry_run:
            transaction.set_rollback(True)
        elif report.changed:
            _note_as_one(workspace_id, by, started)
            counts = {"rows": len(rows), "changed": report.changed, "refused": len(report.refused)}
            audit.record(workspace_id, by, "directory imported", after=counts)
    return report


def _import(
    workspace_id: uuid.UUID, by: Member, rows: Sequence[ImportRow], dry_run: bool
) -> ImportReport:
    projects: ProjectsByName = {}
    for project in administered_projects(workspace_id, by):
        projects.setdefault(project.name.casefold(), []).append(project)
    changed, refused = 0, []
    for row in rows:
        try:
            with transaction.atomic():
                changed += import_row(workspace_id, by=by, row=row, projects=projects)
        except DirectoryProblem as problem:
            refused.append(Refusal(row.line, problem.sentence))
    unchanged = len(rows) - changed - len(refused)
    return ImportReport(changed, unchanged, tuple(refused), dry_run)


def _note_as_one(workspace_id: uuid.UUID, by: Member, started: uuid.UUID) -> None:
    # Thousands of new addresses are one walk over the mail, not one for each of them.
    noted = DirectoryChange.objects.filter(
        workspace_id=workspace_id, made_by=by, id__gt=started, done_at=None
    )
    if noted.count() > MOST_SEPARATE:
        noted.delete()
        note_changes(workspace_id, by=by, everything=True)
