"""Brings a request into its workspace: who asks, as which member, in one transaction."""

import uuid
from collections.abc import Callable
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.template.response import SimpleTemplateResponse
from django.utils import timezone

from accounts import api_keys, tenancy
from accounts.models import ApiKey, Member, Workspace
from accounts.wake import wake

View = Callable[..., HttpResponseBase]


class WorkspaceRequest(HttpRequest):
    """What a view under /w/<slug>/ is given."""

    workspace: Workspace
    member: Member
    api_key: ApiKey


class WorkspaceMiddleware:
    """Runs every view whose URL names a workspace inside that workspace.

    A workspace that is absent, and one the user is no member of, are the same 404. A view marked
    `outside_transaction` (it talks to a provider) is only told who asks.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        # A thread serves one reader after the other; each begins without the last one's zone.
        with timezone.override(None):
            return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: View, args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> HttpResponseBase | None:
        if "slug" not in kwargs:
            return None
        if request.path.startswith("/api/"):
            return _answer_api(request, view, args, kwargs)
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        workspace_id, member_id = find_membership(request.user.pk, kwargs["slug"])
        with tenancy.in_workspace(workspace_id, member_id):
            enter(request, workspace_id, member_id)
            inside = not getattr(view, "outside_transaction", False)
            response = _answer(request, view, args, kwargs) if inside else None
        if response is None:
            response = _answer(request, view, args, kwargs)
        _wake_after_a_write(request, workspace_id)
        return response


def find_membership(user_id: uuid.UUID, slug: str) -> tuple[uuid.UUID, uuid.UUID]:
    """The workspace behind a slug and the user's present membership there, or Http404."""
    found = tenancy.call("accounts_membership", user_id, slug)
    if not found:
        raise Http404("There is no such page, or it is not yours to see.")
    return found[0][0], found[0][1]


def enter(request: Any, workspace_id: uuid.UUID, member_id: uuid.UUID) -> None:
    """Hang workspace and member on the request and read the clock in the member's zone.

    The transaction must be the workspace's.
    """
    member = Member.objects.select_related("workspace", "user").get(
        workspace_id=workspace_id, id=member_id
    )
    request.member, request.workspace = member, member.workspace
    timezone.activate(ZoneInfo(member.user.time_zone))


def _answer_api(
    request: Any, view: View, args: tuple[Any, ...], kwargs: dict[str, Any]
) -> HttpResponseBase:
    named = api_keys.routed(request)
    if named is None:
        return _unauthorised()
    workspace_id, key_id, secret = named
    with tenancy.in_workspace(workspace_id):
        key = api_keys.proven(key_id, secret)
    if key is None:
        return _unauthorised()
    if key.workspace.slug != kwargs["slug"]:
        return JsonResponse({"detail": "There is nothing here, or it is not yours."}, status=404)
    with tenancy.in_workspace(workspace_id, key.member_id):
        request.workspace, request.member, request.api_key = key.workspace, key.member, key
        response = _answer(request, view, args, kwargs)
    _wake_after_a_write(request, workspace_id)
    return response


def _wake_after_a_write(request: HttpRequest, workspace_id: uuid.UUID) -> None:
    """Have the workers look for what a person's act made due, now that it is committed."""
    if request.method not in {"GET", "HEAD", "OPTIONS"}:
        for task in settings.TASKS_AFTER_A_WRITE:
            wake(task, str(workspace_id))


def _unauthorised() -> JsonResponse:
    response = JsonResponse(
        {"detail": "Send a valid API key as `Authorization: Bearer tw_...`."}, status=401
    )
    response["WWW-Authenticate"] = "Bearer"
    return response


def _answer(
    request: HttpRequest, view: View, args: tuple[Any, ...], kwargs: dict[str, Any]
) -> HttpResponseBase:
    response = view(request, *args, **kwargs)
    if isinstance(response, SimpleTemplateResponse) and not response.is_rendered:
        response.render()
    return response
