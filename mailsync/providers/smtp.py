"""Hands mail over to a server for submission (RFC 6409): to the judged address, over TLS.

Whatever happens before the server was told that the mail is complete means that it was not sent.
From the closing dot on, a missing answer means that nobody knows (`Unsure`).
"""

import base64
import logging
import re
import smtplib
import socket
import ssl
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

from mailsync import hosts
from mailsync.providers.errors import (
    AuthorizationLost,
    Permanent,
    ProviderError,
    Throttled,
    Transient,
    Unsure,
)

log = logging.getLogger(__name__)

CONNECT_SECONDS = 15
READ_SECONDS = 60
MOST_REPLY_LINES = 200
LONGEST_REPLY_LINE = 8192
THROTTLE_SECONDS = 300
OUR_NAME = "threadwell.invalid"


@dataclass(frozen=True, slots=True)
class SmtpAccount:
    """Where and as whom to hand mail over. `security` is tls, starttls, or none (loopback only)."""

    host: str
    port: int
    security: str
    username: str
    password: str = field(repr=False)


def check(account: SmtpAccount) -> None:
    """Sign in and leave again; raises a ProviderError."""
    with _signed_in(account):
        pass


def submit(account: SmtpAccount, sender: str, recipients: Sequence[str], raw: bytes) -> None:
    """Have a mail sent to all of these recipients, or to none of them.

    Returns once the server has taken it. Raises Unsure where it may have been sent, and any other
    ProviderError where it was not.
    """
    with _signed_in(account) as client:
        size = int(client.esmtp_features.get("size") or 0)
        if 0 < size < len(raw):
            raise Permanent("The mail is larger than the mail server takes. Send fewer files.")
        _expect(client.docmd("MAIL", f"FROM:<{sender}>"))
        for recipient in recipients:
            _expect(client.docmd("RCPT", f"TO:<{recipient}>"), about=recipient)
        _expect(client.docmd("DATA"), code=354)
        _write(client, _dotted(raw))
        _finish(client)


@contextmanager
def _signed_in(account: SmtpAccount) -> Iterator["_Client"]:
    with _house_errors():
        endpoint = hosts.resolve(account.host, account.port)
        if account.security == "none" and not endpoint.is_loopback:
            raise Permanent(
                "Without TLS the password would travel in the open, so Threadwell does not"
                " connect. Choose TLS or STARTTLS."
            )
        client = _Client(endpoint, implicit_tls=account.security == "tls")
        try:
            _sign_in(client, account)
            yield client
        finally:
            # Without waiting for an answer: what the server has taken it has.
            with suppress(OSError, smtplib.SMTPException):
                client.putcmd("QUIT")
            client.close()


def _sign_in(client: "_Client", account: SmtpAccount) -> None:
    client.open()
    client.ehlo_or_helo_if_needed()
    if account.security == "starttls":
        if not client.has_extn("starttls"):
            raise Permanent("The server for outgoing mail does not offer STARTTLS on this port.")
        client.starttls(context=ssl.create_default_context())
        client.ehlo_or_helo_if_needed()
    if not client.has_extn("auth"):
        raise Permanent("The server for outgoing mail does not offer to sign in on this port.")
    client.sign_in(account.username, account.password)


