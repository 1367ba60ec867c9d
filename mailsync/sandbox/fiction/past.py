"""The past of the two people as mails with the time at which each was received."""

import mailbox
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import format_datetime, parsedate_to_datetime
from pathlib import Path

from mailsync.sandbox.fiction.letters import Letter
from mailsync.sandbox.fiction.more import BENS

FOLDER = Path(__file__).resolve().parent
_MARK = "past"


@dataclass(frozen=True, slots=True)
class Mail:
    """One mail of the past. `mine` says that the mailbox's owner wrote it."""

    raw: bytes
    received_at: datetime
    mine: bool


def past_of(address: str, newest_at: datetime) -> list[Mail]:
    """What lies in this person's mailbox, oldest first; the newest was received at `newest_at`.

    The times keep their distances, and the same mail has the same time in both mailboxes.
    """
    files = {name: list(mailbox.mbox(FOLDER / f"{name}.mbox")) for name in ("ana", "ben")}
    last = max(parsedate_to_datetime(mail["Date"]) for some in files.values() for mail in some)
    shift = timedelta(days=(newest_at - last).days)
    mails = []
    for mail in files[address.partition("@")[0]]:
        at = parsedate_to_datetime(mail["Date"]) + shift
        mail.replace_header("Date", format_datetime(at))
        mails.append(Mail(mail.as_bytes(), at, address in mail["From"]))
    for letter, thread in in_threads(letters_of(address, BENS), _MARK):
        at = (last + shift).replace(hour=letter.hour, minute=24) - timedelta(days=letter.days)
        mails.append(Mail(letter.write(at, thread, _MARK), at, address in letter.sender))
    return sorted(mails, key=lambda mail: mail.received_at)


def letters_of(address: str, letters: Sequence[Letter]) -> list[Letter]:
    """Those that stand in this person's mailbox: written by or to them, or to their list."""
    name = address.partition("@")[0]
    return [
        one
        for one in letters
        if address in f"{one.sender} {one.to} {one.cc}" or (one.machine and name == "ben")
    ]


def in_threads(letters: Sequence[Letter], mark: str) -> Iterator[tuple[Letter, tuple[str, ...]]]:
    """Every letter with the ids of those that it answers, oldest first."""
    ids: dict[str, tuple[str, ...]] = {}
    for letter in letters:
        before = ids.get(letter.answers, ())
        ids[letter.name] = (*before, letter.message_id(mark))
        yield letter, before
