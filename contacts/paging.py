"""Long lists in alphabetical order, page by page: a signed cursor, and nothing is counted."""

import uuid
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.core import signing
from django.db.models import Model, Q, QuerySet
from django.db.models.functions import Lower
from django.http import HttpRequest

_SALT = "by name"
PAGE_SIZE = 50

Row = TypeVar("Row", bound=Model)


@dataclass(frozen=True)
class Page(Generic[Row]):
    """The rows of one page, and the address of the next one (empty on the last)."""

    rows: list[Row]
    next_url: str


def by_name(request: HttpRequest, rows: QuerySet[Row], *, size: int = PAGE_SIZE) -> Page[Row]:
    """Return the page of `rows` that the request's `after` names, ordered by (lower name, id).

    The other parameters of the address stay in the next page's. A cursor that was not made here
    starts again at the top.
    """
    sorted_rows: QuerySet[Any] = rows.annotate(sorted_name=Lower("name"))
    after = _read(request.GET.get("after", ""))
    if after is not None:
        name, row_id = after
        further = Q(sorted_name__gt=name) | Q(id__gt=row_id)
        sorted_rows = sorted_rows.filter(further, sorted_name__gte=name)
    found = list(sorted_rows.order_by("sorted_name", "id")[: size + 1])
    if len(found) <= size:
        return Page(found, "")
    return Page(found[:size], _next_url(request, found[size - 1]))


def _read(text: str) -> tuple[str, uuid.UUID] | None:
    try:
        name, row_id = signing.loads(text, salt=_SALT)
        return str(name), uuid.UUID(row_id)
    except (signing.BadSignature, TypeError, ValueError):
        return None


def _next_url(request: HttpRequest, last: Model) -> str:
    # The database's own lower case goes into the cursor: Python's differs for some letters.
    query = request.GET.copy()
    place = [last.sorted_name, str(last.pk)]  # type: ignore[attr-defined]
    query["after"] = signing.dumps(place, salt=_SALT)
    return f"{request.path}?{query.urlencode()}"
