"""The sandbox itself: listens on a real socket, routes to the vendors, keeps the log."""

import socket
import struct
import sys
import threading
import time
from collections.abc import Sequence
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Self

from django.conf import settings

from mailsync.sandbox.faults import Answer, Delay, Effect, Faults, Lie, Reset, Truncate
from mailsync.sandbox.google import Google
from mailsync.sandbox.mailboxes import Mailboxes
from mailsync.sandbox.microsoft import Microsoft
from mailsync.sandbox.pushes import Pushes
from mailsync.sandbox.request_log import Entry, RequestLog
from mailsync.sandbox.tables import Tables
from mailsync.sandbox.web import App, Call, Refusal, Request, Response

MAX_BODY = 48 * 1024 * 1024


class SandboxRefused(Exception):
    """The sandbox does not run with these settings."""


class CutOff(Exception):
    """The connection ends here, without an answer."""

    def __init__(self, orderly: bool) -> None:
        super().__init__(orderly)
        self.orderly = orderly


def refuse_in_production() -> None:
    """Raise SandboxRefused unless this is the demo or a test."""
    if not (settings.DEMO or "pytest" in sys.modules):
        raise SandboxRefused(
            "The sandbox mail service runs in the demo and in tests only. Set DEMO=1 for a demo."
        )


class Sandbox:
    """`with Sandbox() as sandbox:` runs it. Faults, the log and the mailboxes are open to a test;
    where it changes mailboxes it holds `lock`."""

    def __init__(self, port: int = 0, state: Path | None = None, host: str = "127.0.0.1") -> None:
        refuse_in_production()
        self.lock = threading.RLock()
        self.tables = Tables(state)
        self.mailboxes = Mailboxes(self.tables)
        self.faults, self.log = Faults(), RequestLog()
        self.pushes = Pushes(self.faults)
        self.google, self.microsoft = Google(self), Microsoft(self)
        self.apps: list[App] = [self.google, self.microsoft]
        self._server = _Server((host, port), self)
        self._thread: threading.Thread | None = None

    @property
    def url(self) -> str:
        host, port = self._server.server_address[:2]
        return f"http://{host!s}:{port}"

    def settings(self) -> dict[str, str]:
        """The vendors' settings, as environment variables and Django settings name them."""
        found: dict[str, str] = {}
        for app in self.apps:
            found |= app.settings(self.url)
        return found

    def start(self) -> Self:
        self.pushes.start()
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(0.05,), name="sandbox", daemon=True
        )
        self._thread.start()
        return self

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self.pushes.stop()
        if self._thread is not None:
            self._thread.join(timeout=5)
        self.tables.close()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()

    def answer(self, request: Request) -> Response:
        """Find the vendor by the prefix of the path; raises CutOff where a fault cuts the line."""
        for app in self.apps:
            if request.path.startswith(app.prefix + "/"):
                inner = Request(
                    request.method,
                    request.path.removeprefix(app.prefix),
                    request.query,
                    request.headers,
                    request.body,
                )
                return self.perform(app, inner)
        return Response(404, b"There is nothing here.", {"Content-Type": "text/plain"})

    def perform(self, app: App, request: Request) -> Response:
        """One call of one vendor: counted, subject to faults. A batch calls this for each part."""
        try:
            with self.lock:
                call = app.call_for(request)
        except Refusal as refused:
            with self.log.entry("refused", "", f"{request.method} {request.path}") as entry:
                entry.status = refused.response.status
            return refused.response
        with self.log.entry(call.operation, call.mailbox, request.path, request.query) as entry:
            return self._perform(call, self.faults.take(call.operation, call.mailbox), entry)

    def _perform(self, call: Call, effects: Sequence[Effect], entry: Entry) -> Response:
        lies = frozenset(effect.word for effect in effects if isinstance(effect, Lie))
        for effect in effects:
            if isinstance(effect, Delay):
                time.sleep(effect.seconds)
            if isinstance(effect, Answer):
                entry.status = effect.status
                return Response(effect.status, effect.body, effect.headers)
            if isinstance(effect, Reset) and not effect.after:
                raise CutOff(effect.orderly)
        response = self._run(call, lies)
        for effect in effects:
            if isinstance(effect, Reset):
                raise CutOff(effect.orderly)
        if any(isinstance(effect, Truncate) for effect in effects):
            half = response.body[: len(response.body) // 2]
            response = Response(response.status, half, response.headers)
        entry.status = response.status
        return response

    def _run(self, call: Call, lies: frozenset[str]) -> Response:
        try:
            if call.operation in UNLOCKED:
                return call.run(lies)
            with self.lock:
                return call.run(lies)
        except Refusal as refused:
            return refused.response


# A batch's parts are performed one by one, each under the lock; some vendors run them at once. Who
# subscribes to Graph is asked for a proof first, and may take its time.
UNLOCKED = {"batch", "graph.subscribe"}


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def __init__(self, address: tuple[str, int], sandbox: Sandbox) -> None:
        self.sandbox = sandbox
        super().__init__(address, _Handler)

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that hangs up is no news; anything else is."""
        if not isinstance(sys.exc_info()[1], OSError):
            super().handle_error(request, client_address)  # type: ignore[arg-type]


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: _Server

    def _handle(self) -> None:
        size = int(self.headers.get("Content-Length") or 0)
        if size > MAX_BODY:
            self.close_connection = True
            return self._write(Response(413))
        body = self.rfile.read(size)
        request = Request.read(self.command, self.path, dict(self.headers.items()), body)
        try:
            response = self.server.sandbox.answer(request)
        except CutOff as cut:
            return self._cut(cut.orderly)
        return self._write(response)

    do_GET = do_POST = do_PATCH = do_PUT = do_DELETE = _handle  # noqa: N815 - the library's names

    def _write(self, response: Response) -> None:
        self.send_response(response.status)
        for name, value in response.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(response.body)))
        self.end_headers()
        self.wfile.write(response.body)

    def _cut(self, orderly: bool) -> None:
        if not orderly:
            # Closing such a socket sends a reset.
            linger = struct.pack("ii", 1, 0)
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        self.close_connection = True
        self.connection.close()

    def log_message(self, format: str, *args: object) -> None:
        """The sandbox keeps a log of its own, without anybody's address in it."""
