"""Subscriptions of Graph: the proof, the pushes, and what befalls a subscription itself.

https://learn.microsoft.com/graph/change-notifications-delivery-webhooks and
https://learn.microsoft.com/graph/change-notifications-lifecycle-events
"""

import json
import secrets
import uuid
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import requests

from mailsync.sandbox.graph_query import error, refuse, wants_immutable
from mailsync.sandbox.graph_resources import graph_time, mutable_id
from mailsync.sandbox.mailboxes import Event, Mailbox
from mailsync.sandbox.microsoft_sign_in import TENANT_ID, object_id
from mailsync.sandbox.pushes import Push
from mailsync.sandbox.web import Lies, Request, Response, as_json

if TYPE_CHECKING:
    from mailsync.sandbox.server import Sandbox

# https://learn.microsoft.com/graph/api/resources/subscription#subscription-lifetime
LONGEST = timedelta(minutes=10_080)
PROOF_SECONDS = 10
_TABLE = "microsoft subscriptions"
_KINDS = {"added": "created", "deleted": "deleted", "scopes": "updated", "flags": "updated"}
_WANTED = {"changeType", "notificationUrl", "resource", "expirationDateTime", "clientState"} | {
    "lifecycleNotificationUrl"
}

Names = dict[str, str]
Row = dict[str, Any]


class Subscriptions:
    """They live in a table. A test that has no door yet sets `proves` to False."""

    def __init__(self, sandbox: "Sandbox") -> None:
        self._sandbox = sandbox
        self.proves = True
        sandbox.mailboxes.listeners.append(self._happened)

    def rows(self, address: str) -> list[Row]:
        """The subscriptions of an account that have not ended."""
        rows = self._sandbox.tables.all(_TABLE).values()
        now = graph_time(datetime.now(UTC))
        return [one for one in rows if one["address"] == address and one["end"] > now]

    def create(self, box: Mailbox, request: Request, names: Names, lies: Lies) -> Response:
        wanted = _json(request)
        said = _wrong(wanted) or _wrong_end(wanted)
        if said:
            return error(400, "InvalidRequest", said)
        for url in (wanted["notificationUrl"], wanted.get("lifecycleNotificationUrl")):
            if self.proves and url and not _proven(url):
                return error(400, "ValidationError", "Subscription validation request failed.")
        row = {
            "id": str(uuid.uuid4()),
            "address": box.address,
            "end": wanted["expirationDateTime"],
            "wanted": wanted,
            "immutable": wants_immutable(request),
        }
        with self._sandbox.lock:
            self._sandbox.tables.put(_TABLE, row["id"], row)
        return as_json(_shown(row), 201)

    def renew(self, box: Mailbox, request: Request, names: Names, lies: Lies) -> Response:
        row, wanted = self._own(box, names["id"]), _json(request)
        if set(wanted) != {"expirationDateTime"} or _wrong_end(wanted):
            return error(400, "InvalidRequest", _wrong_end(wanted) or "Only the end can change.")
        row = row | {"end": wanted["expirationDateTime"]}
        self._sandbox.tables.put(_TABLE, row["id"], row)
        return as_json(_shown(row))

    def delete(self, box: Mailbox, request: Request, names: Names, lies: Lies) -> Response:
        self._sandbox.tables.remove(_TABLE, self._own(box, names["id"])["id"])
        return Response(204)

    def tell(self, address: str, event: str) -> None:
        """Send a lifecycle event: reauthorizationRequired, subscriptionRemoved or missed."""
        with self._sandbox.lock:
            for row in self.rows(address):
                url = row["wanted"].get("lifecycleNotificationUrl")
                note = _note(row) | {"lifecycleEvent": event}
                if event == "subscriptionRemoved":
                    self._sandbox.tables.remove(_TABLE, row["id"])
                if url:
                    self._sandbox.pushes.send(Push(address, url, _body(note)))

    def _own(self, box: Mailbox, subscription: str) -> Row:
        row: Row | None = self._sandbox.tables.get(_TABLE, subscription)
        if row is None or row["address"] != box.address:
            raise refuse(404, "ResourceNotFound", "The object was not found.")
        return row

    def _happened(self, box: Mailbox, event: Event) -> None:
        kind = _KINDS[event.kind]
        for row in self.rows(box.address) if box.vendor == "microsoft" else ():
            if kind in row["wanted"]["changeType"].split(","):
                note = _note(row) | self._told(box, event, row) | {"changeType": kind}
                self._sandbox.pushes.send(
                    Push(box.address, row["wanted"]["notificationUrl"], _body(note))
                )

    def _told(self, box: Mailbox, event: Event, row: Row) -> Row:
        message = box.messages.get(event.message_id)
        shown = event.message_id
        if message is not None and not row["immutable"]:
            shown = mutable_id(message)
        resource = f"Users/{object_id(box)}/Messages/{shown}"
        data = {"@odata.type": "#Microsoft.Graph.Message", "@odata.id": resource, "id": shown}
        return {"resource": resource, "resourceData": data}


