"""Deletes the files that no row names any more, such as those of mail that left the record."""

import time
import uuid
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import F, QuerySet
from django.db.models.functions import Collate

from accounts import tenancy
from accounts.models import Workspace
from activities.blob_storage import blobs
from activities.models import Attachment, MessageBody

AN_HOUR = timedelta(hours=1)
_PAGE = 5_000


@dataclass(frozen=True, slots=True)
class Collected:
    """How many files were deleted, how many bytes they had, and how many files stayed."""

    deleted: int = 0
    size: int = 0
    kept: int = 0


def stored_workspaces() -> list[uuid.UUID]:
    """The workspaces that have a folder in the blob store, whether or not they exist."""
    found = []
    for name in blobs.listdir("")[0]:
        with suppress(ValueError):
            found.append(uuid.UUID(name))
    return sorted(found)


def collect_blobs(workspace_id: uuid.UUID, *, older_than: timedelta = AN_HOUR) -> Collected:
    """Delete the workspace's files that no body and no attachment names; returns the counts.

    Files are written, or renewed, before the row that names them is committed: what is younger
    than `older_than` stays. A workspace that this database does not know keeps all it has, since
    its rows may stand in another one. At most one folder's names (a 256th) are held in memory.
    """
    before = time.time() - older_than.total_seconds()
    deleted = size = kept = 0
    with tenancy.in_workspace(workspace_id):
        if not Workspace.objects.filter(id=workspace_id).exists():
            return Collected()
        for path, is_named in _judged(workspace_id):
            gone = None if is_named else blobs.discard(path, before=before)
            deleted += gone is not None
            kept += gone is None
            size += gone or 0
    return Collected(deleted, size, kept)


def _judged(workspace_id: uuid.UUID) -> Iterator[tuple[str, bool]]:
    """Every file, and whether a row names it. Names and rows are read side by side, in order."""
    named = _named(workspace_id)
    current = next(named, None)
    for folder in _listed(str(workspace_id), 0):
        for name in _listed(f"{workspace_id}/{folder}", 1):
            while current is not None and current < name:
                current = next(named, None)
            yield f"{workspace_id}/{folder}/{name}", current == name


def _listed(path: str, kind: int) -> list[str]:
    """The folders (0) or the files (1) in a folder, in order."""
    return sorted(blobs.listdir(path)[kind]) if blobs.exists(path) else []


def _named(workspace_id: uuid.UUID) -> Iterator[str]:
    """The hashes that rows name, each once, in the order of their bytes. One query."""
    files = Attachment.objects.filter(workspace_id=workspace_id)
    raws = MessageBody.objects.filter(workspace_id=workspace_id).exclude(raw_sha256="")
    both = _hashes(files.order_by(), "sha256").union(_hashes(raws, "raw_sha256"))
    for row in both.order_by("blob").iterator(chunk_size=_PAGE):
        yield row["blob"]


def _hashes(named: QuerySet[Any], column: str) -> Any:
    return named.annotate(blob=Collate(F(column), "C")).values("blob")
