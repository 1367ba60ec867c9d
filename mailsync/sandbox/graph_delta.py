"""The delta of one folder: a first round that tells all, and rounds that tell what happened.

The state stands in the links and nowhere else. Behaviour after
https://learn.microsoft.com/graph/delta-query-messages and, for what a change of flags looks like,
https://github.com/microsoftgraph/microsoft-graph-docs-contrib/issues/5544
"""

import base64
import hashlib
import json
from dataclasses import dataclass
from typing import Any

from mailsync.sandbox.graph_query import Query, refuse
from mailsync.sandbox.mailboxes import Event, Mailbox, Message

State = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Told:
    """One item: a message, whole or only its flags, or the id of one that is gone from here."""

    message: Message | None
    id: str
    sparse: bool = False


@dataclass(frozen=True, slots=True)
class Round:
    """A page of items, and the state after it; `done` says that the round is over."""

    items: list[Told]
    state: State
    done: bool


def pack(state: State) -> str:
    return base64.urlsafe_b64encode(json.dumps(state).encode()).decode().rstrip("=")


def unpack(token: str) -> State:
    try:
        state: State = json.loads(base64.urlsafe_b64decode(token + "=" * (-len(token) % 4)))
    except ValueError:
        raise refuse(400, "BadRequest", "Badly formed token.") from None
    return state


def first_state(box: Mailbox, folder: str, query: Query) -> State:
    return {
        "folder": folder,
        "select": list(query.select),
        "filter": query.filter,
        "order": query.order,
        "at": box.latest,
        "told": 0,
    }


def began(state: State) -> int:
    """The number of the last event that a state knows of."""
    return int(state["from"] if "from" in state else state["at"])


def next_page(box: Mailbox, state: State, query: Query, size: int, limit: int) -> Round:
    """The page after a state. `limit` is the most that a filtered first round tells."""
    if "from" in state:
        return _changes(box, state, query, size)
    return _enumeration(box, state, query, size, limit if state["filter"] else 10**9)


def _enumeration(box: Mailbox, state: State, query: Query, size: int, limit: int) -> Round:
    key = _newest_first if state["order"] else _no_order
    inside = [one for one in box.messages.values() if state["folder"] in one.scopes]
    left = sorted((key(one), one) for one in inside if query.fits(one))
    left = [(rank, one) for rank, one in left if rank > state.get("after", "")]
    room = min(size, limit - state["told"])
    page = left[:room]
    after = state | {"told": state["told"] + len(page)}
    if len(left) > room and after["told"] < limit:
        return Round(_whole(page), after | {"after": page[-1][0]}, done=False)
    # What a filtered round leaves out at its limit, it does not mention.
    return Round(_whole(page), _from(state, state["at"]), done=True)


def _changes(box: Mailbox, state: State, query: Query, size: int) -> Round:
    until = state.get("until", box.latest)
    touched: dict[str, list[Event]] = {}
    for event in box.events:
        if state["from"] < event.number <= until:
            touched.setdefault(event.message_id, []).append(event)
    told = [one for key, some in touched.items() if (one := _told(box, key, some, state, query))]
    start = state.get("index", 0)
    page = told[start : start + size]
    if start + size < len(told):
        return Round(page, state | {"until": until, "index": start + size}, done=False)
    return Round(page, _from(state, until), done=True)


def _told(
    box: Mailbox, message_id: str, events: list[Event], state: State, query: Query
) -> Told | None:
    """What became of one message, seen from this folder alone."""
    folder, message = state["folder"], box.messages.get(message_id)
    if message is not None and folder in message.scopes:
        if not query.fits(message):
            return None
        only_flags = all(event.kind == "flags" for event in events)
        return Told(message, message_id, sparse=only_flags)
    # Also what came and went between two rounds, so was never told before.
    was_here = any(folder in event.before or folder in event.after for event in events)
    return Told(None, message_id) if was_here else None


def _from(state: State, number: int) -> State:
    kept = {name: state[name] for name in ("folder", "select", "filter", "order")}
    return kept | {"from": number}


def _whole(page: list[tuple[str, Message]]) -> list[Told]:
    return [Told(one, one.id) for _, one in page]


def _newest_first(message: Message) -> str:
    return f"{10**13 - int(message.received_at.timestamp() * 1000):014d} {10**9 - message.number}"


def _no_order(message: Message) -> str:
    """Without $orderby nothing is promised, so nothing is kept."""
    return hashlib.sha256(message.id.encode()).hexdigest()
