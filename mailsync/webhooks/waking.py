"""Wakes workers up for what a push marked, once that is committed."""

from collections.abc import Iterable
from functools import partial

from django.db import transaction

from accounts.wake import wake_soon
from mailsync.services.hear_pushes import Route


def wake_for(wanted: Iterable[Route], renewed: Iterable[Route] = ()) -> None:
    """Read these mailboxes, and look after the subscriptions of those, as soon as somebody can."""
    kicks = [("mailsync.tasks.keep_subscription", one) for one in renewed]
    kicks += [("mailsync.tasks.sync_mailbox", one) for one in wanted]
    for task, route in kicks:
        transaction.on_commit(partial(wake_soon, task, *map(str, route)))
