"""The Gmail API, as far as a mail program that reads and sends needs it.

Which parameters and scopes a call knows is what Google publishes in the API's discovery document
(https://gmail.googleapis.com/$discovery/rest?version=v1), a copy of which comes with its client.
"""

import base64
import binascii
import json
import time
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from googleapiclient.discovery_cache import get_static_doc

from mailsync.sandbox.gmail_batch import answer_batch
from mailsync.sandbox.gmail_lists import list_history, list_messages
from mailsync.sandbox.gmail_shapes import MARKS, message_json, only_fields
from mailsync.sandbox.google_errors import (
    bad_request,
    not_found,
    scope_missing,
    unauthenticated,
    unknown_parameter,
)
from mailsync.sandbox.google_sign_in import SignIn
from mailsync.sandbox.mailboxes import Mailbox
from mailsync.sandbox.outgoing import with_other_id, with_own_sender
from mailsync.sandbox.web import Call, Lies, Refusal, Request, Response, Route, as_json

if TYPE_CHECKING:
    from mailsync.sandbox.server import Sandbox

WATCH_SECONDS = 7 * 86_400
LIES = {"expire", "loop", "numbers", "double", "rename"}
_FORMS = {"minimal", "full", "raw", "metadata"}


class Gmail:
    """Each handler gets the request, the mailbox, the names of the path and the lies."""

    def __init__(self, sandbox: "Sandbox", sign_in: SignIn) -> None:
        self.sandbox, self.sign_in = sandbox, sign_in
        user = "/gmail/v1/users/{user}"
        self.routes = [
            Route("GET", f"{user}/profile", "getProfile", self.profile),
            Route("GET", f"{user}/labels", "labels.list", self.labels),
            Route("GET", f"{user}/labels/{{id}}", "labels.get", self.label),
            Route("GET", f"{user}/messages", "messages.list", self.messages),
            Route("POST", f"{user}/messages/send", "messages.send", self.send),
            Route("GET", f"{user}/messages/{{id}}", "messages.get", self.get),
            Route("GET", f"{user}/history", "history.list", self.history),
            Route("POST", f"{user}/watch", "watch", self.watch),
            Route("POST", f"{user}/stop", "stop", self.stop),
            Route("GET", f"{user}/settings/sendAs", "settings.sendAs.list", self.send_as),
            Route("POST", "/batch/gmail/v1", "batch", self.batch),
        ]

    def call_for(self, route: Route, names: dict[str, str], request: Request) -> Call:
        """Who asks is read first, so that a refused call is logged as theirs."""
        row = self.sign_in.grants.access_token(request.bearer)
        address = row["address"] if row else ""

        def run(lies: Lies) -> Response:
            if route.operation == "batch":
                return self.batch(request)
            box = self._judge(route, names, request, row)
            answer = route.handle(request, box, names, lies)
            if not answer:
                return Response(204)
            fields = request.one("fields")
            return as_json(only_fields(answer, fields) if fields else answer)

        return Call(route.operation, address, run)

    def batch(self, request: Request) -> Response:
        google = next(one for one in self.sandbox.apps if one.prefix == "/google")
        # The path of a part is the whole path, prefix included.
        return answer_batch(request, lambda inner: self.sandbox.perform(google, _below(inner)))

    def profile(self, request: Request, box: Mailbox, *_: object) -> dict[str, Any]:
        return {
            "emailAddress": box.address,
            "messagesTotal": len(box.messages),
            "threadsTotal": len({one.thread_id for one in box.messages.values()}),
            "historyId": str(box.latest),
        }

    def labels(self, request: Request, box: Mailbox, *_: object) -> dict[str, Any]:
        made = [self._label(box, one.id) for one in box.folders.values()]
        return {"labels": made + [_mark(one) for one in MARKS]}

    def label(
        self, request: Request, box: Mailbox, names: dict[str, str], lies: Lies
    ) -> dict[str, Any]:
        if names["id"] not in box.folders:
            raise not_found()
        total = sum(names["id"] in one.scopes for one in box.messages.values())
        return self._label(box, names["id"]) | {"messagesTotal": total}

    def messages(
        self, request: Request, box: Mailbox, names: dict[str, str], lies: Lies
    ) -> dict[str, Any]:
        return list_messages(box, request, lies)

    def get(
        self, request: Request, box: Mailbox, names: dict[str, str], lies: Lies
    ) -> dict[str, Any]:
        message = box.messages.get(names["id"])
        form = request.one("format", "full").lower()
        if form not in _FORMS:
            raise bad_request(f"Invalid value at 'format': {form}")
        if message is None:
            raise not_found()
        raw = self.sandbox.mailboxes.raw(box.address, message.id)
        return message_json(box, message, raw, form)

    def send(
        self, request: Request, box: Mailbox, names: dict[str, str], lies: Lies
    ) -> dict[str, Any]:
        """The sent copy keeps a Message-ID that it came with, but for the lie "rename", and a From
        of its own or of an alias.

        https://developers.google.com/workspace/gmail/api/reference/rest/v1/users.messages/send
        """
        body = _json(request)
        try:
            raw = base64.urlsafe_b64decode(body.get("raw", "").encode() + b"==")
        except (binascii.Error, AttributeError) as error:
            raise bad_request("Invalid value at 'message.raw' (TYPE_BYTES)") from error
        if not raw.strip():
            raise bad_request("'raw' RFC822 payload message string or uploading message required")
        thread = body.get("threadId", "")
        if thread and thread not in {one.thread_id for one in box.messages.values()}:
            raise not_found()
        raw = with_own_sender(raw, box)
        if "rename" in lies:
            raw = with_other_id(raw)
        made = self.sandbox.mailboxes.deliver(
            box.address, raw, scopes=["SENT"], flags=["seen"], thread_id=thread
        )
        return {"id": made.id, "threadId": made.thread_id, "labelIds": ["SENT"]}

    def history(
        self, request: Request, box: Mailbox, names: dict[str, str], lies: Lies
    ) -> dict[str, Any]:
        return list_history(box, request, lies)

    def watch(self, request: Request, box: Mailbox, *_: object) -> dict[str, Any]:
        """One topic a project and user, for seven days.

        https://developers.google.com/workspace/gmail/api/guides/push
        """
        topic = _json(request).get("topicName", "")
        if not topic.startswith("projects/") or "/topics/" not in topic:
            raise bad_request("Invalid topicName does not match projects/sandbox/topics/*")
        there = self.sandbox.tables.get("gmail watches", box.address)
        if there and there["topic"] != topic and there["ends"] > time.time():
            raise bad_request(
                "Only one user push notification client allowed per developer"
                " (call /stop then try again)"
            )
        ends = time.time() + WATCH_SECONDS
        row = {"topic": topic, "ends": ends, "labels": _json(request).get("labelIds", [])}
        self.sandbox.tables.put("gmail watches", box.address, row)
        return {"historyId": str(box.latest), "expiration": str(int(ends * 1000))}

    def stop(self, request: Request, box: Mailbox, *_: object) -> dict[str, Any]:
        self.sandbox.tables.remove("gmail watches", box.address)
        return {}

    def send_as(self, request: Request, box: Mailbox, *_: object) -> dict[str, Any]:
        """The address itself and the aliases; one named "pending:..." is not confirmed yet.

        https://developers.google.com/workspace/gmail/api/reference/rest/v1/users.settings.sendAs
        """
        first = {"sendAsEmail": box.address, "isPrimary": True, "isDefault": True}
        others = [
            {
                "sendAsEmail": one.removeprefix("pending:"),
                "verificationStatus": "pending" if one.startswith("pending:") else "accepted",
            }
            for one in box.aliases
        ]
        return {"sendAs": [first, *others]}

    def _judge(
        self, route: Route, names: dict[str, str], request: Request, row: dict[str, Any] | None
    ) -> Mailbox:
        box = self.sandbox.mailboxes.get(row["address"]) if row else None
        if row is None or box is None:
            raise unauthenticated()
        method = _methods()[f"gmail.users.{route.operation}"]
        for name in sorted(set(request.query) - method["known"]):
            raise unknown_parameter(name)
        if not method["scopes"] & set(row["scopes"]):
            raise scope_missing(f"caribou.api.proto.MailboxService.{route.operation}")
        if names["user"].lower() not in {"me", box.address}:
            raise Refusal(_delegation_denied(names["user"]))
        return box

    @staticmethod
    def _label(box: Mailbox, label: str) -> dict[str, Any]:
        folder = box.folders[label]
        kind = "user" if folder.role == "other" else "system"
        return {"id": folder.id, "name": folder.name, "type": kind}


