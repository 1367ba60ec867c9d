"""Takes the activities that a person acts on, and sees that nobody was quicker (U3)."""

import uuid
from collections.abc import Collection

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import Member
from activities.models import Activity
from activities.problems import AlreadyDone, NotThere
from activities.selectors.visible import reachable, sight_of

MOST_AT_ONCE = 500


def lock_activities(
    workspace_id: uuid.UUID,
    by: Member,
    activity_ids: Collection[uuid.UUID],
    *,
    expected: str = "",
) -> list[Activity]:
    """Return the activities, locked until the transaction ends, in one order everywhere.

    Raises NotThere where the member may not act on one of them, and AlreadyDone where one is no
    longer in the state that the form showed (`expected`; "" asks nothing).
    """
    wanted = set(activity_ids)
    if not wanted or len(wanted) > MOST_AT_ONCE:
        raise NotThere(_("Choose at least one email, and at most 500 at once."))
    rows = Activity.objects.filter(workspace_id=workspace_id, id__in=wanted).order_by("id")
    list(rows.select_for_update().values_list("id"))
    # Read again behind the lock: a row that had to be waited for comes back with what the other
    # wrote, but joined to what stood beside it before.
    locked = list(rows.select_related("settled_by", "message"))
    allowed = (
        reachable(sight_of(workspace_id, by)).filter(id__in=wanted).values_list("id", flat=True)
    )
    if set(allowed) != wanted:
        raise NotThere(_("This is no longer there. Reload the page to see what is."))
    if expected:
        _refuse_what_was_done([one for one in locked if one.state != expected], len(locked))
    return locked


def _refuse_what_was_done(done: list[Activity], asked: int) -> None:
    if not done:
        return
    latest = max(done, key=lambda one: (one.settled_at is not None, one.settled_at))
    who = latest.settled_by.name if latest.settled_by else _("A rule")
    when = date_format(timezone.localtime(latest.settled_at), "H:i") if latest.settled_at else ""
    words = {
        "logged": _("%(who)s has already assigned this. Nothing of yours was changed."),
        "dismissed": _("%(who)s has already dismissed this. Nothing of yours was changed."),
    }
    sentence = words.get(
        latest.state, _("%(who)s has changed this since you opened it. Nothing was changed.")
    )
    if asked > 1:
        sentence = ngettext(
            "%(who)s has already dealt with %(count)d of these. Nothing of yours was changed.",
            "%(who)s has already dealt with %(count)d of these. Nothing of yours was changed.",
            len(done),
        )
    said = sentence % {"who": who, "count": len(done)}
    raise AlreadyDone(f"{said} ({when})" if when else said)
