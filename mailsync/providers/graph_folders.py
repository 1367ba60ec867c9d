"""The folders of a Microsoft mailbox, each with what it is for."""

import threading
import time
from typing import Any
from urllib.parse import quote

from mailsync.providers.base import Scope, ScopeRole
from mailsync.providers.errors import MessageGone, Transient
from mailsync.providers.graph_calls import Calls

MOST_FOLDERS = 500
MOST_PAGES = 50

# Names do not tell what a folder is for, since people and languages change them:
# https://learn.microsoft.com/graph/api/resources/mailfolder#well-known-folder-names
_WELL_KNOWN = {
    "inbox": ScopeRole.INBOX,
    "sentitems": ScopeRole.SENT,
    "archive": ScopeRole.ARCHIVE,
    "drafts": ScopeRole.DRAFTS,
    "outbox": ScopeRole.DRAFTS,
    "junkemail": ScopeRole.JUNK,
    "deleteditems": ScopeRole.TRASH,
}
# A delta over the folders tells them all at once, the nested ones too:
# https://learn.microsoft.com/graph/api/mailfolder-delta
_ALL = "/me/mailFolders/delta?$select=displayName,parentFolderId,totalItemCount"
_ROLES_KEPT = 3600.0
_MOST_KEPT = 2000

Role = dict[str, ScopeRole]
_kept: dict[tuple[str, str], tuple[float, Role]] = {}
_lock = threading.Lock()


def list_folders(calls: Calls, account: str) -> tuple[list[Scope], dict[str, int]]:
    """The folders that can hold mail, and how many messages each has."""
    found = _read(calls)
    roles = _roles(calls, account, found)
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


def _roles(calls: Calls, account: str, found: dict[str, Any]) -> Role:
    """Roles by folder id. They are looked up one by one, and kept for an hour."""
    key = (calls.root, account)
    with _lock:
        until, roles = _kept.get(key, (0.0, {}))
    inbox = next((one for one, role in roles.items() if role is ScopeRole.INBOX), "")
    if inbox in found and time.monotonic() < until:
        return roles
    roles = {one: role for name, role in _WELL_KNOWN.items() if (one := _look_up(calls, name))}
    with _lock:
        if len(_kept) >= _MOST_KEPT:
            _kept.clear()
        _kept[key] = (time.monotonic() + _ROLES_KEPT, roles)
    return roles


def _look_up(calls: Calls, name: str) -> str:
    """The id of a well-known folder; not every mailbox has each of them."""
    try:
        return str(calls.get(f"/me/mailFolders/{name}?$select=id").get("id") or "")
    except MessageGone:
        return ""
