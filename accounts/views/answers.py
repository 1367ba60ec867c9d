"""The few answers that a page's view gives."""

from collections.abc import Callable
from typing import Any, TypeVar

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from accounts import policies
from accounts.middleware import WorkspaceRequest
from accounts.models import Member, User

Row = TypeVar("Row")
View = TypeVar("View", bound=Callable[..., HttpResponse])


class SignedInRequest(HttpRequest):
    """What a view behind `login_required` is given."""

    user: User


def see_other(url: str) -> HttpResponseRedirect:
    """Send the browser on with GET after a POST (303, RFC 9110 section 15.4.4)."""
    return HttpResponseRedirect(url, status=303)


def page_of(request: WorkspaceRequest, name: str, *args: Any) -> str:
    """The address of a page of the request's workspace."""
    return reverse(name, args=[request.workspace.slug, *args])


def invalid(request: HttpRequest, template: str, context: dict[str, Any]) -> HttpResponse:
    """The page again with its wrong fields named (422); the first of them takes the focus."""
    return render(request, template, context, status=422)


def demand(request: WorkspaceRequest, capability: str) -> Member:
    """The acting member, if their role has the capability; otherwise the page does not exist."""
    if not policies.may(request.member, capability):
        raise Http404
    return request.member


def outside_transaction(view: View) -> View:
    """Mark a view that speaks to a server of others: doing that inside the page's transaction
    would hold its rows for seconds, so the view opens the workspace itself where it reads.
    """
    view.__dict__["outside_transaction"] = True
    return view


def there(row: Row | None) -> Row:
    """What a selector or service found; what is absent and what is not ours are the same 404."""
    if row is None:
        raise Http404
    return row
