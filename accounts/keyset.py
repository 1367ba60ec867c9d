"""Long lists, page by page: a signed cursor holds where the last row stood, nothing is counted."""

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar

from django.core import signing
from django.db.models import F, Model, Q, QuerySet
from django.http import HttpRequest
from django.utils.dateparse import parse_datetime

_SALT = "keyset"

Row = TypeVar("Row", bound=Model)


@dataclass(frozen=True)
class Page(Generic[Row]):
    """The rows of one page, and the address of the next one (empty on the last)."""

    rows: list[Row]
    next_url: str


def page(
    request: HttpRequest,
    rows: QuerySet[Row],
    *,
    by: str = "at",
    tie: str = "id",
    size: int = 50,
) -> Page[Row]:
    """The page of `rows` that the request's `after` names, newest first by (`by`, `tie`).

    `by` names a column that is never null, `tie` the id that takes equal ones apart. The other
    parameters of the address stay in the next page's. A cursor that was not made here starts
    again at the top.
    """
    after = place_of(request)
    if after is not None:
        moment, row_id = after
        # The first condition is the range of the index, the second takes the ties apart.
        older = Q(**{f"{by}__lt": moment}) | Q(**{f"{tie}__lt": row_id})
        rows = rows.filter(Q(**{f"{by}__lte": moment}) & older)
    found = list(rows.order_by(F(by).desc(), F(tie).desc())[: size + 1])
    if len(found) <= size:
        return Page(found, "")
    return Page(found[:size], url_after(request, found[size - 1], by=by, tie=tie))


def place_of(request: HttpRequest) -> tuple[datetime, uuid.UUID] | None:
    """Where the request's cursor stands, for lists made of several tables; None is the top."""
    return _read(request.GET.get("after", ""))


def url_after(request: HttpRequest, last: object, *, by: str, tie: str = "id") -> str:
    """The address of the page that follows the row `last`, for lists made of several tables."""
    query = request.GET.copy()
    place = [getattr(last, by).isoformat(), str(getattr(last, tie))]
    query["after"] = signing.dumps(place, salt=_SALT)
    return f"{request.path}?{query.urlencode()}"


def _read(text: str) -> tuple[datetime, uuid.UUID] | None:
    try:
        moment, row_id = signing.loads(text, salt=_SALT) if text else (None, None)
        parsed = parse_datetime(moment) if moment else None
        return (parsed, uuid.UUID(row_id)) if parsed else None
    except (signing.BadSignature, TypeError, ValueError):
        return None
