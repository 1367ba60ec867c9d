"""What may be asked of a collection of messages, and how Graph refuses the rest.

https://learn.microsoft.com/graph/query-parameters and
https://learn.microsoft.com/graph/api/user-list-messages
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from mailsync.sandbox.mailboxes import Message
from mailsync.sandbox.web import Refusal, Request, Response, as_json

DEFAULT_PAGE = 10
LARGEST_PAGE = 1000

_TIME = re.compile(r"receivedDateTime (ge|gt|le|lt) (\S+)")
_OWN_ID = re.compile(r"internetMessageId eq '((?:[^']|'')*)'", re.I)
_COMPARE: dict[str, Callable[[datetime, datetime], bool]] = {
    "ge": lambda one, other: one >= other,
    "gt": lambda one, other: one > other,
    "le": lambda one, other: one <= other,
    "lt": lambda one, other: one < other,
}

Test = Callable[[Message], bool]


def error(status: int, code: str, said: str, headers: dict[str, str] | None = None) -> Response:
    """https://learn.microsoft.com/graph/errors"""
    return as_json({"error": {"code": code, "message": said}}, status, headers)


def refuse(status: int, code: str, said: str) -> Refusal:
    return Refusal(error(status, code, said))


@dataclass(frozen=True, slots=True)
class Query:
    """A request's options, checked."""

    select: tuple[str, ...]
    tests: tuple[Test, ...]
    filter: str
    order: str

    def fits(self, message: Message) -> bool:
        return all(test(message) for test in self.tests)


def read_query(request: Request, properties: Iterable[str], *, delta: bool = False) -> Query:
    """The options of a request, or a refusal as the vendor words it."""
    order, text = request.one("$orderby"), request.one("$filter")
    orders = {"", "receivedDateTime desc"} | (set() if delta else {"receivedDateTime asc"})
    if order not in orders:
        raise refuse(400, "ErrorInvalidUrlQuery", f"The $orderby '{order}' is not supported.")
    tests = tuple(_test(term, delta=delta) for term in text.split(" and ") if text)
    if order and text and not text.startswith("receivedDateTime"):
        # Properties of $orderby have to come first in $filter.
        raise refuse(400, "InefficientFilter", "The restriction or sort order is too complex.")
    if delta and len(tests) > 1:
        raise refuse(400, "ErrorInvalidUrlQuery", "Change tracking takes one restriction.")
    return Query(read_select(request, properties), tests, text, order)


def read_select(request: Request, properties: Iterable[str]) -> tuple[str, ...]:
    names = tuple(one.strip() for one in request.one("$select").split(",") if one.strip())
    unknown = sorted(set(names) - set(properties))
    if unknown:
        raise refuse(400, "RequestBroker--ParseUri", f"Could not find a property '{unknown[0]}'.")
    return names


def page_size(request: Request) -> int:
    """Of $top or the preference, at most a thousand."""
    wish = re.search(r"odata\.maxpagesize=(\d+)", request.headers.get("prefer", ""), re.I)
    text = request.one("$top") or (wish[1] if wish else str(DEFAULT_PAGE))
    if not text.isdecimal() or not 1 <= int(text) <= LARGEST_PAGE:
        raise refuse(400, "ErrorInvalidUrlQuery", "The page size has to be 1 to 1000.")
    return int(text)


def wants_immutable(request: Request) -> bool:
    """https://learn.microsoft.com/graph/outlook-immutable-id"""
    return bool(re.search(r'IdType\s*=\s*"ImmutableId"', request.headers.get("prefer", ""), re.I))


def _test(term: str, *, delta: bool) -> Test:
    by_time, by_id = _TIME.fullmatch(term), _OWN_ID.fullmatch(term)
    if by_time and (not delta or by_time[1] in {"ge", "gt"}):
        compare, bound = _COMPARE[by_time[1]], _moment(by_time[2])
        return lambda message: compare(message.received_at, bound)
    if by_id and not delta:
        wanted = by_id[1].replace("''", "'").lower()
        return lambda message: message.message_id.lower() == wanted
    raise refuse(400, "ErrorInvalidUrlQueryFilter", "The query filter contains an invalid term.")


def _moment(text: str) -> datetime:
    try:
        return datetime.fromisoformat(text).astimezone(UTC)
    except ValueError:
        raise refuse(400, "BadRequest", f"Invalid DateTimeOffset '{text}'.") from None


def collection(value: list[Any], **links: str) -> Response:
    names = {"next": "@odata.nextLink", "delta": "@odata.deltaLink"}
    return as_json({"value": value} | {names[kind]: link for kind, link in links.items() if link})
