"""IMAP: a folder is a scope, and folder, UIDVALIDITY and UID name a message."""

import zlib
from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import groupby
from types import TracebackType
from typing import Self

from imapclient import IMAPClient

from mailsync.providers.base import (
    Change,
    ChangeKind,
    Cursor,
    Header,
    Page,
    Profile,
    RawMessage,
    Scope,
    ScopeRole,
    Watch,
)
from mailsync.providers.errors import CursorExpired, MessageGone, Transient
from mailsync.providers.imap_connection import ImapAccount, close, connect, house_errors
from mailsync.providers.imap_fetch import read_flags, read_headers
from mailsync.providers.imap_folders import read_folders
from mailsync.providers.imap_place import Place, Ref, cursor_of, first_place, places_of, window
from mailsync.providers.imap_send import file_sent_copy, hand_over
from mailsync.providers.smtp import SmtpAccount

# On a server without CONDSTORE only the flags of this many newest messages are followed.
FLAGS_FOLLOWED = 200


class ImapProvider:
    """One signed-in connection; see `base.Provider` for what each method does."""

    outgoing: SmtpAccount | None = None

    def __init__(self, account: ImapAccount, address: str) -> None:
        self.account, self.address = account, address
        self.client: IMAPClient | None = None
        self._folder = ""
        self._validity = 0

    def __enter__(self) -> Self:
        self.client = connect(self.account)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        client, self.client = self._client, None
        close(client)

    def profile(self) -> Profile:
        account_id = f"{self.account.username}@{self.account.host}:{self.account.port}".lower()
        return Profile(address=self.address, account_id=account_id)

    def list_scopes(self) -> list[Scope]:
        with house_errors():
            return read_folders(self._client.list_folders())

    def start_cursor(
        self,
        scopes: Sequence[str],
        since: datetime | None,
        *,
        before: Cursor | None = None,
        restart: str | None = None,
    ) -> Cursor:
        known = places_of(before or {})
        with house_errors():
            places = {}
            for name in sorted(scopes):
                first = first_place(self._status(name), since)
                place = known.get(name)
                keeps = place is not None and name != restart and place.since == first.since
                places[name] = place if place is not None and keeps else first
            return cursor_of(places)

    def total(self, cursor: Cursor) -> int:
        return sum(place.count for place in places_of(cursor).values() if place.below > 1)

    def enumerate(self, cursor: Cursor, size: int) -> Page:
        places = places_of(cursor)
        waiting = [name for name, place in places.items() if place.below > 1]
        turn = int(cursor.get("turn", 0))
        if not waiting:
            return Page((), cursor, done=True)
        name = waiting[turn % len(waiting)]
        with house_errors():
            self._open(name, places[name].validity)
            uids, below = self._older(places[name], size)
        place = places[name].moved(below=below)
        after = cursor_of(places | {name: place}, turn=turn + 1, at=int(cursor.get("at", 0)))
        done = below <= 1 and len(waiting) == 1
        return Page(_upserts(name, place, uids), after, done=done)

    def changes(self, cursor: Cursor, size: int) -> Page:
        places, turn = places_of(cursor), int(cursor.get("turn", 0))
        names = list(places)
        for index in range(int(cursor.get("at", 0)), len(names)):
            name = names[index]
            with house_errors():
                page = self._folder_changes(name, places[name], size)
            places[name] = places_of(page.cursor)[name]
            if page.changes or page.lost or not page.done:
                # A folder with more to say stays the one to read.
                at = (index + 1) % len(names) if page.done else index
                after = cursor_of(places, turn=turn, at=at)
                return Page(page.changes, after, page.done and at == 0, page.lost)
        return Page((), cursor_of(places, turn=turn), done=True)

    def missing(self, scope: str, refs: Sequence[str]) -> set[str]:
        known = {text: ref for text in refs if (ref := Ref.read(text)) and ref.folder == scope}
        if not known:
            return set()
        with house_errors():
            self._open(scope, next(iter(known.values())).validity)
            uids = ",".join(str(ref.uid) for ref in known.values())
            present = set(self._client.search(["UID", uids]))
        return {text for text, ref in known.items() if ref.uid not in present}

    def fetch_headers(self, refs: Sequence[str]) -> list[Header]:
        known = sorted((ref for text in refs if (ref := Ref.read(text))), key=_by_folder)
        headers: list[Header] = []
        for (folder, validity), some in groupby(known, key=_by_folder):
            with house_errors():
                self._open(folder, validity)
                headers += read_headers(self._client, list(some))
        return headers

    def find(self, message_id: str, role: ScopeRole | None = None) -> list[str]:
        if not message_id.isascii() or not message_id.isprintable():
            return []
        found = []
        for scope in self.list_scopes():
            if role is not None and scope.role is not role:
                continue
            with house_errors():
                validity = self._open(scope.id)
                uids = self._client.search(["HEADER", "Message-ID", f"<{message_id}>"])
            found += [str(Ref(scope.id, validity, uid)) for uid in uids[:10]]
        return found

    def fetch_raw(self, ref: str, limit: int) -> RawMessage:
        place = Ref.read(ref)
        if place is None:
            raise MessageGone
        with house_errors():
            try:
                self._open(place.folder, place.validity)
            except CursorExpired as error:
                raise MessageGone from error
            facts = self._client.fetch([place.uid], ["RFC822.SIZE"])
            if place.uid not in facts:
                raise MessageGone
            size = int(facts[place.uid].get(b"RFC822.SIZE") or 0)
            raw = None
            if size <= limit:
                answer = self._client.fetch([place.uid], ["BODY.PEEK[]"]).get(place.uid, {})
                raw = answer.get(b"BODY[]")
                if raw is None:
                    raise MessageGone
        return RawMessage(raw, size)

    def send(self, raw: bytes, *, thread_id: str = "") -> str:
        hand_over(self.outgoing, raw)
        return file_sent_copy(self, raw)

    def subscribe(self, address: str, secret: str, *, lifecycle: str = "") -> Watch | None:
        """IMAP has no pushes: `listen_imap` holds an IDLE connection instead."""
        return None

    def renew(self, watch: Watch, address: str, secret: str) -> Watch | None:
        return None

    def unsubscribe(self, watch: Watch) -> None:
        """There is nothing to end."""

    @property
    def _client(self) -> IMAPClient:
        if self.client is None:
            raise Transient
        return self.client

    def _open(self, folder: str, validity: int = 0) -> int:
        """Open the folder read-only; CursorExpired where its numbering is not the one we know."""
        if folder != self._folder:
            answer = self._client.select_folder(folder, readonly=True)
            self._folder, self._validity = folder, int(answer[b"UIDVALIDITY"])
        if validity and validity != self._validity:
            raise CursorExpired(folder)
        return self._validity

    def _status(self, folder: str) -> dict[bytes, int]:
        if folder == self._folder:
            # Of an open folder STATUS tells what this session has seen. It was opened read-only,
            # so closing it removes nothing.
            self._client.close_folder()
            self._folder = ""
        items = ["MESSAGES", "UIDNEXT", "UIDVALIDITY"]
        if self._client.has_capability("CONDSTORE"):
            items.append("HIGHESTMODSEQ")
        answer: dict[bytes, int] = self._client.folder_status(folder, items)
        return answer

    def _older(self, place: Place, size: int) -> tuple[list[int], int]:
        """The newest `size` UIDs below the place, and where the next page starts (0: nowhere)."""
        high, width, found = place.below - 1, 4 * size, list[int]()
        since = ["SINCE", place.since] if place.since else []
        while high >= 1 and len(found) < size:
            low = max(1, high - width + 1)
            found += sorted(self._client.search(["UID", f"{low}:{high}", *since]), reverse=True)
            high, width = low - 1, min(width * 2, window(place))
        if len(found) > size:
            return found[:size], found[size - 1]
        return found, high + 1 if high >= 1 else 0

    def _folder_changes(self, name: str, place: Place, size: int) -> Page:
        status = self._status(name)
        if status[b"UIDVALIDITY"] != place.validity:
            raise CursorExpired(name)
        if status[b"UIDNEXT"] > place.next:
            return self._arrivals(name, place, status, size)
        lost = max(0, place.count - status[b"MESSAGES"])
        place = place.moved(count=status[b"MESSAGES"])
        place, changes, done = self._flags(name, place, status, size)
        return Page(changes, cursor_of({name: place}), done, {name: lost} if lost else {})

    def _arrivals(self, name: str, place: Place, status: dict[bytes, int], size: int) -> Page:
        """New messages, oldest first. Flags and removals are asked about when all are read."""
        self._open(name, place.validity)
        high = min(status[b"UIDNEXT"], place.next + window(place)) - 1
        uids = sorted(self._client.search(["UID", f"{place.next}:{high}"]))
        # "n:*" and some servers answer the last message whatever was asked for.
        uids = [uid for uid in uids if place.next <= uid <= high]
        taken = uids[:size]
        following = taken[-1] + 1 if len(uids) > size else high + 1
        place = place.moved(next=following, count=place.count + len(taken))
        return Page(_upserts(name, place, taken), cursor_of({name: place}), done=False)

    def _flags(
        self, name: str, place: Place, status: dict[bytes, int], size: int
    ) -> tuple[Place, tuple[Change, ...], bool]:
        newest = status.get(b"HIGHESTMODSEQ", 0)
        if not newest or not place.modseq:
            place, changes = self._newest_flags(name, place)
            return place.moved(modseq=newest), changes, True
        if newest <= place.modseq:
            return place, (), True
        self._open(name, place.validity)
        low = max(1, place.flags_at)
        high = min(place.next - 1, low + window(place))
        asked = ["UID", f"{low}:{max(low, high)}", "MODSEQ", place.modseq + 1]
        uids = sorted(self._client.search(asked))
        taken, rest = uids[:size], uids[size:]
        changes = _flag_changes(name, place, read_flags(self._client, taken))
        if not rest and high >= place.next - 1:
            return place.moved(modseq=newest, flags_at=0), changes, True
        return place.moved(flags_at=taken[-1] + 1 if rest else high + 1), changes, False

    def _newest_flags(self, name: str, place: Place) -> tuple[Place, tuple[Change, ...]]:
        """Without CONDSTORE: the flags of the newest messages, if any of them changed."""
        if not place.count:
            return place, ()
        self._open(name, place.validity)
        low = max(1, place.next - FLAGS_FOLLOWED)
        flags = read_flags(self._client, sorted(self._client.search(["UID", f"{low}:*"])))
        digest = zlib.crc32(repr(sorted(flags.items())).encode())
        if digest == place.digest:
            return place, ()
        return place.moved(digest=digest), _flag_changes(name, place, flags)


def _by_folder(ref: Ref) -> tuple[str, int]:
    return ref.folder, ref.validity


def _upserts(name: str, place: Place, uids: Iterable[int]) -> tuple[Change, ...]:
    refs = (str(Ref(name, place.validity, uid)) for uid in uids)
    return tuple(Change(ChangeKind.UPSERT, ref, (name,)) for ref in refs)


def _flag_changes(name: str, place: Place, flags: dict[int, tuple[str, ...]]) -> tuple[Change, ...]:
    return tuple(
        Change(ChangeKind.FLAGS_CHANGED, str(Ref(name, place.validity, uid)), (name,), words)
        for uid, words in sorted(flags.items())
    )
