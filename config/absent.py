"""What answers where nothing stands: a page to a person, and JSON to a program."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.views.defaults import page_not_found

API = "/api/"


def absent(request: HttpRequest, exception: Exception) -> HttpResponse:
    """The 404 of the whole site; under /api/ it reads like every other refusal there."""
    if request.path_info.startswith(API):
        return JsonResponse({"detail": _("Nothing stands at this address.")}, status=404)
    return page_not_found(request, exception)
