"""Google in the sandbox: Gmail and the sign-in under one prefix, and the pushes of a watch."""

import base64
import json
import time
from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.conf import settings

from mailsync.sandbox import google_sign_in
from mailsync.sandbox.gmail import Gmail
from mailsync.sandbox.gmail_shapes import SYSTEM_LABELS
from mailsync.sandbox.google_errors import not_found
from mailsync.sandbox.mailboxes import Event, Folder, Mailbox
from mailsync.sandbox.pushes import Push
from mailsync.sandbox.web import Call, Request, find_route

if TYPE_CHECKING:
    from mailsync.sandbox.server import Sandbox

TOPIC = "projects/sandbox/topics/gmail"
SERVICE_ACCOUNT = "pushes@sandbox.iam.gserviceaccount.example"


class Google:
    """`push_url` is where the Pub/Sub subscription delivers to; empty: to the product's door."""

    prefix = "/google"

    def __init__(self, sandbox: "Sandbox") -> None:
        self.sandbox = sandbox
        self.sign_in = google_sign_in.SignIn(sandbox)
        self.gmail = Gmail(sandbox, self.sign_in)
        self.push_url = ""
        sandbox.mailboxes.listeners.append(self.tell)

    def settings(self, root: str) -> dict[str, str]:
        return {
            "GMAIL_API_ROOT": f"{root}/google",
            "GOOGLE_AUTH_URL": f"{root}/google/o/auth",
            "GOOGLE_TOKEN_URL": f"{root}/google/o/token",
            "GOOGLE_REVOKE_URL": f"{root}/google/o/revoke",
            "GOOGLE_CERTS_URL": f"{root}/google/o/certs",
            "GOOGLE_CLIENT_ID": google_sign_in.CLIENT_ID,
            "GOOGLE_CLIENT_SECRET": google_sign_in.CLIENT_SECRET,
            "GOOGLE_PUBSUB_TOPIC": TOPIC,
            "GOOGLE_PUBSUB_SERVICE_ACCOUNT": SERVICE_ACCOUNT,
        }

    def call_for(self, request: Request) -> Call:
        route, _ = find_route(self.sign_in.routes, request)
        if route is not None:
            return self.sign_in.call_for(route, request)
        route, names = find_route(self.gmail.routes, request)
        if route is None or names is None:
            raise not_found()
        return self.gmail.call_for(route, names, request)

    def add_account(self, address: str, name: str = "", aliases: Iterable[str] = ()) -> Mailbox:
        """A new Gmail account with the labels that every one has."""
        return self.sandbox.mailboxes.add(
            address, vendor="google", folders=SYSTEM_LABELS, name=name, aliases=aliases
        )

    def add_label(self, address: str, name: str) -> str:
        """A label of the user's own; returns its id."""
        box = self.sandbox.mailboxes.get(address)
        number = sum(one.role == "other" for one in box.folders.values()) + 1 if box else 1
        made = Folder(f"Label_{number}", name)
        return self.sandbox.mailboxes.add_folder(address, made).id

    def revoke(self, address: str) -> None:
        """The account's owner takes the app's access away."""
        self.sign_in.grants.revoke(address)

    def tell(self, box: Mailbox, event: Event) -> None:
        """A push about a change, where the mailbox is watched."""
        watch = self.sandbox.tables.get("gmail watches", box.address)
        if box.vendor != "google" or watch is None or watch["ends"] < time.time():
            return
        if not watch["labels"] or set(watch["labels"]) & {*event.before, *event.after}:
            self.push(box.address, event.number)

    def push(self, address: str, history_id: int | str) -> None:
        """Queue one push, also one that is old or about nobody.

        https://developers.google.com/workspace/gmail/api/guides/push : Pub/Sub wraps the data.
        """
        url = self.push_url or f"{settings.PUBLIC_BASE_URL}/hooks/gmail/"
        data = json.dumps({"emailAddress": address, "historyId": history_id}).encode()
        message = {
            "data": base64.urlsafe_b64encode(data).decode(),
            "messageId": str(time.time_ns()),
            "publishTime": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
        }
        body = {"message": message, "subscription": "projects/sandbox/subscriptions/gmail"}
        token = self.sign_in.sign_push(url, SERVICE_ACCOUNT)
        headers = {"Authorization": f"Bearer {token}"}
        self.sandbox.pushes.send(Push(address, url, json.dumps(body).encode(), headers))
