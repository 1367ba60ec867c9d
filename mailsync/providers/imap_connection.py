"""A bounded IMAP connection: to the judged address, over TLS, with time limits and house errors."""

import imaplib
import logging
import re
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

from imapclient import IMAPClient
from imapclient.exceptions import CapabilityError, LoginError

from mailsync import hosts
from mailsync.providers.errors import (
    AuthorizationLost,
    Permanent,
    ProviderError,
    Throttled,
    Transient,
)

# These loggers would write commands, and so passwords and Message-IDs, at level DEBUG.
for _name in ("imapclient", "imapclient.imaplib"):
    logging.getLogger(_name).setLevel(logging.WARNING)

CONNECT_SECONDS = 15
READ_SECONDS = 60
# Above the 25 MB of a whole mail, and far below what a hostile server could announce.
MAX_LITERAL_BYTES = 32 * 1024 * 1024
THROTTLE_SECONDS = 300


@dataclass(frozen=True, slots=True)
class ImapAccount:
    """Where and as whom to sign in. `security` is tls, starttls, or none (loopback only)."""

    host: str
    port: int
    security: str
    username: str
    password: str = field(repr=False)


def connect(account: ImapAccount) -> IMAPClient:
    """Sign in and return the client; raises a ProviderError."""
    with house_errors():
        endpoint = hosts.resolve(account.host, account.port)
        if account.security == "none" and not endpoint.is_loopback:
            raise Permanent(
                "Without TLS the password would travel in the open, so Threadwell does not"
                " connect. Choose TLS or STARTTLS."
            )
        client = _Client(endpoint, implicit_tls=account.security == "tls")
        try:
            _sign_in(client, account)
        except BaseException:
            close(client)
            raise
        return client


def close(client: IMAPClient) -> None:
    """Close the connection without a LOGOUT, which could wait for a server that is dead."""
    with suppress(OSError, imaplib.IMAP4.error):
        client.shutdown()


def _sign_in(client: "_Client", account: ImapAccount) -> None:
    if account.security == "starttls":
        client.starttls(ssl.create_default_context())
    # LOGIN knows only ASCII; AUTHENTICATE PLAIN carries UTF-8 (RFC 4616).
    if client.has_capability("AUTH=PLAIN"):
        client.plain_login(account.username, account.password)
    else:
        client.login(account.username, account.password)


class _Client(IMAPClient):
    """imapclient on a connection to an address that was judged before."""

    def __init__(self, endpoint: hosts.Endpoint, *, implicit_tls: bool) -> None:
        self._endpoint = endpoint
        super().__init__(endpoint.name, endpoint.port, ssl=implicit_tls, timeout=READ_SECONDS)
        self.normalise_times = False
        # imapclient switches imaplib's tracing on, which holds every command in words.
        self._imap.debug = 0

    def _create_IMAP4(self) -> imaplib.IMAP4:  # noqa: N802 - the name is imapclient's
        return _BoundedImap(self._endpoint, ssl.create_default_context() if self.ssl else None)


class _BoundedImap(imaplib.IMAP4):
    def __init__(self, endpoint: hosts.Endpoint, context: ssl.SSLContext | None) -> None:
        self._endpoint, self._context = endpoint, context
        super().__init__(endpoint.name, endpoint.port)

    def _create_socket(self, timeout: float | None) -> socket.socket:
        plain = self._endpoint.open_socket(CONNECT_SECONDS)
        if self._context is None:
            return plain
        try:
            return self._context.wrap_socket(plain, server_hostname=self._endpoint.name)
        except BaseException:
            plain.close()
            raise

    def read(self, size: int) -> bytes:
        if size > MAX_LITERAL_BYTES:
            raise self.abort("the server announced more bytes than a mail may have")
        return super().read(size)


# RFC 5530 names these in square brackets; the words are what servers without it write.
_SLOW_DOWN = re.compile(r"\[(LIMIT|THROTTLED|OVERQUOTA)\]|too many|rate limit|throttl", re.I)
_NOT_NOW = re.compile(r"\[(UNAVAILABLE|SERVERBUG|INUSE)\]|temporar|try again|internal error", re.I)
_NEEDS_TLS = re.compile(r"\[PRIVACYREQUIRED\]|plaintext|ssl.*required|LOGINDISABLED", re.I)


@contextmanager
def house_errors() -> Iterator[None]:
    """Turn whatever a server or a network did into one of the house's errors."""
    try:
        yield
    except ProviderError:
        raise
    except imaplib.IMAP4.error as error:
        raise _of_the_server(error) from error
    except Exception as error:
        for kind, found, sentence in _VERDICTS:
            if isinstance(error, kind):
                raise found(sentence or str(error)) from error
        raise


# The first kind that fits decides: errors of TLS are also errors of the operating system.
_VERDICTS: tuple[tuple[type[Exception], type[ProviderError], str], ...] = (
    (hosts.HostUnknown, Transient, ""),
    (hosts.HostRefused, Permanent, ""),
    (
        ssl.SSLCertVerificationError,
        Permanent,
        "The certificate of the mail server does not prove its name.",
    ),
    (ssl.SSLError, Transient, "The mail server does not speak TLS as expected on this port."),
    (OSError, Transient, Transient.sentence),
    (EOFError, Transient, Transient.sentence),
    # The client library raises these on answers that no honest server gives.
    (ValueError, Transient, "The mail server answered something unreadable."),
    (RecursionError, Transient, "The mail server answered something unreadable."),
    (AssertionError, Transient, "The mail server answered something unreadable."),
)


def _of_the_server(error: imaplib.IMAP4.error) -> ProviderError:
    text = str(error)
    if isinstance(error, CapabilityError):
        return Permanent("The mail server does not offer STARTTLS on this port.")
    if _SLOW_DOWN.search(text):
        return Throttled(THROTTLE_SECONDS)
    if isinstance(error, imaplib.IMAP4.abort) or _NOT_NOW.search(text):
        return Transient()
    if isinstance(error, LoginError):
        if _NEEDS_TLS.search(text):
            return Permanent("The mail server wants TLS before a password. Choose TLS.")
        return AuthorizationLost()
    return Transient("The mail server refused a request.")
