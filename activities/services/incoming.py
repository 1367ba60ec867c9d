"""What a door hands over: one copy of a message, and what became of it."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from activities.mail.forward import Forward
from activities.mail.message import ParsedBody, ParsedMessage
from activities.matching.facts import ProfileFact
from activities.matching.words import HeldBecause, OutOfScope, Source, Verdict


@dataclass(frozen=True, slots=True)
class IncomingCopy:
    """One copy as a mailbox or an inbound address showed it.

    source          sync (also for imported files), bcc or sent
    channel_id      the way in; it knows owner, projects, look-back and sharing level
    owner_id        the mailbox's owner, or the member who sent the mail in (None: an outsider's
                    answer that was accepted)
    provider_id     the provider's id; for a delivery the delivery's id
    scopes, flags   names of the folders or labels, and "seen", "flagged", "answered", ...
    out_of_scope    why sync does not look at it (R1), None when it does
    body, raw       where the door has the bytes already; otherwise a body that is wanted becomes
                    due and `fetch_later` says how it will come
    verdict         of the sender of a bcc'd mail (B2)
    forwarded_from  the original sender of a forward, where that is sure (B4)
    forward         all that was read of the mails it forwards; None once it is kept
    profile         the profile that a sent mail was written from, and `picked_project_id` the
                    project that its writer picked (R7); ids are text
    """

    source: Source
    channel_id: uuid.UUID
    owner_id: uuid.UUID | None
    provider_id: str
    message: ParsedMessage
    received_at: datetime
    outgoing: bool = False
    provider_thread_id: str = ""
    scopes: tuple[str, ...] = ()
    flags: tuple[str, ...] = ()
    out_of_scope: OutOfScope | None = None
    body: ParsedBody | None = None
    raw: bytes | None = None
    fetch_later: bool = True
    verdict: Verdict = Verdict.MEMBER
    held_because: HeldBecause | None = None
    forwarded_from: str = ""
    forward: Forward | None = None
    profile: ProfileFact | None = None
    picked_project_id: str | None = None


@dataclass(frozen=True, slots=True)
class Result:
    """What became of one copy.

    `outcome` is the engine's word. A shared message has `message_id` and `activity_id`, an
    unlogged copy `private_id`, a blocked or held one none of them. `known` says that this very
    copy had been seen before and nothing changed.
    """

    outcome: str
    rule: str
    message_id: uuid.UUID | None = None
    activity_id: uuid.UUID | None = None
    private_id: uuid.UUID | None = None
    known: bool = False
