"""Imports past mail from files into a mailbox."""

import sys
import time
import uuid
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts import tenancy
from mailsync.mail_files import find_mail_files
from mailsync.problems import MailboxProblem
from mailsync.services.import_files import Tally, import_files

LINE_SECONDS = 5.0
BAR = 30


class Command(BaseCommand):
    help = (
        "Imports an mbox, a Maildir, a folder of .eml files or one file into a mailbox. Repeating"
        " it changes nothing; an import that was stopped is gone on with by starting it again."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--mailbox", required=True, type=uuid.UUID, help="id of the mailbox")
        parser.add_argument("path", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        tenancy.refuse_unsafe_role()
        found = tenancy.call("mailsync_owner", uuid.UUID(str(options["mailbox"])))
        if not found:
            raise CommandError("There is no mailbox with this id.")
        workspace_id, mailbox_id, owner_id = found[0]
        try:
            files = find_mail_files(Path(options["path"]))
        except OSError as error:
            raise CommandError(f"{options['path']} cannot be read: {error.strerror}.") from error
        progress = Progress(sum(file.size for file in files))
        try:
            tally = import_files(
                workspace_id,
                mailbox_id=mailbox_id,
                owner_id=owner_id,
                files=files,
                report=progress.show,
            )
        except MailboxProblem as problem:
            raise CommandError(problem.sentence) from problem
        except KeyboardInterrupt:
            raise CommandError("Stopped. Start it again to go on where it was.") from None
        finally:
            progress.end()
        self.stdout.write(summary(tally))


class Progress:
    """A bar on a terminal, and a line now and then everywhere else; both on standard error."""

    def __init__(self, total: int) -> None:
        self.total = max(total, 1)
        self.is_terminal = sys.stderr.isatty()
        self.said_at = time.monotonic()

    def show(self, tally: Tally) -> None:
        share = min(1.0, tally.position / self.total)
        text = f"{share:4.0%}  {tally.read:,} mails, {tally.outcomes.get('logged', 0):,} logged"
        if self.is_terminal:
            filled = round(BAR * share)
            sys.stderr.write(f"\r[{'#' * filled}{'.' * (BAR - filled)}] {text} ")
            sys.stderr.flush()
        elif time.monotonic() - self.said_at >= LINE_SECONDS:
            self.said_at = time.monotonic()
            sys.stderr.write(text.strip() + "\n")
            sys.stderr.flush()

    def end(self) -> None:
        if self.is_terminal:
            sys.stderr.write("\n")


def summary(tally: Tally) -> str:
    """What the import did, in one sentence."""
    words = {
        "logged": "logged",
        "needs_project": "waiting for a project",
        "not_logged": "not logged",
        "blocked": "blocked",
        "refused": "set aside",
    }
    parts = [f"{many:,} {words.get(name, name)}" for name, many in sorted(tally.outcomes.items())]
    if tally.known:
        parts.append(f"{tally.known:,} known before")
    if tally.filled:
        parts.append(f"{tally.filled:,} bodies filled in")
    return f"Imported {tally.read:,} mails: {', '.join(parts) or 'nothing to do'}."
