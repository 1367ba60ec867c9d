"""A way to a server that can be shut: whoever is on it is cut off, and nobody else gets through."""

import socket
import threading
from contextlib import suppress


class Gate:
    """Passes bytes on to another port of this machine until it is shut; `open` opens it again."""

    def __init__(self, host: str, port: int) -> None:
        self._goal = (host, port)
        self._ways: set[socket.socket] = set()
        self.port = 0
        self.open()

    def open(self) -> None:
        self._door = socket.create_server(("127.0.0.1", self.port))
        self.port = self._door.getsockname()[1]
        threading.Thread(target=self._serve, args=(self._door,), daemon=True).start()

    def shut(self) -> None:
        """From here on a connection is refused, and every one that there was is gone."""
        # A thread that waits in accept keeps the port; shutdown wakes it up.
        with suppress(OSError):
            self._door.shutdown(socket.SHUT_RDWR)
        self._door.close()
        while self._ways:
            with suppress(OSError, KeyError):
                self._ways.pop().shutdown(socket.SHUT_RDWR)

    def _serve(self, door: socket.socket) -> None:
        while True:
            try:
                near, _peer = door.accept()
                far = socket.create_connection(self._goal)
            except OSError:
                return
            self._ways |= {near, far}
            for one, other in ((near, far), (far, near)):
                threading.Thread(target=self._pass_on, args=(one, other), daemon=True).start()

    def _pass_on(self, one: socket.socket, other: socket.socket) -> None:
        with suppress(OSError):
            while piece := one.recv(65536):
                other.sendall(piece)
        for end in (one, other):
            self._ways.discard(end)
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
        one.close()
