"""Logs what a person typed in: a note, a call or a meeting."""

import uuid
from collections.abc import Collection, Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Member
from activities.models import Activity
from activities.problems import RecordProblem
from activities.services.assign import Whom, assign

LONGEST_TEXT = 20_000
LONGEST_TITLE = 200
KINDS = (Activity.Kind.NOTE, Activity.Kind.CALL, Activity.Kind.MEETING)


@transaction.atomic
def log_note(
    workspace_id: uuid.UUID,
    *,
    by: Member,
    kind: str,
    title: str,
    text: str,
    occurred_at: datetime,
    whom: Sequence[Whom],
    project_ids: Collection[uuid.UUID],
) -> Activity:
    """Store the activity on everybody named, in the projects, and return it.

    Raises RecordProblem or DirectoryProblem for what the person can put right.
    """
    if kind not in KINDS:
        raise RecordProblem(_("Choose a note, a call or a meeting."), field="kind")
    body, heading = text.replace("\x00", "").strip(), " ".join(title.replace("\x00", "").split())
    if not body and not heading:
        raise RecordProblem(_("Write what happened."), field="text")
    if len(body) > LONGEST_TEXT or len(heading) > LONGEST_TITLE:
        raise RecordProblem(_("This is too long. Use at most 20,000 characters."), field="text")
    activity = Activity.objects.create(
        workspace_id=workspace_id,
        kind=kind,
        state=Activity.State.UNASSIGNED,
        occurred_at=occurred_at,
        title=heading,
        text=body,
        author=by,
    )
    assign(workspace_id, by=by, activity_ids=[activity.id], whom=whom, project_ids=project_ids)
    activity.refresh_from_db()
    return activity
