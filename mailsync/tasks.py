"""Wakes the reading of mailboxes up. The work itself waits in PostgreSQL."""

import logging
import time
import uuid
from collections.abc import Callable
from typing import Any

from celery import Task, current_app, shared_task
from celery.exceptions import SoftTimeLimitExceeded
from django.db import InterfaceError, OperationalError

from accounts import tenancy
from mailsync.services import aliases as aliases_of
from mailsync.services import farewells, subscriptions
from mailsync.services import fetch_bodies as bodies
from mailsync.services import send_mail as sending
from mailsync.services import sync_mailbox as syncing
from mailsync.services import take_off_record as taking_off
from mailsync.services import tell_owner as telling

log = logging.getLogger(__name__)

MOST = 200
BODY_SECONDS = 60

lost_kicks = 0


@shared_task(
    name="mailsync.tasks.sync_mailbox",
    autoretry_for=(OperationalError,),
    retry_backoff=True,
    max_retries=3,
)
def sync_mailbox(workspace_id: str, mailbox_id: str, owner_id: str) -> None:
    """One run of a mailbox; what follows queues up behind the other mailboxes."""
    run = syncing.sync_mailbox(
        uuid.UUID(workspace_id), mailbox_id=uuid.UUID(mailbox_id), owner_id=uuid.UUID(owner_id)
    )
    if run.again:
        kick(sync_mailbox, workspace_id, mailbox_id, owner_id, countdown=run.wait)
    if run.bodies:
        kick(sweep_bodies)
    if run.became_live:
        kick(keep_subscription, workspace_id, mailbox_id, owner_id)


@shared_task(
    name="mailsync.tasks.fetch_bodies",
    autoretry_for=(OperationalError,),
    retry_backoff=True,
    max_retries=3,
)
def fetch_bodies(workspace_id: str, channel_id: str) -> None:
    """Fetch a channel's bodies for a minute; what is left queues up behind the others."""
    deadline = time.monotonic() + BODY_SECONDS
    while bodies.fetch_bodies(uuid.UUID(workspace_id), channel_id=uuid.UUID(channel_id)):
        if time.monotonic() > deadline:
            kick(fetch_bodies, workspace_id, channel_id)
            return


@shared_task(
    name="mailsync.tasks.keep_subscription",
    autoretry_for=(OperationalError,),
    retry_backoff=True,
    max_retries=3,
)
def keep_subscription(workspace_id: str, mailbox_id: str, owner_id: str) -> None:
    """Make, renew or end what a mailbox's provider was asked to tell us."""
    made = subscriptions.keep_subscription(
        uuid.UUID(workspace_id), mailbox_id=uuid.UUID(mailbox_id), owner_id=uuid.UUID(owner_id)
    )
    if made:
        # What came while nobody told us.
        kick(sync_mailbox, workspace_id, mailbox_id, owner_id)


@shared_task(name="mailsync.tasks.sweep_subscriptions")
def sweep_subscriptions() -> None:
    """Wake up whatever subscription is due to be made, renewed or ended."""
    for ids in tenancy.call("mailsync_due_subscriptions", MOST):
        kick(keep_subscription, *map(str, ids))


@shared_task(name="mailsync.tasks.sweep_bodies")
def sweep_bodies() -> None:
    """Wake up every channel that has bodies to fetch."""
    for workspace_id, channel_id in tenancy.call("activities_due_bodies", MOST):
        kick(fetch_bodies, str(workspace_id), str(channel_id))


@shared_task(name="mailsync.tasks.sweep")
def sweep() -> None:
    """Wake up everything that is due; whatever kick was lost is made up here."""
    for ids in tenancy.call("mailsync_due", MOST):
        kick(sync_mailbox, *map(str, ids))
    sweep_bodies()


@shared_task(
    name="mailsync.tasks.send_mail",
    autoretry_for=(OperationalError,),
    retry_backoff=True,
    max_retries=3,
)
def send_mail(workspace_id: str, mail_id: str, owner_id: str) -> None:
    """Send one mail whose ten seconds are over."""
    sending.send_mail(
        uuid.UUID(workspace_id), mail_id=uuid.UUID(mail_id), owner_id=uuid.UUID(owner_id)
    )


@shared_task(name="mailsync.tasks.sweep_outbox")
def sweep_outbox() -> None:
    """Wake up every mail that is due to be sent, or was left by a worker that died."""
    for ids in tenancy.call("mailsync_outbox_due", MOST):
        kick(send_mail, *map(str, ids))


@shared_task(name="mailsync.tasks.part")
def part() -> None:
    """Give back the grants of mailboxes that were disconnected, and end their logged mail where
    their owner asked for that."""
    for workspace_id, farewell_id in tenancy.call("mailsync_farewells", MOST):
        _alone(farewells.say_farewell, workspace_id, farewell_id=farewell_id)
    deadline = time.monotonic() + BODY_SECONDS
    waiting = tenancy.call("mailsync_taken_off", MOST)
    while waiting:
        if time.monotonic() > deadline:
            kick(part)
            return
        # A batch of each in turn, so that a large mailbox makes nobody wait.
        waiting = [
            (workspace_id, mailbox_id, owner_id)
            for workspace_id, mailbox_id, owner_id in waiting
            if _alone(
                taking_off.take_off_record, workspace_id, mailbox_id=mailbox_id, owner_id=owner_id
            )
        ]


@shared_task(name="mailsync.tasks.read_aliases")
def read_aliases() -> None:
    """Follow the other addresses of mailboxes, of each about once a day."""
    for workspace_id, mailbox_id, owner_id in tenancy.call("mailsync_aliases_due", MOST):
        _alone(aliases_of.read_aliases, workspace_id, mailbox_id=mailbox_id, owner_id=owner_id)


@shared_task(name="mailsync.tasks.tell_owners")
def tell_owners() -> None:
    """Mail the owners of mailboxes that are no longer read, where a mail is due."""
    for workspace_id, mailbox_id, owner_id in tenancy.call("mailsync_lost", MOST):
        _alone(telling.tell_owner, workspace_id, mailbox_id=mailbox_id, owner_id=owner_id)


def _alone(act: Callable[..., bool], workspace_id: uuid.UUID, **ids: uuid.UUID) -> bool:
    """Do it for one of many; what nobody foresaw is its own trouble and not its neighbours'."""
    try:
        return act(workspace_id, **ids)
    except (OperationalError, InterfaceError, SoftTimeLimitExceeded):
        raise
    except Exception as error:
        named = " ".join(map(str, ids.values()))
        log.error("%s %s: %s", act.__name__, named, type(error).__name__)
        return False


def kick(task: Any, *ids: str, countdown: float = 0.0) -> None:
    """Wake a worker up, in so many seconds.

    Without a broker the work waits for the sweeper, and this is counted.

    Where tasks run at once, in `sync_loop`, a task that asks for itself waits for the next round,
    so that a long mailbox does not become a deep recursion.
    """
    global lost_kicks
    running: Task | None = current_app.current_task
    if current_app.conf.task_always_eager and running is not None and running.name == task.name:
        return
    try:
        task.apply_async(args=ids, ignore_result=True, countdown=countdown or None)
    except OperationalError:
        raise
    except Exception as error:
        lost_kicks += 1
        log.warning(
            "a wake-up did not reach the broker: %s (%d so far)", type(error).__name__, lost_kicks
        )
