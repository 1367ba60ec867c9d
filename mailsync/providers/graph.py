"""Microsoft Graph: a folder is a scope, its delta tells the past and the present."""

import base64
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from email.parser import BytesHeaderParser
from email.policy import compat32
from types import TracebackType
from typing import Any, Self
from urllib.parse import quote

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
from mailsync.providers.errors import ConsentMissing, MessageGone, Permanent, ProviderError
from mailsync.providers.grants import Budget, Tokens
from mailsync.providers.graph_calls import Ask, Calls
from mailsync.providers.graph_folders import list_folders, well_known_folders
from mailsync.providers.graph_messages import (
    SELECT,
    Item,
    Known,
    is_removed,
    is_whole,
    read_message,
)
from mailsync.providers.graph_pages import Pages, Part
from mailsync.providers.graph_place import Place, cursor_of, graph_time, places_of
from mailsync.providers.graph_tokens import SEND_RIGHT, account_of
from mailsync.providers.graph_watch import renewed, subscribed, unsubscribed

# The most messages with one Message-ID that are looked at.
MOST_FOUND = 10
# So many ids are asked for one by one; for more the folder is listed.
ASKED_SINGLY = 20
_ME = "/me?$select=mail,userPrincipalName"


class GraphProvider:
    """One mailbox; see `base.Provider` for what each method does."""

    def __init__(self, tokens: Tokens, budget: Budget) -> None:
        self._calls = Calls(tokens, budget)
        self._pages = Pages(self._calls)
        self._folders: list[Scope] = []
        self._totals: dict[str, int] = {}
        # Headers come with the pages, and are asked for a moment later.
        self._headers: dict[str, Header] = {}

    def __enter__(self) -> Self:
        self._calls.open()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._calls.close()

    def profile(self) -> Profile:
        """`otherMails` are no aliases: people write down any address there."""
        try:
            facts = self._calls.get(f"{_ME},proxyAddresses", right="User.Read")
        except (Permanent, ConsentMissing):
            # Personal accounts have no such property.
            facts = self._calls.get(_ME, right="User.Read")
        address = str(facts.get("mail") or facts.get("userPrincipalName") or "").lower()
        own = {str(facts.get("userPrincipalName") or "").lower(), *_aliases(facts)}
        aliases = tuple(sorted(one for one in own - {address} if "@" in one))
        return Profile(address, account_of(self._calls.secret), aliases)

    def list_scopes(self) -> list[Scope]:
        self._folders, self._totals = list_folders(self._calls)
        return self._folders

    def well_known_folders(self) -> dict[str, str]:
        """Their ids by their names, for the grant to keep."""
        return well_known_folders(self._calls)

    def start_cursor(
        self,
        scopes: Sequence[str],
        since: datetime | None,
        *,
        before: Cursor | None = None,
        restart: str | None = None,
    ) -> Cursor:
        """Nothing is asked yet: the first page of a folder's delta is the moment that counts."""
        known = places_of(before or {})
        places = {}
        for folder in sorted(scopes):
            place = known.get(folder)
            keeps = place is not None and folder != restart and place.since == graph_time(since)
            late = bool(known) and folder not in known
            places[folder] = (
                place
                if place is not None and keeps
                else self._pages.first_place(folder, since, late=late)
            )
        return cursor_of(places)

    def total(self, cursor: Cursor) -> int:
        places = places_of(cursor).items()
        return sum(self._total(folder) for folder, place in places if place.is_past)

    def enumerate(self, cursor: Cursor, size: int) -> Page:
        places, turn = places_of(cursor), int(cursor.get("turn", 0))
        waiting = [folder for folder, place in places.items() if place.is_past]
        if not waiting:
            return Page((), cursor, done=True)
        folder = waiting[turn % len(waiting)]
        changes, part = self._read(folder, places[folder], size)
        places[folder] = part.place
        # The next folder has its turn after a whole page, so that one page at most is kept.
        after = cursor_of(places, turn=turn + part.page_done, at=int(cursor.get("at", 0)))
        done = not any(one.is_past for one in places.values())
        return Page(changes, after, done, at_hand=not part.page_done)

    def changes(self, cursor: Cursor, size: int) -> Page:
        places, turn = places_of(cursor), int(cursor.get("turn", 0))
        names = list(places)
        for index in range(int(cursor.get("at", 0)), len(names)):
            folder = names[index]
            if places[folder].is_past:
                continue
            changes, part = self._read(folder, places[folder], size)
            places[folder] = part.place
            if changes or not part.round_done:
                # A folder with more to say stays the one to read.
                at = (index + 1) % len(names) if part.round_done else index
                after = cursor_of(places, turn=turn, at=at)
                return Page(changes, after, part.round_done and at == 0)
        return Page((), cursor_of(places, turn=turn), done=True)

    def missing(self, scope: str, refs: Sequence[str]) -> set[str]:
        left = set(refs)
        if len(left) <= ASKED_SINGLY:
            found = [one for ref in left if (one := self._ask(ref)) and one.folder == scope]
            return left - {one.ref for one in found}
        for ids in self._pages.listed_ids(scope):
            left -= ids
            if not left:
                break
        return left

    def fetch_headers(self, refs: Sequence[str]) -> list[Header]:
        found = []
        for ref in dict.fromkeys(refs):
            if ref not in self._headers and (one := self._ask(ref)):
                self._headers[ref] = one.header
            if header := self._headers.pop(ref, None):
                found.append(header)
        return found

    def find(self, message_id: str, role: ScopeRole | None = None) -> list[str]:
        if not message_id.isascii() or not message_id.isprintable() or not message_id:
            return []
        path = "/me/mailFolders/sentitems" if role is ScopeRole.SENT else "/me"
        found = self._found(path, message_id)
        if role in (None, ScopeRole.SENT):
            return [str(item["id"]) for item in found]
        folders = {scope.id for scope in self._folders or self.list_scopes() if scope.role is role}
        return [str(item["id"]) for item in found if item.get("parentFolderId") in folders]

    def fetch_raw(self, ref: str, limit: int) -> RawMessage:
        if not ref:
            raise MessageGone
        return RawMessage(*self._calls.download(f"{_path(ref)}/$value", limit))

    def send(self, raw: bytes, *, thread_id: str = "") -> str:
        """Graph takes the MIME as base64 and answers nothing, not even an id, so the copy is looked
        for once: https://learn.microsoft.com/graph/outlook-send-mime-message. A draft would give
        an id at once, but for the price of the right to change all mail (Mail.ReadWrite). The
        thread is that of the headers.
        """
        body = base64.b64encode(raw)
        url = f"{self._calls.root}/me/sendMail"
        self._calls.send(Ask("POST", url, body, "text/plain", right=SEND_RIGHT, once=True))
        with suppress(ProviderError):
            # It is sent, whatever becomes of this question.
            return next(iter(self.find(_own_id(raw), ScopeRole.SENT)), "")
        return ""

    def subscribe(self, address: str, secret: str, *, lifecycle: str = "") -> Watch | None:
        return subscribed(self._calls, address, secret, lifecycle)

    def renew(self, watch: Watch, address: str, secret: str) -> Watch | None:
        """The same id comes back where it was prolonged, and then its old secret stays in force."""
        return renewed(self._calls, watch, address, secret)

    def unsubscribe(self, watch: Watch) -> None:
        unsubscribed(self._calls, watch)

    def _total(self, folder: str) -> int:
        if not self._totals:
            self.list_scopes()
        return self._totals.get(folder, 0)

    def _read(self, folder: str, place: Place, size: int) -> tuple[tuple[Change, ...], Part]:
        total = self._total(folder) if place.is_past and place.since else 0
        part = self._pages.part(folder, place, size, total=total)
        self._headers = {}
        changes: list[Change] = []
        for ref, known in self._resolve(folder, part.items):
            if known is not None:
                self._headers[ref] = known.header
            changes += _told(ref, known, place, folder)
        return tuple(changes), part

    def _resolve(self, folder: str, items: Iterable[Item]) -> Iterator[tuple[str, Known | None]]:
        """Each message once. What a delta says of a removal is not reliable, and a move is one here
        and an addition there in either order: so it is asked whether the message still exists.
        """
        told: dict[str, list[Item]] = {}
        for item in items:
            told.setdefault(str(item["id"]), []).append(item)
        for ref, same in told.items():
            only = same[0]
            differ = any(one != only for one in same)
            if differ or is_removed(only) or not is_whole(only):
                yield ref, self._ask(ref)
            else:
                yield ref, read_message(only, folder)

    def _ask(self, ref: str) -> Known | None:
        """The message as it stands now, None where it is gone."""
        if not ref:
            return None
        try:
            return read_message(self._calls.get(f"{_path(ref)}?{SELECT}"), "")
        except MessageGone:
            return None

    def _found(self, path: str, message_id: str) -> list[Item]:
        literal = quote(f"<{message_id}>".replace("'", "''"), safe="")
        query = f"$filter=internetMessageId%20eq%20'{literal}'&$select=id,parentFolderId"
        page = self._calls.get(f"{path}/messages?{query}&$top={MOST_FOUND}")
        return [one for one in page.get("value", []) if one.get("id")]


def _told(ref: str, known: Known | None, place: Place, folder: str) -> list[Change]:
    """The changes that a message stands for. A delta does not say what changed about it."""
    if known is None:
        return [Change(ChangeKind.REMOVED, ref)]
    here = Change(ChangeKind.UPSERT, ref, (known.folder,), known.flags)
    placed = replace(here, kind=ChangeKind.SCOPE_CHANGED)
    if place.is_past:
        return [placed if place.late or known.folder != folder else here]
    return [here, placed, replace(here, kind=ChangeKind.FLAGS_CHANGED)]


def _own_id(raw: bytes) -> str:
    head = BytesHeaderParser(policy=compat32).parsebytes(raw[: 64 * 1024])
    return str(head.get("Message-ID", "")).strip().strip("<>")


def _path(ref: str) -> str:
    return f"/me/messages/{quote(ref, safe='')}"


def _aliases(facts: dict[str, Any]) -> set[str]:
    """The addresses that mail reaches this mailbox under; X500 and SIP ones are no mail."""
    listed = facts.get("proxyAddresses")
    texts = [str(one) for one in listed] if isinstance(listed, list) else []
    return {one.partition(":")[2].lower() for one in texts if one.lower().startswith("smtp:")}
