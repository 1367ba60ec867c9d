"""Adds a thread to projects and takes it out of them (R8)."""

import uuid
from collections.abc import Collection
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.text import get_text_list
from django.utils.translation import gettext as _

from accounts.models import Member
from activities.models import Activity, Assignment, Change, Thread, ThreadChoice
from activities.problems import NotThere, RecordProblem
from activities.selectors.threads import (
    choices,
    family,
    matched_people,
    private_mail,
    shared_mail,
    thread_of,
)
from activities.selectors.visible import Sight, sight_of
from activities.services.record_change import Moved, moved_activities, record_change
from activities.services.redecide import redecide_thread
from activities.services.return_to_owners import return_to_owners
from activities.services.settle import settle
from activities.services.snapshot import take_snapshots
from contacts.models import Project


@transaction.atomic
def add_thread(
    workspace_id: uuid.UUID, *, by: Member, thread_id: uuid.UUID, project_ids: Collection[uuid.UUID]
) -> Change:
    """Record the thread in these projects, what is there and what will come, and return the change.

    Raises NotThere where the member sees nothing of the thread, and RecordProblem where nobody on
    it is matched in one of the projects.
    """
    root, threads, sight = _entered(workspace_id, by, thread_id)
    projects = _meant(sight, project_ids)
    people = matched_people(sight, threads)
    for project in projects:
        if not people.get(project.id):
            sentence = _(
                "Nobody on this thread is in %(project)s. Add a contact or a company there first."
            )
            raise RecordProblem(sentence % {"project": project.name}, field="project")
    ids = _activity_ids(workspace_id, threads)
    before, chosen = take_snapshots(workspace_id, ids), _choices_json(workspace_id, threads)
    _choose(workspace_id, by, root, projects, added=True)
    # A project that this very message was taken out of is open again (R8).
    _forget_taken_out(workspace_id, ids, projects)
    changed = redecide_thread(workspace_id, root.id, by.id)
    after = take_snapshots(workspace_id, {*ids, *changed})
    return record_change(
        workspace_id,
        by=by,
        kind=Change.Kind.ADD_THREAD,
        summary=_("1 thread added to %(projects)s") % {"projects": _names(projects)},
        moved=[
            *moved_activities(before, after),
            _moved_choices(workspace_id, root, threads, chosen),
        ],
    )


@transaction.atomic
def take_thread_out(
    workspace_id: uuid.UUID, *, by: Member, thread_id: uuid.UUID, project_ids: Collection[uuid.UUID]
) -> Change:
    """Remove all of the thread from these projects, whoever recorded it, and keep it out."""
    root, threads, sight = _entered(workspace_id, by, thread_id)
    projects = _meant(sight, project_ids)
    ids = _activity_ids(workspace_id, threads)
    activities = list(
        Activity.objects.select_for_update().filter(workspace_id=workspace_id, id__in=ids)
    )
    before, chosen = take_snapshots(workspace_id, ids), _choices_json(workspace_id, threads)
    _choose(workspace_id, by, root, projects, added=False)
    gone = Assignment.objects.filter(
        workspace_id=workspace_id, activity_id__in=ids, project__in=projects
    )
    touched = set(gone.values_list("activity_id", flat=True))
    gone.delete()
    moved = [one for one in activities if one.id in touched]
    loose = settle(workspace_id, moved, by=by, at=timezone.now())
    returned = return_to_owners(
        workspace_id,
        loose,
        before,
        rule="R8",
        code="taken_out",
        args=tuple(str(project.id) for project in projects),
    )
    redecide_thread(workspace_id, root.id, by.id)
    return record_change(
        workspace_id,
        by=by,
        kind=Change.Kind.REMOVE_THREAD,
        summary=_("1 thread taken out of %(projects)s") % {"projects": _names(projects)},
        moved=[
            *moved_activities(before, take_snapshots(workspace_id, ids)),
            *returned,
            _moved_choices(workspace_id, root, threads, chosen),
        ],
    )


def _entered(
    workspace_id: uuid.UUID, by: Member, thread_id: uuid.UUID
) -> tuple[Thread, list[uuid.UUID], Sight]:
    root = thread_of(workspace_id, thread_id)
    sight = sight_of(workspace_id, by)
    if root is not None:
        # Two choices for one thread wait for each other, so that each sees what the other did.
        Thread.objects.select_for_update().filter(workspace_id=workspace_id, id=root.id).first()
        threads = family(workspace_id, root.id)
        if shared_mail(sight, threads).exists() or private_mail(sight, threads).exists():
            return root, threads, sight
    raise NotThere(_("This thread is no longer there. Reload the page to see what is."))


def _meant(sight: Sight, project_ids: Collection[uuid.UUID]) -> list[Project]:
    wanted = set(project_ids)
    rows = Project.objects.filter(
        workspace_id=sight.workspace_id, id__in=wanted & sight.project_ids
    )
    found = list(rows.order_by("name", "id"))
    if not found or len(found) != len(wanted):
        raise RecordProblem(_("Choose at least one project."), field="project")
    return found


def _activity_ids(workspace_id: uuid.UUID, threads: list[uuid.UUID]) -> list[uuid.UUID]:
    rows = Activity.objects.filter(workspace_id=workspace_id, thread_id__in=threads)
    return list(rows.values_list("id", flat=True))


def _choose(
    workspace_id: uuid.UUID, by: Member, root: Thread, projects: list[Project], *, added: bool
) -> None:
    for project in projects:
        ThreadChoice.objects.update_or_create(
            workspace_id=workspace_id,
            thread=root,
            project=project,
            defaults={"member": by, "added": added, "chosen_at": timezone.now()},
        )


def _forget_taken_out(
    workspace_id: uuid.UUID, ids: list[uuid.UUID], projects: list[Project]
) -> None:
    names = {str(project.id) for project in projects}
    rows = Activity.objects.filter(workspace_id=workspace_id, id__in=ids).exclude(taken_out={})
    for activity in rows:
        activity.taken_out = {key: at for key, at in activity.taken_out.items() if key not in names}
        activity.save(update_fields=["taken_out"])


def _choices_json(workspace_id: uuid.UUID, threads: list[uuid.UUID]) -> dict[str, Any]:
    return {
        str(project_id): {
            "added": row.added,
            "member": str(row.member_id),
            "at": row.chosen_at.isoformat(),
        }
        for project_id, row in choices(workspace_id, threads).items()
    }


def _moved_choices(
    workspace_id: uuid.UUID, root: Thread, threads: list[uuid.UUID], before: dict[str, Any]
) -> Moved:
    after = _choices_json(workspace_id, threads)
    return Moved({"choices": before}, {"choices": after}, thread_id=root.id)


def _names(projects: list[Project]) -> str:
    return get_text_list([project.name for project in projects], _("and"))
