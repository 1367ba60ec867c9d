"""Takes a member's own copies of a mail back: they no longer count (V2)."""

import uuid
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Member
from activities.models import (
    Activity,
    Assignment,
    Change,
    Channel,
    PendingParticipant,
    Sighting,
    TakenBack,
)
from activities.problems import RecordProblem
from activities.services.lock_activities import lock_activities
from activities.services.record_change import Moved, moved_activities, record_change
from activities.services.return_to_owners import make_private, return_to_owners
from activities.services.settle import settle
from activities.services.snapshot import take_snapshots
from activities.services.taken_out import mark_of_copy

_MOST_OPEN_FIRST = (
    Channel.Sharing.EVERYTHING,
    Channel.Sharing.SUBJECT,
    Channel.Sharing.METADATA,
)


@transaction.atomic
def take_back(workspace_id: uuid.UUID, *, by: Member, activity_id: uuid.UUID) -> Change:
    """Make the member's mailbox copies of the mail private again, now and for every later one.

    The activity goes unless another copy carries it; then it keeps what that copy earned. Raises
    RecordProblem where the member has no copy of it in a mailbox.
    """
    (activity,) = lock_activities(workspace_id, by, [activity_id])
    message = activity.message
    copies = list(
        Sighting.objects.filter(workspace_id=workspace_id, message=message, counts=True)
        .select_related("channel", "message")
        .prefetch_related("message__participants")
    )
    mine = [copy for copy in copies if copy.owner_id == by.id]
    if not any(copy.channel.source == Channel.Source.SYNC for copy in mine) or message is None:
        raise RecordProblem(
            _("None of your mailboxes has this mail, so there is nothing to take back.")
        )
    others = [copy for copy in copies if copy.owner_id != by.id]
    before = take_snapshots(workspace_id, [activity_id])
    prints = {mark_of_copy(workspace_id, copy) for copy in mine}
    for mark in prints:
        TakenBack.objects.get_or_create(workspace_id=workspace_id, owner=by, fingerprint=mark)
    _stop_counting(workspace_id, mine, keep_shared=bool(others))
    keep_what_others_earned(workspace_id, activity, others)
    loose = settle(workspace_id, [activity], by=by, at=timezone.now())
    gone = return_to_owners(workspace_id, loose, before, rule="V2", code="taken_back")
    named = [[str(copy.channel_id), copy.provider_id] for copy in mine]
    marks = Moved(
        {"taken_back": [], "copies": named},
        {"taken_back": [mark.hex() for mark in prints], "copies": named},
        thread_id=activity.thread_id,
    )
    return record_change(
        workspace_id,
        by=by,
        kind=Change.Kind.TAKE_BACK,
        summary=_("1 email taken back"),
        moved=[
            *moved_activities(before, take_snapshots(workspace_id, [activity_id])),
            *gone,
            marks,
        ],
    )


def bring_own_copies_back(
    workspace_id: uuid.UUID, by: Member, activities: list[Activity]
) -> list[Moved]:
    """Assigning a mail by hand is a newer act than taking one's own copy of it back (V2).

    Returns what the change writes down, so that undoing it takes the copies back again.
    """
    copies = Sighting.objects.filter(
        workspace_id=workspace_id, owner=by, message__activity__in=activities
    )
    homes = {
        mark_of_copy(workspace_id, copy): copy.message.thread_id
        for copy in copies.select_related("message")
    }
    for one in activities:
        if one.message is not None and one.message.fingerprint is not None:
            homes[bytes(one.message.fingerprint)] = one.message.thread_id
    rows = TakenBack.objects.filter(
        workspace_id=workspace_id, owner=by, fingerprint__in=list(homes)
    )
    brought = [
        Moved(
            {"was_taken_back": [bytes(row.fingerprint).hex(), row.taken_at.isoformat()]},
            {"was_taken_back": None},
            thread_id=homes[bytes(row.fingerprint)],
        )
        for row in rows
    ]
    rows.delete()
    return brought


def take_again(
    workspace_id: uuid.UUID,
    owner_id: uuid.UUID,
    *,
    thread_id: uuid.UUID,
    mark: bytes,
    taken_at: datetime,
) -> None:
    """Put back a mark that a later act had lifted; the owner's mailbox copies count no longer."""
    TakenBack.objects.get_or_create(
        workspace_id=workspace_id,
        owner_id=owner_id,
        fingerprint=mark,
        defaults={"taken_at": taken_at},
    )
    copies = Sighting.objects.filter(
        workspace_id=workspace_id, message__thread_id=thread_id, counts=True
    )
    copies = copies.select_related("channel", "message").prefetch_related("message__participants")
    same = [copy for copy in copies if mark_of_copy(workspace_id, copy) == mark]
    mine = [
        copy
        for copy in same
        if copy.owner_id == owner_id and copy.channel.source == Channel.Source.SYNC
    ]
    _stop_counting(workspace_id, mine, keep_shared=len(same) > len(mine))


def _stop_counting(workspace_id: uuid.UUID, mine: list[Sighting], *, keep_shared: bool) -> None:
    """A mailbox's copy becomes a private row; one that was sent in only stops to count."""
    for copy in mine:
        if copy.channel.source == Channel.Source.SYNC and keep_shared:
            make_private(workspace_id, copy, rule="V2", code="taken_back")
            copy.delete()
        else:
            Sighting.objects.filter(workspace_id=workspace_id, id=copy.id).update(counts=False)


def keep_what_others_earned(
    workspace_id: uuid.UUID, activity: Activity, others: list[Sighting]
) -> None:
    """What only the copies that were taken back had earned goes; what a hand made stays."""
    earned = {
        one["project_id"]
        for copy in others
        for part in ("recorded", "kept")
        for one in copy.decision.get(part, ())
    }
    rows = Assignment.objects.filter(workspace_id=workspace_id, activity=activity)
    if others:
        rows = rows.filter(origin=Assignment.Origin.ENGINE).exclude(project_id__in=earned)
    rows.delete()
    waits = PendingParticipant.objects.filter(workspace_id=workspace_id, activity=activity)
    waits.exclude(channel_id__in=[copy.channel_id for copy in others]).delete()
    levels = {
        copy.channel.sharing
        if copy.channel.source == Channel.Source.SYNC
        else Channel.Sharing.EVERYTHING
        for copy in others
    }
    activity.sharing = next(
        (level for level in _MOST_OPEN_FIRST if level in levels), activity.sharing
    )
    activity.save(update_fields=["sharing"])
