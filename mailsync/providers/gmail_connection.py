"""One open connection to the Gmail API: Google's client, our tokens, our budget, no sleeping."""

import http.client
import json
import logging
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

import httplib2
from django.conf import settings
from google.auth import credentials as google_credentials
from google_auth_httplib2 import AuthorizedHttp
from googleapiclient.discovery import build_from_document
from googleapiclient.discovery_cache import get_static_doc
from googleapiclient.http import BatchHttpRequest, HttpRequest

from mailsync.providers.errors import Transient, Unsure
from mailsync.providers.gmail_errors import UNREADABLE, house_errors, sending_errors
from mailsync.providers.google_tokens import READ_SCOPE, UNREACHABLE, GoogleSecret, refreshed
from mailsync.providers.grants import Budget, Tokens

# These write addresses with Message-IDs in them, or whole answers, at lower levels.
for _name in ("googleapiclient", "google_auth_httplib2", "google.auth", "httplib2"):
    logging.getLogger(_name).setLevel(logging.ERROR)

READ_SECONDS = 60
# Google allows 100 and advises 50: https://developers.google.com/workspace/gmail/api/guides/batch
BATCH = 50

Answer = dict[str, Any]


class MailboxCredentials(google_credentials.Credentials):
    """Google's client asks these for an access token; one that ended is renewed through `Tokens`,
    by one worker at a time and with one question."""

    def __init__(self, tokens: Tokens) -> None:
        super().__init__()
        self._tokens = tokens
        self._take(tokens.load())

    def refresh(self, request: object) -> None:
        self._take(self._tokens.refresh(self._secret, refreshed))

    def _take(self, secret: bytes) -> None:
        self._secret, self.grant = secret, GoogleSecret.read(secret)
        self.token = self.grant.access_token or None
        # google-auth compares with naive UTC.
        self.expiry = datetime.fromtimestamp(self.grant.ends_at, UTC).replace(tzinfo=None)


class GmailConnection:
    """`users` is the API's resource; `call` and `batch` are the only ways to execute anything."""

    def __init__(self, tokens: Tokens, budget: Budget) -> None:
        self.credentials, self.budget = MailboxCredentials(tokens), budget
        # httplib2 is not thread-safe: this one belongs to this connection alone.
        self._http = AuthorizedHttp(
            self.credentials, httplib2.Http(timeout=READ_SECONDS), (401,), 1
        )
        self._http.follow_redirects = False
        with house_errors():
            service = build_from_document(
                _document(),
                http=self._http,
                client_options={"api_endpoint": settings.GMAIL_API_ROOT},
            )
            self.users: Any = service.users()

    def close(self) -> None:
        self._http.close()

    def _authorized(self, plain: httplib2.Http) -> AuthorizedHttp:
        """With our tokens. One that is refused is renewed once before the refusal counts."""
        plain.follow_redirects = False
        return AuthorizedHttp(
            self.credentials, plain, refresh_status_codes=(401,), max_refresh_attempts=1
        )

    def call(self, request: HttpRequest, units: float, scope: str = READ_SCOPE) -> Answer:
        """One call, one attempt."""
        return whole(self.tell(request, units, scope))

    def tell(self, request: HttpRequest, units: float, scope: str = READ_SCOPE) -> object:
        """A call whose answer is of no interest, and may be empty."""
        self.budget.spend(units)
        with self.budget.call(), house_errors(scope):
            return request.execute()

    def call_once(self, request: HttpRequest, units: float) -> Answer:
        """A call that must not happen twice, not even over a connection that went stale. Raises
        Unsure where nobody knows whether it happened."""
        self.budget.spend(units)
        alone = self._authorized(_OneAttempt(timeout=READ_SECONDS))
        try:
            with self.budget.call(), sending_errors():
                answer = request.execute(http=alone)
                if not isinstance(answer, dict):
                    raise Unsure
                return answer
        finally:
            alone.close()

    def batch(
        self, requests: Mapping[str, HttpRequest], take: Callable[[str, Any, Any], None]
    ) -> None:
        """Up to 50 calls as one request; `take` gets id, answer and error of each. The units of
        all are spent by the caller, who may have more than one batch to ask for."""
        # The client would send it to its own idea of the root.
        batch = BatchHttpRequest(batch_uri=f"{settings.GMAIL_API_ROOT}/batch/gmail/v1")
        for name, request in requests.items():
            batch.add(request, callback=take, request_id=name)
        with self.budget.call(), house_errors():
            batch.execute(http=self._http)


def whole(answer: Any) -> Answer:
    """JSON that was cut off comes from the client as text and without an error."""
    if not isinstance(answer, dict):
        raise Transient(UNREADABLE)
    return answer


def chunks(refs: Sequence[str]) -> list[Sequence[str]]:
    """In pieces of one batch each."""
    return [refs[start : start + BATCH] for start in range(0, len(refs), BATCH)]


class _OneAttempt(httplib2.Http):
    """httplib2 asks again by itself when the line was closed without an answer."""

    def request(self, uri: str, *args: Any, **kwargs: Any) -> Any:
        kwargs["connection_type"] = _Https if uri.startswith("https:") else _Http
        return super().request(uri, *args, **kwargs)


class _Once:
    """A connection that says when nothing was asked yet, and is not asked a second time."""

    def connect(self) -> None:
        try:
            super().connect()  # type: ignore[misc]
        except OSError as error:
            raise Transient(UNREACHABLE) from error

    def getresponse(self) -> http.client.HTTPResponse:
        try:
            answer: http.client.HTTPResponse = super().getresponse()  # type: ignore[misc]
        except http.client.BadStatusLine as error:
            raise ConnectionAbortedError from error
        return answer


class _Http(_Once, httplib2.HTTPConnectionWithTimeout):
    pass


class _Https(_Once, httplib2.HTTPSConnectionWithTimeout):
    pass


@lru_cache(maxsize=1)
def _document() -> Answer:
    """The description of the API that came with the client; nobody is asked for it."""
    document: Answer = json.loads(get_static_doc("gmail", "v1"))
    return document
