"""What every mail service can do, in house words.

A *ref* is the provider's id of one message in one mailbox: an opaque, case-sensitive string. A
*scope* is a folder or a label. A *cursor* is JSON that only its provider reads: it holds the
place of the backfill and of the incremental reading together, so that one column of one row is
committed with each page.

Every method may raise one of `mailsync.providers.errors`, and no other error for what a server
did. None of them may be called inside a database transaction.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from types import TracebackType
from typing import Any, Protocol, Self

Cursor = dict[str, Any]


class ScopeRole(StrEnum):
    """What a folder is for, whatever its name."""

    INBOX = "inbox"
    SENT = "sent"
    ARCHIVE = "archive"
    DRAFTS = "drafts"
    JUNK = "junk"
    TRASH = "trash"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Profile:
    """Whose mailbox it is. `account_id` stays the same for as long as the mailbox lives."""

    address: str
    account_id: str
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Scope:
    """A folder or label of the mailbox."""

    id: str
    name: str
    role: ScopeRole = ScopeRole.OTHER
    parent: str = ""


class ChangeKind(StrEnum):
    UPSERT = "upsert"
    SCOPE_CHANGED = "scope_changed"
    FLAGS_CHANGED = "flags_changed"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that happened to one message. `scopes` and `flags` are whole, not differences."""

    kind: ChangeKind
    ref: str
    scopes: tuple[str, ...] = ()
    flags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Page:
    """Some changes, and the cursor that says they were read.

    `lost` names scopes in which messages vanished without the provider saying which, and how
    many: the reader then asks `missing` about the messages that it knows, newest first. `at_hand`
    says that this connection holds the next page already; another one would have to ask again.
    """

    changes: tuple[Change, ...]
    cursor: Cursor
    done: bool
    lost: dict[str, int] = field(default_factory=dict)
    at_hand: bool = False


@dataclass(frozen=True, slots=True)
class Header:
    """The header of one message, at most 64 KB and a byte (so that a longer one is recognised).

    `raw` is None where the provider's answer about this one message cannot be understood.
    `size` is of the whole message in bytes. `calendar_reply` is what only the structure shows.
    """

    ref: str
    raw: bytes | None
    received_at: datetime
    scopes: tuple[str, ...]
    flags: tuple[str, ...] = ()
    thread_id: str = ""
    size: int = 0
    calendar_reply: bool = False


@dataclass(frozen=True, slots=True)
class Watch:
    """A subscription as the provider granted it: its id (may be empty) and when it ends."""

    id: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class RawMessage:
    """A whole message as RFC 5322 bytes; `raw` is None where it is beyond the limit asked for.

    Where it lies and when it came was told with its header; some services would have to be asked
    for that in a request of its own.
    """

    raw: bytes | None
    size: int


class Provider(Protocol):
    """One open connection to one mailbox; used as a context manager."""

    def __enter__(self) -> Self: ...

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None: ...

    def profile(self) -> Profile: ...

    def list_scopes(self) -> list[Scope]: ...

    def start_cursor(
        self,
        scopes: Sequence[str],
        since: datetime | None,
        *,
        before: Cursor | None = None,
        restart: str | None = None,
    ) -> Cursor:
        """A cursor for exactly these scopes, taken before anything is enumerated.

        A scope that `before` has a place for keeps it, unless it is the one to `restart`.
        `since` leaves out what was received earlier.
        """
        ...

    def total(self, cursor: Cursor) -> int:
        """At most how many messages the backfill of a fresh cursor will read."""
        ...

    def enumerate(self, cursor: Cursor, size: int) -> Page:
        """The next page of the backfill, newest first; `done` when the past has been read."""
        ...

    def changes(self, cursor: Cursor, size: int) -> Page:
        """The next page of what happened since; `done` when there is no more for now."""
        ...

    def missing(self, scope: str, refs: Sequence[str]) -> set[str]:
        """Those of the refs that are no longer in the scope."""
        ...

    def fetch_headers(self, refs: Sequence[str]) -> list[Header]:
        """The headers of those refs that still exist, in no order. Nothing is marked as read."""
        ...

    def find(self, message_id: str, role: ScopeRole | None = None) -> list[str]:
        """The refs of messages with this Message-ID, in scopes of the role where one is given."""
        ...

    def fetch_raw(self, ref: str, limit: int) -> RawMessage:
        """The whole message, unless it is larger than `limit` bytes; raises MessageGone."""
        ...

    def send(self, raw: bytes, *, thread_id: str = "") -> str:
        """Hand an RFC 5322 message over to be sent; returns the ref of the sent copy, or "".

        `thread_id` is the provider's id of the thread that it answers, in this mailbox. The raw
        bytes carry our own Message-ID. Raises Unsure where the service may have taken the mail; the
        caller looks for it with `find` then. Any other error proves that it was not taken.
        """
        ...

    def subscribe(self, address: str, secret: str, *, lifecycle: str = "") -> Watch | None:
        """Ask for pushes about the whole mailbox to `address` (problems of the subscription itself
        to `lifecycle`), each carrying `secret` where the provider can; None where it has no pushes.
        """
        ...

    def renew(self, watch: Watch, address: str, secret: str) -> Watch | None:
        """Prolong it, or make it anew where the provider has no other way."""
        ...

    def unsubscribe(self, watch: Watch) -> None:
        """Ask for no more pushes; one that is gone already is no error."""
        ...
