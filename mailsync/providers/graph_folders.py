"""The folders of a Microsoft mailbox, each with what it is for."""

import threading
import time
from typing import Any
from urllib.parse import quote

from mailsync.providers.base import Scope, ScopeRole
from mailsync.providers.errors import MessageGone, Transient
from mailsync.providers.graph_calls import Calls
from mailsync.providers.graph_tokens import account_of, folders_of

MOST_FOLDERS = 500
MOST_PAGES = 50

# Names do not tell what a folder is for, since people and languages change them:
# https://learn.microsoft.com/graph/api/resources/mailfolder#well-known-folder-names
_WELL_KNOWN = {
    "inbox": ScopeRole.INBOX,
    "sentitems": ScopeRole.SENT,
    "archive": ScopeRole.ARCHIVE,
    "drafts": ScopeRole.DRAFTS,
    "junkemail": ScopeRole.JUNK,
    "deleteditems": ScopeRole.TRASH,
}
# A delta over the folders tells them all at once, the nested ones too:
# https://learn.microsoft.com/graph/api/mailfolder-delta
_ALL = "/me/mailFolders/delta?$select=displayName,parentFolderId,totalItemCount"
# A folder that a mailbox lacks is looked for again after so long.
_LOOK_AGAIN = 3600.0
_MOST_LACKING = 10_000

_lacking: dict[tuple[str, str, str], float] = {}
_lock = threading.Lock()


def list_folders(calls: Calls) -> tuple[list[Scope], dict[str, int]]:
    """The folders that can hold mail, and how many messages each has."""
    found = _read(calls)
    roles = _roles(calls, found)
    scopes = [
        Scope(
            id=key,
            name=str(item.get("displayName") or key)[:400],
            role=roles.get(key, ScopeRole.OTHER),
            parent=parent if (parent := str(item.get("parentFolderId"))) in found else "",
        )
        for key, item in found.items()
    ]
    return scopes, {key: _count(item) for key, item in found.items()}


def folder_path(folder: str) -> str:
    return f"/me/mailFolders/{quote(folder, safe='')}"


def _count(item: dict[str, Any]) -> int:
    count = item.get("totalItemCount")
    return count if isinstance(count, int) and count > 0 else 0


def _read(calls: Calls) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    link, seen = _ALL, set[str]()
    while link and len(found) < MOST_FOLDERS:
        seen.add(link)
        page = calls.get(link, prefer=f"odata.maxpagesize={MOST_FOLDERS}")
        for item in page.get("value", []):
            key = str(item.get("id") or "")
            if 0 < len(key) <= 500 and "@removed" not in item:
                found[key] = item
        link = str(page.get("@odata.nextLink") or "")
        if link in seen or len(seen) > MOST_PAGES:
            raise Transient("Microsoft 365 tells its folders without end.")
    return dict(list(found.items())[:MOST_FOLDERS])


def well_known_folders(calls: Calls) -> dict[str, str]:
    """The ids of the folders that Microsoft knows by name. They stay, so they are asked for when
    a mailbox is connected, and kept with its grant."""
    return {name: found for name in _WELL_KNOWN if (found := _look_up(calls, name))}


def _roles(calls: Calls, found: dict[str, Any]) -> dict[str, ScopeRole]:
    """Roles by folder id: of the folders kept with the grant, and of those made since."""
    kept = folders_of(calls.secret)
    if kept.get("inbox") not in found:
        kept = well_known_folders(calls)
    else:
        kept |= {name: _made_since(calls, name) for name in _WELL_KNOWN if name not in kept}
    return {kept[name]: role for name, role in _WELL_KNOWN.items() if kept.get(name)}


def _made_since(calls: Calls, name: str) -> str:
    key = (calls.root, account_of(calls.secret), name)
    with _lock:
        if time.monotonic() < _lacking.get(key, 0.0):
            return ""
    found = _look_up(calls, name)
    with _lock:
        if len(_lacking) >= _MOST_LACKING:
            _lacking.clear()
        if not found:
            _lacking[key] = time.monotonic() + _LOOK_AGAIN
    return found


def _look_up(calls: Calls, name: str) -> str:
    """The id of a well-known folder; not every mailbox has each of them."""
    try:
        return str(calls.get(f"/me/mailFolders/{name}?$select=id").get("id") or "")
    except MessageGone:
        return ""
