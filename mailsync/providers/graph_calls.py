"""Requests to Microsoft Graph for one mailbox: budget, token, limits and errors in one place."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import requests
import urllib3
from django.conf import settings

from mailsync.providers.errors import Permanent, ProviderError, Transient, Unsure
from mailsync.providers.grants import Budget, Tokens
from mailsync.providers.graph_errors import AWAY, Failure, house_error
from mailsync.providers.graph_sign_in import checked_root, plain_session
from mailsync.providers.graph_tokens import access_token, renew

TIMEOUT = (10, 60)
# A page of a thousand headers is about ten megabytes; one of monsters is asked for in parts.
MOST_BYTES = 48 * 1024 * 1024
MOST_ERROR_BYTES = 64 * 1024

# https://learn.microsoft.com/graph/outlook-immutable-id
IMMUTABLE = 'IdType="ImmutableId"'


class TooLarge(Transient):
    """The answer is beyond what is read at once; `size` is what it says of itself, or 0."""

    size = 0
    sentence = "Microsoft 365 answers with more than Threadwell reads at once."


@dataclass(frozen=True, slots=True)
class Ask:
    """One request. `right` is the scope that it needs, `limit` the most bytes of its answer. With
    `once` it hands something over: what is no clear answer is Unsure then."""

    method: str
    url: str
    body: bytes | None = field(default=None, repr=False)
    kind: str = ""
    prefer: str = ""
    right: str = "Mail.Read"
    limit: int = MOST_BYTES
    once: bool = False


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    body: bytes = field(repr=False)
    headers: Mapping[str, str] = field(default_factory=dict)


class Calls:
    """One mailbox's line to Graph. Used between `open` and `close`, by one thread."""

    def __init__(self, tokens: Tokens, budget: Budget) -> None:
        self._tokens, self._budget = tokens, budget
        self._session: requests.Session | None = None
        self.root = settings.GRAPH_API_ROOT
        self.secret = b""

    def open(self) -> None:
        self.root = checked_root(settings.GRAPH_API_ROOT)
        self.secret = self._tokens.load()
        self._session = plain_session(self.root)

    def close(self) -> None:
        session, self._session = self._session, None
        if session is not None:
            session.close()

    def get(self, address: str, *, prefer: str = "", right: str = "Mail.Read") -> dict[str, Any]:
        """The JSON object at a path below the root or at a whole address; raises TooLarge."""
        ask = Ask("GET", self._whole(address), prefer=prefer, right=right, limit=MOST_BYTES)
        return _object(self.send(ask))

    def send_json(self, method: str, path: str, data: dict[str, Any]) -> dict[str, Any]:
        body = json.dumps(data).encode()
        return _object(self.send(Ask(method, self._whole(path), body, "application/json")))

    def send(self, ask: Ask) -> Answer:
        """The answer to a request if it is a success; otherwise raises one of our errors.

        A grant that was revoked still looks valid here, and a token may end early: so the first 401
        asks for a new token, and only the second is the verdict.
        """
        token = self._token()
        answer = self._once(ask, token)
        if answer.status == 401:
            self.secret = self._tokens.refresh(self.secret, renew)
            answer = self._once(ask, access_token(self.secret))
        if not 200 <= answer.status < 300:
            failure = Failure(answer.status, _code(answer.body), ask.right, answer.headers)
            raise _verdict(ask, failure)
        return answer

    def download(self, path: str, limit: int) -> tuple[bytes | None, int]:
        """The bytes at a path and their number; without the bytes where they are beyond `limit`."""
        try:
            answer = self.send(Ask("GET", self._whole(path), limit=limit))
        except TooLarge as error:
            return None, max(error.size, limit + 1)
        return answer.body, len(answer.body)

    def is_ours(self, address: str) -> bool:
        """Whether the token may go to this address: scheme, host, port and path are the root's."""
        root, parts = urlsplit(self.root), urlsplit(address)
        same = (parts.scheme, parts.netloc) == (root.scheme, root.netloc)
        return same and parts.path.startswith(root.path + "/")

    def _whole(self, address: str) -> str:
        whole = self.root + address if address.startswith("/") else address
        if not self.is_ours(whole):
            raise Permanent("Microsoft 365 names an address that is not its own.")
        return whole

    def _token(self) -> str:
        token = access_token(self.secret, fresh=True)
        if not token:
            self.secret = self._tokens.refresh(self.secret, renew)
            token = access_token(self.secret)
        return token

    def _once(self, ask: Ask, token: str) -> Answer:
        self._budget.spend(1)
        with self._budget.call(), _network(once=ask.once):
            return self._exchange(ask, token)

    def _exchange(self, ask: Ask, token: str) -> Answer:
        if self._session is None:
            raise Transient(AWAY)
        headers = {"Prefer": IMMUTABLE + (f", {ask.prefer}" if ask.prefer else "")}
        if ask.kind:
            headers["Content-Type"] = ask.kind
        request = requests.Request(
            ask.method, self.root, headers=headers, data=ask.body, auth=_Bearer(token)
        )
        prepared = self._session.prepare_request(request)
        # Links are kept whole: the library would spell some of their letters anew.
        prepared.url = ask.url
        found = self._session.merge_environment_settings(ask.url, {}, True, None, None)
        with self._session.send(
            prepared, timeout=TIMEOUT, allow_redirects=False, **found
        ) as response:
            good = 200 <= response.status_code < 300
            body = _bounded(
                response, ask.limit if good else MOST_ERROR_BYTES, strict=good and not ask.once
            )
            names = {name.lower(): value for name, value in response.headers.items()}
            return Answer(response.status_code, body, names)


