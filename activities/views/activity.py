"""One activity: its page, its mail in a frame of its own, and its files."""

import re
import uuid
from typing import Any

from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.http import content_disposition_header
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_safe

from accounts.middleware import WorkspaceRequest
from accounts.policies import may
from accounts.views.answers import there
from activities.models import Activity
from activities.selectors.asked import asked_of
from activities.selectors.one_activity import Shown, body_seen, file_seen, shown
from activities.selectors.visible import sight_of
from activities.services.bodies import blob_path
from activities.views.offering import assigning
from activities.views.queues import around

# The mail's own policy: no script, no form, no frame, nothing from anywhere. The sandbox gives it
# an origin of its own, so that even a script could read nothing of ours.
FRAME_POLICY = (
    "sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none';"
    " style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none';"
    " frame-ancestors 'self'"
)
FILE_POLICY = "sandbox; default-src 'none'; frame-ancestors 'none'"
_UNSAFE_IN_NAMES = re.compile(r"[\x00-\x1f\x7f\u200e\u200f\u202a-\u202e\u2066-\u2069/\\]")
_SHORTEST, _TALLEST = 120, 900


@require_safe
def activity(request: WorkspaceRequest, slug: str, activity_id: uuid.UUID) -> HttpResponse:
    """The page of one activity."""
    sight = sight_of(request.workspace.id, request.member)
    mail = there(shown(sight, activity_id))
    can_log = may(request.member, "log")
    context = {
        "mail": mail,
        "can_log": can_log,
        **around(request, sight, mail),
        "frame_height": frame_height(mail),
        "frame_paper": bool(mail.body and is_designed(mail.body.html)),
    }
    if can_log and mail.activity.state != Activity.State.LOGGED:
        context |= assigning(request, sight, asked_of(mail))
    elif can_log and request.GET.get("assign"):
        context |= {**assigning(request, sight, asked_of(mail)), "adding": True}
    return render(request, "activities/activity.html", context)


@require_safe
@xframe_options_sameorigin
def message_frame(request: WorkspaceRequest, slug: str, activity_id: uuid.UUID) -> HttpResponse:
    """The mail itself, as a page of its own that may do nothing."""
    sight = sight_of(request.workspace.id, request.member)
    return sealed(there(body_seen(sight, activity_id)))


def sealed(body: Any) -> HttpResponse:
    """The page of a frame that shows `body` (its sanitised `html`, or its `text`)."""
    page = render_to_string(
        "activities/frame.html", {"body": body, "designed": is_designed(body.html)}
    )
    response = HttpResponse(page)
    response["Content-Security-Policy"] = FRAME_POLICY
    response["X-Content-Type-Options"] = "nosniff"
    response["Referrer-Policy"] = "no-referrer"
    response["Cache-Control"] = "private, no-store"
    return response


@require_safe
def attachment(
    request: WorkspaceRequest, slug: str, activity_id: uuid.UUID, position: int
) -> HttpResponse | FileResponse:
    """A file of the mail, only ever as a download."""
    sight = sight_of(request.workspace.id, request.member)
    file = there(file_seen(sight, activity_id, position))
    path = blob_path(request.workspace.id, file.sha256)
    if not default_storage.exists(path):
        raise Http404
    # Whatever the mail calls its type: a browser is to store it and never to open it here.
    response = FileResponse(default_storage.open(path), content_type="application/octet-stream")
    response["Content-Disposition"] = content_disposition_header(True, safe_name(file.name))
    response["Content-Security-Policy"] = FILE_POLICY
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response


def safe_name(name: str) -> str:
    """A file name without control, direction and path characters."""
    cleaned = _UNSAFE_IN_NAMES.sub("_", name).strip(" .")
    return cleaned[:200] or "attachment"


def frame_height(mail: Shown) -> int:
    """About as many pixels as the mail needs: the frame is sealed, so nobody can measure it."""
    if mail.body is None:
        return 0
    text = mail.body.text or mail.body.html
    lines = sum(1 + len(line) // 85 for line in text.splitlines()[:200])
    return max(_SHORTEST, min(_TALLEST, 40 + 22 * lines))


def is_designed(html: str) -> bool:
    """Whether the mail brings colours of its own, and so wants a white page."""
    lowered = html[:20_000].lower()
    return any(mark in lowered for mark in ("bgcolor=", "background", "color:", "<table"))
