"""Lets only somebody who may edit an entry assign mail that it keeps out (R3)."""

import uuid
from collections.abc import Collection

from django.utils.translation import gettext as _

from accounts.models import Member
from activities.models import Activity
from activities.problems import RecordProblem
from activities.selectors.entries import may_edit
from activities.selectors.kept_out import entries_on


def heed_entries(workspace_id: uuid.UUID, *, by: Member, activities: Collection[Activity]) -> None:
    """Refuse the act where an entry that `by` may not edit matches one of the messages.

    Otherwise the entries are set aside for these messages: each activity's `excepted` names them
    from now on, for the caller to save.
    """
    hits = entries_on(workspace_id, [one for one in activities if one.message_id])
    for activity in activities:
        found = hits.get(activity.id, [])
        foreign = [entry for entry in found if not may_edit(by, entry)]
        if foreign:
            raise RecordProblem(_refusal(by, foreign[0].value, mine=foreign[0].member_id is None))
        known = set(activity.excepted)
        activity.excepted = [
            *activity.excepted,
            *(str(e.id) for e in found if str(e.id) not in known),
        ]


def _refusal(by: Member, value: str, *, mine: bool) -> str:
    if mine:
        sentence = _(
            "The workspace keeps mail with %(value)s out of the record. Only an admin can assign"
            " it all the same."
        )
        return sentence % {"value": value}
    return _("An entry of its owner keeps this mail out of the record. Only they can assign it.")
