"""Requests and responses of the sandbox as values, and a table of routes."""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol
from urllib.parse import parse_qs, unquote, urlsplit

from mailsync.sandbox.mailboxes import Mailbox

# What a chosen fault asks of the vendor's own code: "expire", "loop" ... (`faults.Lie`).
Lies = frozenset[str]


@dataclass(frozen=True, slots=True)
class Request:
    """One call. Header names are lower case; `path` is below the app's prefix and still quoted."""

    method: str
    path: str
    query: Mapping[str, list[str]] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""

    @classmethod
    def read(
        cls, method: str, target: str, headers: Mapping[str, str] | None = None, body: bytes = b""
    ) -> "Request":
        """A request from its target, as it stands in the first line of HTTP."""
        parts = urlsplit(target)
        lower = {name.lower(): value for name, value in (headers or {}).items()}
        return cls(method, parts.path, parse_qs(parts.query, True), lower, body)

    def one(self, name: str, default: str = "") -> str:
        """The last value of a query parameter."""
        return self.query.get(name, [default])[-1]

    @property
    def bearer(self) -> str:
        kind, _, token = self.headers.get("authorization", "").partition(" ")
        return token.strip() if kind.lower() == "bearer" else ""

    @property
    def content_type(self) -> str:
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()

    def form(self) -> dict[str, str]:
        """The fields of a form that was posted, the last of each name."""
        return {name: values[-1] for name, values in self.form_lists().items()}

    def form_lists(self) -> dict[str, list[str]]:
        """The fields of a form that was posted."""
        return parse_qs(self.body.decode("utf-8", "replace"), True)


@dataclass(frozen=True, slots=True)
class Response:
    status: int
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)


class Refusal(Exception):
    """The vendor says no; `response` is how it says it."""

    def __init__(self, response: Response) -> None:
        super().__init__(response.status)
        self.response = response


def as_json(data: Any, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    kind = {"Content-Type": "application/json; charset=UTF-8"}
    return Response(status, json.dumps(data).encode(), kind | dict(headers or {}))


@dataclass(frozen=True, slots=True)
class Call:
    """A request that was recognised: which operation, on whose mailbox, and how to answer it."""

    operation: str
    mailbox: str
    run: Callable[[Lies], Response]


class App(Protocol):
    """One vendor. `call_for` raises Refusal where the vendor knows no such call."""

    prefix: str

    def call_for(self, request: Request) -> Call: ...

    def settings(self, root: str) -> dict[str, str]:
        """The vendor's settings that make the product talk to `root` (scheme, host, port)."""
        ...

    def add_account(self, address: str, *, name: str = "") -> Mailbox:
        """A new account with the folders or labels that every one has."""
        ...


@dataclass(frozen=True, slots=True)
class Route:
    """A method and a path with {names}, the operation's name, its handler, and what it may ask.

    `handle` gets the request, the names of the path (unquoted) and the lies. A query parameter
    that does not stand in `query` is for the vendor to refuse.
    """

    method: str
    path: str
    operation: str
    handle: Callable[..., Any]
    query: Sequence[str] = ()

    def match(self, request: Request) -> dict[str, str] | None:
        if request.method != self.method:
            return None
        found = re.fullmatch(re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", self.path), request.path)
        if found is None:
            return None
        return {name: unquote(value) for name, value in found.groupdict().items()}

    def unknown(self, request: Request) -> list[str]:
        """The query parameters that this route does not know."""
        return sorted(set(request.query) - set(self.query))


def find_route(
    routes: Sequence[Route], request: Request
) -> tuple[Route, dict[str, str]] | tuple[None, None]:
    """The first route that fits, with the names in its path."""
    for route in routes:
        names = route.match(request)
        if names is not None:
            return route, names
    return None, None
