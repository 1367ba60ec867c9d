"""What the IMAP cursor holds: for each folder, how far the past and the present have been read.

The cursor is `{"folders": {name: place}, "turn": n, "at": n}`. `turn` lets the folders take turns
in the backfill; `at` is the folder (in order of names) where a round of changes goes on.
"""

from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from mailsync.providers.base import Cursor

# A line of imaplib holds a megabyte; a search for this many UIDs stays well below.
MOST_UIDS = 50_000


@dataclass(frozen=True, slots=True)
class Place:
    """Where we are in one folder.

    validity   the folder's UIDVALIDITY: with another one, every UID means something else
    below      the backfill goes on below this UID; 0 when the past has been read
    next       UIDs from here on are new
    count      how many messages the folder had when `next` was read
    modseq     flags were read up to here (0: the server has no CONDSTORE); while a round of
    flags_at   flags is under way, the UID where it goes on
    digest     of the newest flags, for a server without CONDSTORE
    since      the first day that is read, as IMAP writes it; "" for all
    """

    validity: int
    below: int
    next: int
    count: int
    modseq: int = 0
    flags_at: int = 0
    digest: int = 0
    since: str = ""

    def moved(self, **facts: Any) -> "Place":
        return replace(self, **facts)


def places_of(cursor: Cursor) -> dict[str, Place]:
    """The places by folder, in order of names."""
    folders = cursor.get("folders", {})
    return {name: Place(**folders[name]) for name in sorted(folders)}


def cursor_of(places: dict[str, Place], *, turn: int = 0, at: int = 0) -> Cursor:
    """The JSON form of the places."""
    folders = {name: asdict(place) for name, place in places.items()}
    return {"folders": folders, "turn": turn, "at": at}


def first_place(status: dict[bytes, int], since: datetime | None) -> Place:
    """The place in a folder that was never read."""
    return Place(
        validity=status[b"UIDVALIDITY"],
        below=status[b"UIDNEXT"],
        next=status[b"UIDNEXT"],
        count=status[b"MESSAGES"],
        modseq=status.get(b"HIGHESTMODSEQ", 0),
        since=search_day(since),
    )


def search_day(since: datetime | None) -> str:
    """The day before, because SEARCH compares days without a time zone (RFC 3501, 6.4.4)."""
    if since is None:
        return ""
    day = since - timedelta(days=1)
    months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
    return f"{day.day:02d}-{months[day.month - 1]}-{day.year:04d}"


def window(place: Place) -> int:
    """How many UIDs one search may span: more where the numbering has large gaps."""
    return MOST_UIDS * max(1, place.next // max(place.count, MOST_UIDS))


@dataclass(frozen=True, slots=True)
class Ref:
    """The id of a message: folder, UIDVALIDITY and UID say together which one it is."""

    folder: str
    validity: int
    uid: int

    def __str__(self) -> str:
        return f"{self.validity}:{self.uid}:{self.folder}"

    @classmethod
    def read(cls, text: str) -> "Ref | None":
        """The parts of an id that was made here, or None for any other text."""
        validity, _, rest = text.partition(":")
        uid, _, folder = rest.partition(":")
        if not (validity.isdecimal() and uid.isdecimal() and folder):
            return None
        return cls(folder, int(validity), int(uid))
