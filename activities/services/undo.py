"""Takes a change back: applies it backwards and keeps what people did by hand afterwards."""

import uuid
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import audit, tenancy
from accounts.models import Member
from activities.models import (
    Activity,
    Assignment,
    Change,
    ChangeItem,
    Sighting,
    TakenBack,
    Thread,
    ThreadChoice,
)
from activities.problems import AlreadyDone, NotThere
from activities.selectors.changes import may_undo
from activities.services.log_copies_again import log_copies_again, were_taken_back
from activities.services.redecide import redecide_thread
from activities.services.return_to_owners import return_to_owners
from activities.services.settle import settle
from activities.services.snapshot import Snapshot, take_snapshots
from activities.services.take_back import take_again
from activities.services.taken_out import forget_taken_out
from activities.services.undo_made import take_directory_back, take_domains_back
from contacts.models import Company, Contact, Project

State = Activity.State


@transaction.atomic
def undo(workspace_id: uuid.UUID, *, by: Member, change_id: uuid.UUID) -> tuple[Change, bool]:
    """Undo the change; returns it and whether it was undone just now (False: it was already).

    Raises NotThere where the member may not undo it. What somebody did by hand after the change
    stays as they left it.
    """
    rows = Change.objects.select_for_update(of=("self",)).filter(
        workspace_id=workspace_id, id=change_id
    )
    change = rows.first()
    if change is None or not may_undo(workspace_id, by, change):
        raise NotThere(_("This change is no longer there, or it is not yours to undo."))
    if change.undone_at is not None:
        return change, False
    items = list(ChangeItem.objects.filter(workspace_id=workspace_id, change=change).order_by("id"))
    for item in items:
        if item.activity_id is None:
            _undo_on_thread(workspace_id, change, item)
    by_domain = take_domains_back(workspace_id, by, change)
    # First what went back to its owners comes again, then the hands' work, and then whoever has
    # nothing on record any more is asked about anew.
    threads = {item.thread_id for item in items if item.thread_id is not None}
    _redecide(workspace_id, by, threads)
    threads |= _undo_on_activities(workspace_id, by, change, items)
    _settle_others(workspace_id, by, by_domain, {item.activity_id for item in items})
    take_directory_back(workspace_id, by, change)
    _redecide(workspace_id, by, threads)
    change.undone_at, change.undone_by = timezone.now(), by
    change.save(update_fields=["undone_at", "undone_by"])
    audit.record(workspace_id, by, "change undone", change, after={"summary": change.summary})
    return change, True


def _undo_on_activities(
    workspace_id: uuid.UUID, by: Member, change: Change, items: list[ChangeItem]
) -> set[uuid.UUID]:
    """Put every activity back; returns the threads whose mail has to be decided again."""
    for item in items:
        # What stood nowhere before has nothing that a hand's logging would have to carry.
        if item.after.get("state") == State.WITHDRAWN and item.before.get("assignments", True):
            copies = item.before.get("copies", ())
            log_copies_again(workspace_id, copies, since=change.made_at)
    threads = set()
    for item in items:
        if item.activity_id is None and "assignments" not in item.before:
            continue
        activity = _activity_of(workspace_id, item)
        if activity is None:
            _refuse_unless_taken_back(workspace_id, change, item)
            continue
        if _earned_something(item) and activity.thread_id is not None:
            threads.add(activity.thread_id)
        _undo_on_activity(workspace_id, by, activity, item)
    return threads


def _refuse_unless_taken_back(workspace_id: uuid.UUID, change: Change, item: ChangeItem) -> None:
    """A mail that its owner took back since stays theirs; any other loss keeps the change."""
    copies = item.before.get("copies", ())
    if item.before.get("assignments") and not were_taken_back(
        workspace_id, copies, since=change.made_at
    ):
        raise AlreadyDone(_("A mail of this change is no longer there, so it cannot be undone."))


def _settle_others(
    workspace_id: uuid.UUID, by: Member, lost: list[Activity], own: set[uuid.UUID | None]
) -> None:
    """Mail that a linked domain had placed stands where it stood before that."""
    others = [activity for activity in lost if activity.id not in own]
    loose = settle(workspace_id, others, by=by, at=timezone.now())
    return_to_owners(workspace_id, loose, {}, rule="R9", code="nobody_recognised")


def _redecide(workspace_id: uuid.UUID, by: Member, threads: set[uuid.UUID]) -> None:
    roots = Thread.objects.filter(workspace_id=workspace_id, id__in=threads)
    for root_id in set(roots.values_list("root_id", flat=True)):
        redecide_thread(workspace_id, root_id, by.id)


def _earned_something(item: ChangeItem) -> bool:
    """Whether the change let a rule record something, which undoing takes off again."""
    there = {one["id"] for one in item.before.get("assignments", ())}
    return any(
        one["origin"] == Assignment.Origin.ENGINE and one["id"] not in there
        for one in item.after.get("assignments", ())
    )


def _undo_on_thread(workspace_id: uuid.UUID, change: Change, item: ChangeItem) -> None:
    """Put back the choices that still stand as the change left them, and the lasting marks."""
    after, before = item.after.get("choices", {}), item.before.get("choices", {})
    for project_id, chosen in after.items():
        if before.get(project_id) == chosen:
            continue
        rows = ThreadChoice.objects.filter(
            workspace_id=workspace_id,
            thread=item.thread,
            project_id=project_id,
            chosen_at=datetime.fromisoformat(chosen["at"]),
        )
        earlier = before.get(project_id)
        if earlier is None:
            rows.delete()
        else:
            rows.update(
                added=earlier["added"],
                member_id=earlier["member"],
                chosen_at=datetime.fromisoformat(earlier["at"]),
            )
    forget_taken_out(workspace_id, item.after.get("kept_out", ()))
    if change.made_by_id is None:
        return
    # What somebody took back is theirs alone to see and to change, so it is done as them.
    with tenancy.in_workspace(workspace_id, change.made_by_id):
        _undo_taken_back(workspace_id, change.made_by_id, item)


