"""Row `pushes`: a burst of 10,000 pushes through the web server as it is deployed.

Ten mailboxes, five at each vendor, are live and subscribed; what the sandbox pushed about each is
sent again and again, in turn, over 64 connections. When each is sent was fixed before the first:
at 80 % of what the server managed in a trial. A worker runs beside it and nothing else wakes it
(no beat, no poll is due). Before the last tenth of the burst every mailbox gets a mail, which has
to become an activity.

CPU is that of the web server's processes, in rounds that take turns: pushes of each vendor to
mailboxes that were marked just before, and requests of the same size that the same door answers
without looking anything up (`validationToken`), which is the empty view. A broken-off connection
that was opened anew counts once.
"""

import os
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from accounts import tenancy
from activities.models import Activity
from benchmarks import meters, vendor_desk
from benchmarks.open_loop import Outcome, Post, send
from benchmarks.product import address_of, web_and_worker
from benchmarks.report import Figure
from benchmarks.rows import Bench
from benchmarks.vendor_desk import Account
from benchmarks.workspace import Place, make_workspace
from launcher import children
from launcher.children import Child, LauncherError

if TYPE_CHECKING:
    from mailsync.sandbox.server import Sandbox

_PUSHES, _SMALL = 10_000, 300
_EACH = 5
_ROUND, _SMALL_ROUND = 400, 40
_PART = 0.8
_PATIENCE = 60.0
_MOST_QUERIES = {"gmail": 1, "graph": 3}
_EMPTY = "/hooks/graph/?validationToken=empty"


def measure(bench: Bench) -> Iterator[Figure]:
    port, place = children.free_port(), make_workspace()
    with (
        vendor_desk.sandbox_running(PUBLIC_BASE_URL=address_of(port)) as sandbox,
        web_and_worker(bench, sandbox, port) as (web, _),
    ):
        accounts = [
            live_account(sandbox, place, vendor, f"push-{vendor}-{number}@ours.example")
            for number in range(_EACH)
            for vendor in vendor_desk.VENDORS
        ]
        posts = {one.address: _told(one) for one in accounts}
        yield from _burst(bench, accounts, posts, port)
        yield from _queries(accounts, posts)
        yield from _cpu(bench, web, accounts, posts, port)


def live_account(sandbox: "Sandbox", place: Place, vendor: str, address: str) -> Account:
    """An account that was read, is subscribed, and is not due for some minutes."""
    from mailsync.services.subscriptions import keep_subscription

    account = vendor_desk.open_account(sandbox, place, vendor, address, {})
    vendor_desk.begin(account)
    while account.run().again:
        pass
    ids = {"mailbox_id": account.mailbox.id, "owner_id": place.member.id}
    if not keep_subscription(place.id, **ids):
        raise LauncherError(f"{vendor} was not asked for pushes.")
    while account.run().again:
        time.sleep(0.2)
    return account


def put(account: Account, subject: str) -> None:
    """A mail that will be an activity, received now; the vendor pushes."""
    now = datetime.now(UTC)
    sender = vendor_desk.contact(len(subject))
    account.put(vendor_desk.letter(subject, sender=sender, to=account.address, at=now), now)


def logged(place: Place, subjects: Sequence[str]) -> int:
    """How many of these are activities."""
    with tenancy.in_workspace(place.id, place.member.id):
        return Activity.objects.filter(workspace_id=place.id, message__subject__in=subjects).count()


def _told(account: Account) -> Post:
    """What the vendor pushes about this mailbox, as it did just now."""
    pushes = account.sandbox.pushes

    def mine() -> list[Post]:
        return [
            Post(urlsplit(push.url).path, push.body, _headers(push.headers))
            for push, status in list(pushes.sent)
            if push.mailbox == account.address and 200 <= status < 300
        ]

    put(account, f"First of {account.address}")
    if not children.wait_until(lambda: bool(mine()), _PATIENCE):
        raise LauncherError(f"{account.vendor} did not push: {pushes.sent[-1:]}")
    return mine()[-1]


def _headers(more: Mapping[str, str]) -> dict[str, str]:
    return {"Content-Type": "application/json", **more}


