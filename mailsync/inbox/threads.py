"""A member's own mail, thread by thread: one page of a list, and what stands before and after.

The walk takes at most two steps, the second longer. Each fetches mails by the index of received
times and then asks once, by the index of threads, which of them are the newest of theirs. Asked
mail by mail, PostgreSQL may read the whole mailbox for each.
"""

import uuid
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from django.db.models import Q
from django.http import HttpRequest

from accounts import keyset
from activities.models import Message, Thread
from mailsync.inbox.lines import Head, ThreadLine, family_of, lines_of
from mailsync.inbox.listing import THREADS, Wanted, end_of_walk, private_rows, shared_rows

PAGE = 50

# How many copies a step of the walk looks at, where it leaves some out, and how many it takes. Most
# pages are full after the first; within few copies no plan of PostgreSQL's can be a costly one.
STEPS = ((1_000, 200), (9_000, 1_000))

_LEAST, _GREATEST = uuid.UUID(int=0), uuid.UUID(int=2**128 - 1)


@dataclass(frozen=True, slots=True)
class ThreadPage:
    """`looked_back_to` is set where the walk ended before the page was full."""

    lines: list[ThreadLine]
    next_url: str
    looked_back_to: datetime | None


@dataclass(frozen=True, slots=True)
class Place:
    """Where a list goes on, when no row of it stands there."""

    received_at: datetime
    id: uuid.UUID


def thread_page(request: HttpRequest, wanted: Wanted) -> ThreadPage:
    """One page of threads, newest first. The number of queries does not grow with the mail."""
    walk = _Walk(wanted, keyset.place_of(request))
    heads = []
    for head in walk:
        heads.append(head)
        if len(heads) > PAGE:
            break
    lines = lines_of(wanted.sight, wanted.mailbox, heads[:PAGE])
    if len(heads) > PAGE:
        last = heads[PAGE - 1]
        return ThreadPage(lines, keyset.url_after(request, last, by="received_at"), None)
    if walk.stopped_at is None:
        return ThreadPage(lines, "", None)
    url = keyset.url_after(request, walk.stopped_at, by="received_at")
    return ThreadPage(lines, url, walk.stopped_at.received_at)


def beside(wanted: Wanted, root_id: uuid.UUID) -> tuple[uuid.UUID | None, uuid.UUID | None]:
    """The threads before (newer) and after (older) this one in the list, as far as a walk goes."""
    head = head_of(wanted, root_id)
    if head is None:
        return None, None
    place = (head.received_at, head.id)
    newer = next(iter(_Walk(wanted, place, upwards=True)), None)
    older = next(iter(_Walk(wanted, place)), None)
    return (newer.root_id if newer else None), (older.root_id if older else None)


def head_of(wanted: Wanted, root_id: uuid.UUID) -> Head | None:
    """The newest mail of a thread that is wanted, or None."""
    return _newest(wanted, {root_id}).get(root_id)


class _Walk:
    """The heads of threads on from a place, newest first or, upwards, oldest first.

    `stopped_at` is where it ended although there is more, once it was walked to its end.
    """

    def __init__(
        self, wanted: Wanted, place: tuple[datetime, uuid.UUID] | None, *, upwards: bool = False
    ) -> None:
        self.wanted, self.place, self.upwards = wanted, place, upwards
        self.stopped_at: Place | None = None

    def __iter__(self) -> Iterator[Head]:
        for within, most in STEPS:
            end = end_of_walk(self.wanted, self._on(), within, upwards=self.upwards)
            mails = self._step(end, most)
            newest = _newest(self.wanted, {mail.root_id for mail in mails})
            yield from (mail for mail in mails if newest.get(mail.root_id) == mail)
            if len(mails) == most:
                self.place = (mails[-1].received_at, mails[-1].id)
            elif end is not None:
                self.place = (end, _GREATEST if self.upwards else _LEAST)
            else:
                return
        self.stopped_at = Place(*self.place) if self.place else None

    def _step(self, end: datetime | None, most: int) -> list[Head]:
        """The next mails of both tables, whether or not they are heads."""
        within, order = self._on(), ("received_at", "id") if self.upwards else _NEWEST_FIRST
        if end is not None:
            within &= Q(received_at__lte=end) if self.upwards else Q(received_at__gte=end)
        found = [
            row
            for rows, owner in (
                (private_rows(self.wanted), "thread_id"),
                (shared_rows(self.wanted), "message_id"),
            )
            for row in rows.filter(within)
            .order_by(*order)
            .values_list("received_at", "id", owner)[:most]
        ]
        found.sort(reverse=not self.upwards)
        found = found[:most]
        roots = _roots(self.wanted, {thread_or_message for _at, _id, thread_or_message in found})
        return [Head(at, row_id, roots[one]) for at, row_id, one in found]

    def _on(self) -> Q:
        if self.place is None:
            return Q()
        moment, row_id = self.place
        # The first condition is the range of the index, the second takes the ties apart.
        if self.upwards:
            return Q(received_at__gte=moment) & (Q(received_at__gt=moment) | Q(id__gt=row_id))
        return Q(received_at__lte=moment) & (Q(received_at__lt=moment) | Q(id__lt=row_id))


_NEWEST_FIRST = ("-received_at", "-id")


def _roots(wanted: Wanted, ids: set[uuid.UUID]) -> dict[uuid.UUID, uuid.UUID]:
    """The root of each of these threads, and of the thread of each of these messages.

    Only the mails that are taken are asked for their threads: a step reads more than it takes.
    """
    workspace_id = wanted.sight.workspace_id
    threads = Thread.objects.filter(workspace_id=workspace_id, id__in=ids)
    messages = Message.objects.filter(workspace_id=workspace_id, id__in=ids)
    return {
        **dict(threads.values_list("id", "root_id")),
        **dict(messages.values_list("id", "thread__root_id")),
    }


def _newest(wanted: Wanted, roots: set[uuid.UUID]) -> dict[uuid.UUID, Head]:
    """Of each thread its newest mail in the list."""
    family = family_of(wanted.sight, roots)
    inside = replace(wanted, threads=tuple(family))
    found: dict[uuid.UUID, Head] = {}
    for rows in (private_rows(inside), shared_rows(inside)):
        thread = THREADS[rows.model]
        newest = rows.order_by(thread, "channel_id", *_NEWEST_FIRST).distinct(thread, "channel_id")
        for at, row_id, own, channel_id in newest.values_list(
            "received_at", "id", thread, "channel_id"
        ):
            head = Head(at, row_id, family[own])
            if channel_id == wanted.mailbox.channel_id:
                found[head.root_id] = max(head, found.get(head.root_id, head))
    return found
