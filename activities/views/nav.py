"""What the shell shows of the queues on every page."""

from typing import Any

from django.http import HttpRequest

from activities.selectors.queues import count_needs_project, count_unassigned
from activities.selectors.visible import sight_of


def nav_counts(request: HttpRequest) -> dict[str, Any]:
    """How many mails wait in the member's two queues; the other channels add their own counts."""
    member = getattr(request, "member", None)
    if member is None:
        return {}
    sight = sight_of(member.workspace_id, member)
    counts = {
        **getattr(request, "nav_counts", {}),
        "unassigned": count_unassigned(sight),
        "needs_project": count_needs_project(sight),
    }
    request.nav_counts = counts  # type: ignore[attr-defined]
    return {"nav_counts": counts}
