"""Notes that mailboxes have news, and says when a run should follow.

The first hint after a quiet time is followed by a run at once. Those that come during that run, or
right after it began, are followed by one more: a single one half a second later, but not within a
second of that run; several once they have paused for a second, or after ten seconds of them.

A pause of ours looks like one of theirs: a server that stalls hears nothing. So the more there is
of a burst, the longer its pause has to be: six hints and more, two a second or more, have ended
only once nothing was heard for five seconds, or after two minutes. So a burst makes two runs,
however large it is. One mail, and one more right after it, are no burst; nor is what strangers can
send for long, since vendors take about one mail a second for a mailbox.

What is due already is not written down again, except during a run: a backfill looks for news where
it is told of some (`heard_at` moves), and would not see the second mail of a minute otherwise.

A hint never waits for a page that commits, since it has a row of its own. It cannot be lost: a run
has seen only what was hinted at before it began, and whoever ends a run looks for later hints after
the mailbox was given back; who hints after that finds it free.
"""

import uuid
from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

from django.db import connection
from django.db.models import (
    DurationField,
    Exists,
    ExpressionWrapper,
    F,
    OuterRef,
    Q,
    QuerySet,
)
from django.db.models.functions import Now

from mailsync.models import READ_STATES, Hint, Mailbox

QUIET = timedelta(seconds=1)
# For so long hints that go on put a run off.
LONGEST = timedelta(seconds=10)
# So many hints, and so many a second of them, are a burst.
BURST, DENSE = 6, 2
QUIET_AFTER_A_BURST = timedelta(seconds=5)
LONGEST_BURST = timedelta(minutes=2)
# A burst writes a mailbox's row so often at most, once it is known to be one.
JUST_NOW = timedelta(seconds=0.25)

_NOTE = """
insert into mailsync_hint (id, workspace_id, mailbox_id, since, heard_at, due_at, times)
select gen_random_uuid(), m.workspace_id, m.id, coalesce(h.since, t.now), t.now, case
when h.id is null and m.began_at <= t.now - %(quiet)s then t.now
when h.id is null then greatest(m.began_at + %(quiet)s, t.now + %(quiet)s / 2)
when h.due_at <= h.since then h.due_at
when h.times + 1 >= greatest(%(burst)s, %(dense)s * extract(epoch from t.now - h.since))
then least(t.now + %(quiet_after_a_burst)s, h.since + %(longest_burst)s)
else least(t.now + %(quiet)s, h.since + %(longest)s) end,
coalesce(h.times, 0) + 1
from mailsync_mailbox m cross join (select statement_timestamp() as now) t
left join mailsync_hint h on h.workspace_id = m.workspace_id and h.mailbox_id = m.id
and h.heard_at > m.began_at
where m.workspace_id = %(workspace)s and m.id = any(%(ids)s::uuid[]) and m.state = any(%(read)s)
order by m.id
on conflict (workspace_id, mailbox_id) do update
set since = excluded.since, heard_at = excluded.heard_at, due_at = excluded.due_at,
times = excluded.times
where (select mailsync_hint.heard_at <= m.began_at
or mailsync_hint.heard_at < excluded.heard_at - case
when mailsync_hint.times < %(burst)s
and (mailsync_hint.due_at > mailsync_hint.since or m.leased_until >= excluded.heard_at)
then interval '0' else %(just_now)s end
from mailsync_mailbox m
where m.workspace_id = excluded.workspace_id and m.id = excluded.mailbox_id)
returning mailbox_id, since = heard_at
"""


def note(workspace_id: uuid.UUID, mailbox_ids: Collection[uuid.UUID]) -> set[uuid.UUID]:
    """Write down that these have news, in the caller's transaction.

    Returns those of which it was not known: somebody should be woken up for them. One query.
    """
    given: dict[str, Any] = {
        "workspace": str(workspace_id),
        "ids": [str(one) for one in mailbox_ids],
        "read": [str(state) for state in READ_STATES],
        "quiet": QUIET,
        "quiet_after_a_burst": QUIET_AFTER_A_BURST,
        "burst": BURST,
        "dense": DENSE,
        "longest": LONGEST,
        "longest_burst": LONGEST_BURST,
        "just_now": JUST_NOW,
    }
    with connection.cursor() as cursor:
        cursor.execute(_NOTE, given)
        return {mailbox_id for mailbox_id, fresh in cursor.fetchall() if fresh}


def is_due(workspace_id: uuid.UUID) -> Exists:
    """That a run of the mailbox should follow a hint by now."""
    return Exists(_open(workspace_id).filter(mailbox_id=OuterRef("pk"), due_at__lte=Now()))


def wait_of(workspace_id: uuid.UUID, mailbox_id: uuid.UUID) -> float | None:
    """Seconds until a run of this mailbox should follow a hint, negative when it is overdue.

    None without an open hint, and while a worker has the mailbox: it looks again at its end.
    """
    left = ExpressionWrapper(F("due_at") - Now(), output_field=DurationField())
    found = (
        _open(workspace_id)
        .filter(
            Q(mailbox__leased_until=None) | Q(mailbox__leased_until__lt=Now()),
            mailbox_id=mailbox_id,
            mailbox__failures=0,
            mailbox__state__in=set(READ_STATES) - {Mailbox.State.THROTTLED},
        )
        .annotate(left=left)
        .values_list("left", flat=True)
        .first()
    )
    return None if found is None else found.total_seconds()


def heard_at(workspace_id: uuid.UUID, mailbox_id: uuid.UUID) -> datetime | None:
    """When the last hint about this mailbox was written down, open or not."""
    hints = Hint.objects.filter(workspace_id=workspace_id, mailbox_id=mailbox_id)
    return hints.values_list("heard_at", flat=True).first()


def _open(workspace_id: uuid.UUID) -> QuerySet[Hint]:
    return Hint.objects.filter(workspace_id=workspace_id, heard_at__gt=F("mailbox__began_at"))
