"""The accounts of the sandbox and their mail: raw bytes in folders or under labels.

A change is an `Event` with a number that grows by one; vendors tell their history from these. The
caller holds the sandbox's lock. What happens is written to the tables, so it survives a restart.
"""

import base64
import hashlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from email.message import Message as ParsedMail
from email.parser import BytesHeaderParser
from email.policy import compat32
from typing import Any

from mailsync.sandbox.tables import Tables


@dataclass(frozen=True, slots=True)
class Folder:
    """A folder or label; `role` is a word of `providers.base.ScopeRole`, in its vendor's terms."""

    id: str
    name: str
    role: str = "other"
    parent: str = ""


@dataclass(frozen=True, slots=True)
class Message:
    """One mail. `scopes` are the ids of its folder or labels, `flags` words of ours (seen, ...)."""

    id: str
    thread_id: str
    received_at: datetime
    scopes: tuple[str, ...]
    flags: tuple[str, ...]
    message_id: str
    size: int
    number: int
    changed: int


@dataclass(frozen=True, slots=True)
class Event:
    """`kind` is added, deleted, scopes or flags; before and after are whole sets."""

    number: int
    kind: str
    message_id: str
    thread_id: str
    before: tuple[str, ...] = ()
    after: tuple[str, ...] = ()


def gmail_id(address: str, number: int) -> str:
    """Sixteen hexadecimal digits that grow."""
    return f"{0x18F0000000000000 + number:016x}"


def graph_id(address: str, number: int) -> str:
    """A long text whose letters differ in case."""
    digest = hashlib.sha512(f"{address} {number}".encode()).digest()
    return "AAk" + base64.urlsafe_b64encode(digest).decode().rstrip("=")


_IDS: dict[str, Callable[[str, int], str]] = {"google": gmail_id, "microsoft": graph_id}


@dataclass(slots=True)
class Mailbox:
    """One account. `account_id` stays the same for as long as it lives."""

    vendor: str
    address: str
    account_id: str
    name: str
    aliases: tuple[str, ...] = ()
    folders: dict[str, Folder] = field(default_factory=dict)
    messages: dict[str, Message] = field(default_factory=dict)
    events: list[Event] = field(default_factory=list)
    latest: int = 1000
    made: int = 0
    # What happened up to this number is no longer told.
    forgotten: int = 0

    @property
    def newest_first(self) -> list[Message]:
        return sorted(
            self.messages.values(), key=lambda one: (one.received_at, one.number), reverse=True
        )

    def facts(self) -> dict[str, Any]:
        return {
            "vendor": self.vendor,
            "address": self.address,
            "account_id": self.account_id,
            "name": self.name,
            "aliases": list(self.aliases),
            "folders": [asdict(one) for one in self.folders.values()],
        }


Listener = Callable[[Mailbox, Event], None]