def _burst(
    bench: Bench, accounts: list[Account], posts: Mapping[str, Post], port: int
) -> Iterator[Figure]:
    count = _SMALL if bench.small else _PUSHES
    order = [posts[accounts[number % len(accounts)].address] for number in range(count)]
    trial = send(order[: max(count // 20, 100)], port=port, rate=0)
    rate = _PART * sum(trial.statuses.values()) / trial.took
    _rest(accounts)
    before = _fences(accounts)
    for account in accounts:
        account.sandbox.log.clear()
    # The last mails come within the burst, when nine tenths of it have been sent.
    late = _Late(accounts, 0.9 * count / rate)
    outcome = send(order, port=port, rate=rate)
    late.end()
    seen = children.wait_until(
        lambda: logged(accounts[0].place, late.subjects) == len(accounts), 30
    )
    time.sleep(3)
    syncs = [after - earlier for after, earlier in zip(_fences(accounts), before, strict=True)]
    yield from _answers(outcome, count, rate)
    yield Figure(
        "pushes",
        "mails of the burst that did not become activities",
        len(accounts) - logged(accounts[0].place, late.subjects),
        at_most=0,
        facts={"mailboxes": len(accounts), "at_once": seen},
    )
    asked = accounts[0].sandbox.log.counts()
    yield Figure(
        "pushes",
        "most syncs of a mailbox",
        max(syncs),
        at_most=2,
        low=min(syncs),
        high=max(syncs),
        facts={"history": asked["history.list"], "delta": asked["graph.delta"]},
    )


def _answers(outcome: Outcome, count: int, rate: float) -> Iterator[Figure]:
    good = sum(many for status, many in outcome.statuses.items() if 200 <= status < 300)
    yield Figure(
        "pushes",
        "pushes that were not answered with 2xx",
        count - good,
        at_most=0,
        facts={"statuses": {str(status): many for status, many in outcome.statuses.items()}},
    )
    yield Figure(
        "pushes",
        "pushes a second",
        good / outcome.took,
        facts={"asked": round(rate, 1), "connections": 64, "open_loop": True},
    )
    p99 = 1000 * outcome.share(0.99)
    yield Figure(
        "pushes",
        "p99 from the time of a push to its answer",
        p99,
        "ms",
        facts={"p50_ms": round(1000 * outcome.share(0.5), 1)},
    )


class _Late:
    """Delivers a mail to each account after so many seconds."""

    def __init__(self, accounts: list[Account], seconds: float) -> None:
        import threading

        self.subjects = [f"Last of {one.address}" for one in accounts]
        self._accounts = accounts
        self._timer = threading.Timer(seconds, self._put)
        self._timer.start()

    def _put(self) -> None:
        for account, subject in zip(self._accounts, self.subjects, strict=True):
            put(account, subject)

    def end(self) -> None:
        self._timer.join()


def _rest(accounts: list[Account]) -> None:
    """Wait until nothing is under way and no hint is open."""
    from mailsync.services.hints import wait_of

    def quiet() -> bool:
        for one in accounts:
            with tenancy.in_workspace(one.place.id, one.place.member.id):
                if wait_of(one.place.id, one.mailbox.id) is not None:
                    return False
            if one.now().leased_until is not None:
                return False
        return True

    if not children.wait_until(quiet, _PATIENCE):
        raise LauncherError("The worker does not come to rest.")
    time.sleep(2)


def _fences(accounts: list[Account]) -> list[int]:
    """How often each was taken by a worker."""
    return [one.now().fence for one in accounts]


def _queries(accounts: list[Account], posts: Mapping[str, Post]) -> Iterator[Figure]:
    """Queries of a push in a burst, and of the first one, asked for within this process."""
    from django.test import Client

    _rest(accounts)
    for account in accounts[:2]:
        counts = []
        for _ in range(2):
            post = posts[account.address]
            headers = dict(post.headers)
            with meters.counted() as count:
                answer = Client(SERVER_NAME="127.0.0.1").post(
                    post.path, post.body, content_type=headers.pop("Content-Type"), headers=headers
                )
            if answer.status_code // 100 != 2:
                raise LauncherError(f"The door answered {answer.status_code}.")
            counts.append(count.round_trips)
        yield Figure(
            "pushes",
            f"{account.vendor}: queries of a push in a burst",
            counts[1],
            at_most=_MOST_QUERIES[account.vendor],
            facts={"of_the_first": counts[0]},
        )


def _cpu(
    bench: Bench, web: Child, accounts: list[Account], posts: Mapping[str, Post], port: int
) -> Iterator[Figure]:
    number = _SMALL_ROUND if bench.small else _ROUND
    pushed = {one.vendor: posts[one.address] for one in accounts[:2]}
    kinds = {"empty": replace(pushed["graph"], path=_EMPTY), **pushed}
    costs: dict[str, list[float]] = {name: [] for name in kinds}
    for _ in range(max(bench.pairs, 1) + 1):
        for name, post in kinds.items():
            before = _group_cpu(web.process.pid)
            outcome = send([post] * number, port=port, rate=0, connections=16)
            if set(outcome.statuses) - {200, 202, 204}:
                raise LauncherError(f"The door answered {dict(outcome.statuses)}.")
            costs[name].append(1000 * (_group_cpu(web.process.pid) - before) / number)
    # The first round warms up.
    empty = [max(one, 0.001) for one in costs.pop("empty")[1:]]
    for name, spent in costs.items():
        ratios = [one / base for one, base in zip(spent[1:], empty, strict=True)]
        median, (low, high) = meters.middle(ratios)
        yield Figure(
            "pushes",
            f"{name}: CPU of a push by that of an empty view",
            median,
            at_most=3,
            low=low,
            high=high,
            facts={
                "cpu_ms": round(meters.middle(spent[1:])[0], 3),
                "empty_ms": round(meters.middle(empty)[0], 3),
            },
        )


def _group_cpu(group: int) -> float:
    """CPU seconds of the processes of a group that are alive."""
    ticks = 0
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[2]) == group:
            ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")
