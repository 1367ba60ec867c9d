"""A real Dovecot for the tests: unprivileged, in a directory of its own, on free ports.

Dovecot refuses to run mail processes as uid 0, so under root it is started as `nobody`. Where no
Dovecot is installed the fixture skips, and bin/test counts what was left out.
"""

import grp
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from imapclient import IMAPClient

from tests.certificates import write_certificates

PASSWORD = "an app password, Ω"


@dataclass
class Dovecot:
    """A running server. `port` speaks plain IMAP with STARTTLS, `tls_port` TLS from the start."""

    root: Path
    binary: str
    host: str = "127.0.0.1"
    port: int = 0
    tls_port: int = 0
    user: str = ""
    process: subprocess.Popen[bytes] | None = None
    clients: list[IMAPClient] = field(default_factory=list)
    changes: int = 1_000_000_000

    @property
    def authority(self) -> Path:
        """The certificate authority that signed the server's certificate (for localhost)."""
        return self.root / "authority.pem"

    def start(self) -> None:
        log = (self.root / "dovecot.log").open("ab")
        command = [self.binary, "-F", "-c", str(self.root / "dovecot.conf")]
        self.process = subprocess.Popen(
            [*_as_nobody(), *command], stdout=log, stderr=log, start_new_session=True
        )
        for port in (self.port, self.tls_port):
            _wait_for(self.host, port, self.root / "dovecot.log")

    def stop(self) -> None:
        for client in self.clients:
            client.shutdown()
        self.clients.clear()
        if self.process is not None:
            self.process.terminate()
            self.process.wait(timeout=10)
            self.process = None

    def add_user(self, user: str, password: str = PASSWORD) -> str:
        """A new, empty account; an existing one gets this password. Returns the user."""
        path = self.root / "users" / user
        if path.exists():
            # Dovecot looks at a file at most once a second.
            time.sleep(1.1)
        path.write_text(f"{user}:{{PLAIN}}{password}\n")
        path.chmod(0o644)
        # Dovecot reads the file again when its time differs, in whole seconds.
        os.utime(path, (self.changes, self.changes))
        self.changes += 1
        return user

    def open(self, user: str, password: str = PASSWORD) -> IMAPClient:
        """A client of our own, to put mail in and move it about."""
        client = IMAPClient(self.host, self.port, ssl=False, timeout=10)
        client.plain_login(user, password)
        self.clients.append(client)
        return client

    def cut(self, user: str) -> None:
        """Cut every connection of the user, as a restarting server does."""
        conf = str(self.root / "dovecot.conf")
        subprocess.run(
            [*_as_nobody(), "doveadm", "-c", conf, "kick", user], check=True, capture_output=True
        )

    def renew_uidvalidity(self, user: str, folder: str = "INBOX") -> None:
        """Give the folder a new UIDVALIDITY and its messages new UIDs, as after a restore."""
        home = self.root / "mail" / user
        base = home / ("Maildir" if folder == "INBOX" else f"Maildir/.{folder}")
        for path in [base / "dovecot-uidlist", *base.glob("dovecot.index*")]:
            path.unlink(missing_ok=True)
        # UIDVALIDITY is made of the clock's seconds, so the next one differs.
        time.sleep(1.1)


def _as_nobody() -> list[str]:
    if os.getuid() != 0:
        return []
    nobody = pwd.getpwnam("nobody")
    ids = [f"--reuid={nobody.pw_uid}", f"--regid={nobody.pw_gid}", "--clear-groups"]
    return ["setpriv", *ids]


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_for(host: str, port: int, log: Path) -> None:
    deadline = time.monotonic() + 15
    while time.monotonic() < deadline:
        try:
            with socket.create_connection((host, port), timeout=1):
                return
        except OSError:
            time.sleep(0.05)
    raise RuntimeError(f"Dovecot did not start: {log.read_text()[-2000:]}")


def _configuration(server: Dovecot) -> str:
    root, user = server.root, server.user
    return f"""
base_dir = {root}/run
state_dir = {root}/state
log_path = /dev/stderr
protocols = imap
# Where the kernel gives no more watches, the server looks for itself, and that soon.
mailbox_idle_check_interval = 1 secs
listen = {server.host}
default_internal_user = {user}
default_internal_group = {_group_of(user)}
default_login_user = {user}
first_valid_uid = 1
mail_location = maildir:~/Maildir
mail_home = {root}/mail/%u
mailbox_list_index = yes
disable_plaintext_auth = no
auth_mechanisms = plain
auth_failure_delay = 0
ssl = yes
ssl_cert = <{root}/server.pem
ssl_key = <{root}/server.key
mail_max_userip_connections = 200
login_log_format_elements =
passdb {{
  driver = passwd-file
  args = username_format=%u {root}/users/%u
}}
userdb {{
  driver = static
  args = uid={user} gid={_group_of(user)} home={root}/mail/%u
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {server.port}
  }}
  inet_listener imaps {{
    port = {server.tls_port}
    ssl = yes
  }}
  service_count = 0
}}
service imap {{
  chroot =
  process_limit = 256
}}
service anvil {{
  chroot =
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
service stats {{
  chroot =
}}
namespace inbox {{
  inbox = yes
  separator = /
  mailbox Drafts {{
    auto = create
    special_use = \\Drafts
  }}
  mailbox Junk {{
    auto = create
    special_use = \\Junk
  }}
  mailbox Trash {{
    auto = create
    special_use = \\Trash
  }}
  mailbox Sent {{
    auto = create
    special_use = \\Sent
  }}
  mailbox Archive {{
    auto = create
    special_use = \\Archive
  }}
}}
"""


def _group_of(user: str) -> str:
    return grp.getgrgid(pwd.getpwnam(user).pw_gid).gr_name


@pytest.fixture(scope="session")
def dovecot() -> Iterator[Dovecot]:
    """The server, started once a session; a test takes an account of its own."""
    binary = shutil.which("dovecot", path=os.environ.get("PATH", "") + ":/usr/sbin:/usr/local/sbin")
    if binary is None:
        pytest.skip("Dovecot is not installed, so tests with a real IMAP server are left out.")
    root = Path(tempfile.mkdtemp(prefix="threadwell-dovecot-"))
    user = "nobody" if os.getuid() == 0 else pwd.getpwuid(os.getuid()).pw_name
    server = Dovecot(root, binary, port=_free_port(), tls_port=_free_port(), user=user)
    for name in ("run", "state", "mail", "users"):
        (root / name).mkdir()
    write_certificates(root)
    (root / "dovecot.conf").write_text(_configuration(server))
    _give_to(root, user)
    server.start()
    yield server
    server.stop()
    shutil.rmtree(root, ignore_errors=True)


def _give_to(root: Path, user: str) -> None:
    if os.getuid() != 0:
        return
    owner = pwd.getpwnam(user)
    for path in (root, *root.rglob("*")):
        os.chown(path, owner.pw_uid, owner.pw_gid)
