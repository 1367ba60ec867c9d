"""Wakes up the re-decision. A task takes ids, and the rows say what is to do."""

import logging
import uuid

from celery import shared_task
from django.db import OperationalError

from accounts import tenancy
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
        redecide.delay(str(workspace_id))


def wake_redecide(workspace_id: uuid.UUID) -> None:
    """Ask for a re-decision soon; a broker that is down costs at most one sweep."""
    try:
        redecide.delay(str(workspace_id))
    except Exception as error:  # noqa: BLE001 - whatever the broker raises, the row is safe
        log.warning("The broker did not take a wake-up: %s", type(error).__name__)
