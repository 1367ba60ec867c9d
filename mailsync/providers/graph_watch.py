"""Pushes about a Microsoft mailbox: one subscription to all of its messages.

https://learn.microsoft.com/graph/api/resources/subscription
"""

from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote

from mailsync.providers.base import Watch
from mailsync.providers.errors import MessageGone
from mailsync.providers.graph_calls import Ask, Calls
from mailsync.providers.graph_messages import moment
from mailsync.providers.graph_place import graph_time

# Messages allow 10,080 minutes; a little less, since Graph measures with its own clock.
LONGEST = timedelta(minutes=10_080 - 15)


def subscribed(calls: Calls, address: str, secret: str, lifecycle: str) -> Watch:
    """Ask for pushes. Graph asks `address` for a proof before it answers."""
    wanted: dict[str, Any] = {
        "changeType": "created,updated,deleted",
        "notificationUrl": address,
        "resource": "me/messages",
        "expirationDateTime": graph_time(datetime.now(UTC) + LONGEST),
        "clientState": secret,
    }
    if lifecycle:
        wanted["lifecycleNotificationUrl"] = lifecycle
    return _watch(calls.send_json("POST", "/subscriptions", wanted))


def renewed(calls: Calls, watch: Watch, address: str, secret: str) -> Watch:
    """Prolong it, or subscribe anew where it is gone. Nothing but the end can be changed, so a
    watch that was prolonged keeps its secret, and only a new id comes with the new one."""
    end = graph_time(datetime.now(UTC) + LONGEST)
    try:
        return _watch(calls.send_json("PATCH", _path(watch), {"expirationDateTime": end}))
    except MessageGone:
        # The door for what befalls the subscription itself stands below the one for pushes.
        return subscribed(calls, address, secret, f"{address.rstrip('/')}/lifecycle/")


def unsubscribed(calls: Calls, watch: Watch) -> None:
    try:
        calls.send(Ask("DELETE", calls.root + _path(watch)))
    except MessageGone:
        return


def _watch(answer: dict[str, Any]) -> Watch:
    return Watch(str(answer.get("id") or ""), moment(answer.get("expirationDateTime")))


def _path(watch: Watch) -> str:
    return f"/subscriptions/{quote(watch.id, safe='')}"
