"""What Microsoft Graph sends: items that each name a subscription and carry its secret.

Source: learn.microsoft.com/graph/change-notifications-delivery-webhooks and
learn.microsoft.com/graph/change-notifications-lifecycle-events.
"""

from collections.abc import Mapping
from typing import Any

from mailsync.providers.pushes import News, Push

MOST_ITEMS = 1_000
_LONGEST_SECRET = 128
_NEWS = {
    "reauthorizationRequired": News.ENDS_SOON,
    "subscriptionRemoved": News.ENDED,
    "missed": News.MAIL,
}


def read_items(answer: Any) -> tuple[list[Push], int]:
    """The items of a notification, and how many others made no sense; raises ValueError."""
    items = answer.get("value") if isinstance(answer, Mapping) else None
    if not isinstance(items, list) or len(items) > MOST_ITEMS:
        raise ValueError("no items, or too many")
    pushes = [push for item in items if (push := _read(item)) is not None]
    return pushes, len(items) - len(pushes)


def _read(item: Any) -> Push | None:
    if not isinstance(item, Mapping):
        return None
    name, secret = item.get("subscriptionId"), item.get("clientState")
    event = item.get("lifecycleEvent")
    news = News.MAIL if event is None else _NEWS.get(event) if isinstance(event, str) else None
    if news is None or not isinstance(name, str) or not 0 < len(name) <= 500 or "\0" in name:
        return None
    if not isinstance(secret, str) or len(secret) > _LONGEST_SECRET:
        secret = ""
    return Push(name, secret, news)
