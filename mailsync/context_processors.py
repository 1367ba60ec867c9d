"""What every page says about the member's own mailboxes: one that needs them gets a banner."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from mailsync.models import Mailbox


def banners(request: HttpRequest) -> dict[str, Any]:
    """`banners`: a line for each mailbox that has to be reconnected, beside those of other apps."""
    member = getattr(request, "member", None)
    workspace = getattr(request, "workspace", None)
    if member is None or workspace is None or request.path.startswith("/api/"):
        return {}
    lost = Mailbox.objects.filter(
        workspace_id=workspace.id,
        channel__owner=member,
        state=Mailbox.State.NEEDS_RECONNECT,
    ).order_by("state_since")[:3]
    told = [*getattr(request, "banners", ()), *(_banner(workspace.slug, one) for one in lost)]
    request.banners = told  # type: ignore[attr-defined]
    return {"banners": told}


def _banner(slug: str, mailbox: Mailbox) -> dict[str, str]:
    since = date_format(localtime(mailbox.state_since), "j F, H:i")
    return {
        "tone": "bad",
        "icon": "unplug",
        # Why stands on the page that the link leads to.
        "text": _("%(address)s has not been read since %(since)s.")
        % {"address": mailbox.address, "since": since},
        "url": reverse("mailsync:reconnect", args=[slug, mailbox.id]),
        "label": _("Reconnect"),
    }
