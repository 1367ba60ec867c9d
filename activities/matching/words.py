"""The closed vocabularies of the engine: every word that a fact or a decision may say."""

from enum import StrEnum
from typing import Any, TypeAlias

Id: TypeAlias = Any
"""A workspace row's identity. The engine only compares and hashes ids, it never reads them."""


class Source(StrEnum):
    """The four ways in."""

    SYNC = "sync"
    BCC = "bcc"
    SENT = "sent"
    MANUAL = "manual"


class Outcome(StrEnum):
    """What became of one copy."""

    LOGGED = "logged"
    NEEDS_PROJECT = "needs_project"
    UNASSIGNED = "unassigned"
    NOT_LOGGED = "not_logged"
    BLOCKED = "blocked"
    HELD = "held"


class Kind(StrEnum):
    """What a participant was taken for."""

    INTERNAL = "internal"
    CONTACT = "contact"
    COMPANY = "company"
    SHARED_DOMAIN = "shared_domain"
    PUBLIC_DOMAIN = "public_domain"
    UNKNOWN = "unknown"
    ERASED = "erased"
    IGNORED = "ignored"
    BLOCKED = "blocked"


class Insider(StrEnum):
    """Why an address is internal."""

    MEMBER = "member"
    MAILBOX = "mailbox"
    DOMAIN = "internal_domain"
    INBOUND = "inbound_address"


class OutOfScope(StrEnum):
    """Why sync does not look at a copy."""

    FOLDER = "folder_not_selected"
    DRAFT = "draft"
    SPAM = "spam"
    TRASH = "trash"
    BEFORE_START = "before_start_date"


class AutomatedClass(StrEnum):
    """The classes of automated mail; an admin may let each through."""

    REPORT = "report"
    AUTO_REPLY = "auto_reply"
    CALENDAR_REPLY = "calendar_reply"
    BULK = "bulk"


class Verdict(StrEnum):
    """What was found about the sender of a copy that came to an inbound address."""

    MEMBER = "member"
    TRUSTED = "trusted"
    RELEASED = "released"
    REPLY = "reply"
    HELD = "held"


class HeldBecause(StrEnum):
    """Why the sender of a copy at an inbound address could not be accepted."""

    NO_SENDER = "no_sender"
    SEVERAL_SENDERS = "several_senders"
    NOT_A_MEMBER = "not_a_member"
    MAY_NOT_WRITE = "may_not_write"
    NOT_AUTHENTICATED = "not_authenticated"
    LOOP = "loop"
    TOO_MANY = "too_many"


class Defect(StrEnum):
    """Why a copy cannot be judged by its participants."""

    TOO_LARGE = "too_large"
    UNPARSEABLE = "unparseable"
    TOO_MANY_ADDRESSES = "too_many_addresses"


class State(StrEnum):
    """How one step of a decision ended."""

    PASSED = "passed"
    DECIDED = "decided"
    FAILED = "failed"


class Effect(StrEnum):
    """What an entry does with the mail that it matches."""

    IGNORE = "ignore"
    BLOCK = "block"


class EntryKind(StrEnum):
    """How the value of an entry is read."""

    ADDRESS = "address"
    DOMAIN = "domain"
    PATTERN = "pattern"
