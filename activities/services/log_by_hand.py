"""Logs a mail of the member's own mailbox by hand, whatever the rules said of it (U2, V2)."""

import uuid
from collections.abc import Collection, Sequence
from dataclasses import replace

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Member
from activities.matching.decision import Decision
from activities.matching.words import Outcome, Source
from activities.models import Change, PrivateMessage
from activities.problems import AlreadyDone, NotThere
from activities.services.assign import Whom, assign
from activities.services.history import load_history
from activities.services.judge import Judged, judge
from activities.services.log_copies_again import stand_again
from activities.services.record import MessageRaceLost, record
from activities.services.seen_copies import private_copy
from activities.services.threads import Threads, facts_of


@transaction.atomic
def log_by_hand(
    workspace_id: uuid.UUID,
    *,
    by: Member,
    private_id: uuid.UUID,
    whom: Sequence[Whom],
    project_ids: Collection[uuid.UUID],
) -> Change:
    """Record a private mail on everybody named, in the projects, and return the change.

    The transaction must be opened for `by`, whose private row it is. Raises NotThere for what is
    not theirs, and what `assign` raises; then the mail stays private.
    """
    rows = PrivateMessage.objects.select_related("thread").select_for_update(of=("self",))
    row = rows.filter(workspace_id=workspace_id, owner=by, id=private_id).first()
    if row is None:
        raise NotThere(_("This mail is no longer there. Reload the page to see what is."))
    try:
        (result,) = record(workspace_id, [_as_logged(workspace_id, by, row)])
    except MessageRaceLost as race:
        sentence = _("Another copy of this mail was logged just now. Reload the page.")
        raise AlreadyDone(sentence) from race
    stand_again(workspace_id, result.activity_id)
    return assign(
        workspace_id,
        by=by,
        activity_ids=[result.activity_id] if result.activity_id else [],
        whom=whom,
        project_ids=project_ids,
    )


def _as_logged(workspace_id: uuid.UUID, by: Member, row: PrivateMessage) -> Judged:
    """The copy as it stands, with a person's word in the place of the engine's."""
    copy, before = private_copy(row)
    roots = [str(row.thread.root_id)]
    (judged,), _world = judge(
        workspace_id,
        [copy],
        threads=Threads(of=roots, facts=facts_of(workspace_id, roots)),
        history=load_history(workspace_id, by.id, [copy]),
        before=[before],
    )
    people = judged.decision.participants
    decision = Decision(Source.SYNC, Outcome.LOGGED, "U2", participants=people)
    return replace(judged, decision=decision)
