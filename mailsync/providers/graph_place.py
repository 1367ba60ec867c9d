"""What the cursor of a Microsoft mailbox holds: for each folder, which link is followed next.

The cursor is `{"folders": {id: place}, "turn": n, "at": n}`. `turn` lets the folders take turns in
the backfill; `at` is the folder (in order of ids) where a round of changes goes on.

A folder is read in stages. The first round of its delta is the enumeration (ROUND). A round that is
filtered by date may stop short without saying so; what lies below it is then listed (REST), and
`after` keeps the link that was earned. From then on the delta tells what happens (LIVE).
"""

from dataclasses import asdict, dataclass, field, fields, replace
from datetime import UTC, datetime
from typing import Any

from mailsync.providers.base import Cursor

ROUND, REST, LIVE = "round", "rest", "live"


@dataclass(frozen=True, slots=True)
class Place:
    """Where we are in one folder.

    stage   ROUND, REST or LIVE
    link    the address that is asked next, whole
    since   what was received earlier is left out; "" for nothing
    late    the folder was chosen later than others, so some of its mail may be known already
    skip    so many messages of the link's page are recorded already,
    mark    if the page still begins with these
    seen    how many messages the round has told
    oldest  the earliest time of receipt that it told
    edge    which messages of that second were told, shortened
    after   the link that is followed when the rest has been listed
    """

    stage: str
    link: str
    since: str = ""
    late: bool = False
    skip: int = 0
    mark: int = 0
    seen: int = 0
    oldest: str = ""
    edge: list[str] = field(default_factory=list)
    after: str = ""

    def moved(self, **facts: Any) -> "Place":
        return replace(self, **facts)

    @property
    def is_past(self) -> bool:
        return self.stage != LIVE


_NAMES = {one.name for one in fields(Place)}


def places_of(cursor: Cursor) -> dict[str, Place]:
    """The places by folder, in order of ids."""
    folders = cursor.get("folders", {})
    return {
        key: Place(**{name: fact for name, fact in folders[key].items() if name in _NAMES})
        for key in sorted(folders)
    }


def cursor_of(places: dict[str, Place], *, turn: int = 0, at: int = 0) -> Cursor:
    """The JSON form of the places."""
    folders = {key: asdict(place) for key, place in places.items()}
    return {"folders": folders, "turn": turn, "at": at}


def graph_time(moment: datetime | None) -> str:
    """A time as Graph writes it, "" for none."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if moment else ""