class _Bearer(requests.auth.AuthBase):
    """As an `auth`, so that no password file of the machine takes the header's place."""

    def __init__(self, token: str) -> None:
        self._token = token

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        request.headers["Authorization"] = f"Bearer {self._token}"
        return request


def _bounded(response: requests.Response, limit: int, *, strict: bool) -> bytes:
    """The body up to the limit; what is longer is refused (`strict`) or cut."""
    body = bytearray()
    for piece in response.iter_content(65536):
        body += piece
        if len(body) > limit:
            if strict:
                error = TooLarge()
                told = response.headers.get("Content-Length", "")
                error.size = int(told) if told.isdecimal() else 0
                raise error
            break
    return bytes(body)


@contextmanager
def _network(*, once: bool = False) -> Iterator[None]:
    """What goes wrong on the way is worth another try, where nothing was handed over."""
    try:
        yield
    except (requests.RequestException, urllib3.exceptions.HTTPError, OSError) as error:
        if once and not _never_connected(error):
            raise Unsure from error
        raise Transient(AWAY) from error


def _never_connected(error: Exception) -> bool:
    cause = error.args[0] if error.args else None
    return isinstance(getattr(cause, "reason", None), urllib3.exceptions.NewConnectionError)


def _verdict(ask: Ask, failure: Failure) -> ProviderError:
    # Only 429 is a refusal. An error of the server's side says nothing about what was handed over,
    # whatever pause it asks for.
    unclear = failure.status >= 500 or failure.status == 408
    return Unsure() if ask.once and unclear else house_error(failure)


def _object(answer: Answer) -> dict[str, Any]:
    try:
        data = json.loads(answer.body)
    except (ValueError, RecursionError) as error:
        # Half of an answer looks like this.
        raise Transient(AWAY) from error
    if not isinstance(data, dict):
        raise Transient(AWAY)
    return data


def _code(body: bytes) -> str:
    """The vendor's word for an error, in lower case; "" where the body has none."""
    try:
        error = json.loads(body)["error"]
        return str(error["code"] if isinstance(error, dict) else error).lower()[:100]
    except (ValueError, LookupError, TypeError, RecursionError):
        return ""
