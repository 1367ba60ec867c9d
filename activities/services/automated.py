"""Lets a class of automated mail through, and stops it again (R11)."""

import uuid

from django.db import transaction
from django.utils.translation import gettext as _

from accounts import audit
from accounts.models import Member
from activities.models import AutomatedClass
from activities.problems import RecordProblem
from contacts.services.note_changes import note_changes


@transaction.atomic
def set_automated_class(workspace_id: uuid.UUID, *, by: Member, name: str, passes: bool) -> bool:
    """Let mail of the class be judged like any other, or keep it out; tell whether that changed."""
    if name not in AutomatedClass.Name.values:
        raise RecordProblem(_("There is no such class of mail."), field="name")
    rows = AutomatedClass.objects.filter(workspace_id=workspace_id, name=name)
    if rows.exists() == passes:
        return False
    if passes:
        AutomatedClass.objects.create(workspace_id=workspace_id, name=name)
    else:
        rows.delete()
    verb = "automated class let through" if passes else "automated class kept out"
    audit.record(workspace_id, by, verb, after={"class": name})
    note_changes(workspace_id, by=by, everything=True)
    return True
