"""A member's own API keys."""

import uuid

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from accounts import selectors
from accounts.forms import ApiKeyForm, from_post
from accounts.middleware import WorkspaceRequest
from accounts.problems import PeopleProblem
from accounts.services.keys import create_key, revoke_key
from accounts.toast import tell
from accounts.views.answers import demand, page_of, see_other, there


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def api_keys(request: WorkspaceRequest, slug: str) -> HttpResponse:
    """List and make keys. A new key's text stands in the answer to the POST itself (201), because
    sending the browser on would mean keeping the secret somewhere until it asks again.
    """
    member = demand(request, "use api keys")
    form = ApiKeyForm(from_post(request))
    if request.method != "POST":
        return _page(request, form)
    if form.is_valid():
        try:
            key, text = create_key(request.workspace.id, member, **form.cleaned_data)
        except PeopleProblem as problem:
            form.refuse(problem)
        else:
            return _page(request, ApiKeyForm(), status=201, made=key, text=text)
    return _page(request, form, status=422)


@require_POST
def removal(request: WorkspaceRequest, slug: str, key_id: uuid.UUID) -> HttpResponse:
    member = demand(request, "use api keys")
    key = there(revoke_key(request.workspace.id, member, key_id=key_id))
    tell(request, _("The key %(name)s opens nothing any more.") % {"name": key.name})
    return see_other(page_of(request, "accounts:api_keys"))


def _page(
    request: WorkspaceRequest, form: ApiKeyForm, status: int = 200, **made: object
) -> HttpResponse:
    context = {"form": form, "keys": selectors.live_keys(request.member), **made}
    return render(request, "accounts/api_keys.html", context, status=status)
