"""Logs copies again that a change gave back to their owners, when the change is undone."""

import uuid
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime

from django.utils.translation import gettext as _

from accounts import tenancy
from activities.matching.decision import Decision
from activities.matching.words import Outcome, Source
from activities.models import Activity, Channel, PrivateMessage
from activities.problems import AlreadyDone
from activities.services.history import load_history
from activities.services.judge import Judged, judge
from activities.services.record import MessageRaceLost, record
from activities.services.seen_copies import private_copy
from activities.services.threads import Threads, facts_of


def log_copies_again(
    workspace_id: uuid.UUID, copies: Iterable[Sequence[str]], *, since: datetime
) -> None:
    """Log what is still private of these copies, [channel, provider id], whoever's they are.

    A copy that its owner took back after `since` stays private: that is their later act. Raises
    AlreadyDone where another copy of the message is logged at this very moment.
    """
    for row in _private_rows(workspace_id, copies):
        with tenancy.in_workspace(workspace_id, row.owner_id):
            if not _taken_back(workspace_id, row, since):
                _log(workspace_id, row)


def were_taken_back(
    workspace_id: uuid.UUID, copies: Iterable[Sequence[str]], *, since: datetime
) -> bool:
    """Whether the owner of one of these copies took it back after `since`."""
    for row in _private_rows(workspace_id, copies):
        with tenancy.in_workspace(workspace_id, row.owner_id):
            if _taken_back(workspace_id, row, since):
                return True
    return False


def _private_rows(
    workspace_id: uuid.UUID, copies: Iterable[Sequence[str]]
) -> Iterator[PrivateMessage]:
    named = [(uuid.UUID(channel_id), provider_id) for channel_id, provider_id in copies]
    channels = Channel.objects.filter(
        workspace_id=workspace_id, id__in=[one for one, _provider in named]
    )
    owners = dict(channels.exclude(owner=None).values_list("id", "owner_id"))
    for channel_id, provider_id in named:
        # A private row is open to its owner alone, so it is read and logged as its owner.
        with tenancy.in_workspace(workspace_id, owners.get(channel_id)):
            rows = PrivateMessage.objects.select_related("thread").select_for_update(of=("self",))
            row = rows.filter(
                workspace_id=workspace_id, channel_id=channel_id, provider_id=provider_id
            ).first()
        if row is not None:
            yield row


def _taken_back(workspace_id: uuid.UUID, row: PrivateMessage, since: datetime) -> bool:
    history = load_history(workspace_id, row.owner_id, [private_copy(row)[0]])
    return any(at > since for at in history.taken_back.values())


def _log(workspace_id: uuid.UUID, row: PrivateMessage) -> None:
    copy, before = private_copy(row)
    history = load_history(workspace_id, row.owner_id, [copy])
    roots = [str(row.thread.root_id)]
    (judged,), _world = judge(
        workspace_id,
        [copy],
        threads=Threads(of=roots, facts=facts_of(workspace_id, roots)),
        history=history,
        before=[before],
    )
    try:
        (result,) = record(workspace_id, [_logged(judged)])
    except MessageRaceLost as race:
        sentence = _("Another copy of this mail was logged just now. Reload the page.")
        raise AlreadyDone(sentence) from race
    stand_again(workspace_id, result.activity_id)


def stand_again(workspace_id: uuid.UUID, activity_id: uuid.UUID | None) -> None:
    """A mail that was taken back waits for its assignments once a copy of it counts again."""
    if activity_id is None:
        return
    Activity.objects.filter(
        workspace_id=workspace_id, id=activity_id, state=Activity.State.WITHDRAWN
    ).update(state=Activity.State.UNASSIGNED)


def _logged(judged: Judged) -> Judged:
    """What a rule earns stays the rule's; else it was a hand that logged it, and is again."""
    if judged.decision.outcome is Outcome.LOGGED:
        return judged
    people = judged.decision.participants
    return replace(
        judged, decision=Decision(Source.SYNC, Outcome.LOGGED, "U2", participants=people)
    )
