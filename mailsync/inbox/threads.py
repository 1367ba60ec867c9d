"""A member's own mail, thread by thread: one page of a list, and what stands before and after."""

import heapq
import uuid
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any

from django.db.models import F, Q
from django.http import HttpRequest

from accounts import keyset
from mailsync.inbox.lines import ThreadLine, lines_of
from mailsync.inbox.listing import ROOTS, Wanted, end_of_walk, heads, private_rows, shared_rows

PAGE = 50

_LEAST = uuid.UUID(int=0)


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
    id: uuid.UUID = _LEAST


def thread_page(request: HttpRequest, wanted: Wanted, *, size: int = 0) -> ThreadPage:
    """One page of threads, newest first. A constant number of queries."""
    size = size or PAGE
    after = keyset.place_of(request)
    older = _before(*after) if after else Q()
    end = end_of_walk(wanted, older)
    rows = _walk(wanted, older & Q(received_at__gte=end) if end else older, size + 1)
    lines = lines_of(wanted.sight, wanted.mailbox, rows[:size])
    if len(rows) > size:
        return ThreadPage(lines, keyset.url_after(request, rows[size - 1], by="received_at"), None)
    if end is None:
        return ThreadPage(lines, "", None)
    return ThreadPage(lines, keyset.url_after(request, Place(end), by="received_at"), end)


def beside(wanted: Wanted, root_id: uuid.UUID) -> tuple[uuid.UUID | None, uuid.UUID | None]:
    """The threads before (newer) and after (older) this one in the list, as far as a walk goes."""
    head = head_of(wanted, root_id)
    if head is None:
        return None, None
    newer, older = _after(head.received_at, head.id), _before(head.received_at, head.id)
    top, end = end_of_walk(wanted, newer, upwards=True), end_of_walk(wanted, older)
    before = _walk(wanted, newer & Q(received_at__lte=top) if top else newer, 1, upwards=True)
    behind = _walk(wanted, older & Q(received_at__gte=end) if end else older, 1)
    return (before[0].root if before else None), (behind[0].root if behind else None)


def head_of(wanted: Wanted, root_id: uuid.UUID) -> Any:
    """The newest mail of a thread that is wanted, or None."""
    own = [
        row
        for rows in (private_rows(wanted), shared_rows(wanted).select_related("message"))
        for row in rows.filter(**{ROOTS[rows.model].removesuffix("_id"): root_id})
        .annotate(root=F(ROOTS[rows.model]))
        .order_by("-received_at", "-id")[:1]
    ]
    return max(own, key=_key, default=None)


def _walk(wanted: Wanted, within: Q, size: int, *, upwards: bool = False) -> list[Any]:
    order = ("received_at", "id") if upwards else ("-received_at", "-id")
    both = [
        list(
            heads(rows.filter(within), wanted)
            .annotate(root=F(ROOTS[rows.model]))
            .order_by(*order)[:size]
        )
        for rows in (private_rows(wanted), shared_rows(wanted).select_related("message"))
    ]
    return list(islice(heapq.merge(*both, key=_key, reverse=not upwards), size))


def _key(row: Any) -> tuple[datetime, uuid.UUID]:
    return row.received_at, row.id


def _before(moment: datetime, row_id: uuid.UUID) -> Q:
    # The first condition is the range of the index, the second takes the ties apart.
    return Q(received_at__lte=moment) & (Q(received_at__lt=moment) | Q(id__lt=row_id))


def _after(moment: datetime, row_id: uuid.UUID) -> Q:
    return Q(received_at__gte=moment) & (Q(received_at__gt=moment) | Q(id__gt=row_id))
