"""Gmail's list of messages: ids under a label, newest first, given out in pieces."""

from typing import Any

from mailsync.providers.errors import Permanent
from mailsync.providers.gmail_connection import Answer, GmailConnection
from mailsync.providers.gmail_errors import is_wrong_question
from mailsync.providers.gmail_labels import ARCHIVE, ARCHIVED
from mailsync.providers.gmail_place import LabelPlace

LIST_UNITS = 5
# What one answer holds at most.
PAGE = 500


class MessageLists:
    """The lists of one connection. Of each label the page that was read last is kept, so that
    giving it out in pieces asks for it once."""

    def __init__(self, connection: GmailConnection) -> None:
        self._connection = connection
        # By label: the token of that page, its ids, and the token after it.
        self._listed: dict[str, tuple[str, list[str], Any]] = {}

    def ask(self, label: str, *, token: str = "", query: str = "", size: int = PAGE) -> Answer:
        """One answer; no label means the whole mailbox but spam and trash."""
        asked: dict[str, Any] = {"userId": "me", "maxResults": size}
        if label == ARCHIVE:
            query = f"{ARCHIVED} {query}".strip()
        elif label:
            asked["labelIds"] = [label]
        if token:
            asked["pageToken"] = token
        if query:
            asked["q"] = query
        return self._connection.call(self._connection.users.messages().list(**asked), LIST_UNITS)

    def older(self, name: str, label: LabelPlace, size: int) -> tuple[list[str], LabelPlace]:
        """The next ids of the label, and its place after them."""
        try:
            refs, following = self._page(name, label, size)
        except Permanent as error:
            if not label.path.token or not is_wrong_question(error):
                raise
            # A page token that Gmail no longer knows. What is known already is not fetched again.
            label = LabelPlace(label.since)
            refs, following = self._page(name, label, size)
        start = refs.index(label.last) + 1 if label.last in refs else 0
        taken = refs[start : start + size]
        if start + size < len(refs):
            return taken, LabelPlace(label.since, label.path, taken[-1])
        path = label.path.following(following)
        return taken, LabelPlace(label.since, path, read=not path.token)

    def _page(self, name: str, label: LabelPlace, size: int) -> tuple[list[str], Any]:
        listed = self._listed.get(name)
        if listed is None or listed[0] != label.path.token or not label.last:
            # One second less: whether the second itself is included is not documented.
            query = f"after:{label.since - 1}" if label.since else ""
            # Whole pieces, so that none is smaller than the batches that fetch it.
            whole = max(PAGE // size, 1) * size
            answer = self.ask(name, token=label.path.token, query=query, size=min(whole, PAGE))
            listed = (label.path.token, ids_of(answer), answer.get("nextPageToken"))
            self._listed[name] = listed
        return listed[1], listed[2]


def ids_of(answer: Answer) -> list[str]:
    """The ids of a list of messages, in its order, each once."""
    listed = answer.get("messages") or []
    found = [
        one["id"] for one in listed if isinstance(one, dict) and isinstance(one.get("id"), str)
    ]
    return list(dict.fromkeys(found))
