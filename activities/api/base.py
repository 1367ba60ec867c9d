"""What every endpoint of the record shares: the reader's sight, and refusals as answers."""

from functools import cached_property
from typing import Any

from rest_framework import exceptions
from rest_framework.response import Response

from activities.problems import AlreadyDone, NotThere, RecordProblem
from activities.selectors.visible import Sight, sight_of
from contacts.api.strict import DirectoryViewSet, StrictSerializer

__all__ = ["RecordViewSet", "StrictSerializer"]


class Conflict(exceptions.APIException):
    """Somebody else was quicker; nothing was changed."""

    status_code = 409
    default_code = "conflict"


class RecordViewSet(DirectoryViewSet):
    """One noun of the record, as the key's member sees it."""

    write_capability = "log"
    keyset = ("-occurred_at", "-id")

    @cached_property
    def sight(self) -> Sight:
        return sight_of(self.workspace_id, self.by)

    def handle_exception(self, exc: Exception) -> Response:
        """Answer what is absent with 404, what was done already with 409, the rest with 400."""
        if isinstance(exc, NotThere):
            return super().handle_exception(exceptions.NotFound())
        if isinstance(exc, AlreadyDone):
            return super().handle_exception(Conflict(exc.sentence))
        if isinstance(exc, RecordProblem):
            body: dict[str, Any] = {exc.field or "non_field_errors": [exc.sentence]}
            return super().handle_exception(exceptions.ValidationError(body))
        return super().handle_exception(exc)
