"""Gmail's history records as changes of ours.

https://developers.google.com/workspace/gmail/api/reference/rest/v1/users.history/list : a message
may stand in several records, and in several lists of one record. The last word about it counts.
"""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from mailsync.providers.base import Change, ChangeKind
from mailsync.providers.gmail_labels import ARCHIVE, flags_of, is_mark, scopes_of, texts

_FLAGS = {"UNREAD", "STARRED"}


@dataclass(slots=True)
class _News:
    """What the records say about one message; `labels` is None where they do not tell."""

    added: bool = False
    removed: bool = False
    labels: list[str] | None = None
    touched: set[str] = field(default_factory=set)


def changes_of(records: Any, selected: Collection[str]) -> tuple[Change, ...]:
    """The changes that concern the selected scopes, each message's in the order of first mention.

    What leaves the selected scopes is told as well; what never touched them is not.
    """
    news: dict[str, _News] = {}
    for record in _dicts(records):
        _read(record, news)
    chosen = frozenset(selected)
    return tuple(change for ref, one in news.items() for change in _changes(ref, one, chosen))


def _read(record: dict[str, Any], news: dict[str, _News]) -> None:
    for message, _ in _listed(record, "messagesAdded"):
        one = news.setdefault(message["id"], _News())
        one.added, one.removed = True, False
        one.labels = texts(message["labelIds"]) if "labelIds" in message else None
    for message, some in _listed(record, "labelsAdded"):
        _relabel(news.setdefault(message["id"], _News()), message, some, some)
    for message, some in _listed(record, "labelsRemoved"):
        _relabel(news.setdefault(message["id"], _News()), message, some, [])
    for message, _ in _listed(record, "messagesDeleted"):
        one = news.setdefault(message["id"], _News())
        one.added, one.removed = False, True


def _relabel(one: _News, message: dict[str, Any], touched: list[str], least: list[str]) -> None:
    """A message without labels has no list of them: then it has `least`."""
    one.touched |= set(touched)
    one.labels = texts(message.get("labelIds", least))


def _changes(ref: str, one: _News, selected: frozenset[str]) -> Iterator[Change]:
    if one.removed:
        yield Change(ChangeKind.REMOVED, ref)
        return
    labels = one.labels or []
    scopes, flags = scopes_of(labels), flags_of(labels)
    inside = bool(selected & set(scopes))
    if one.added and (inside or one.labels is None):
        yield Change(ChangeKind.UPSERT, ref, scopes, flags)
    places = {label for label in one.touched if not is_mark(label)}
    if places and (inside or places & selected or ARCHIVE in selected):
        yield Change(ChangeKind.SCOPE_CHANGED, ref, scopes, flags)
    if inside and one.touched & _FLAGS:
        yield Change(ChangeKind.FLAGS_CHANGED, ref, scopes, flags)


def _listed(record: dict[str, Any], name: str) -> Iterator[tuple[dict[str, Any], list[str]]]:
    for entry in _dicts(record.get(name)):
        message = entry.get("message")
        if isinstance(message, dict) and isinstance(message.get("id"), str):
            yield message, texts(entry.get("labelIds"))


def _dicts(value: Any) -> Iterable[dict[str, Any]]:
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []
