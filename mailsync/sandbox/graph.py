"""Microsoft Graph as the sandbox speaks it: mail, folders and accounts below GRAPH_API_ROOT.

https://learn.microsoft.com/graph/api/resources/mail-api-overview. What the vendor refuses is
refused; limits after https://learn.microsoft.com/graph/throttling-limits#outlook-service-limits
"""

import re
import time
from collections import defaultdict, deque
from collections.abc import Callable
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from mailsync.sandbox.grants import Grants
from mailsync.sandbox.graph_delta import Told, began, first_state, next_page, pack, unpack
from mailsync.sandbox.graph_query import (
    Query,
    collection,
    error,
    page_size,
    read_query,
    read_select,
    refuse,
    wants_immutable,
)
from mailsync.sandbox.graph_resources import (
    FOLDER_PROPERTIES,
    MESSAGE_PROPERTIES,
    USER_PROPERTIES,
    WELL_KNOWN,
    describe_folder,
    describe_message,
    describe_user,
    mutable_id,
    selected,
)
from mailsync.sandbox.graph_send import Sending
from mailsync.sandbox.graph_subscriptions import Subscriptions
from mailsync.sandbox.mailboxes import Folder, Mailbox, Message
from mailsync.sandbox.web import Call, Lies, Refusal, Request, Response, Route, as_json

if TYPE_CHECKING:
    from mailsync.sandbox.server import Sandbox

MOST_AT_ONCE = 4
MOST_REQUESTS, WINDOW = 10_000, 600
FILTERED_MOST = 5000

Names = dict[str, str]
# What the vendor asks of a token for each group of calls.
_RIGHTS = {"graph.me": "User.Read", "graph.send": "Mail.Send"}
_LISTED = ("$select", "$filter", "$orderby", "$top", "$skip")
_DELTA = ("$select", "$filter", "$orderby", "$top", "$skiptoken", "$deltatoken", "changeType")


