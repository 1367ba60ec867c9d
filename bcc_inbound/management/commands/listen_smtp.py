"""Takes mail that is addressed to us, by SMTP or LMTP, until it is told to end."""

import asyncio
import logging
import signal
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import Error as DatabaseProblem
from django.db import connection, connections

from accounts import tenancy
from bcc_inbound.listener import Listener
from bcc_inbound.peers import is_trusted
from bcc_inbound.smtp_door import SmtpDoor
from bcc_inbound.tasks import process
from bcc_inbound.wake import Waker

logger = logging.getLogger(__name__)

CONNECT_SECONDS = 3
SILENCE_MILLISECONDS = 10_000


class Command(BaseCommand):
    help = "Listens for mail to inbound addresses; every mail is stored before it is answered."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", type=int, default=8025)
        parser.add_argument("--lmtp", action="store_true", help="speak LMTP (RFC 2033)")

    def handle(self, *args: Any, **options: Any) -> None:
        # A database that went away without a word must not hold a thread for minutes.
        connections.settings["default"]["OPTIONS"] |= {
            "connect_timeout": CONNECT_SECONDS,
            "tcp_user_timeout": SILENCE_MILLISECONDS,
        }
        check_peers()
        check_role()
        asyncio.run(listen(options["host"], options["port"], lmtp=options["lmtp"]))


def check_peers() -> None:
    """Refuse a list of trusted peers that cannot be read, rather than answer 451 to everybody."""
    try:
        is_trusted("127.0.0.1")
    except ValueError as problem:
        raise CommandError(
            f"INBOUND_TRUSTED_PEERS: {problem}. Name IP addresses or networks, separated by commas."
        ) from problem


def check_role() -> None:
    """Refuse a role that sees every workspace; a database that is down is waited for."""
    try:
        tenancy.refuse_unsafe_role()
    except tenancy.UnsafeDatabaseRole as problem:
        raise CommandError(str(problem)) from problem
    except DatabaseProblem:
        logger.warning("the database does not answer yet; senders are asked to try again")
    finally:
        connection.close()


async def listen(host: str, port: int, *, lmtp: bool) -> None:
    """Serve until SIGTERM or SIGINT, then finish what is under way."""
    waker = Waker(process.delay)
    door = SmtpDoor(waker, lmtp=lmtp)
    listener = Listener(door, hostname=settings.INBOUND_DOMAIN)
    ended = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, ended.set)
    opened = await listener.start(host, port)
    logger.info("%s listening on %s port %d", "LMTP" if lmtp else "SMTP", host, opened)
    await ended.wait()
    await listener.stop()
    # Both wait for threads, which an event loop must not.
    await asyncio.to_thread(door.close)
    await asyncio.to_thread(waker.close)
    logger.info("ended; %d wake-ups did not reach the broker", waker.failed)
