"""Notes what a push says: these mailboxes may have news. Each of its items is judged alone.

What a burst told just now is not written again, so that it costs hardly more than reads.
"""

import hmac
import uuid
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import NamedTuple

from django.db.models import Q
from django.db.models.functions import Least, Now

from accounts import sealing, tenancy
from activities.services import rows
from mailsync.models import Subscription
from mailsync.providers.pushes import News, Push
from mailsync.services import hints

# A burst of warnings is one: a subscription that was renewed just now is not renewed again.
RENEWED_JUST_NOW = timedelta(minutes=5)


class Route(NamedTuple):
    """The way to a mailbox, as a task takes it."""

    workspace_id: uuid.UUID
    mailbox_id: uuid.UUID
    owner_id: uuid.UUID


# In SQL, because a burst asks it ten thousand times. The last column says that a further hint
# about the mailbox would tell nothing new (mailsync/services/hints.py).
_ASKED = """
select s.provider_id, s.id, s.secret_hash, h.id is not null from mailsync_subscription s
join mailsync_mailbox m on m.workspace_id = s.workspace_id and m.id = s.mailbox_id
left join mailsync_hint h on h.workspace_id = m.workspace_id and h.mailbox_id = m.id
and h.heard_at > m.began_at and (h.due_at <= h.since
    and (m.leased_until is null or m.leased_until < statement_timestamp())
    or h.times >= %s and h.heard_at > statement_timestamp() - %s)
where s.workspace_id = %s and s.id = any(%s::uuid[])
"""


@dataclass(slots=True)
class Heard:
    """What a push led to. `wanted` are mailboxes of whose news nobody knew, `renewed` those whose
    subscription is to be looked after; `known` counts mailboxes or items that were believed."""

    known: int = 0
    unknown: int = 0
    refused: int = 0
    wanted: list[Route] = field(default_factory=list)
    renewed: list[Route] = field(default_factory=list)


def hear_address(address: str) -> Heard:
    """Mark every mailbox with this address, in whatever workspace; its sender was proven.

    One query where all of them were heard just now, and four more a workspace.
    """
    found = tenancy.call("mailsync_addressed", address)
    heard = Heard(known=len(found))
    by_workspace: dict[uuid.UUID, list[Route]] = defaultdict(list)
    for workspace_id, mailbox_id, owner_id, just_heard_id in found:
        if just_heard_id is None:
            by_workspace[workspace_id].append(Route(workspace_id, mailbox_id, owner_id))
    for workspace_id, routes in by_workspace.items():
        with tenancy.in_workspace(workspace_id):
            heard.wanted += _want(workspace_id, routes)
    return heard


def hear_subscribed(pushes: Sequence[Push]) -> Heard:
    """Judge every item by its subscription's secret, and mark what the proven ones are about.

    The number of queries depends on the workspaces among them, never on the number of items.
    """
    heard = Heard()
    if not pushes:
        return heard
    ways: dict[uuid.UUID, dict[uuid.UUID, Route]] = defaultdict(dict)
    names = sorted({push.subscription for push in pushes})
    for workspace_id, row_id, mailbox_id, owner_id in tenancy.call("mailsync_pushed", names):
        ways[workspace_id][row_id] = Route(workspace_id, mailbox_id, owner_id)
    for workspace_id, routes in ways.items():
        with tenancy.in_workspace(workspace_id):
            _judge(workspace_id, routes, pushes, heard)
    heard.unknown = len(pushes) - heard.known - heard.refused
    return heard


def secret_hash(secret: str) -> bytes:
    """What is kept of a subscription's secret."""
    return sealing.keyed_hash("mailsync.subscription", secret)


def _judge(
    workspace_id: uuid.UUID,
    routes: dict[uuid.UUID, Route],
    pushes: Sequence[Push],
    heard: Heard,
) -> None:
    asked = [hints.BURST, hints.JUST_NOW, str(workspace_id), [str(one) for one in routes]]
    told = {name: rest for name, *rest in rows.fetch((_ASKED, asked))}
    news: dict[News, set[uuid.UUID]] = defaultdict(set)
    for push in pushes:
        if push.subscription not in told:
            continue
        row_id, kept, _ = told[push.subscription]
        if hmac.compare_digest(secret_hash(push.secret), bytes(kept)):
            heard.known += 1
            news[push.news].add(row_id)
        else:
            heard.refused += 1
    known = {row_id for row_id, _, just_heard in told.values() if just_heard}
    wanted = [routes[one] for one in sorted(news[News.MAIL] - known)]
    heard.wanted += _want(workspace_id, wanted)
    heard.renewed += _look_after(workspace_id, routes, news)


def _want(workspace_id: uuid.UUID, routes: Sequence[Route]) -> list[Route]:
    """Note the hints, in the caller's transaction; returns the ways to those that are new."""
    ids = [route.mailbox_id for route in routes]
    if not ids:
        return []
    fresh = hints.note(workspace_id, ids)
    Subscription.objects.filter(workspace_id=workspace_id, mailbox_id__in=ids).update(
        pushed_at=Now()
    )
    return [route for route in routes if route.mailbox_id in fresh]


def _look_after(
    workspace_id: uuid.UUID, routes: dict[uuid.UUID, Route], news: dict[News, set[uuid.UUID]]
) -> list[Route]:
    """Make subscriptions due: at once where they are gone, and once where they end soon."""
    ours = Subscription.objects.filter(workspace_id=workspace_id)
    gone = news[News.ENDED]
    if gone:
        ours.filter(id__in=gone).update(
            provider_id="", secret_hash=b"", expires_at=None, failures=0, renew_at=Now()
        )
    ending = set(
        ours.filter(
            Q(renewed_at=None) | Q(renewed_at__lt=Now() - RENEWED_JUST_NOW),
            id__in=news[News.ENDS_SOON] - gone,
            renew_at__gt=Now(),
        ).values_list("id", flat=True)
        if news[News.ENDS_SOON] - gone
        else ()
    )
    if ending:
        ours.filter(id__in=ending).update(renew_at=Least("renew_at", Now()))
    return [routes[one] for one in sorted(gone | ending)]