class Graph:
    """Its routes below GRAPH_API_ROOT. Faults know its operations by the names in the routes.

    Lies of "graph.delta": expire, loop, empty, repeat, shuffle, phantom (a removal of what was
    never there), false-removal (of what is still there) and foreign (a link to another host). Of
    "graph.send": late (the copy is filed when `sending.file` is called).
    `full_bodies` counts the messages that were asked for without $select, and so came whole.
    """

    def __init__(self, sandbox: "Sandbox", grants: Grants, root: Callable[[], str]) -> None:
        self._sandbox, self._grants, self._root = sandbox, grants, root
        self.subscriptions, self.sending = Subscriptions(sandbox), Sending(sandbox)
        self.full_bodies = 0
        self.filtered_most, self.most_requests = FILTERED_MOST, MOST_REQUESTS
        self._asked: dict[str, deque[float]] = defaultdict(deque)
        self.routes = self._table()

    def _table(self) -> tuple[Route, ...]:
        subscriptions = self.subscriptions
        one, inside = "/me/messages/{id}", "/me/mailFolders/{folder}"
        return (
            Route("GET", "/me", "graph.me", self._me, ("$select",)),
            Route("GET", "/me/mailFolders/delta", "graph.folders", self._folders, ("$select",)),
            Route("GET", inside, "graph.folder", self._folder, ("$select",)),
            Route("GET", f"{inside}/messages/delta", "graph.delta", self._delta, _DELTA),
            Route("GET", f"{inside}/messages", "graph.list", self._list, _LISTED),
            Route("GET", "/me/messages", "graph.list", self._list, _LISTED),
            Route("GET", one, "graph.get", self._get, ("$select",)),
            Route("GET", rf"{one}/\$value", "graph.value", self._value),
            Route("POST", "/me/sendMail", "graph.send", self.sending.send),
            Route("POST", "/subscriptions", "graph.subscribe", subscriptions.create),
            Route("PATCH", "/subscriptions/{id}", "graph.renew", subscriptions.renew),
            Route("DELETE", "/subscriptions/{id}", "graph.unsubscribe", subscriptions.delete),
        )

    def call_for(self, route: Route, names: Names, request: Request) -> Call:
        row = self._grants.access_token(request.bearer)
        box = self._sandbox.mailboxes.get(row["address"]) if row else None
        if row is None or box is None:
            raise refuse(401, "InvalidAuthenticationToken", "Access token has expired.")
        right = _RIGHTS.get(route.operation, "Mail.Read")
        unknown = route.unknown(request)

        def run(lies: Lies) -> Response:
            self._check_pace(box)
            if right not in row["scopes"]:
                raise refuse(403, "ErrorAccessDenied", "Access is denied. Check credentials.")
            if unknown:
                raise refuse(400, "BadRequest", f"Query option '{unknown[0]}' is not recognized.")
            answer: Response = route.handle(box, request, names, lies)
            return answer

        return Call(route.operation, box.address, run)

    def _check_pace(self, box: Mailbox) -> None:
        """Four requests at a time and 10,000 in ten minutes, for one app and one mailbox."""
        now, asked = time.monotonic(), self._asked[box.address]
        while asked and asked[0] < now - WINDOW:
            asked.popleft()
        if self._sandbox.log.under_way(box.address) > MOST_AT_ONCE:
            raise Refusal(_throttled("MailboxConcurrency", 1))
        if len(asked) >= self.most_requests:
            raise Refusal(_throttled("ApplicationThrottled", int(asked[0] + WINDOW - now) + 1))
        asked.append(now)

    def _me(self, box: Mailbox, request: Request, names: Names, lies: Lies) -> Response:
        return as_json(selected(describe_user(box), read_select(request, USER_PROPERTIES)))

    def _folders(self, box: Mailbox, request: Request, names: Names, lies: Lies) -> Response:
        """All at once, the nested ones too: https://learn.microsoft.com/graph/api/mailfolder-delta"""
        names_of = read_select(request, FOLDER_PROPERTIES)
        found = [selected(describe_folder(box, one), names_of) for one in box.folders.values()]
        return collection(found, delta=f"{self._root()}/me/mailFolders/delta?$deltatoken=folders")

    def _folder(self, box: Mailbox, request: Request, names: Names, lies: Lies) -> Response:
        folder = _folder_of(box, names["folder"])
        return as_json(
            selected(describe_folder(box, folder), read_select(request, FOLDER_PROPERTIES))
        )

    def _list(self, box: Mailbox, request: Request, names: Names, lies: Lies) -> Response:
        query = read_query(request, MESSAGE_PROPERTIES)
        folder = _folder_of(box, names["folder"]).id if "folder" in names else ""
        found = [
            one
            for one in box.newest_first
            if (not folder or folder in one.scopes) and query.fits(one)
        ]
        if query.order.endswith("asc"):
            found.reverse()
        start, size = int(request.one("$skip", "0")), page_size(request)
        page = found[start : start + size]
        following = ""
        if start + size < len(found):
            options = {name: request.one(name) for name in request.query}
            following = self._link(request.path, options | {"$skip": str(start + size)})
        return collection([self._shown(box, request, one, query) for one in page], next=following)

    def _delta(self, box: Mailbox, request: Request, names: Names, lies: Lies) -> Response:
        folder = _folder_of(box, names["folder"])
        token = request.one("$skiptoken") or request.one("$deltatoken")
        if "expire" in lies:
            return error(410, "SyncStateNotFound", "The sync state generation is not found.")
        if token and len(request.query) > 1:
            raise refuse(400, "BadRequest", "A link holds all of its options already.")
        state = unpack(token) if token else {}
        if state and began(state) < box.forgotten:
            return error(410, "SyncStateNotFound", "The sync state generation is not found.")
        if state and state["folder"] != folder.id:
            raise refuse(400, "BadRequest", "The token is of another folder.")
        query = read_query(_options(request, state), MESSAGE_PROPERTIES, delta=True)
        state = state or first_state(box, folder.id, query)
        size = page_size(request)
        if "empty" in lies:
            again = pack(state | {"empty": state.get("empty", 0) + 1})
            return collection([], next=self._link(request.path, {"$skiptoken": again}))
        page = next_page(box, state, query, size, self.filtered_most)
        items = [self._item(box, request, one, query) for one in page.items]
        kind = "delta" if page.done else "next"
        option = "$deltatoken" if page.done else "$skiptoken"
        links = {kind: self._link(request.path, {option: pack(page.state)})}
        return _lied(items, links, lies, own=self._link(request.path, _own_options(request)))

    def _item(self, box: Mailbox, request: Request, told: Told, query: Query) -> dict[str, Any]:
        if told.message is None:
            return {"id": told.id, "@removed": {"reason": "deleted"}}
        whole = self._shown(box, request, told.message, query)
        if not told.sparse:
            return whole
        return selected(whole, {"isRead", "parentFolderId"})

    def _shown(
        self, box: Mailbox, request: Request, message: Message, query: Query
    ) -> dict[str, Any]:
        if not query.select:
            self.full_bodies += 1
        raw = self._sandbox.mailboxes.raw(box.address, message.id)
        shown_id = message.id if wants_immutable(request) else mutable_id(message)
        return selected(describe_message(box, message, raw, shown_id), query.select)

    def _get(self, box: Mailbox, request: Request, names: Names, lies: Lies) -> Response:
        query = Query(read_select(request, MESSAGE_PROPERTIES), (), "", "")
        return as_json(self._shown(box, request, _message_of(box, names["id"]), query))

    def _value(self, box: Mailbox, request: Request, names: Names, lies: Lies) -> Response:
        """https://learn.microsoft.com/graph/outlook-get-mime-message"""
        raw = self._sandbox.mailboxes.raw(box.address, _message_of(box, names["id"]).id)
        return Response(200, raw, {"Content-Type": "text/plain"})

    def _link(self, path: str, options: dict[str, str]) -> str:
        text = "&".join(f"{name}={quote(value, safe='')}" for name, value in options.items())
        return f"{self._root()}{path}?{text}"


