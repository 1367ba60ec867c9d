"""Gmail's lists: messages by label and query, and the history since an id.

https://developers.google.com/workspace/gmail/api/reference/rest/v1/users.messages/list and
https://developers.google.com/workspace/gmail/api/reference/rest/v1/users.history/list
"""

import re
from collections.abc import Callable, Iterable
from typing import Any

from mailsync.sandbox.gmail_shapes import MARKS, labels_of
from mailsync.sandbox.google_errors import bad_request, not_found
from mailsync.sandbox.mailboxes import Event, Mailbox, Message
from mailsync.sandbox.web import Lies, Request

_HIDDEN = {"SPAM", "TRASH"}


def size_asked(request: Request) -> int:
    """maxResults: 100 where nothing is said, 500 at most."""
    text = request.one("maxResults", "100")
    if not text.isdecimal():
        raise bad_request("Invalid value at 'max_results' (TYPE_UINT32)")
    return min(int(text) or 100, 500)


def list_messages(box: Mailbox, request: Request, lies: Lies) -> dict[str, Any]:
    """Newest first, ids only. A page token names the last message of the page before."""
    labels = request.query.get("labelIds", [])
    for label in labels:
        if label not in box.folders and label not in MARKS:
            raise bad_request(f"Invalid label: {label}")
    hidden = set() if request.one("includeSpamTrash") == "true" else _HIDDEN - set(labels)
    found = [
        one
        for one in box.newest_first
        if set(labels) <= set(labels_of(one)) and not hidden & set(one.scopes)
    ]
    for fits in _search(request.one("q")):
        found = [one for one in found if fits(one)]
    after = _after(request.one("pageToken"))
    rest = [one for one in found if after is None or _place(one) < after]
    page = rest[: size_asked(request)]
    answer: dict[str, Any] = {"resultSizeEstimate": min(len(found), 201)}
    if page:
        answer["messages"] = [{"id": one.id, "threadId": one.thread_id} for one in page]
    if len(rest) > len(page):
        answer["nextPageToken"] = _token(page[-1])
    if "loop" in lies:
        answer["nextPageToken"] = request.one("pageToken") or _token(found[0])
    return answer


def list_history(box: Mailbox, request: Request, lies: Lies) -> dict[str, Any]:
    """What happened since startHistoryId, oldest first.

    Lies: "expire" (the id is too old), "loop" (the page token goes round), "numbers" (ids come as
    JSON numbers), "double" (each change stands in two records).
    """
    start, token = _since(box, request, lies), request.one("pageToken")
    if token and not token.isdecimal():
        raise bad_request("Invalid pageToken")
    events = [one for one in box.events if one.number > int(token or start)]
    page = events[: size_asked(request)]
    records = [_record(box, one) for one in page]
    answer: dict[str, Any] = {"historyId": str(box.latest)}
    if records:
        answer["history"] = records * 2 if "double" in lies else records
    if len(events) > len(page):
        answer["nextPageToken"] = str(page[-1].number)
    if "loop" in lies:
        answer["nextPageToken"] = token or str(start)
    if "numbers" in lies:
        answer["historyId"] = box.latest
        for record in records:
            record["id"] = int(record["id"])
    return answer


def _since(box: Mailbox, request: Request, lies: Lies) -> int:
    text = request.one("startHistoryId")
    if not text.isdecimal():
        raise bad_request("Missing required parameter: startHistoryId")
    if "expire" in lies or not box.forgotten <= int(text) <= box.latest:
        raise not_found()
    return int(text)


def _record(box: Mailbox, event: Event) -> dict[str, Any]:
    current = box.messages.get(event.message_id)
    labels = labels_of(current) if current else list(event.after)
    message: dict[str, Any] = {"id": event.message_id, "threadId": event.thread_id}
    record: dict[str, Any] = {"id": str(event.number), "messages": [dict(message)]}
    if labels:
        message["labelIds"] = labels
    if event.kind == "added":
        record["messagesAdded"] = [{"message": message}]
    elif event.kind == "deleted":
        record["messagesDeleted"] = [{"message": message}]
    else:
        before, after = (_marks(event.kind, names) for names in (event.before, event.after))
        for name, some in (("labelsAdded", after - before), ("labelsRemoved", before - after)):
            if some:
                record[name] = [{"message": message, "labelIds": sorted(some)}]
    return record


def _marks(kind: str, names: Iterable[str]) -> set[str]:
    if kind != "flags":
        return set(names)
    starred = {"STARRED"} if "flagged" in names else set()
    return starred if "seen" in names else starred | {"UNREAD"}


def _place(message: Message) -> tuple[int, int]:
    return int(message.received_at.timestamp() * 1000), message.number


def _token(message: Message) -> str:
    return "{:020d}{:010d}".format(*_place(message))


def _after(token: str) -> tuple[int, int] | None:
    if not token:
        return None
    if not re.fullmatch(r"\d{30}", token):
        raise bad_request("Invalid pageToken")
    return int(token[:20]), int(token[20:])


def _search(query: str) -> list[Callable[[Message], bool]]:
    """The few words of Gmail's search that a program may use; others are refused here.

    https://support.google.com/mail/answer/7190
    """
    return [_search_word(word) for word in query.split()]


def _search_word(word: str) -> Callable[[Message], bool]:
    name, _, value = word.partition(":")
    if name == "rfc822msgid" and value:
        return lambda one: one.message_id.strip("<>") == value.strip("<>")
    if name == "after" and value.isdecimal():
        return lambda one: one.received_at.timestamp() > int(value)
    if name == "before" and value.isdecimal():
        return lambda one: one.received_at.timestamp() <= int(value)
    if name == "-in" and value in _PLACES:
        return lambda one: _PLACES[value] not in one.scopes
    if word == "has:nouserlabels":
        return lambda one: not any(label.startswith("Label_") for label in one.scopes)
    raise bad_request(f"The sandbox does not know the search word {name!r}.")


_PLACES = {"inbox": "INBOX", "sent": "SENT", "drafts": "DRAFT", "chats": "CHAT"}