class Mailboxes:
    """All accounts by address. The verbs are what people and mail servers do to a mailbox."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables
        self._all: dict[str, Mailbox] = {}
        self.listeners: list[Listener] = []
        self._load()

    def __iter__(self) -> Iterator[Mailbox]:
        return iter(list(self._all.values()))

    def get(self, address: str) -> Mailbox | None:
        return self._all.get(address.lower())

    def add(
        self,
        address: str,
        *,
        vendor: str,
        folders: Iterable[Folder],
        name: str = "",
        aliases: Iterable[str] = (),
    ) -> Mailbox:
        """A new, empty account; one that is there already is returned as it is."""
        address = address.lower()
        if address in self._all:
            return self._all[address]
        account_id = str(int.from_bytes(hashlib.sha256(address.encode()).digest()[:8], "big"))
        box = Mailbox(vendor, address, account_id, name or address, tuple(aliases))
        box.folders = {one.id: one for one in folders}
        self._all[address] = box
        self._tables.put("mailboxes", address, box.facts())
        return box

    def add_folder(self, address: str, folder: Folder) -> Folder:
        box = self._all[address]
        box.folders[folder.id] = folder
        self._tables.put("mailboxes", address, box.facts())
        return folder

    def remove_folder(self, address: str, folder_id: str) -> None:
        """The folder and, as a label does, its place on every mail. A folder's mail goes too."""
        box = self._all[address]
        box.folders.pop(folder_id)
        for message in list(box.messages.values()):
            if folder_id in message.scopes:
                left = [one for one in message.scopes if one != folder_id]
                self.place(address, message.id, left)
        self._tables.put("mailboxes", address, box.facts())

    def deliver(
        self,
        address: str,
        raw: bytes,
        *,
        scopes: Iterable[str],
        flags: Iterable[str] = (),
        received_at: datetime | None = None,
        thread_id: str = "",
    ) -> Message:
        """Put a mail into its folder or under its labels, and return it."""
        box = self._all[address]
        head = BytesHeaderParser(policy=compat32).parsebytes(raw[:65536])
        number = box.made + 1
        box.made = number
        new_id = _IDS[box.vendor](address, number)
        message = Message(
            id=new_id,
            thread_id=thread_id or _thread_of(box, head) or new_id,
            received_at=received_at or datetime.now(UTC),
            scopes=tuple(scopes),
            flags=tuple(flags),
            message_id=str(head.get("Message-ID", "")).strip(),
            size=len(raw),
            number=number,
            changed=0,
        )
        self._tables.put("raw", f"{address} {new_id}", base64.b64encode(raw).decode())
        return self._note(box, message, "added", (), message.scopes)

    def raw(self, address: str, message_id: str) -> bytes:
        return base64.b64decode(self._tables.get("raw", f"{address} {message_id}"))

    def move(self, address: str, message_id: str, target: str) -> Message:
        """Into this folder and out of every other."""
        return self.place(address, message_id, [target])

    def relabel(
        self, address: str, message_id: str, *, add: Iterable[str] = (), remove: Iterable[str] = ()
    ) -> Message:
        message = self._all[address].messages[message_id]
        left = [one for one in message.scopes if one not in set(remove)]
        return self.place(address, message_id, [*left, *(one for one in add if one not in left)])

    def place(self, address: str, message_id: str, scopes: Iterable[str]) -> Message:
        """Exactly these folders or labels."""
        box = self._all[address]
        message = box.messages[message_id]
        after = tuple(scopes)
        if after == message.scopes:
            return message
        return self._note(box, replace(message, scopes=after), "scopes", message.scopes, after)

    def flag(
        self, address: str, message_id: str, *, add: Iterable[str] = (), remove: Iterable[str] = ()
    ) -> Message:
        """Flags are words: seen, flagged, draft."""
        box = self._all[address]
        message = box.messages[message_id]
        left = [one for one in message.flags if one not in set(remove)]
        after = (*left, *(one for one in add if one not in left))
        if after == message.flags:
            return message
        return self._note(box, replace(message, flags=after), "flags", message.flags, after)

    def delete(self, address: str, message_id: str) -> None:
        """For good, as from the trash."""
        box = self._all[address]
        self._note(box, box.messages[message_id], "deleted", box.messages[message_id].scopes, ())

    def _note(
        self,
        box: Mailbox,
        message: Message,
        kind: str,
        before: tuple[str, ...],
        after: tuple[str, ...],
    ) -> Message:
        box.latest += 1
        message = replace(message, changed=box.latest)
        event = Event(box.latest, kind, message.id, message.thread_id, before, after)
        self._apply(box, message, event)
        row = {"address": box.address, "event": asdict(event), "message": _to_json(message)}
        self._tables.put("events", f"{box.address} {event.number}", row)
        for listener in self.listeners:
            listener(box, event)
        return message

    @staticmethod
    def _apply(box: Mailbox, message: Message, event: Event) -> None:
        box.events.append(event)
        box.latest = max(box.latest, event.number)
        box.made = max(box.made, message.number)
        if event.kind == "deleted":
            box.messages.pop(message.id, None)
        else:
            box.messages[message.id] = message

    def _load(self) -> None:
        for address, facts in self._tables.all("mailboxes").items():
            folders = [Folder(**one) for one in facts.pop("folders")]
            aliases = tuple(facts.pop("aliases"))
            box = Mailbox(**facts, aliases=aliases, folders={one.id: one for one in folders})
            self._all[address] = box
        for row in self._tables.all("events").values():
            event = Event(**(row["event"] | _tuples(row["event"], "before", "after")))
            self._apply(self._all[row["address"]], _from_json(row["message"]), event)


def _thread_of(box: Mailbox, head: ParsedMail) -> str:
    """The thread of the mail that this one answers, where the mailbox has it."""
    named = f"{head.get('In-Reply-To', '')} {head.get('References', '')}".split()
    for message in box.messages.values():
        if message.message_id and message.message_id in named:
            return message.thread_id
    return ""


def _tuples(facts: dict[str, Any], *names: str) -> dict[str, tuple[str, ...]]:
    return {name: tuple(facts[name]) for name in names}


def _to_json(message: Message) -> dict[str, Any]:
    return asdict(message) | {"received_at": message.received_at.isoformat()}


def _from_json(facts: dict[str, Any]) -> Message:
    received_at = datetime.fromisoformat(facts["received_at"])
    return Message(**(facts | _tuples(facts, "scopes", "flags") | {"received_at": received_at}))
