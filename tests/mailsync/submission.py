"""A real server for outgoing mail: it wants a sign-in, keeps what it takes, and can misbehave."""

import socket
import ssl
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from mailsync.providers.smtp import SmtpAccount
from tests.certificates import write_certificates
from tests.dovecot import PASSWORD


@dataclass
class Taken:
    """One mail that the server took."""

    sender: str
    recipients: list[str]
    raw: bytes


@dataclass
class Submission:
    """A running server. `answers` replaces what it says to a command, `cuts` ends the connection
    instead: at "DATA" after it took the mail, at "RCPT" before."""

    security: str
    port: int = 0
    host: str = "localhost"
    authority: Path | None = None
    taken: list[Taken] = field(default_factory=list)
    answers: dict[str, str] = field(default_factory=dict)
    cuts: set[str] = field(default_factory=set)
    controller: Any = None

    def account(self, password: str = PASSWORD, user: str = "ana@ours.example") -> SmtpAccount:
        return SmtpAccount(self.host, self.port, self.security, user, password)

    def stop(self) -> None:
        """Be away from now on."""
        if self.controller is not None:
            self.controller.stop()
            self.controller = None

    async def handle_RCPT(  # noqa: N802 - the name is aiosmtpd's
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        refused = self.answers.get(f"RCPT {address}") or self.answers.get("RCPT")
        if refused:
            return refused
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        if "DATA" in self.answers:
            return self.answers["DATA"]
        raw = envelope.content
        assert isinstance(raw, bytes)
        self.taken.append(Taken(str(envelope.mail_from), list(envelope.rcpt_tos), raw))
        if "DATA" in self.cuts:
            assert server.transport is not None
            server.transport.abort()
        return "250 queued"


def sign_in(
    server: SMTP, session: Session, envelope: Envelope, mechanism: str, found: object
) -> AuthResult:
    if isinstance(found, LoginPassword) and found.password == PASSWORD.encode():
        return AuthResult(success=True)
    return AuthResult(success=False, handled=False)


def start(folder: Path, security: str) -> Submission:
    """Start one; TLS certificates for localhost are written into the folder."""
    submission = Submission(security)
    options: dict[str, Any] = {
        "authenticator": sign_in,
        "auth_required": True,
        "auth_require_tls": security != "none",
    }
    if security != "none":
        write_certificates(folder)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(folder / "server.pem", folder / "server.key")
        submission.authority = folder / "authority.pem"
        if security == "tls":
            options |= {"ssl_context": context, "auth_require_tls": False}
        else:
            options |= {"tls_context": context, "require_starttls": True}
    submission.port = _free_port()
    controller = Controller(submission, hostname="127.0.0.1", port=submission.port, **options)
    controller.start()
    submission.controller = controller
    return submission


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def submission(tmp_path: Path) -> Iterator[Submission]:
    """A server on loopback without TLS."""
    server = start(tmp_path, "none")
    yield server
    server.stop()