def _wrong(wanted: Row) -> str:
    """What the vendor has against a new subscription; "" for nothing."""
    unknown = sorted(set(wanted) - _WANTED)
    kinds = set(str(wanted.get("changeType", "")).split(","))
    addresses = [wanted.get("notificationUrl"), wanted.get("lifecycleNotificationUrl", "https://x")]
    checks = {
        f"Property '{unknown[0] if unknown else ''}' does not exist.": bool(unknown),
        "changeType is invalid.": not kinds <= {"created", "updated", "deleted"},
        "resource is not supported.": wanted.get("resource", "").strip("/") != "me/messages",
        "clientState is too long.": len(wanted.get("clientState", "")) > 128,
        "The notification URL has to be https.": not all(_may_be_told(one) for one in addresses),
    }
    return next((said for said, is_wrong in checks.items() if is_wrong), "")


def _may_be_told(url: object) -> bool:
    """Over https; on loopback, where the sandbox is at home, over http as well."""
    return isinstance(url, str) and url.startswith(
        ("https://", "http://127.0.0.1", "http://localhost")
    )


def _wrong_end(wanted: Row) -> str:
    try:
        end = datetime.fromisoformat(str(wanted.get("expirationDateTime")))
    except ValueError:
        return "expirationDateTime is invalid."
    left = end.astimezone(UTC) - datetime.now(UTC)
    if left > LONGEST:
        return "Subscription expiration can only be 10080 minutes in the future."
    return "" if left > timedelta() else "Subscription expiration is in the past."


def _proven(url: str) -> bool:
    """A token has to come back as it is, as plain text, within ten seconds."""
    token = f"Validation: Testing client application reachability {secrets.token_urlsafe(16)}"
    mark = "&" if "?" in url else "?"
    try:
        answer = requests.post(
            f"{url}{mark}{urlencode({'validationToken': token})}",
            headers={"Content-Type": "text/plain; charset=utf-8"},
            timeout=PROOF_SECONDS,
            allow_redirects=False,
        )
    except requests.RequestException:
        return False
    kind = answer.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    return answer.status_code == 200 and kind == "text/plain" and answer.text == token


def _note(row: Row) -> Row:
    return {
        "subscriptionId": row["id"],
        "subscriptionExpirationDateTime": row["end"],
        "clientState": row["wanted"].get("clientState"),
        "tenantId": TENANT_ID,
    }


def _body(note: Row) -> bytes:
    return json.dumps({"value": [note]}).encode()


def _json(request: Request) -> Row:
    try:
        data = json.loads(request.body)
    except ValueError:
        data = None
    if request.content_type != "application/json" or not isinstance(data, dict):
        raise refuse(400, "BadRequest", "Unable to read JSON request payload.")
    return data


def _shown(row: Row) -> Row:
    hidden = row["wanted"] | {"clientState": None, "expirationDateTime": row["end"]}
    return {"id": row["id"], **hidden}