class _Client(smtplib.SMTP):
    """smtplib on a connection to an address that was judged before, with bounded replies."""

    def __init__(self, endpoint: hosts.Endpoint, *, implicit_tls: bool) -> None:
        self.endpoint, self.implicit_tls = endpoint, implicit_tls
        super().__init__(local_hostname=OUR_NAME, timeout=READ_SECONDS)

    def open(self) -> None:
        # starttls proves this name.
        self._host = self.endpoint.name
        _expect(self.connect(self.endpoint.name, self.endpoint.port))

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        plain = self.endpoint.open_socket(CONNECT_SECONDS)
        plain.settimeout(READ_SECONDS)
        if not self.implicit_tls:
            return plain
        try:
            context = ssl.create_default_context()
            return context.wrap_socket(plain, server_hostname=self.endpoint.name)
        except BaseException:
            plain.close()
            raise

    def sign_in(self, username: str, password: str) -> None:
        # smtplib knows only ASCII; PLAIN carries UTF-8 (RFC 4616).
        if "PLAIN" not in str(self.esmtp_features.get("auth", "")).upper():
            self.login(username, password)
            return
        secret = base64.b64encode(f"\0{username}\0{password}".encode()).decode()
        _expect(self.docmd("AUTH", f"PLAIN {secret}"), signing_in=True)

    def getreply(self) -> tuple[int, bytes]:
        """One reply, of so many lines of so many bytes at most."""
        if self.file is None:
            self.file = self.sock.makefile("rb")  # type: ignore[union-attr]
        lines = []
        for _ in range(MOST_REPLY_LINES):
            line = self.file.readline(LONGEST_REPLY_LINE)
            if not line:
                raise EOFError
            lines.append(line[4:].strip(b" \t\r\n"))
            if line[3:4] != b"-":
                return int(line[:3]), b"\n".join(lines)
        raise ValueError("a reply without an end")


def _write(client: "_Client", data: bytes) -> None:
    if client.sock is None:
        raise EOFError
    client.sock.sendall(data)


def _finish(client: "_Client") -> None:
    try:
        _write(client, b".\r\n")
        answer = client.getreply()
    except Exception as error:
        raise Unsure from error
    _expect(answer)


def _dotted(raw: bytes) -> bytes:
    """The mail with its lines ended as the protocol wants them, and leading dots doubled."""
    lines = re.sub(rb"\r\n|\r|\n", b"\r\n", raw)
    if not lines.endswith(b"\r\n"):
        lines += b"\r\n"
    return re.sub(rb"(?m)^\.", b"..", lines)


_SLOW_DOWN = re.compile(r"too many|rate limit|throttl|try again later", re.I)


def _expect(
    answer: tuple[int, bytes], *, code: int = 0, about: str = "", signing_in: bool = False
) -> None:
    """Let a good answer pass; raise what another one means."""
    status, text = answer
    if status == code or (not code and 200 <= status < 300):
        return
    words = text.decode("utf-8", "replace")[:120]
    if signing_in and status in {530, 534, 535, 538}:
        raise AuthorizationLost(
            "The server for outgoing mail does not accept this user name and password."
        )
    if status == 421 or (400 <= status < 500 and _SLOW_DOWN.search(words)):
        raise Throttled(THROTTLE_SECONDS)
    if about and 500 <= status < 600:
        raise Permanent(f"The mail server does not deliver to {about}: {_plain(words)}")
    if 400 <= status < 500:
        raise Transient("The server for outgoing mail asks us to try later.")
    raise Permanent(f"The server for outgoing mail refused the mail: {_plain(words)}")


def _plain(words: str) -> str:
    return "".join(one if one.isprintable() else " " for one in words).strip()


# The first kind that fits decides: errors of TLS are also errors of the operating system, and so
# are those of smtplib.
_VERDICTS: tuple[tuple[type[Exception], type[ProviderError], str], ...] = (
    (hosts.HostUnknown, Transient, ""),
    (hosts.HostRefused, Permanent, ""),
    (
        ssl.SSLCertVerificationError,
        Permanent,
        "The certificate of the server for outgoing mail does not prove its name.",
    ),
    (ssl.SSLError, Transient, "The server for outgoing mail does not speak TLS on this port."),
    (
        smtplib.SMTPAuthenticationError,
        AuthorizationLost,
        "The server for outgoing mail does not accept this user name and password.",
    ),
    (smtplib.SMTPException, Transient, "The server for outgoing mail refused a request."),
    (OSError, Transient, "The server for outgoing mail could not be reached."),
    (EOFError, Transient, "The server for outgoing mail ended the connection."),
    (ValueError, Transient, "The server for outgoing mail answered something unreadable."),
)


@contextmanager
def _house_errors() -> Iterator[None]:
    try:
        yield
    except ProviderError:
        raise
    except Exception as error:
        for kind, found, sentence in _VERDICTS:
            if isinstance(error, kind):
                raise found(sentence or str(error)) from error
        raise
