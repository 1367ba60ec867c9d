"""Where the mail of a list stands: its activities, their projects, and those it waits for."""

import uuid
from collections import defaultdict
from collections.abc import Iterable

from activities.models import Activity, Assignment, PendingParticipant, PrivateMessage, Sighting
from activities.selectors.visible import Sight
from contacts.models import Project


def projects_of(
    sight: Sight, activity_ids: Iterable[uuid.UUID]
) -> dict[uuid.UUID, tuple[Project, ...]]:
    """The projects that the reader sees each activity in."""
    found: dict[uuid.UUID, dict[uuid.UUID, Project]] = defaultdict(dict)
    rows = Assignment.objects.filter(
        workspace_id=sight.workspace_id,
        activity_id__in=list(activity_ids),
        project_id__in=sight.project_ids,
    )
    for row in rows.select_related("project").order_by("project__name", "id"):
        found[row.activity_id][row.project_id] = row.project
    return {activity_id: tuple(some.values()) for activity_id, some in found.items()}


def activities_of(
    sight: Sight, rows: Iterable[PrivateMessage | Sighting]
) -> dict[uuid.UUID, uuid.UUID]:
    """The activity of each logged message among these rows."""
    shared = [row.message_id for row in rows if isinstance(row, Sighting)]
    found = Activity.objects.filter(workspace_id=sight.workspace_id, message_id__in=shared)
    return dict(found.exclude(state=Activity.State.WITHDRAWN).values_list("message_id", "id"))


def candidates_of(sight: Sight, roots: Iterable[uuid.UUID]) -> dict[uuid.UUID, tuple[Project, ...]]:
    """By thread the projects that the member is asked about."""
    waiting = PendingParticipant.objects.filter(
        workspace_id=sight.workspace_id,
        owner_id=sight.member_id,
        thread__root__in=list(roots),
    ).values_list("thread__root_id", "candidates")
    asked: dict[uuid.UUID, set[uuid.UUID]] = defaultdict(set)
    for root, some in waiting:
        asked[root].update(some)
    wanted = {one for some in asked.values() for one in some} & sight.project_ids
    ordered = list(
        Project.objects.filter(workspace_id=sight.workspace_id, id__in=wanted).order_by(
            "name", "id"
        )
    )
    return {
        root: tuple(project for project in ordered if project.id in some)
        for root, some in asked.items()
    }
