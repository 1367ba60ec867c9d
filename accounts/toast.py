"""The short message after an act: what happened, and the way back where there is one."""

from django.contrib import messages
from django.http import HttpRequest


def tell(request: HttpRequest, text: str, *, undo: str = "") -> None:
    """Show `text` as a toast on the next page; a POST to `undo` takes the act back."""
    messages.success(request, text, extra_tags=undo)


def warn(request: HttpRequest, text: str) -> None:
    """Show `text` as a toast that says something did not happen."""
    messages.warning(request, text)
