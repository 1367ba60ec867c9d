"""The permanent list of recent changes, and who may take one back."""

import uuid

from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.models import Member
from accounts.policies import may
from activities.models import Change, ChangeItem
from activities.selectors.visible import reachable, sight_of


def recent_changes(workspace_id: uuid.UUID, member: Member) -> QuerySet[Change]:
    """The member's own acts, and those of others and of rules on what the member may see.

    Somebody who took a mail of theirs back did so for themselves, so nobody else reads of it.
    """
    mail = reachable(sight_of(workspace_id, member)).filter(pk=OuterRef("activity"))
    touched = ChangeItem.objects.filter(
        Exists(mail), workspace_id=workspace_id, change=OuterRef("pk")
    )
    others = Q(Exists(touched)) & ~Q(kind=Change.Kind.TAKE_BACK)
    rows = Change.objects.filter(Q(made_by=member) | others, workspace_id=workspace_id)
    return rows.select_related("made_by", "undone_by")


def may_undo(workspace_id: uuid.UUID, member: Member, change: Change) -> bool:
    """Whoever made it may, and whoever may write and sees what it did."""
    if not may(member, "log"):
        return False
    if change.made_by_id == member.id:
        return True
    return recent_changes(workspace_id, member).filter(pk=change.pk).exists()
