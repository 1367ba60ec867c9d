"""Stores what a provider handed over: every delivery and the receipt, in one transaction."""

import uuid
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from accounts.sealing import keyed_hash
from bcc_inbound.addresses import token_in
from bcc_inbound.models import WebhookReceipt
from bcc_inbound.selectors import Route, find_route
from bcc_inbound.services.store_delivery import store_delivery

MOST_RECIPIENTS = 100
KEPT_FOR = timedelta(days=7)
"""Longer than any provider tries again."""


def accept_post(
    source: str,
    *,
    recipients: Sequence[str],
    envelope_sender: str,
    raw: bytes,
    event: str,
    reported: Sequence[Any],
    rebuilt: bool,
    peer: str = "",
    helo: str = "",
) -> list[uuid.UUID]:
    """Write one delivery for each recipient that is ours; answers whose workspaces have news.

    `event` is the provider's name of its request: the same one again changes nothing, whatever it
    carries. Nothing at all is written for recipients that are not ours.
    """
    routes = _routes(recipients)
    if not routes:
        return []
    with transaction.atomic():
        if event and not _is_first(source, event):
            return []
        for route in routes:
            store_delivery(
                route,
                raw=raw,
                envelope_sender=envelope_sender or "<>",
                source=source,
                reported=reported,
                rebuilt=rebuilt,
                peer=peer,
                helo=helo,
            )
    return list(dict.fromkeys(route.workspace_id for route in routes))


def forget_receipts() -> int:
    """Delete the receipts that no provider will ask for any more; how many there were."""
    deleted, _ = WebhookReceipt.objects.filter(received_at__lt=timezone.now() - KEPT_FOR).delete()
    return deleted


def _routes(recipients: Sequence[str]) -> list[Route]:
    ours = [one for one in dict.fromkeys(recipients) if token_in(one)]
    found = [find_route(one) for one in ours[:MOST_RECIPIENTS]]
    return list(dict.fromkeys(one for one in found if one is not None))


def _is_first(source: str, event: str) -> bool:
    """Write the receipt down. Whoever sends the same at this moment waits here for our end."""
    with connection.cursor() as cursor:
        cursor.execute(
            "insert into bcc_inbound_webhookreceipt (key, received_at)"
            " values (%s, statement_timestamp()) on conflict do nothing",
            [keyed_hash("webhook", source, event)],
        )
        return bool(cursor.rowcount == 1)
