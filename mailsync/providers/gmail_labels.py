"""Gmail's labels: which are folders to us, which are flags, and what each is for."""

from collections.abc import Iterable, Sequence
from typing import Any

from mailsync.providers.base import Scope, ScopeRole

MOST_LABELS = 1000

_SYSTEM = {
    "INBOX": ("Inbox", ScopeRole.INBOX),
    "SENT": ("Sent", ScopeRole.SENT),
    "DRAFT": ("Drafts", ScopeRole.DRAFTS),
    "SPAM": ("Spam", ScopeRole.JUNK),
    "TRASH": ("Trash", ScopeRole.TRASH),
}
# A scope of ours: what was archived, and so has no label at all. Gmail has no label for it.
ARCHIVE = "ARCHIVE"
ARCHIVED = "-in:inbox -in:sent -in:drafts -in:chats has:nouserlabels"
# Labels that stand on mail wherever it lies.
_MARKS = {"UNREAD", "STARRED", "IMPORTANT", "CHAT", "SNOOZED", "SCHEDULED"}


def is_mark(label: str) -> bool:
    """Whether a label is no place of a mail."""
    return label in _MARKS or label.startswith("CATEGORY_") or label.endswith("_STAR")


def read_labels(listed: Iterable[Any]) -> list[Scope]:
    """The labels that can be chosen, with the archive at the end."""
    known = [
        one
        for one in listed
        if isinstance(one, dict) and isinstance(one.get("id"), str) and one.get("id")
    ][:MOST_LABELS]
    by_name = {str(one.get("name", "")): one["id"] for one in known}
    scopes = [_scope(one, by_name) for one in known if not is_mark(one["id"])]
    return [*scopes, Scope(ARCHIVE, "Archived mail without a label")] if scopes else []


def scopes_of(labels: Sequence[str]) -> tuple[str, ...]:
    """The scopes of a message with these labels."""
    return tuple(sorted({one for one in labels if not is_mark(one)})) or (ARCHIVE,)


def flags_of(labels: Sequence[str]) -> tuple[str, ...]:
    """The flags of a message with these labels, in the house's words."""
    flagged = ("flagged",) if "STARRED" in labels else ()
    return flagged if "UNREAD" in labels else (*flagged, "seen")


def texts(value: Any) -> list[str]:
    """A list of labels as it came; what is no text is left out."""
    return [one for one in value if isinstance(one, str)] if isinstance(value, list) else []


def _scope(label: dict[str, Any], by_name: dict[str, str]) -> Scope:
    key, name = label["id"], str(label.get("name", ""))
    shown, role = _SYSTEM.get(key, (name or key, ScopeRole.OTHER))
    parent = by_name.get(name.rpartition("/")[0], "") if role is ScopeRole.OTHER else ""
    return Scope(key[:500], shown[:500], role, parent)
