"""Puts the fictional mail into the sandbox: the past at once, the rest while somebody looks."""

import threading
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from email.utils import parseaddr

from mailsync.sandbox.fiction.arriving import ARRIVING
from mailsync.sandbox.fiction.letters import ANA, BEN, Letter
from mailsync.sandbox.fiction.past import in_threads, letters_of, past_of
from mailsync.sandbox.mailboxes import Mailbox
from mailsync.sandbox.server import Sandbox

# One vendor each, by the prefix of its application.
PEOPLE = ((ANA, "/google"), (BEN, "/microsoft"))


def fill(sandbox: Sandbox) -> list[Mailbox]:
    """Make the two accounts with their past, where they are not there yet; returns both."""
    newest_at = datetime.now(UTC) - timedelta(hours=2)
    apps = {app.prefix: app for app in sandbox.apps}
    boxes = []
    for who, prefix in PEOPLE:
        name, address = parseaddr(who)
        with sandbox.lock:
            box = sandbox.mailboxes.get(address)
            if box is None and prefix in apps:
                box = apps[prefix].add_account(address, name=name)
                _deliver_past(sandbox, box, newest_at)
        if box is not None:
            boxes.append(box)
    return boxes


def play(sandbox: Sandbox, ended: threading.Event, *, pause: float) -> None:
    """Let one mail arrive every `pause` seconds until `ended`, from where the last run stopped."""
    while not ended.wait(pause):
        arrive(sandbox)


def arrive(sandbox: Sandbox) -> Letter:
    """The next mail arrives in each mailbox that it is written by or to; returns it."""
    with sandbox.lock:
        number = sandbox.tables.get("fiction", "arrived") or 0
        sandbox.tables.put("fiction", "arrived", number + 1)
        round_number, place = divmod(number, len(ARRIVING))
        mark = f"round-{round_number}"
        letter, thread = list(in_threads(ARRIVING, mark))[place]
        now = datetime.now(UTC).replace(microsecond=0)
        raw = letter.write(now, thread, mark)
        for box in _boxes_of(sandbox, letter):
            mine = box.address in letter.sender
            scope = _scope(box, "sent" if mine else "inbox")
            sandbox.mailboxes.deliver(
                box.address, raw, scopes=[scope], flags=["seen"] if mine else [], received_at=now
            )
    return letter


def _boxes_of(sandbox: Sandbox, letter: Letter) -> Iterable[Mailbox]:
    for who, _ in PEOPLE:
        box = sandbox.mailboxes.get(parseaddr(who)[1])
        if box is not None and letters_of(box.address, [letter]):
            yield box


def _deliver_past(sandbox: Sandbox, box: Mailbox, newest_at: datetime) -> None:
    past = past_of(box.address, newest_at)
    for number, mail in enumerate(past):
        read = mail.mine or number < len(past) - 6
        sandbox.mailboxes.deliver(
            box.address,
            mail.raw,
            scopes=[_scope(box, "sent" if mail.mine else "inbox")],
            flags=["seen"] if read else [],
            received_at=mail.received_at,
        )


def _scope(box: Mailbox, role: str) -> str:
    return next(folder.id for folder in box.folders.values() if folder.role == role)
