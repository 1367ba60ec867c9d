"""The few answers that a page's view gives."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render

from accounts import policies
from accounts.models import Member


def see_other(url: str) -> HttpResponseRedirect:
    """Send the browser on with GET after a POST (303, RFC 9110 section 15.4.4)."""
    return HttpResponseRedirect(url, status=303)


def invalid(request: HttpRequest, template: str, context: dict[str, Any]) -> HttpResponse:
    """The page again with its wrong fields named (422); the first of them takes the focus."""
    return render(request, template, context, status=422)


def demand(request: HttpRequest, capability: str) -> Member:
    """The acting member, if their role has the capability; otherwise the page does not exist."""
    member: Member | None = getattr(request, "member", None)
    if member is None or not policies.may(member, capability):
        raise Http404
    return member
