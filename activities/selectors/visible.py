"""Who may see which activity. Every list, page, file and service asks here (V1, V2, U1)."""

import uuid
from dataclasses import dataclass

from django.db.models import BooleanField, Exists, Model, OuterRef, Q, QuerySet, Subquery, Value

from accounts.models import Member
from accounts.policies import may
from activities.models import Activity, Assignment, Channel, ChannelProject, Sighting
from contacts.selectors import visible_projects

State = Activity.State
WAITING = (State.UNASSIGNED, State.NEEDS_PROJECT, State.DISMISSED)
KEPT_SOURCES = (Channel.Source.BCC, Channel.Source.SENT)


@dataclass(frozen=True, slots=True)
class Sight:
    """What one member may see: their own, and what stands in these projects."""

    workspace_id: uuid.UUID
    member_id: uuid.UUID
    project_ids: frozenset[uuid.UUID]
    sees_workspace_address: bool


def sight_of(workspace_id: uuid.UUID, member: Member) -> Sight:
    """Ask once for the projects that the member may see. One query."""
    projects = visible_projects(workspace_id, member).values_list("id", flat=True)
    return Sight(workspace_id, member.id, frozenset(projects), may(member, "manage inbound"))


def seen(sight: Sight) -> QuerySet[Activity]:
    """Every activity that the member may open, whatever its state; taken back ones are nobody's."""
    rows = Activity.objects.filter(workspace_id=sight.workspace_id).exclude(state=State.WITHDRAWN)
    waiting = Q(state__in=WAITING) & Q(_kept_for(sight))
    own = Q(author_id=sight.member_id) | Q(is_own(sight))
    return with_level(rows.filter(Q(_on_a_project(sight)) | waiting | own), sight)


def logged(sight: Sight) -> QuerySet[Activity]:
    """The activities that stand in a project of the member's."""
    rows = Activity.objects.filter(workspace_id=sight.workspace_id, state=State.LOGGED)
    return with_level(rows.filter(_on_a_project(sight)), sight)


def waiting(sight: Sight) -> QuerySet[Activity]:
    """What bcc or sent kept and nobody recognised: the queue of Unassigned."""
    rows = Activity.objects.filter(workspace_id=sight.workspace_id, state=State.UNASSIGNED)
    own = Q(author_id=sight.member_id) | Q(is_own(sight))
    return with_level(rows.filter(Q(_kept_for(sight)) | own), sight)


def reachable(sight: Sight) -> QuerySet[Activity]:
    """What the member may act on: as `seen`, and also what somebody else has settled meanwhile.

    Who triages a list has to learn that a row of it was done, even where they would no longer
    see it (U3).
    """
    rows = Activity.objects.filter(workspace_id=sight.workspace_id).exclude(state=State.WITHDRAWN)
    own = Q(author_id=sight.member_id) | Q(is_own(sight))
    return rows.filter(Q(_on_a_project(sight)) | Q(_kept_for(sight)) | own)


def there_is(rows: QuerySet[Model]) -> Subquery:
    """Whether one of `rows` is there for a row of the list, asked by index for that row alone.

    It is true or null. Of an EXISTS PostgreSQL may gather all rows first, which it takes for the
    shorter way where it guesses wrong how many a workspace has: a page then reads everything.
    A subquery for a value is only ever run row by row.
    """
    return Subquery(rows.values(there=Value(True))[:1], output_field=BooleanField())


def is_own(sight: Sight) -> Subquery:
    """Whether one of the message's counted copies is the member's own."""
    return there_is(
        Sighting.objects.filter(
            workspace_id=sight.workspace_id,
            message=OuterRef("message"),
            owner_id=sight.member_id,
            counts=True,
        )
    )


def with_level(rows: QuerySet[Activity], sight: Sight) -> QuerySet[Activity]:
    """Say of each activity whether it is the member's own: their copies are always whole."""
    return rows.annotate(own=is_own(sight))


def shows_subject(activity: Activity) -> bool:
    """Whether the member may read the subject; `activity` comes from one of the sets above."""
    return bool(activity.own) or activity.sharing != Channel.Sharing.METADATA  # type: ignore[attr-defined]


def shows_everything(activity: Activity) -> bool:
    """Whether the member may read text and files as well."""
    return bool(activity.own) or activity.sharing == Channel.Sharing.EVERYTHING  # type: ignore[attr-defined]


def _on_a_project(sight: Sight) -> Subquery:
    return there_is(
        Assignment.objects.filter(
            workspace_id=sight.workspace_id,
            activity=OuterRef("pk"),
            project_id__in=sight.project_ids,
        )
    )


def _kept_for(sight: Sight) -> Subquery:
    """A copy at the address of a project of theirs, or one that the member sent in.

    The workspace's own address has no project: what waits there is its sender's and the admins'.
    """
    named = ChannelProject.objects.filter(
        workspace_id=sight.workspace_id, channel=OuterRef("channel")
    )
    through = Q(Exists(named.filter(project_id__in=sight.project_ids)))
    through |= Q(owner_id=sight.member_id)
    if sight.sees_workspace_address:
        through |= ~Q(Exists(named))
    return there_is(
        Sighting.objects.filter(
            through,
            workspace_id=sight.workspace_id,
            message=OuterRef("message"),
            counts=True,
            channel__source__in=KEPT_SOURCES,
        )
    )
