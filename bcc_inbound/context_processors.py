"""What pages of other apps show of inbound mail without knowing this app."""

from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from accounts import policies
from bcc_inbound.models import Delivery
from bcc_inbound.selectors import count_waiting, shown_addresses
from bcc_inbound.services.ensure_addresses import ensure_addresses


def inbound(request: HttpRequest) -> dict[str, Any]:
    """`inbound_addresses`: the addresses that this member sees, the workspace's first; loaded
    when a page asks. `nav_counts` gets the number of held mails, for admins."""
    member, workspace = getattr(request, "member", None), getattr(request, "workspace", None)
    if member is None or workspace is None or request.path.startswith("/api/"):
        return {}
    counts = dict(getattr(request, "nav_counts", {}))
    if policies.may(member, "manage inbound"):
        counts["held"] = count_waiting(workspace.id, Delivery.State.HELD)
    # Every app adds its numbers to those of the others.
    request.nav_counts = counts  # type: ignore[attr-defined]

    def load() -> Any:
        ensure_addresses(workspace.id, member)
        return shown_addresses(workspace.id, member, workspace_name=workspace.name)

    return {"inbound_addresses": SimpleLazyObject(load), "nav_counts": counts}
