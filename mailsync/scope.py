"""Which copies sync looks at (R1). Pure: facts in, verdict out."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from activities.matching.words import OutOfScope
from mailsync.providers.base import ScopeRole

# Also what is offered when a mailbox is connected: a role stands in one of the two or in neither.
NEVER = {
    ScopeRole.DRAFTS: OutOfScope.DRAFT,
    ScopeRole.JUNK: OutOfScope.SPAM,
    ScopeRole.TRASH: OutOfScope.TRASH,
}
BY_DEFAULT = frozenset({ScopeRole.INBOX, ScopeRole.SENT, ScopeRole.ARCHIVE})
_NEVER_FLAGS = {"draft": OutOfScope.DRAFT, "junk": OutOfScope.SPAM}


@dataclass(frozen=True, slots=True)
class Selection:
    """What the owner chose: the role of every folder, those selected, and the first day."""

    roles: Mapping[str, ScopeRole]
    selected: Collection[str]
    starts_at: datetime | None

    def verdict(
        self, scopes: Iterable[str], flags: Iterable[str], received_at: datetime
    ) -> OutOfScope | None:
        """Why a copy is out of scope, or None. One forbidden folder or label is enough."""
        scopes = tuple(scopes)
        for scope in scopes:
            forbidden = NEVER.get(self.roles.get(scope, ScopeRole.OTHER))
            if forbidden:
                return forbidden
        for flag in flags:
            if flag in _NEVER_FLAGS:
                return _NEVER_FLAGS[flag]
        if not any(scope in self.selected for scope in scopes):
            return OutOfScope.FOLDER
        if self.starts_at is not None and received_at < self.starts_at:
            return OutOfScope.BEFORE_START
        return None

    def is_sent(self, scopes: Iterable[str]) -> bool:
        """Whether one of the scopes holds what the owner sent."""
        return any(self.roles.get(scope) is ScopeRole.SENT for scope in scopes)
