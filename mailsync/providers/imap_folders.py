"""The folders that an IMAP server lists, each with what it is for."""

import re
from collections.abc import Sequence

from mailsync.providers.base import Scope, ScopeRole

MOST_FOLDERS = 500
# Room for UIDVALIDITY and UID beside it in a provider id of 500 characters.
MOST_FOLDER_NAME = 400

_ROLES = {
    b"\\SENT": ScopeRole.SENT,
    b"\\DRAFTS": ScopeRole.DRAFTS,
    b"\\JUNK": ScopeRole.JUNK,
    b"\\TRASH": ScopeRole.TRASH,
    b"\\ARCHIVE": ScopeRole.ARCHIVE,
    b"\\ALL": ScopeRole.ARCHIVE,
}
# Only for servers that name no special folders (RFC 6154).
_ROLE_NAMES = {
    "sent": ScopeRole.SENT,
    "sent items": ScopeRole.SENT,
    "sent messages": ScopeRole.SENT,
    "drafts": ScopeRole.DRAFTS,
    "junk": ScopeRole.JUNK,
    "spam": ScopeRole.JUNK,
    "trash": ScopeRole.TRASH,
    "deleted items": ScopeRole.TRASH,
    "deleted messages": ScopeRole.TRASH,
    "archive": ScopeRole.ARCHIVE,
}
_CLOSED = {b"\\NOSELECT", b"\\NONEXISTENT"}


Listed = tuple[Sequence[bytes], bytes | None, str]


def read_folders(listed: Sequence[Listed]) -> list[Scope]:
    """The folders that can hold mail. A folder whose name is beyond our limit is left out."""
    named = any(_marks(flags) & _ROLES.keys() for flags, _, _ in listed)
    scopes = []
    for flags, delimiter, name in listed[:MOST_FOLDERS]:
        marks = _marks(flags)
        if marks & _CLOSED or len(name) > MOST_FOLDER_NAME:
            continue
        parent = name.rpartition((delimiter or b"").decode() or "\x00")[0]
        role = _role(name, marks, guess=not named)
        # INBOX is a word of the protocol (RFC 3501, 5.1), not a name that a person gave.
        shown = "Inbox" if role is ScopeRole.INBOX else name
        scopes.append(Scope(name, shown, role, parent))
    return scopes


def _marks(flags: Sequence[bytes]) -> set[bytes]:
    return {flag.upper() for flag in flags}


def _role(name: str, marks: set[bytes], *, guess: bool) -> ScopeRole:
    if name.upper() == "INBOX":
        return ScopeRole.INBOX
    for mark in sorted(marks & _ROLES.keys()):
        return _ROLES[mark]
    last = re.split(r"[/.]", name)[-1].lower()
    return _ROLE_NAMES.get(last, ScopeRole.OTHER) if guess else ScopeRole.OTHER