def _mark(name: str) -> dict[str, Any]:
    return {"id": name, "name": name, "type": "system", "messageListVisibility": "hide"}


def _below(inner: Request) -> Request:
    path = inner.path.removeprefix("/google")
    return Request(inner.method, path, inner.query, inner.headers, inner.body)


def _delegation_denied(user: str) -> Response:
    message = f"Delegation denied for {user}"
    return as_json({"error": {"code": 403, "message": message, "status": "PERMISSION_DENIED"}}, 403)


def _json(request: Request) -> dict[str, Any]:
    if request.content_type != "application/json":
        raise bad_request(f"Invalid content type {request.content_type!r}: send JSON.")
    try:
        body = json.loads(request.body)
    except ValueError as error:
        raise bad_request("Invalid JSON payload received.") from error
    if not isinstance(body, dict):
        raise bad_request("Invalid JSON payload received.")
    return body


@lru_cache
def _methods() -> dict[str, dict[str, set[str]]]:
    """The query parameters and the scopes of each method."""
    document = json.loads(get_static_doc("gmail", "v1") or "{}")
    common = set(document["parameters"])
    found: dict[str, dict[str, set[str]]] = {}
    waiting = list(document["resources"].values())
    while waiting:
        resource = waiting.pop()
        waiting += resource.get("resources", {}).values()
        for method in resource.get("methods", {}).values():
            own = method.get("parameters", {}).items()
            known = common | {name for name, facts in own if facts["location"] == "query"}
            found[method["id"]] = {"known": known, "scopes": set(method["scopes"])}
    return found
