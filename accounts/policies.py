"""What a role may do: one table, asked by pages and API alike."""

from accounts.models import Member, Role

_EVERYONE = frozenset({Role.OWNER, Role.ADMIN, Role.MEMBER, Role.VIEWER})
_WRITERS = frozenset({Role.OWNER, Role.ADMIN, Role.MEMBER})
_ADMINS = frozenset({Role.OWNER, Role.ADMIN})
_OWNERS = frozenset({Role.OWNER})

CAPABILITIES: dict[str, frozenset[Role]] = {
    "read": _EVERYONE,
    "log": _WRITERS,  # assign, dismiss, add threads to projects, bcc and send
    "edit directory": _WRITERS,  # companies, contacts, profiles
    "connect mailbox": _WRITERS,
    "set own entries": _WRITERS,
    "use api keys": _WRITERS,
    "edit projects": _ADMINS,
    "edit rules": _ADMINS,  # internal domains, workspace entries, automated classes
    "import directory": _ADMINS,
    "manage people": _ADMINS,
    "manage inbound": _ADMINS,  # held mail, needs attention, inbound addresses
    "read audit": _ADMINS,
    "see sync health": _ADMINS,  # how every mailbox does, never what is in it
    "manage owners": _OWNERS,
}


def may(member: Member, capability: str) -> bool:
    """Whether this member, present and by role, has the capability (a key of the table)."""
    return member.is_present and member.role in CAPABILITIES[capability]
