"""What the listener answers: whose address it is, and that a mail is kept.

The database is asked in threads, so that a slow one delays only those who wait for it. While it
does not answer, every answer is 451 and the sender comes back (RFC 5321, 4.2.1); nothing is ever
refused for good because of a fault of ours.
"""

# ruff: noqa: N802 - aiosmtpd calls its hooks by the names of SMTP commands.

import asyncio
import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

from aiosmtpd.smtp import SMTP, Envelope, Session
from django.db import DEFAULT_DB_ALIAS, close_old_connections, connection, connections
from django.db import Error as DatabaseProblem
from django.db.backends.base.base import BaseDatabaseWrapper

from accounts import tenancy
from bcc_inbound.peers import is_trusted, plain
from bcc_inbound.selectors import Route, find_route
from bcc_inbound.services.store_delivery import store_delivery
from bcc_inbound.wake import Waker

logger = logging.getLogger(__name__)

DATABASE_THREADS = 8
DATABASE_PATIENCE = 20.0
MOST_RECIPIENTS = 100

KEPT = "250 2.0.0 Kept."
UNKNOWN = "550 5.1.1 There is no such address here. Check it, or ask whoever gave it to you."
TRY_AGAIN = "451 4.3.0 We cannot take mail at this moment. Please try again in a few minutes."
TOO_MANY = f"452 4.5.3 At most {MOST_RECIPIENTS} recipients at once. Send the rest separately."

Answer = TypeVar("Answer")


class SmtpDoor:
    """The hooks of aiosmtpd. One instance serves every connection of a process."""

    def __init__(self, waker: Waker, *, lmtp: bool = False) -> None:
        self.waker, self.lmtp = waker, lmtp
        self.threads = ThreadPoolExecutor(DATABASE_THREADS, thread_name_prefix="inbound-database")
        self.role_is_safe = False
        self._opened: set[BaseDatabaseWrapper] = set()

    def close(self) -> None:
        """Let the database threads end; what they began is finished first."""
        self.threads.shutdown(wait=True)
        for opened in self._opened:
            opened.inc_thread_sharing()
            opened.close()

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        routes = _routes(envelope)
        if len(routes) >= MOST_RECIPIENTS:
            return TOO_MANY
        try:
            route = await self._ask(lambda: find_route(address))
        except (DatabaseProblem, TimeoutError) as problem:
            return _try_again(problem)
        if route is None:
            return UNKNOWN
        envelope.rcpt_tos.append(address)
        routes.append(route)
        return "250 2.1.5 Known."

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        """Store one delivery for each address and only then say so.

        LMTP answers recipient by recipient (RFC 2033, 4.2). SMTP has one answer for all of them:
        where one failed the sender repeats the whole, and what is kept already is recognised.
        """
        routes = _routes(envelope)
        kept = dict.fromkeys(routes, TRY_AGAIN)
        for route in kept:
            kept[route] = await self._keep(route, session, envelope)
        if self.lmtp:
            return "\r\n".join(kept[route] for route in routes)
        return next((answer for answer in kept.values() if answer != KEPT), KEPT)

    async def handle_RSET(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        return "250 2.0.0 Forgotten."

    async def handle_VRFY(
        self, server: SMTP, session: Session, envelope: Envelope, address: str
    ) -> str:
        return "252 2.5.0 Send the mail, and we will see."

    async def handle_exception(self, problem: Exception) -> str:
        """Whatever breaks is our fault, so the sender may try again. No content is logged."""
        return _try_again(problem)

    async def _keep(self, route: Route, session: Session, envelope: Envelope) -> str:
        peer = plain(str(session.peer[0]) if isinstance(session.peer, tuple) else "")
        content = envelope.original_content or b""
        try:
            fresh = await self._ask(
                lambda: store_delivery(
                    route,
                    raw=content,
                    envelope_sender=envelope.mail_from or "<>",
                    peer=peer,
                    trusted_peer=is_trusted(peer),
                    helo=str(session.host_name or ""),
                )
            )
        except (DatabaseProblem, TimeoutError) as problem:
            return _try_again(problem)
        logger.info(
            "delivery kept workspace=%s size=%d new=%s", route.workspace_id, len(content), fresh
        )
        self.waker.wake(route.workspace_id)
        return KEPT

    async def _ask(self, question: Callable[[], Answer]) -> Answer:
        loop = asyncio.get_running_loop()
        asked = loop.run_in_executor(self.threads, self._within_a_connection, question)
        # Whoever stopped waiting for an answer does not want its failure reported either.
        asked.add_done_callback(lambda done: done.cancelled() or done.exception())
        return await asyncio.wait_for(asyncio.shield(asked), DATABASE_PATIENCE)

    def _within_a_connection(self, question: Callable[[], Answer]) -> Answer:
        close_old_connections()
        self._opened.add(connections[DEFAULT_DB_ALIAS])
        try:
            if not self.role_is_safe:
                tenancy.refuse_unsafe_role()
                self.role_is_safe = True
            return question()
        except DatabaseProblem:
            # The next question starts on a new connection, whatever state this one is in.
            connection.close()
            raise


def _routes(envelope: Any) -> list[Route]:
    """The routes of the recipients so far, in their order; they live as long as the envelope."""
    if not hasattr(envelope, "threadwell_routes"):
        envelope.threadwell_routes = []
    routes: list[Route] = envelope.threadwell_routes
    return routes


def _try_again(problem: BaseException) -> str:
    logger.warning("a sender was asked to try again: %s", type(problem).__name__)
    return TRY_AGAIN
