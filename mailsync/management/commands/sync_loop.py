"""Does all background work in one process, for an installation without Redis."""

import logging
import signal
import threading
import time
from argparse import ArgumentParser
from typing import Any

from celery import current_app
from django.core.management.base import BaseCommand
from django.db import connections

from accounts import tenancy

log = logging.getLogger(__name__)

# What the beat asks for more seldom than this (in seconds) is not done in every round here either.
_SELDOM = 3600.0


class Command(BaseCommand):
    help = "Runs every scheduled sweep in turn, and what it finds, in this one process."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--once", action="store_true", help="one round, then end")
        parser.add_argument("--pause", type=float, default=5.0, help="seconds between rounds")

    def handle(self, *args: Any, **options: Any) -> None:
        tenancy.refuse_unsafe_role()
        ended = threading.Event()
        if not options["once"]:
            for number in (signal.SIGTERM, signal.SIGINT):
                signal.signal(number, lambda *_: ended.set())
        log.info("working through the sweeps")
        before = current_app.conf.task_always_eager
        current_app.conf.task_always_eager = True
        try:
            work(ended, None if options["once"] else options["pause"])
        finally:
            current_app.conf.task_always_eager = before


def work(ended: threading.Event, pause: float | None) -> None:
    """Round after round until `ended`; a single round where there is no pause."""
    ran_at: dict[str, float] = {}
    while not ended.is_set():
        for task, interval in scheduled_tasks().items():
            if task in ran_at and _SELDOM <= interval > time.monotonic() - ran_at[task]:
                continue
            ran_at[task] = time.monotonic()
            run_one(task)
            if ended.is_set():
                return
        if pause is None or ended.wait(pause):
            return


def scheduled_tasks() -> dict[str, float]:
    """The tasks of the beat's schedule with their seconds, so that this loop does the same."""
    entries = current_app.conf.beat_schedule.values()
    return {entry["task"]: float(entry["schedule"]) for entry in entries}


def run_one(name: str) -> None:
    """Run one sweep with everything that it kicks; a failure is logged and the loop goes on."""
    current_app.loader.import_default_modules()
    try:
        current_app.tasks[name]()
    except Exception:
        log.exception("%s failed and is tried again in the next round", name)
        connections.close_all()
