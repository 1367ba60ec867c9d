"""Row `backfill`: how often a vendor is asked to read a mailbox of 5,000 mails, and at a time.

The product's own `sync_mailbox` and `fetch_bodies` read it from the sandbox, whose log is counted.
The least that a vendor has to be asked, for n mails in one folder, with f folders selected of which
the others are empty (inbox and sent mail at Gmail; the archive too at Microsoft):

- Gmail: n/50 batches (Google recommends no more than 50 parts), n/500 pages of ids, one page of
  each empty label, one list of labels, one profile (where history begins) and one history at the
  end.
- Graph: n/1,000 pages of the delta, one of each empty folder, one list of folders, and one delta of
  each folder at the end.

So n/50 + n/500 + (f - 1) + 3, and n/1,000 + (f - 1) + 1 + f, each part rounded up. Not part of it
are the pauses that a vendor's allowance makes (each adds a look for what is new) and what
connecting the mailbox asked. A *get* is one message asked for by itself or as a part of a batch: at
most one a message for its header, and one more for the body of what is logged, which is every
second mail.
"""

import math
import threading
import time
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from accounts import tenancy
from activities.models import Message, PrivateMessage, Sighting
from benchmarks import vendor_desk
from benchmarks.report import Figure
from benchmarks.rows import Bench
from benchmarks.vendor_desk import Account
from benchmarks.workspace import make_workspace
from launcher.children import LauncherError
from mailsync.models import Folder, Mailbox
from mailsync.services.fetch_bodies import fetch_bodies

_MAILS, _SMALL = 5_000, 120
_WORKERS = 4
_PATIENCE = 900.0
# An allowance as large as this is never used up: it is requests that are counted, not pauses.
_ENOUGH = 10**9
_GETS = ("messages.get", "graph.get", "graph.value")


def measure(bench: Bench) -> Iterator[Figure]:
    count = _SMALL if bench.small else _MAILS
    for vendor in vendor_desk.VENDORS:
        with vendor_desk.sandbox_running(
            GMAIL_UNITS_A_MINUTE=_ENOUGH, GMAIL_PROJECT_UNITS_A_MINUTE=_ENOUGH
        ) as sandbox:
            address = f"backfill-{vendor}@ours.example"
            account = vendor_desk.open_account(
                sandbox, make_workspace(), vendor, address, _mails(count, address)
            )
            sandbox.log.clear()
            vendor_desk.begin(account)
            runs = _read(account)
            yield _requests(account, count, runs)
            yield from _bodies(account, count)


def _mails(count: int, to: str) -> dict[datetime, bytes]:
    """Every second one from a contact, so that half is logged."""
    first = datetime.now(UTC).replace(microsecond=0) - timedelta(minutes=count + 5)
    found = {}
    for number in range(count):
        at = first + timedelta(minutes=number)
        sender = vendor_desk.contact(number) if number % 2 else vendor_desk.stranger(number)
        found[at] = vendor_desk.letter(f"Mail {number}", sender=sender, to=to, at=at)
    return found


def _read(account: Account) -> int:
    """Run until everything is read; returns how many runs that took."""
    deadline = time.monotonic() + _PATIENCE
    for number in range(1, 1_000):
        run = account.run()
        if run.error or time.monotonic() > deadline:
            raise LauncherError(f"The backfill of {account.vendor} ended with {run.error}.")
        if not run.again:
            return number
    raise LauncherError(f"The backfill of {account.vendor} never ended.")


def _requests(account: Account, count: int, runs: int) -> Figure:
    asked = _asked(account)
    parts = asked["messages.get"] if account.vendor == "gmail" else 0
    sent = sum(asked.values()) - parts
    folders = _folders(account)
    least = _least(account.vendor, count, folders)
    return Figure(
        "backfill",
        f"{account.vendor}: requests for {count:,} mails by the least possible",
        sent / least,
        # A few mails do not fill the pages that the least is made of.
        at_most=1.05 if count >= _MAILS else None,
        facts={
            "requests": sent,
            "least": least,
            "folders": folders,
            "runs": runs,
            "asked": dict(asked),
        },
    )


