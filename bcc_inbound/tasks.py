"""Wakes the processing of deliveries up. The work itself waits in PostgreSQL."""

import logging
from uuid import UUID

from celery import Task, shared_task
from kombu.exceptions import OperationalError

from accounts import tenancy
from bcc_inbound.services.accept_post import forget_receipts
from bcc_inbound.services.process_deliveries import process_deliveries

logger = logging.getLogger(__name__)

MOST_WORKSPACES = 200


@shared_task(name="bcc_inbound.tasks.process", bind=True)
def process(task: Task, workspace_id: str) -> None:
    """Process one batch of a workspace's deliveries. What is left queues up behind the others."""
    while process_deliveries(UUID(workspace_id)).claimed:
        if not task.request.is_eager:
            process.delay(workspace_id)
            return


@shared_task(name="bcc_inbound.tasks.sweep")
def sweep() -> None:
    """Wake up every workspace that has something due; whatever kick was lost is made up here."""
    for (workspace_id,) in tenancy.call("bcc_inbound_due", MOST_WORKSPACES):
        process.delay(str(workspace_id))


@shared_task(name="bcc_inbound.tasks.tidy")
def tidy() -> None:
    """Forget the receipts of requests that no provider repeats any more."""
    logger.info("receipts forgotten: %d", forget_receipts())


def kick(workspace_id: UUID) -> None:
    """Wake the workers up for a workspace. Without a broker the sweeper finds the work later."""
    try:
        process.delay(str(workspace_id))
    except OperationalError:
        logger.warning("a wake-up did not reach the broker")
