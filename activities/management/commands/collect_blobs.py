"""Deletes the files of mail that left the record, a line a workspace."""

from argparse import ArgumentParser
from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from activities.services.collect_blobs import collect_blobs, stored_workspaces


class Command(BaseCommand):
    help = "Deletes stored files that no message names any more."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--minutes", type=int, default=60, help="leave files alone that are younger than this"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if not 0 <= options["minutes"] <= 525_600:
            raise CommandError("--minutes must be from 0 to 525600, which is a year.")
        for workspace_id in stored_workspaces():
            done = collect_blobs(workspace_id, older_than=timedelta(minutes=options["minutes"]))
            self.stdout.write(
                f"workspace {workspace_id}: {done.deleted} deleted ({done.size} bytes),"
                f" {done.kept} kept"
            )
