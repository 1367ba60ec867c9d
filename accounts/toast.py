"""The short message after an act: what happened, and the way back where there is one."""

from django.contrib import messages
from django.http import HttpRequest
from django.utils.functional import Promise


def tell(request: HttpRequest, text: str | Promise, *, undo: str = "") -> None:
    """Show `text` as a toast on the next page; `undo` is the address that a POST takes it back at."""
    messages.success(request, text, extra_tags=undo)


def warn(request: HttpRequest, text: str | Promise) -> None:
    """Show `text` as a toast that says something did not happen."""
    messages.warning(request, text)
