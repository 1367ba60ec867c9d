"""The SMTP and LMTP server: connections, their limits, and an orderly end."""

import asyncio
import logging
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from aiosmtpd.lmtp import LMTP
from aiosmtpd.smtp import SMTP

from activities.mail.message import MAX_RAW_BYTES
from bcc_inbound.peers import is_trusted, plain
from bcc_inbound.smtp_door import SmtpDoor

logger = logging.getLogger(__name__)

MOST_BYTES = 2 * MAX_RAW_BYTES
"""What is taken at all and announced as SIZE. Beyond 25 MB a mail is kept but not read (B6)."""

LINE_BYTES = 1024 * 1024
"""Real mail has lines far beyond the 998 octets of RFC 5322, which only relays would fold."""

MOST_CONNECTIONS = 64
MOST_FROM_ONE_PEER = 16
IDLE_SECONDS = 300
COMMANDS = {"*": 2_000, "NOOP": 100, "VRFY": 20, "HELP": 20, "AUTH": 5, "DATA": 500}
"""How often one connection may send a command before it is closed."""


@dataclass
class Sessions:
    """The open connections of one server. Trusted peers are a relay: they count as many."""

    open: set["Session"] = field(default_factory=set)
    by_peer: Counter[str] = field(default_factory=Counter)
    closing: bool = False

    def admit(self, session: "Session") -> str:
        """Count a new connection; a reason to refuse it, or "" where it may stay."""
        if self.closing:
            return "421 4.3.2 We are restarting. Please try again in a minute."
        if len(self.open) >= MOST_CONNECTIONS:
            return "421 4.7.0 Too many connections at the moment. Please try again later."
        if self.by_peer[session.peer] >= MOST_FROM_ONE_PEER and not is_trusted(session.peer):
            return "421 4.7.0 Too many connections from your address. Please try again later."
        self.open.add(session)
        self.by_peer[session.peer] += 1
        return ""

    def leave(self, session: "Session") -> None:
        if session in self.open:
            self.open.discard(session)
            self.by_peer[session.peer] -= 1
            if not self.by_peer[session.peer]:
                del self.by_peer[session.peer]


class Session(SMTP):
    """One connection of SMTP."""

    line_length_limit = LINE_BYTES

    def __init__(self, door: SmtpDoor, sessions: Sessions, **options: Any) -> None:
        super().__init__(door, **options)
        self.sessions = sessions
        self.peer = ""
        self.refused = False
        self.receiving = False

    def connection_made(self, transport: Any) -> None:
        name = transport.get_extra_info("peername")
        self.peer = plain(str(name[0])) if isinstance(name, tuple) else ""
        refusal = self.sessions.admit(self)
        if refusal:
            self.refused = True
            transport.write(refusal.encode() + b"\r\n")
            transport.close()
            return
        super().connection_made(transport)

    def connection_lost(self, error: Exception | None) -> None:
        self.sessions.leave(self)
        if not self.refused:
            super().connection_lost(error)

    def data_received(self, data: bytes) -> None:
        if not self.refused:
            super().data_received(data)

    def eof_received(self) -> bool | None:
        return None if self.refused else super().eof_received()

    async def smtp_DATA(self, arg: str) -> None:  # noqa: N802 - aiosmtpd's name
        self.receiving = True
        try:
            await super().smtp_DATA(arg)
        finally:
            self.receiving = False
        if self.sessions.closing:
            self.say_goodbye()

    def say_goodbye(self) -> None:
        """Close a connection between two mails (RFC 5321, 3.8)."""
        if isinstance(self.transport, asyncio.Transport):
            self.transport.write(b"421 4.3.2 We are restarting. Please try again in a minute.\r\n")
            self.transport.close()


class LmtpSession(LMTP, Session):
    """One connection of LMTP (RFC 2033): the same, with one answer a recipient."""


class Listener:
    """A server on one port. `start` in the loop, `stop` when it should end."""

    def __init__(self, door: SmtpDoor, *, hostname: str) -> None:
        self.door, self.hostname = door, hostname
        self.sessions = Sessions()
        self.server: asyncio.Server | None = None

    async def start(self, host: str, port: int) -> int:
        """Open the port (0 takes any) and return its number."""
        # aiosmtpd writes every command into its log, addresses included.
        logging.getLogger("mail.log").setLevel(logging.CRITICAL)
        self.server = await asyncio.get_running_loop().create_server(self._session, host, port)
        opened: int = self.server.sockets[0].getsockname()[1]
        return opened

    async def stop(self, patience: float = 25.0) -> None:
        """Take no new connection, let mails that are under way be answered, then end."""
        self.sessions.closing = True
        if self.server is not None:
            self.server.close()
        for session in list(self.sessions.open):
            if not session.receiving:
                session.say_goodbye()
        waited = 0.0
        while self.sessions.open and waited < patience:
            await asyncio.sleep(0.05)
            waited += 0.05
        for session in list(self.sessions.open):
            session.say_goodbye()

    def _session(self) -> Session:
        kind = LmtpSession if self.door.lmtp else Session
        return kind(
            self.door,
            self.sessions,
            data_size_limit=MOST_BYTES,
            enable_SMTPUTF8=True,
            hostname=self.hostname,
            ident="Threadwell",
            timeout=IDLE_SECONDS,
            command_call_limit=COMMANDS,
            auth_exclude_mechanism=["LOGIN", "PLAIN"],
            loop=asyncio.get_running_loop(),
        )
