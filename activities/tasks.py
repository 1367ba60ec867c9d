"""Wakes up the background work. A task takes ids, and the rows say what is to do."""

import logging
import uuid

from celery import shared_task
from django.db import OperationalError

from accounts import tenancy
from accounts.wake import wake
from activities.services import collect_blobs as blobs
from activities.services.redecide import due_changes, work_off_change

log = logging.getLogger(__name__)


@shared_task(autoretry_for=(OperationalError,), retry_backoff=True, max_retries=5)
def redecide(workspace_id: str) -> int:
    """Work off what changed in the directory of one workspace; the number of changes done."""
    workspace = uuid.UUID(workspace_id)
    with tenancy.in_workspace(workspace):
        waiting = due_changes(workspace)
    return sum(work_off_change(workspace, change) for change in waiting)


@shared_task
def sweep() -> None:
    """Wake up every workspace that has changes waiting: nothing depends on a message arriving."""
    for (workspace_id,) in tenancy.call("contacts_due_changes", 200):
        wake("activities.tasks.redecide", str(workspace_id))


@shared_task(soft_time_limit=1500, time_limit=1600)
def collect_blobs() -> None:
    """Delete the files of mail that left the record, in every workspace."""
    for workspace_id in blobs.stored_workspaces():
        done = blobs.collect_blobs(workspace_id)
        if done.deleted:
            log.info("workspace %s: %d files deleted", workspace_id, done.deleted)
