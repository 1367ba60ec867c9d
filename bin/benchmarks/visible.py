"""Row `visible`: from a vendor's push until its mail stands on the Activities page.

A mail is delivered at the sandbox, which pushes to the web server as it is deployed; a worker that
has nothing else to do reads the mailbox, which is at no other time told to. The clock runs from
the delivery until the page, asked for as often as the machine manages, shows the mail. Both
vendors take turns, and each mailbox rests for longer than a burst's quiet second in between; mails
that come right after another one are told apart.
"""

import time
from collections.abc import Iterator
from statistics import median

from accounts import tenancy
from benchmarks import vendor_desk
from benchmarks.product import address_of, web_and_worker
from benchmarks.pushes import live_account, logged, put
from benchmarks.report import Figure
from benchmarks.rows import Bench
from benchmarks.vendor_desk import Account
from benchmarks.workspace import make_workspace
from launcher import children
from launcher.children import LauncherError

_SAMPLES, _SMALL = 40, 2
_AGAIN, _SMALL_AGAIN = 10, 1
_REST = 2.0
_PATIENCE = 30.0


def measure(bench: Bench) -> Iterator[Figure]:
    port, place = children.free_port(), make_workspace()
    with (
        vendor_desk.sandbox_running(PUBLIC_BASE_URL=address_of(port)) as sandbox,
        web_and_worker(bench, sandbox, port),
    ):
        accounts = [
            live_account(sandbox, place, vendor, f"visible-{vendor}@ours.example")
            for vendor in vendor_desk.VENDORS
        ]
        reader = _Reader(accounts[0])
        # The first ones warm up the worker and the page.
        for account in accounts:
            reader.seconds(account)
        time.sleep(_REST)
        rested = _samples(reader, accounts, _SMALL if bench.small else _SAMPLES, _REST)
        hurried = _samples(reader, accounts, _SMALL_AGAIN if bench.small else _AGAIN, 0)
    for vendor, found in rested.items():
        yield _figure(f"{vendor}: from the push to the visible activity, p95", found)
    for vendor, found in hurried.items():
        yield _figure(f"{vendor}: the same right after another mail, p95", found)


def _samples(
    reader: "_Reader", accounts: list[Account], count: int, rest: float
) -> dict[str, list[float]]:
    found: dict[str, list[float]] = {one.vendor: [] for one in accounts}
    for _ in range(count):
        for account in accounts:
            if not rest:
                reader.seconds(account)
            found[account.vendor].append(reader.seconds(account))
            time.sleep(rest / len(accounts))
    return found


class _Reader:
    """A member who looks at the Activities page."""

    def __init__(self, account: Account) -> None:
        from django.test import Client

        self.place, self.number = account.place, 0
        self.client = Client(SERVER_NAME="127.0.0.1")
        self.client.force_login(self.place.member.user)
        with tenancy.in_workspace(self.place.id, self.place.member.id):
            self.url = f"/w/{self.place.member.workspace.slug}/activities/"

    def seconds(self, account: Account) -> float:
        """Deliver a mail and wait until the page shows it."""
        self.number += 1
        subject = f"Visible {self.number:04}"
        began = time.perf_counter()
        put(account, subject)
        # The database is asked until it has it, so that the page is not drawn for nothing.
        if not children.wait_until(
            lambda: logged(self.place, [subject]) > 0, _PATIENCE, pause=0.02
        ):
            raise LauncherError(f"{subject} of {account.vendor} was not logged.")
        if subject.encode() not in self.client.get(self.url).content:
            raise LauncherError(f"{subject} is logged and does not stand on the page.")
        return time.perf_counter() - began


def _figure(what: str, found: list[float]) -> Figure:
    ordered = sorted(found)
    return Figure(
        "visible",
        what,
        ordered[max(int(len(ordered) * 0.95 + 0.999) - 1, 0)],
        "s",
        at_most=2,
        low=ordered[0],
        high=ordered[-1],
        facts={"samples": len(ordered), "median": round(median(ordered), 3)},
    )
