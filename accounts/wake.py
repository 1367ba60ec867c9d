"""Wakes workers up. Nothing depends on it: the work is rows, and a sweeper finds what is due."""

import logging

from celery import current_app

logger = logging.getLogger(__name__)


def wake(task: str, *ids: str) -> bool:
    """Ask for a task by name with ids as arguments; False when the broker did not take it.

    A broker that is down must neither fail a request nor lose anything, so whatever it raises is
    swallowed and logged without the arguments.
    """
    try:
        current_app.signature(task, args=ids).apply_async(ignore_result=True, retry=False)
    except Exception as error:  # the broker's library raises errors of many families
        logger.warning("The broker did not take a wake-up for %s: %s", task, type(error).__name__)
        return False
    return True