def _own_options(request: Request) -> dict[str, str]:
    return {name: request.one(name) for name in request.query}


def _options(request: Request, state: dict[str, Any]) -> Request:
    """The options of the first request, which every link carries on."""
    if not state:
        return request
    query = {
        "$select": [",".join(state["select"])],
        "$filter": [state["filter"]],
        "$orderby": [state["order"]],
    }
    return Request(request.method, request.path, query, request.headers, request.body)


def _lied(items: list[dict[str, Any]], links: dict[str, str], lies: Lies, *, own: str) -> Response:
    """The page, with what a test chose to be wrong about it."""
    if "false-removal" in lies and items:
        items = [{"id": items[0]["id"], "@removed": {"reason": "deleted"}}, *items[1:]]
    if "phantom" in lies:
        items = [{"id": "AAkNeverSeen=", "@removed": {"reason": "changed"}}, *items]
    if "repeat" in lies:
        items = [*items, *items]
    if "shuffle" in lies:
        items = items[::-1]
    if "loop" in lies:
        links = {"next": own}
    if "foreign" in lies:
        links = {"next": re.sub(r"//[^/]+", "//graph.elsewhere.example", own)}
    return collection(items, **links)


def _folder_of(box: Mailbox, name: str) -> Folder:
    """A folder by its id or well-known name."""
    role = WELL_KNOWN.get(name.lower())
    found = box.folders.get(name) or next(
        (one for one in box.folders.values() if role and one.role == role), None
    )
    if found is None:
        raise refuse(404, "ErrorItemNotFound", "The specified folder was not found in the store.")
    return found


def _message_of(box: Mailbox, text: str) -> Message:
    """By either form of its id; letters differ by case."""
    found = box.messages.get(text)
    if found is None and text.startswith("AQMk"):
        found = next((one for one in box.messages.values() if mutable_id(one) == text), None)
    if found is None and not re.fullmatch(r"[A-Za-z0-9_=-]+", text):
        raise refuse(400, "ErrorInvalidIdMalformed", "Id is malformed.")
    if found is None:
        raise refuse(404, "ErrorItemNotFound", "The specified object was not found in the store.")
    return found


def _throttled(code: str, seconds: int) -> Response:
    headers = {"Retry-After": str(max(1, seconds))}
    return error(429, code, "Application is over its limit for this mailbox.", headers)
