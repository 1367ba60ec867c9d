"""Pages of a folder: following links, handing out a page in parts, noticing links that loop."""

import hashlib
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from mailsync.providers.errors import CursorExpired, MessageGone, Permanent, Transient
from mailsync.providers.graph_calls import Calls, TooLarge
from mailsync.providers.graph_folders import folder_path
from mailsync.providers.graph_messages import SELECT, Item, is_whole, moment
from mailsync.providers.graph_place import LIVE, REST, ROUND, Place, graph_time

# The most that Graph puts on a page. A backfill asks for it, whatever part of it is recorded at
# once; small parts are read when a page has ended its process, and then pages are small as well.
FULL_PAGE = 1000
SMALL_PART = 100
# Questions about single messages that one part of a page may cost.
MOST_QUESTIONS = 50
# A delta that is filtered by date tells at most so many messages:
# https://learn.microsoft.com/graph/delta-query-messages
FILTERED_MOST = 5000

_UNTIL = "%20and%20receivedDateTime%20le%20"
LOOP = "Microsoft 365 sends the same page again and again. Threadwell tries again by itself."
GONE_FOLDER = "A folder went away while it was read. Threadwell looks again by itself."


@dataclass(frozen=True, slots=True)
class Part:
    """Some items of one page, and the place after them. `round_done` says that the server has no
    more to tell about this folder for now."""

    items: Sequence[Item]
    place: Place
    page_done: bool
    round_done: bool


@dataclass(frozen=True, slots=True)
class _Page:
    link: str
    items: list[Item]
    next: str
    delta: str


