"""Runs the sandbox mail service as a process of its own, for the demo."""

import signal
import threading
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from mailsync.sandbox.fiction.play import fill, play
from mailsync.sandbox.server import Sandbox, SandboxRefused


class Command(BaseCommand):
    help = "Runs a mail service that stands in for Gmail and Microsoft 365; in the demo only."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--port", type=int, default=8025, help="where to listen on 127.0.0.1")
        parser.add_argument("--state", type=Path, help="a file that keeps its mail and grants")
        parser.add_argument(
            "--fiction",
            type=float,
            metavar="SECONDS",
            help="fill two fictional mailboxes, and let a mail arrive as often as this",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            sandbox = Sandbox(port=options["port"], state=options["state"])
        except SandboxRefused as refused:
            raise CommandError(str(refused)) from refused
        ended = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: ended.set())
        with sandbox:
            for name, value in sorted(sandbox.settings().items()):
                self.stdout.write(f"{name}={value}")
            if options["fiction"]:
                fill(sandbox)
            self.stdout.write("The sandbox is ready.")
            self.stdout.flush()
            if options["fiction"]:
                play(sandbox, ended, pause=options["fiction"])
            ended.wait()
