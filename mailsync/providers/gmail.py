"""Gmail: a label is a scope, and Gmail's own id names a message wherever it lies."""

import base64
import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from types import TracebackType
from typing import Self

from django.conf import settings

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
from mailsync.providers.errors import (
    ConsentMissing,
    CursorExpired,
    MessageGone,
    Permanent,
    Transient,
)
from mailsync.providers.gmail_connection import Answer, GmailConnection
from mailsync.providers.gmail_errors import UNREADABLE, is_wrong_question
from mailsync.providers.gmail_fetch import GET_UNITS, read_headers, read_raw
from mailsync.providers.gmail_history import changes_of
from mailsync.providers.gmail_labels import ARCHIVE, read_labels
from mailsync.providers.gmail_lists import MessageLists, ids_of
from mailsync.providers.gmail_place import LabelPlace, Path, Place, later
from mailsync.providers.grants import Budget, Tokens

# https://developers.google.com/workspace/gmail/api/reference/quota
PROFILE, LABELS, HISTORY, SEND, WATCH, STOP, SEND_AS = 1, 1, 2, 100, 100, 50, 1
# Beyond so many labels the account's own count has to do, and a search gives up paging.
MOST_COUNTED = 10
MOST_PAGES = 20
MOST_FOUND = 10
_MESSAGE_ID = re.compile(r"[!#-'*+\-./0-9=?A-Z\[\]^_`a-z{|}~:;$%&@]{1,900}")


