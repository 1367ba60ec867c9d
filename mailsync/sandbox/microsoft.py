"""Microsoft in the sandbox: Graph and the sign-in under one prefix."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from mailsync.sandbox.graph import Graph
from mailsync.sandbox.graph_query import refuse
from mailsync.sandbox.graph_resources import folder_id, usual_folders
from mailsync.sandbox.mailboxes import Folder, Mailbox
from mailsync.sandbox.microsoft_sign_in import MicrosoftSignIn
from mailsync.sandbox.web import Call, Request, find_route

if TYPE_CHECKING:
    from mailsync.sandbox.server import Sandbox

_GRAPH = "/v1.0"


class Microsoft:
    """The `App`: GRAPH_API_ROOT and MICROSOFT_LOGIN_ROOT lie below one prefix."""

    prefix = "/microsoft"

    def __init__(self, sandbox: "Sandbox") -> None:
        self._sandbox = sandbox
        self.sign_in = MicrosoftSignIn(sandbox, lambda: f"{sandbox.url}{self.prefix}")
        self.graph = Graph(
            sandbox, self.sign_in.grants, lambda: f"{sandbox.url}{self.prefix}{_GRAPH}"
        )

    def settings(self, root: str) -> dict[str, str]:
        return {
            "GRAPH_API_ROOT": f"{root}{self.prefix}{_GRAPH}",
            "MICROSOFT_LOGIN_ROOT": f"{root}{self.prefix}",
        } | self.sign_in.settings()

    def call_for(self, request: Request) -> Call:
        if not request.path.startswith(f"{_GRAPH}/"):
            route, names = find_route(self.sign_in.routes, request)
            if route is not None and names is not None:
                return self.sign_in.call_for(route, names, request)
            raise refuse(404, "NotFound", "There is no such page.")
        below = request.path.removeprefix(_GRAPH)
        inner = Request(request.method, below, request.query, request.headers, request.body)
        route, names = find_route(self.graph.routes, inner)
        if route is None or names is None:
            raise refuse(400, "BadRequest", "Resource not found for the segment.")
        return self.graph.call_for(route, names, inner)

    def add_account(
        self,
        address: str,
        name: str = "",
        aliases: Iterable[str] = (),
        *,
        without: Iterable[str] = (),
    ) -> Mailbox:
        """A new account with the usual folders, except for the roles `without`."""
        return self._sandbox.mailboxes.add(
            address,
            vendor="microsoft",
            folders=usual_folders(address.lower(), without=without),
            name=name,
            aliases=aliases,
        )

    def add_folder(self, address: str, name: str, parent: str = "") -> str:
        """A folder of the user's own; returns its id."""
        folder = Folder(folder_id(address, name), name, parent=parent)
        return self._sandbox.mailboxes.add_folder(address.lower(), folder).id

    def revoke(self, address: str) -> None:
        """The account's owner takes the app's access away."""
        self.sign_in.grants.revoke(address)