class Pages:
    """Reads the pages of a mailbox's folders, and keeps the one that is handed out in parts."""

    def __init__(self, calls: Calls) -> None:
        self._calls, self._most = calls, FULL_PAGE
        self._kept: dict[bool, tuple[str, _Page]] = {}
        self._followed: dict[str, dict[str, str]] = {}

    def first_place(self, folder: str, since: datetime | None, *, late: bool) -> Place:
        """The place in a folder that was never read. The order is only promised when asked for."""
        after = graph_time(since)
        link = f"{self._calls.root}{folder_path(folder)}/messages/delta?{SELECT}"
        if after:
            link += f"&$filter=receivedDateTime%20ge%20{after}"
        self._followed.pop(folder, None)
        self._kept.clear()
        return Place(ROUND, f"{link}&$orderby=receivedDateTime%20desc", since=after, late=late)

    def part(self, folder: str, place: Place, size: int, *, total: int) -> Part:
        """The next part of the folder, at most `size` messages; raises CursorExpired(folder).

        `total` is how many messages the folder has, whatever their date.
        """
        page = self._page(folder, place, size)
        ids = [str(item["id"]) for item in page.items]
        start = place.skip if _mark(ids[: place.skip]) == place.mark else 0
        end = _end(page.items, start, size)
        items = [one for one in page.items[start:end] if not _is_told(one, place)]
        place = _further(place, items)
        if end < len(ids):
            place = place.moved(skip=end, mark=_mark(ids[:end]))
            return Part(items, place, page_done=False, round_done=False)
        self._kept.pop(place.is_past, None)
        after = self._onward(folder, place, page, total)
        return Part(items, after, page_done=True, round_done=not page.next)

    def listed_ids(self, folder: str) -> Iterator[set[str]]:
        """The ids of a folder's messages, newest first, page by page."""
        link = f"{folder_path(folder)}/messages?$select=id&$orderby=receivedDateTime%20desc"
        link += f"&$top={FULL_PAGE}"
        followed = set[str]()
        while link and link not in followed:
            followed.add(link)
            page = self._calls.get(link)
            yield {str(item["id"]) for item in _items(page)}
            link = self._checked(page.get("@odata.nextLink"))

    def _page(self, folder: str, place: Place, size: int) -> _Page:
        link, kept = self._kept.get(place.is_past, ("", None))
        if kept is None or link != place.link:
            if not self._calls.is_ours(place.link):
                # It was followed at another address of Graph, where it meant something.
                raise CursorExpired(folder)
            asked = self._most if place.is_past and size >= SMALL_PART else size
            kept = self._ask(folder, place, asked)
            self._kept[place.is_past] = (place.link, kept)
        return kept

    def _ask(self, folder: str, place: Place, asked: int) -> _Page:
        """The page, in a smaller size where this one is too much."""
        try:
            data = self._data(folder, place, asked)
        except TooLarge:
            if asked == 1:
                raise
            return self._ask(folder, place, max(1, asked // 10))
        except Transient:
            if asked <= SMALL_PART:
                raise
            # A thousand headers may be more than the server puts together in its time.
            self._most = SMALL_PART
            return self._ask(folder, place, SMALL_PART)
        except Permanent:
            if place.stage != REST or _UNTIL not in place.link:
                raise
            # Whoever stands in for Graph may know one bound only.
            plain = self._listed(folder, place.since, "")
            return self._ask(folder, place.moved(link=plain), asked)
        following = self._checked(data.get("@odata.nextLink"))
        return _Page(
            place.link, _items(data), following, self._checked(data.get("@odata.deltaLink"))
        )

    def _data(self, folder: str, place: Place, asked: int) -> dict[str, Any]:
        # A list wants its size in the address, a delta as a preference.
        own = place.link.startswith(self._calls.root + _list_of(folder))
        sized = f"{place.link}&$top={asked}" if own and "top=" not in place.link else place.link
        try:
            return self._calls.get(sized, prefer=f"odata.maxpagesize={asked}")
        except CursorExpired as error:
            raise CursorExpired(folder) from error
        except MessageGone as error:
            raise Transient(GONE_FOLDER) from error

    def _checked(self, link: object) -> str:
        text = str(link or "")
        if text and not self._calls.is_ours(text):
            raise Permanent("Microsoft 365 names an address that is not its own.")
        return text

    def _onward(self, folder: str, place: Place, page: _Page, total: int) -> Place:
        """The place after a whole page."""
        place = place.moved(skip=0, mark=0)
        if place.stage == REST:
            return self._below(folder, place, page)
        if page.next:
            return place.moved(link=self._unlooped(folder, page))
        self._followed.pop(folder, None)
        if not page.delta:
            raise Transient("Microsoft 365 ended a list without saying where it goes on.")
        cut = place.since and (place.seen >= FILTERED_MOST or place.seen < total)
        if place.stage == ROUND and cut:
            link = self._listed(folder, place.since, place.oldest)
            return place.moved(stage=REST, link=link, after=page.delta)
        return Place(LIVE, page.delta, since=place.since, late=place.late)

    def _below(self, folder: str, place: Place, page: _Page) -> Place:
        """The next page of the list. It begins at the time where this one ended, since links of a
        list count messages, and one that goes away in between would hide another."""
        if not page.next:
            self._followed.pop(folder, None)
            return Place(LIVE, place.after, since=place.since, late=place.late)
        told = [_second(item) for item in page.items if is_whole(item)]
        if _UNTIL not in page.link or len(set(told)) < 2:
            return place.moved(link=self._unlooped(folder, page))
        return place.moved(link=self._listed(folder, place.since, place.oldest))

    def _listed(self, folder: str, since: str, oldest: str) -> str:
        span = f"receivedDateTime%20ge%20{since}"
        if oldest:
            # Times are told in whole seconds, and may be kept in smaller parts of one.
            span += _UNTIL + oldest.replace("Z", ".999Z")
        order = "$orderby=receivedDateTime%20desc"
        return f"{self._calls.root}{_list_of(folder)}$filter={span}&{order}"

    def _unlooped(self, folder: str, page: _Page) -> str:
        """The next link, unless it leads back here. A page may well be read twice."""
        followed = self._followed.setdefault(folder, {})
        followed[page.link] = ahead = page.next
        while ahead in followed:
            if ahead == page.link:
                del followed[page.link]
                raise Transient(LOOP)
            ahead = followed[ahead]
        return page.next


def _items(data: dict[str, Any]) -> list[Item]:
    value = data.get("value")
    if not isinstance(value, list):
        raise Transient("Microsoft 365 answered with something that is no list.")
    return [item for item in value if isinstance(item, dict) and item.get("id")]


def _list_of(folder: str) -> str:
    return f"{folder_path(folder)}/messages?{SELECT}&"


def _end(items: Sequence[Item], start: int, size: int) -> int:
    """Where a part ends: after `size` items, or as many as cost the questions of one part."""
    questions, end = 0, start
    while end < min(start + size, len(items)) and questions < MOST_QUESTIONS:
        questions += "receivedDateTime" not in items[end]
        end += 1
    return end


def _further(place: Place, items: Sequence[Item]) -> Place:
    """The place with these items counted, while a list below them may be needed."""
    if not place.since or not place.is_past:
        return place
    told = [(_second(item), _short(str(item["id"]))) for item in items if is_whole(item)]
    oldest = min([*(at for at, _ in told), place.oldest or "9999"])
    edge = [short for at, short in told if at == oldest]
    if oldest == place.oldest:
        edge = [*place.edge, *edge][-FULL_PAGE:]
    if oldest == "9999":
        return place.moved(seen=place.seen + len(items))
    return place.moved(seen=place.seen + len(items), oldest=oldest, edge=edge)


def _is_told(item: Item, place: Place) -> bool:
    """Whether a list only repeats what stood at the end of what was told before."""
    return is_whole(item) and _short(str(item["id"])) in place.edge


def _second(item: Item) -> str:
    return graph_time(moment(item["receivedDateTime"]))


def _short(ref: str) -> str:
    return hashlib.sha256(ref.encode()).hexdigest()[:16]


def _mark(ids: Sequence[str]) -> int:
    return zlib.crc32("\n".join(ids).encode())