class GmailProvider:
    """One mailbox's connection; see `base.Provider` for what each method does."""

    def __init__(self, tokens: Tokens, budget: Budget) -> None:
        self._tokens, self._budget = tokens, budget
        self._connection: GmailConnection | None = None
        self._lists: MessageLists | None = None

    def __enter__(self) -> Self:
        self._connection = GmailConnection(self._tokens, self._budget)
        self._lists = MessageLists(self._connection)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = self._lists = None

    def profile(self) -> Profile:
        address = str(self._profile().get("emailAddress", "")).lower()
        grant = self._open.credentials.grant
        return Profile(address, grant.account_id or address, self._aliases(address))

    def list_scopes(self) -> list[Scope]:
        answer = self._open.call(self._open.users.labels().list(userId="me"), LABELS)
        return read_labels(answer.get("labels") or [])

    def start_cursor(
        self,
        scopes: Sequence[str],
        since: datetime | None,
        *,
        before: Cursor | None = None,
        restart: str | None = None,
    ) -> Cursor:
        profile, known = self._profile(), Place.of(before) if before else None
        now, total = later("", profile.get("historyId")), profile.get("messagesTotal")
        if not now:
            raise Transient(UNREADABLE)
        first = LabelPlace(int(since.timestamp()) if since else None)
        labels = dict.fromkeys(sorted(scopes), first)
        for name, kept in known.labels.items() if known else ():
            if name in labels and name != restart and kept.since == first.since:
                labels[name] = kept
        # An older history id sees more: what happened to a new label meanwhile is told as well.
        place = known or Place(now, {})
        return replace(place, labels=labels, total=total if isinstance(total, int) else 0).cursor()

    def total(self, cursor: Cursor) -> int:
        place = Place.of(cursor)
        unread = [name for name, label in place.labels.items() if not label.read]
        if len(unread) > MOST_COUNTED or ARCHIVE in unread:
            return place.total
        try:
            return min(sum(self._count(name) for name in unread), place.total)
        except (MessageGone, Permanent):
            return place.total

    def enumerate(self, cursor: Cursor, size: int) -> Page:
        """Labels take turns. A page of Gmail's list is given out in pieces."""
        place = Place.of(cursor)
        waiting = [name for name, label in place.labels.items() if not label.read]
        if not waiting:
            return Page((), cursor, done=True)
        name = waiting[place.turn % len(waiting)]
        refs, label = self._listing.older(name, place.labels[name], fitting(size))
        changes = tuple(Change(ChangeKind.UPSERT, ref, (name,)) for ref in refs)
        after = place.with_label(name, label)
        return Page(changes, after.cursor(), done=label.read and len(waiting) == 1)

    def changes(self, cursor: Cursor, size: int) -> Page:
        place = Place.of(cursor)
        try:
            answer = self._history(place.history, place.path.token, fitting(size))
        except MessageGone as error:
            raise CursorExpired from error
        except Permanent as error:
            if not place.path.token or not is_wrong_question(error):
                raise
            # A page token that Gmail no longer knows: the round begins anew, where it began.
            place = replace(place, until="", path=Path())
            answer = self._history(place.history, "", fitting(size))
        until = place.until or later(place.history, answer.get("historyId"))
        path = place.path.following(answer.get("nextPageToken"))
        done = not path.token
        after = replace(
            place,
            history=until if done else place.history,
            until="" if done else until,
            path=path,
        )
        return Page(changes_of(answer.get("history"), place.labels), after.cursor(), done)

    def missing(self, scope: str, refs: Sequence[str]) -> set[str]:
        """Looks through the label's list, from its newest mail back, until all are found."""
        left, token = set(refs), ""
        for _ in range(MOST_PAGES):
            answer = self._listing.ask(scope, token=token)
            left -= set(ids_of(answer))
            token = str(answer.get("nextPageToken") or "")
            if not left or not token:
                return left
        here = {header.ref for header in self.fetch_headers(sorted(left)) if scope in header.scopes}
        return left - here

    def fetch_headers(self, refs: Sequence[str]) -> list[Header]:
        return read_headers(self._open, list(dict.fromkeys(refs)))

    def find(self, message_id: str, role: ScopeRole | None = None) -> list[str]:
        # An id that Gmail's search would take for several words finds nothing of ours.
        if not _MESSAGE_ID.fullmatch(message_id):
            return []
        names = [""] if role is None else [one.id for one in self.list_scopes() if one.role is role]
        found: list[str] = []
        for name in names:
            found += ids_of(
                self._listing.ask(name, query=f"rfc822msgid:{message_id}", size=MOST_FOUND)
            )
        return list(dict.fromkeys(found))

    def fetch_raw(self, ref: str, limit: int) -> RawMessage:
        return read_raw(self._open, ref, limit)

    def send(self, raw: bytes, *, thread_id: str = "") -> str:
        """As JSON: an upload would go to Google's own root, whatever the setting says. A thread
        that is gone is refused, and the mail goes without it then."""
        try:
            return self._sent(raw, thread_id)
        except MessageGone:
            if not thread_id:
                raise
            return self._sent(raw, "")

    def subscribe(self, address: str, secret: str, *, lifecycle: str = "") -> Watch | None:
        """Gmail publishes to the operator's topic, which pushes to us; without one there are none.

        Unfiltered: a watch on the inbox alone would be silent about what its owner sends.
        """
        if not settings.GOOGLE_PUBSUB_TOPIC:
            return None
        try:
            return self._watch()
        except Permanent as error:
            if not is_wrong_question(error):
                raise
            # "Only one user push notification client allowed per developer": a topic of before.
            self.unsubscribe(Watch("", datetime.now(UTC)))
            return self._watch()

    def renew(self, watch: Watch, address: str, secret: str) -> Watch | None:
        return self.subscribe(address, secret)

    def unsubscribe(self, watch: Watch) -> None:
        self._open.tell(self._open.users.stop(userId="me"), STOP)

    @property
    def _listing(self) -> MessageLists:
        if self._lists is None:
            raise Transient
        return self._lists

    @property
    def _open(self) -> GmailConnection:
        if self._connection is None:
            raise Transient
        return self._connection

    def _profile(self) -> Answer:
        return self._open.call(self._open.users.getProfile(userId="me"), PROFILE)

    def _aliases(self, address: str) -> tuple[str, ...]:
        """Other addresses that this account may send as, if they were confirmed.

        `gmail.readonly` allows to ask; an account that cannot be asked has none.
        """
        request = self._open.users.settings().sendAs().list(userId="me")
        try:
            listed = self._open.call(request, SEND_AS).get("sendAs") or []
        except (ConsentMissing, MessageGone, Permanent):
            return ()
        found = {
            str(one.get("sendAsEmail", "")).lower()
            for one in listed
            if isinstance(one, dict) and one.get("verificationStatus", "accepted") == "accepted"
        }
        return tuple(sorted(found - {address, ""}))

    def _sent(self, raw: bytes, thread_id: str) -> str:
        body = {"raw": base64.urlsafe_b64encode(raw).decode()}
        if thread_id:
            body["threadId"] = thread_id
        request = self._open.users.messages().send(userId="me", body=body)
        return str(self._open.call_once(request, SEND).get("id") or "")

    def _count(self, label: str) -> int:
        request = self._open.users.labels().get(userId="me", id=label)
        return int(self._open.call(request, LABELS).get("messagesTotal") or 0)

    def _history(self, since: str, token: str, size: int) -> Answer:
        """Unfiltered: a label filter would hide what leaves the label."""
        asked = {"userId": "me", "startHistoryId": since, "maxResults": size}
        if token:
            asked["pageToken"] = token
        return self._open.call(self._open.users.history().list(**asked), HISTORY)

    def _watch(self) -> Watch:
        request = self._open.users.watch(
            userId="me", body={"topicName": settings.GOOGLE_PUBSUB_TOPIC}
        )
        ends = self._open.call(request, WATCH).get("expiration")
        try:
            return Watch("", datetime.fromtimestamp(int(ends or 0) / 1000, UTC))
        except (ValueError, TypeError, OverflowError, OSError) as error:
            raise Transient(UNREADABLE) from error


def fitting(size: int) -> int:
    """A page of which three can be fetched a minute, so that hardly any allowance is left over:
    the headers of a page are paid for before the first is fetched."""
    return max(1, min(size, settings.GMAIL_UNITS_A_MINUTE // (3 * GET_UNITS) - 2))
