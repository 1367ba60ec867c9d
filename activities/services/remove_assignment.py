"""Takes one assignment away, or changes the interaction type that it carries (R8, R10)."""

import uuid

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Member
from activities.models import Assignment, Change
from activities.problems import NotThere, RecordProblem
from activities.selectors.visible import sight_of
from activities.services.lock_activities import lock_activities
from activities.services.record_change import moved_activities, record_change
from activities.services.return_to_owners import return_to_owners
from activities.services.settle import settle
from activities.services.snapshot import take_snapshots

LONGEST_TYPE = 60


@transaction.atomic
def remove_assignment(
    workspace_id: uuid.UUID, *, by: Member, activity_id: uuid.UUID, assignment_id: uuid.UUID
) -> Change:
    """Take the activity out of one place and keep it out: no rule puts it back there.

    What bcc or sent brought and now stands nowhere goes to Unassigned; what only mailboxes
    brought belongs to their owners alone again.
    """
    (activity,) = lock_activities(workspace_id, by, [activity_id])
    assignment = _found(workspace_id, by, activity_id, assignment_id)
    before = take_snapshots(workspace_id, [activity_id])
    now = timezone.now()
    activity.taken_out[str(assignment.project_id)] = now.isoformat()
    target = str(assignment.contact or assignment.company or assignment.project)
    assignment.delete()
    loose = settle(workspace_id, [activity], by=by, at=now)
    gone = return_to_owners(
        workspace_id, loose, before, rule="R8", code="taken_out", args=(str(assignment.project_id),)
    )
    after = take_snapshots(workspace_id, [activity_id])
    return record_change(
        workspace_id,
        by=by,
        kind=Change.Kind.EDIT,
        summary=_("1 activity taken off %(target)s") % {"target": target},
        moved=[*moved_activities(before, after), *gone],
    )


@transaction.atomic
def change_interaction_type(
    workspace_id: uuid.UUID,
    *,
    by: Member,
    activity_id: uuid.UUID,
    assignment_id: uuid.UUID,
    interaction_type: str,
) -> Change:
    """Give an assignment another interaction type than its project's."""
    lock_activities(workspace_id, by, [activity_id])
    assignment = _found(workspace_id, by, activity_id, assignment_id)
    name = " ".join(interaction_type.split())
    if not name or len(name) > LONGEST_TYPE or not name.isprintable():
        sentence = _("Enter an interaction type of at most 60 characters.")
        raise RecordProblem(sentence, field="interaction_type")
    before = take_snapshots(workspace_id, [activity_id])
    assignment.interaction_type = name
    assignment.save(update_fields=["interaction_type"])
    return record_change(
        workspace_id,
        by=by,
        kind=Change.Kind.EDIT,
        summary=_("Interaction type changed to %(type)s") % {"type": name},
        moved=moved_activities(before, take_snapshots(workspace_id, [activity_id])),
    )


def _found(
    workspace_id: uuid.UUID, by: Member, activity_id: uuid.UUID, assignment_id: uuid.UUID
) -> Assignment:
    rows = Assignment.objects.select_related("contact", "company", "project").filter(
        workspace_id=workspace_id,
        activity_id=activity_id,
        id=assignment_id,
        project_id__in=sight_of(workspace_id, by).project_ids,
    )
    found = rows.first()
    if found is None:
        raise NotThere(_("This assignment is no longer there. Reload the page to see what is."))
    return found
