"""The door that machines come in by: no session, no form, one request, one small answer.

A door of this kind verifies, writes one row or marks one, commits and answers 2xx. It never does
the work itself, and nothing that it is sent is trusted before it was verified.
"""

from collections.abc import Callable
from typing import Any

from django.db import DatabaseError, InterfaceError
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.http.request import UnreadablePostError
from django.views import View
from django.views.decorators.csrf import csrf_exempt

from accounts.tally import count


class Refused(Exception):
    """The request is answered with `status` and an empty body; `reason` is counted."""

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(reason)
        self.status, self.reason = status, reason


class MachineDoor(View):
    """A door for the pushes of one service. `name` stands in the counts, `most_bytes` is the
    limit of a body, applied before anything reads it.

    Where the database does not answer the sender is told 503, so that it tries again later.
    """

    name = ""
    most_bytes = 1_000_000
    http_method_names = ["post"]

    @classmethod
    def as_view(cls, **initkwargs: Any) -> Callable[..., HttpResponseBase]:
        # There is no cookie to be abused: each sender proves itself in the request.
        return csrf_exempt(super().as_view(**initkwargs))

    def post(self, request: HttpRequest, **named: Any) -> HttpResponse:
        try:
            return self.take(request, self._read(request))
        except Refused as refusal:
            count(f"{self.name}: {refusal.reason}")
            return HttpResponse(status=refusal.status)
        except (DatabaseError, InterfaceError) as error:
            count(f"{self.name}: the database failed ({type(error).__name__})")
            return HttpResponse(status=503)

    def take(self, request: HttpRequest, body: bytes) -> HttpResponse:
        """Verify, note, answer; raises Refused. What it wrote is committed when it returns.

        What the address names stands in `self.kwargs`.
        """
        raise NotImplementedError

    def _read(self, request: HttpRequest) -> bytes:
        try:
            stated = int(request.headers.get("Content-Length") or 0)
        except ValueError:
            stated = 0
        if stated > self.most_bytes:
            raise Refused(413, "too large")
        try:
            body = request.read(self.most_bytes + 1)
        except (UnreadablePostError, OSError) as error:
            raise Refused(400, "broken off") from error
        if len(body) > self.most_bytes:
            raise Refused(413, "too large")
        return body