def _undo_taken_back(workspace_id: uuid.UUID, owner_id: uuid.UUID, item: ChangeItem) -> None:
    prints = [bytes.fromhex(one) for one in item.after.get("taken_back", ())]
    if prints:
        TakenBack.objects.filter(
            workspace_id=workspace_id, owner_id=owner_id, fingerprint__in=prints
        ).delete()
        for channel_id, provider_id in item.before.get("copies", ()):
            Sighting.objects.filter(
                workspace_id=workspace_id, channel_id=channel_id, provider_id=provider_id
            ).update(counts=True)
    if item.thread_id is not None and item.before.get("was_taken_back"):
        mark, at = item.before["was_taken_back"]
        take_again(
            workspace_id,
            owner_id,
            thread_id=item.thread_id,
            mark=bytes.fromhex(mark),
            taken_at=datetime.fromisoformat(at),
        )


def _activity_of(workspace_id: uuid.UUID, item: ChangeItem) -> Activity | None:
    """The activity of an item; one that went to its owners is found by one of its copies."""
    rows = Activity.objects.select_for_update(of=("self",)).filter(workspace_id=workspace_id)
    if item.activity_id is not None:
        return rows.filter(id=item.activity_id).first()
    for channel_id, provider_id in item.before.get("copies", ()):
        copies = Sighting.objects.filter(
            workspace_id=workspace_id, channel_id=channel_id, provider_id=provider_id
        )
        found = rows.filter(message__in=copies.values("message")).first()
        if found is not None:
            return found
    return None


def _undo_on_activity(
    workspace_id: uuid.UUID, by: Member, activity: Activity, item: ChangeItem
) -> None:
    before, after = item.before, item.after
    now = take_snapshots(workspace_id, [activity.id])[activity.id]
    _undo_assignments(workspace_id, activity, before, after)
    for name in ("taken_out", "excepted"):
        if name in before and now[name] == after.get(name):
            setattr(activity, name, before[name])
    untouched = now["state"] == after.get("state")
    stays_dismissed = now["state"] == State.DISMISSED and not untouched
    if stays_dismissed:
        activity.save(update_fields=["taken_out", "excepted"])
        return
    by_id = before.get("settled_by")
    loose = settle(
        workspace_id,
        [activity],
        by=_member(workspace_id, by_id) if untouched else by,
        at=timezone.now(),
    )
    if untouched and before.get("state") == State.DISMISSED:
        Activity.objects.filter(workspace_id=workspace_id, id=activity.id).update(
            state=State.DISMISSED
        )
        return
    return_to_owners(workspace_id, loose, {}, rule="R8", code="taken_out")


def _undo_assignments(
    workspace_id: uuid.UUID, activity: Activity, before: Snapshot, after: Snapshot
) -> None:
    was = {one["id"]: one for one in before.get("assignments", ())}
    became = {one["id"]: one for one in after.get("assignments", ())}
    rows = Assignment.objects.filter(workspace_id=workspace_id, activity=activity)
    rows.filter(id__in=became.keys() - was.keys()).delete()
    for assignment_id in was.keys() & became.keys():
        changed = became[assignment_id]["interaction_type"]
        rows.filter(id=assignment_id, interaction_type=changed).update(
            interaction_type=was[assignment_id]["interaction_type"]
        )
    there = {(row.project_id, row.contact_id, row.contact_id or row.company_id) for row in rows}
    for assignment_id in was.keys() - became.keys():
        _put_back(workspace_id, activity, was[assignment_id], there)


def _put_back(
    workspace_id: uuid.UUID, activity: Activity, one: dict[str, Any], there: set[tuple[Any, ...]]
) -> None:
    project_id = uuid.UUID(one["project"])
    contact_id = _existing(Contact, workspace_id, one["contact"])
    company_id = _existing(Company, workspace_id, one["company"])
    gone = _existing(Project, workspace_id, one["project"]) is None
    if gone or (contact_id is None and company_id is None):
        return
    if (project_id, contact_id, contact_id or company_id) in there:
        return
    Assignment.objects.create(
        id=uuid.UUID(one["id"]),
        workspace_id=workspace_id,
        activity=activity,
        project_id=project_id,
        contact_id=contact_id,
        company_id=company_id,
        address=one["address"],
        interaction_type=one["interaction_type"],
        origin=one["origin"],
        rule=one["rule"],
        made_by=_member(workspace_id, one["made_by"]),
        occurred_at=activity.occurred_at,
    )


def _existing(
    model: type[Contact] | type[Company] | type[Project],
    workspace_id: uuid.UUID,
    row_id: str | None,
) -> uuid.UUID | None:
    if row_id is None:
        return None
    rows = model._default_manager.filter(workspace_id=workspace_id, id=row_id)
    return rows.values_list("id", flat=True).first()


def _member(workspace_id: uuid.UUID, member_id: str | None) -> Member | None:
    if member_id is None:
        return None
    return Member.objects.filter(workspace_id=workspace_id, id=member_id).first()
