"""Sends one mail that is due: never twice, and never silently not at all.

An attempt that may have handed the mail over (`Unsure`, or a worker that died) is followed by
looks into Sent, later and later, since services file their copy when they come to it. Found there,
it is recorded. Not found within a quarter of an hour, its writer decides: it is never sent again
by itself. Any other error proves that the mail was not taken.
"""

import logging
import uuid
from datetime import timedelta

from django.db import DatabaseError, InterfaceError
from django.db.models.functions import Now
from django.utils import timezone

from mailsync.models import OutgoingMail
from mailsync.problems import MailboxProblem
from mailsync.providers.base import Provider, ScopeRole
from mailsync.providers.errors import (
    AuthorizationLost,
    ConsentMissing,
    MessageGone,
    Permanent,
    ProviderError,
    Throttled,
    Unsure,
)
from mailsync.services.compose_letter import letter_of
from mailsync.services.compose_mime import write
from mailsync.services.lease import LeaseLost
from mailsync.services.open_provider import open_provider
from mailsync.services.outbox_claim import CONFIRMED, Claim, accepted, claim, offer, put_back
from mailsync.services.send_consent import withdraw_sending
from mailsync.services.send_record import record_sent

log = logging.getLogger(__name__)

MOST_ATTEMPTS = 8
FIRST_PAUSE = timedelta(seconds=30)
LONGEST_PAUSE = timedelta(hours=1)
LOOKING = timedelta(minutes=15)
STILL_LOOKING = (
    "The mail server gave no clear answer when it was given this mail, so it may have been sent."
    " Threadwell is looking for it in Sent."
)
PERHAPS_SENT = (
    "The mail server gave no clear answer when it was given this mail, so it may have been sent."
    " It does not stand in Sent. Ask a recipient before you send it again."
)
SLOWED_DOWN = "The mail service asked us to slow down. Threadwell sends this mail by itself, later."
NOT_RECORDED = "The mail was sent, but it could not be recorded. Threadwell tries that again."
LEFT_UNRECORDED = "The mail was sent, but it could not be recorded. Press Record it to try again."

NEEDS_A_PERSON = (AuthorizationLost, ConsentMissing, MessageGone, Permanent)

State = OutgoingMail.State


def send_mail(
    workspace_id: uuid.UUID, *, mail_id: uuid.UUID, owner_id: uuid.UUID
) -> OutgoingMail.State | None:
    """Send the mail if it is due, and return its new state; None where there is nothing to do.

    To be called outside a transaction, any number of times.
    """
    taken = claim(workspace_id, mail_id=mail_id, owner_id=owner_id)
    if taken is None:
        return None
    try:
        return _attempt(taken)
    except LeaseLost:
        log.warning("outgoing mail %s: another worker has it", mail_id)
        return None


def _attempt(taken: Claim) -> OutgoingMail.State:
    mail = taken.mail
    if mail.provider_ref:
        # It was taken, or its writer says so: all that is left is to record it.
        return _record(taken, mail.provider_ref)
    try:
        with open_provider(mail.mailbox) as provider:
            return _send_or_find(taken, provider)
    except Unsure:
        return _look_later(taken)
    except ProviderError as error:
        return _try_later(taken, error)
    except MailboxProblem as problem:
        return _fail(taken, problem.sentence)


def _send_or_find(taken: Claim, provider: Provider) -> OutgoingMail.State:
    mail = taken.mail
    if mail.offered_at is not None:
        found = provider.find(mail.message_id, ScopeRole.SENT)
        if found:
            return _record(taken, found[0])
        return _look_later(taken)
    raw = write(letter_of(mail, taken.owner), with_bcc=True)
    offer(taken)
    ref = provider.send(raw, thread_id=mail.answers.get("provider_thread_id", ""))
    accepted(taken, ref or CONFIRMED)
    return _record(taken, ref)


def _record(taken: Claim, ref: str) -> OutgoingMail.State:
    raw = write(letter_of(taken.mail, taken.owner), with_bcc=False)
    try:
        result = record_sent(taken, raw, "" if ref == CONFIRMED else ref)
    except (DatabaseError, InterfaceError, LeaseLost):
        # The lease ends by itself, and the mail is found in Sent then.
        raise
    except Exception as error:
        log.error("outgoing mail %s: not recorded (%s)", taken.mail.id, type(error).__name__)
        last = taken.mail.attempts >= MOST_ATTEMPTS
        if last:
            return _end(taken, State.UNKNOWN, LEFT_UNRECORDED, None)
        return _end(taken, State.UNKNOWN, NOT_RECORDED, _pause(taken))
    log.info("outgoing mail %s: sent, %s", taken.mail.id, result.outcome)
    return State.SENT


def _look_later(taken: Claim) -> OutgoingMail.State:
    """It may have been sent. A copy may still appear in Sent; after that its writer is asked."""
    offered_at = taken.mail.offered_at
    waited = timezone.now() - offered_at if offered_at else timedelta(0)
    if waited >= LOOKING:
        return _end(taken, State.UNKNOWN, PERHAPS_SENT, None)
    return _end(taken, State.UNKNOWN, STILL_LOOKING, max(FIRST_PAUSE, waited))


def _try_later(taken: Claim, error: ProviderError) -> OutgoingMail.State:
    if taken.mail.offered_at is not None:
        # An earlier attempt may have sent it, and this one did not come to look.
        return _look_later(taken)
    if isinstance(error, ConsentMissing):
        withdraw_sending(taken)
    if isinstance(error, NEEDS_A_PERSON) or taken.mail.attempts >= MOST_ATTEMPTS:
        return _fail(taken, error.sentence)
    if isinstance(error, Throttled):
        pause = max(_pause(taken), timedelta(seconds=error.retry_after))
        return _end(taken, State.HELD, SLOWED_DOWN, pause, offered_at=None)
    return _end(taken, State.HELD, error.sentence, _pause(taken), offered_at=None)


def _fail(taken: Claim, sentence: str) -> OutgoingMail.State:
    return _end(taken, State.FAILED, sentence, None, offered_at=None)


def _end(
    taken: Claim,
    state: OutgoingMail.State,
    error: str,
    pause: timedelta | None,
    **facts: None,
) -> OutgoingMail.State:
    send_at = None if pause is None else Now() + pause
    put_back(taken, state=state, error=error[:400], send_at=send_at, **facts)
    log.info("outgoing mail %s: %s after %d attempts", taken.mail.id, state, taken.mail.attempts)
    return state


def _pause(taken: Claim) -> timedelta:
    doubled: timedelta = FIRST_PAUSE * 2 ** max(0, taken.mail.attempts - 1)
    return min(LONGEST_PAUSE, doubled)