def _folders(account: Account) -> int:
    """How many are selected, as the product chose them by itself."""
    place = account.place
    with tenancy.in_workspace(place.id, place.member.id):
        return Folder.objects.filter(mailbox=account.mailbox, selected=True).count()


def _least(vendor: str, count: int, folders: int) -> int:
    if vendor == "gmail":
        return math.ceil(count / 50) + math.ceil(count / 500) + (folders - 1) + 3
    return math.ceil(count / 1_000) + (folders - 1) + 1 + folders


def _asked(account: Account) -> Counter[str]:
    return account.sandbox.log.counts(account.address)


def _bodies(account: Account, count: int) -> Iterator[Figure]:
    """Fetch all bodies with four workers while the mailbox is read by another."""
    logged = _logged(account)
    if account.vendor == "graph":
        # Slow enough for calls to meet.
        _slowly(account, 0.05)
    _work(account)
    asked = _asked(account)
    gets = sum(asked[name] for name in _GETS)
    yield Figure(
        "backfill",
        f"{account.vendor}: gets by one a message and one more a logged one",
        gets / (count + logged),
        at_most=1,
        facts={"gets": gets, "logged": logged, "asked": dict(asked)},
    )
    if account.vendor == "graph":
        most = account.sandbox.log.most_at_once(account.address)
        yield Figure(
            "backfill",
            f"graph: most calls at a time with {_WORKERS} workers on bodies and one reading",
            most,
            at_most=4,
            facts={"reached": most >= 4},
        )


def _slowly(account: Account, seconds: float) -> None:
    from mailsync.sandbox.faults import Delay

    account.sandbox.faults.choose("*", Delay(seconds), times=400, mailbox=account.address)


def _logged(account: Account) -> int:
    place = account.place
    with tenancy.in_workspace(place.id, place.member.id):
        copies = Sighting.objects.filter(channel_id=account.mailbox.channel_id).count()
        private = PrivateMessage.objects.filter(channel_id=account.mailbox.channel_id).count()
    if not copies or not private:
        raise LauncherError(f"{copies} mails were logged and {private} were not.")
    return copies


def _work(account: Account) -> None:
    ended = threading.Event()
    workers = [threading.Thread(target=_fetch, args=(account, ended)) for _ in range(_WORKERS)]
    workers.append(threading.Thread(target=_keep_reading, args=(account, ended)))
    for worker in workers:
        worker.start()
    deadline = time.monotonic() + _PATIENCE
    try:
        while _waiting(account):
            if time.monotonic() > deadline:
                raise LauncherError(f"{_waiting(account)} bodies of {account.vendor} did not come.")
            time.sleep(0.5)
    finally:
        ended.set()
        for worker in workers:
            worker.join()


def _fetch(account: Account, ended: threading.Event) -> None:
    from django.db import connection

    while not ended.is_set():
        if not fetch_bodies(account.place.id, channel_id=account.mailbox.channel_id):
            ended.wait(0.2)
    connection.close()


def _keep_reading(account: Account, ended: threading.Event) -> None:
    from django.db import connection
    from django.db.models.functions import Now

    place = account.place
    for _ in range(5):
        with tenancy.in_workspace(place.id, place.member.id):
            Mailbox.objects.filter(id=account.mailbox.id).update(due_at=Now())
        account.run()
        if ended.wait(0.5):
            break
    connection.close()


def _waiting(account: Account) -> int:
    """How many bodies have still to come. What was put off for want of a place is due again."""
    from django.db.models.functions import Now

    place = account.place
    with tenancy.in_workspace(place.id, place.member.id):
        due = Message.objects.filter(workspace_id=place.id, body_state=Message.Body.DUE)
        due.filter(body_attempts=0).update(body_due_at=Now())
        return due.count()
