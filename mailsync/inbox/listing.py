"""Which mails of a mailbox a list shows: private rows and own copies of logged mail, side by side.

Every list is a walk down an index of received times. What waits, and what one rule keeps private,
has one of its own. For the rest a request looks at a bounded number of copies: where a folder or a
search is rarer than that, the page says how far it looked and leads on. Below a policy PostgreSQL
may use no index for words or folders, since only leakproof operators pass it.
"""

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any

from django.db.models import BooleanField, Expression, F, Q, QuerySet, Value
from django.utils import timezone

from activities.models import PrivateMessage, Sighting
from activities.selectors.visible import Sight
from mailsync.inbox.asked import Asked
from mailsync.models import Mailbox

THREADS: dict[type, str] = {PrivateMessage: "thread_id", Sighting: "message__thread_id"}


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which mail of one mailbox: of one folder or of all, of one kind, and what was searched.

    `scope` is the provider's id of the folder, `show` one of SHOWN, `rule` the rule that keeps a
    mail private, or nothing. With `threads` it is asked of these alone, in all of the reader's
    mailboxes: then only their index is there for PostgreSQL to choose.
    """

    sight: Sight
    mailbox: Mailbox
    scope: str = ""
    show: str = "all"
    rule: str = ""
    asked: Asked = field(default_factory=Asked)
    threads: tuple[uuid.UUID, ...] | None = None

    @property
    def is_narrow(self) -> bool:
        """Whether rows are left out that no index leaves out, so that a page looks at more of them.

        What waits, and what one rule keeps private, has an index of its own; a day is a range.
        """
        asked = self.asked
        texts = asked.words or asked.writers or asked.readers or asked.subjects
        kinds = set(_kinds(self)) - {"waiting", "ignored"}
        return bool(self.scope or texts or (kinds and not self.rule))


SHOWN = ("all", "logged", "needs_project", "not_logged", "ignored")
_KINDS = {
    "logged": "logged",
    "needs_project": "waiting",
    "not_logged": "private",
    "ignored": "ignored",
}


def private_rows(wanted: Wanted) -> QuerySet[PrivateMessage]:
    """The private rows that are wanted, in no order."""
    rows = PrivateMessage.objects.filter(**_way(wanted))
    if wanted.rule:
        rows = rows.filter(rule=wanted.rule, outcome="not_logged")
    if wanted.show == "not_logged":
        rows = rows.filter(outcome="not_logged")
    if "logged" in _kinds(wanted):
        return rows.none()
    return _narrowed(rows, wanted, subject="subject", headers="headers")


def shared_rows(wanted: Wanted) -> QuerySet[Sighting]:
    """The member's own copies of logged mail that are wanted and still at the provider."""
    rows = Sighting.objects.filter(**_way(wanted), gone_at=None)
    if wanted.rule or {"private", "ignored"} & set(_kinds(wanted)):
        return rows.none()
    if "logged" in _kinds(wanted):
        rows = rows.exclude(outcome="needs_project")
    return _narrowed(rows, wanted, subject="message__subject", headers="message__headers")


def end_of_walk(wanted: Wanted, after: Q, many: int, *, upwards: bool = False) -> datetime | None:
    """The received time that `many` copies on from `after` reach; None where there are fewer."""
    if not wanted.is_narrow:
        return None
    order = ("received_at", "id") if upwards else ("-received_at", "-id")
    # Only columns of the index are asked for, so the copies themselves are not read.
    way = Q(**_way(wanted)) & _days(wanted.asked) & after
    found = [
        moment
        for model in (PrivateMessage, Sighting)
        for moment in model.objects.filter(way)
        .order_by(*order)
        .values_list("received_at", flat=True)[many : many + 1]
    ]
    if not found:
        return None
    return min(found) if upwards else max(found)


class NamedOn(Expression):
    """Whether somebody in one of the roles has the text in their address or name."""

    output_field = BooleanField()

    def __init__(self, headers: str, roles: Collection[str], text: str) -> None:
        super().__init__()
        escaped = text.replace("\\", r"\\").replace("%", r"\%").replace("_", r"\_")
        self.sources: list[Any] = [F(headers), Value(f"%{escaped}%")]
        self.roles = list(roles)

    def get_source_expressions(self) -> list[Any]:
        return self.sources

    def set_source_expressions(self, exprs: Sequence[Any]) -> None:
        self.sources = list(exprs)

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        headers, bound = compiler.compile(self.sources[0])
        pattern, given = compiler.compile(self.sources[1])
        return (
            f"exists (select 1 from jsonb_array_elements({headers} -> 'participants') one"
            " where one ->> 0 = any(%s) and (one ->> 1 ilike "
            f"{pattern} or one ->> 2 ilike {pattern}))",
            (*bound, self.roles, *given, *given),
        )


def _way(wanted: Wanted) -> dict[str, Any]:
    return {
        "workspace_id": wanted.sight.workspace_id,
        "owner_id": wanted.sight.member_id,
        **({"channel_id": wanted.mailbox.channel_id} if wanted.threads is None else {}),
    }


def _kinds(wanted: Wanted) -> tuple[str, ...]:
    shown = _KINDS.get(wanted.show)
    return (*wanted.asked.kinds, *((shown,) if shown else ()))


def _narrowed(rows: Any, wanted: Wanted, *, subject: str, headers: str) -> Any:
    asked = wanted.asked
    if wanted.threads is not None:
        rows = rows.filter(**{f"{THREADS[rows.model]}__in": wanted.threads})
    if wanted.scope:
        rows = rows.filter(scopes__contains=[wanted.scope])
    kinds = [_OF_KIND[kind] for kind in _kinds(wanted) if kind in _OF_KIND]
    return rows.filter(_days(asked), *kinds, *_texts(asked, subject, headers))


def _days(asked: Asked) -> Q:
    days = Q()
    if asked.before:
        days &= Q(received_at__lt=_midnight(asked.before))
    if asked.after:
        days &= Q(received_at__gte=_midnight(asked.after))
    return days


def _texts(asked: Asked, subject: str, headers: str) -> list[Q]:
    anybody = (*_WRITERS, *_READERS)
    return [
        *(Q(**{f"{subject}__icontains": text}) for text in asked.subjects),
        *(Q(NamedOn(headers, _WRITERS, text)) for text in asked.writers),
        *(Q(NamedOn(headers, _READERS, text)) for text in asked.readers),
        *(
            Q(**{f"{subject}__icontains": text}) | Q(NamedOn(headers, anybody, text))
            for text in asked.words
        ),
    ]


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


_WRITERS, _READERS = ("from", "sender"), ("to", "cc")
_SEEN = Q(flags__contains=["seen"])
_OF_KIND = {
    "waiting": Q(outcome="needs_project"),
    "ignored": Q(rule="R3"),
    "unread": Q(direction="in") & ~_SEEN,
    "read": Q(direction="out") | _SEEN,
    "sent": Q(direction="out"),
    "received": Q(direction="in"),
}
