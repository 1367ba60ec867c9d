"""The real copy of a forwarded mail, and the forwards of a mail, where both are in the record.

They are found when they are looked at, so it is the same whichever came first, and each is only
shown to those who may see it. Nothing is merged. A constant number of queries.
"""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db.models import Q

from activities.mail.fingerprint import fold_subject
from activities.mail.forward import is_of_the_same_moment
from activities.models import Activity, ForwardedMail, Message, Participant
from activities.selectors.lines import Line, line_of, with_rows
from activities.selectors.one_activity import Shown
from activities.selectors.visible import Sight, seen, shows_everything, shows_subject
from contacts.addresses import without_tag

MOST = 5
MOST_CANDIDATES = 100
# A header without a zone may be half a day and more away from the instant.
_WINDOW = timedelta(hours=15)


@dataclass(frozen=True, slots=True)
class Related:
    """What belongs to a mail: the `header` of what it forwards as its text tells it, the
    `originals` of that in the record, and its own `forwards`."""

    header: ForwardedMail | None = None
    originals: tuple[Line, ...] = field(default=())
    forwards: tuple[Line, ...] = field(default=())


def related(sight: Sight, mail: Shown) -> Related:
    """Both directions for one mail, as far as the member may see the other one."""
    message = mail.activity.message
    if message is None or not mail.shares_subject:
        return Related()
    rows = list(message.forwarded.all()) if mail.shares_text else []
    originals = _originals(sight, message, rows) if rows else set()
    forwards = _forwards(sight, mail, message)
    lines = _lines(sight, originals | forwards)
    return Related(
        rows[0] if rows else None,
        tuple(line for key, line in lines.items() if key in originals),
        tuple(line for key, line in lines.items() if key in forwards),
    )


def _originals(sight: Sight, message: Message, rows: Sequence[ForwardedMail]) -> set[uuid.UUID]:
    others = Message.objects.filter(workspace_id=sight.workspace_id).exclude(id=message.id)
    prints = [bytes(row.fingerprint) for row in rows if row.fingerprint]
    found = list(others.filter(fingerprint__in=prints).prefetch_related("participants"))
    moments = [at for row in rows if row.base and (at := _moment(row)) is not None]
    if moments:
        # By the writer an index finds them; the window only narrows it down.
        near = others.filter(
            participants__base__in={row.base for row in rows if row.base},
            participants__role="from",
            sent_at__range=(min(moments) - _WINDOW, max(moments) + _WINDOW),
        )
        found += near.prefetch_related("participants")[:MOST_CANDIDATES]
    candidates = {one.id: one for one in found}.values()
    fitting = [_matching(row, candidates) for row in rows]
    # First what the member may see, and only then whether it is the only one: that another one is
    # there, where they cannot look, is not told by a link that is missing.
    visible = _visible(sight, {one for ids in fitting for one in ids})
    return {one for ids in fitting for one in _only([each for each in ids if each in visible])}


def _matching(row: ForwardedMail, candidates: Iterable[Message]) -> list[uuid.UUID]:
    return [one.id for one in candidates if _is_original(row, one, one.participants.all())]


def _only(found: list[uuid.UUID]) -> list[uuid.UUID]:
    """Where several fit, nobody can say which it was."""
    return found if len(found) == 1 else []


def _forwards(sight: Sight, mail: Shown, message: Message) -> set[uuid.UUID]:
    writers = {without_tag(one.address) for one in mail.people if one.role == "from"}
    found = ForwardedMail.objects.filter(
        Q(base__in=writers) & ~Q(base=""), workspace_id=sight.workspace_id
    ).exclude(message=message)
    rows = found.order_by("-id")[:MOST_CANDIDATES]
    return {row.message_id for row in rows if _is_original(row, message, mail.people)}


def _is_original(row: ForwardedMail, message: Message, people: Iterable[Participant]) -> bool:
    """Whether the row's header is this message's: the same copy, or writer, moment and subject."""
    if row.fingerprint:
        return message.fingerprint is not None and bytes(message.fingerprint) == bytes(
            row.fingerprint
        )
    writers = {without_tag(one.address) for one in people if one.role == "from"}
    if row.base not in writers or message.sent_at is None:
        return False
    clock = datetime.fromisoformat(row.clock) if row.clock else None
    same = is_of_the_same_moment(message.sent_at, instant=row.sent_at, clock=clock)
    same = same and fold_subject(row.subject) == fold_subject(message.subject)
    return same and _went_to(row, people)


def _went_to(row: ForwardedMail, people: Iterable[Participant]) -> bool:
    """Whether one of those whom the header names got the message, as far as both name any."""
    named = {without_tag(address) for _role, address in row.recipients}
    got = {without_tag(one.address) for one in people if one.role in {"to", "cc"}}
    return not named or not got or bool(named & got)


def _moment(row: ForwardedMail) -> datetime | None:
    if row.sent_at is not None:
        return row.sent_at
    return datetime.fromisoformat(f"{row.clock}+00:00") if row.clock else None


def _visible(sight: Sight, message_ids: set[uuid.UUID]) -> set[uuid.UUID | None]:
    if not message_ids:
        return set()
    rows = seen(sight).filter(message__in=message_ids).only("message_id", "sharing")
    return {one.message_id for one in rows if _tells(one)}


def _lines(sight: Sight, message_ids: set[uuid.UUID]) -> dict[uuid.UUID, Line]:
    """The rows of those that the member may see, at the level that shows what links them."""
    if not message_ids:
        return {}
    rows = with_rows(seen(sight).filter(message__in=message_ids), sight)
    found = [one for one in rows[: 2 * MOST] if _tells(one)]
    return {one.message_id: line_of(one) for one in found if one.message_id}


def _tells(activity: Activity) -> bool:
    return shows_subject(activity) or shows_everything(activity)
