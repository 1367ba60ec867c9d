"""Asks whether every file that a row names is there, with the bytes it was stored with."""

import hashlib
import uuid

from django.core.files.storage import default_storage

from accounts import tenancy
from activities.models import Attachment, MessageBody
from activities.services.bodies import blob_path

_CHUNK = 1024 * 1024


def broken_files(workspace_id: uuid.UUID) -> int:
    """How many files of the workspace are missing, or differ from their SHA-256. One query."""
    with tenancy.in_workspace(workspace_id):
        files = Attachment.objects.filter(workspace_id=workspace_id).values_list("sha256")
        raws = MessageBody.objects.filter(workspace_id=workspace_id).exclude(raw_sha256="")
        hashes = [row[0] for row in files.union(raws.values_list("raw_sha256"))]
    return sum(not _is_whole(workspace_id, sha256) for sha256 in hashes)


def _is_whole(workspace_id: uuid.UUID, sha256: str) -> bool:
    path = blob_path(workspace_id, sha256)
    if not default_storage.exists(path):
        return False
    digest = hashlib.sha256()
    with default_storage.open(path) as file:
        for chunk in file.chunks(_CHUNK):
            digest.update(chunk)
    return digest.hexdigest() == sha256
