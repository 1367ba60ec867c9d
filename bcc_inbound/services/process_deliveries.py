"""Brings stored deliveries into the record: read, judge the sender, log, settle.

Each step may be the last one that a worker lives to take. What was claimed is due again when its
lease ends, and everything that a delivery becomes is written in one transaction, so doing it over
gives the same result.
"""

import logging
import uuid
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import Error as DatabaseProblem
from django.db import InterfaceError, OperationalError

from accounts import tenancy
from activities.matching.words import HeldBecause, Outcome, Source, Verdict
from activities.services.incoming import IncomingCopy, Result
from activities.services.log_messages import log_messages
from bcc_inbound.models import Delivery
from bcc_inbound.services.claim_deliveries import BATCH, Claimed, claim_deliveries
from bcc_inbound.services.judge_senders import (
    Judgement,
    KnownSender,
    Outsider,
    find_members,
    judge_member,
    judge_outsiders,
)
from bcc_inbound.services.read_deliveries import ReadMail, read_bytes, understand
from bcc_inbound.services.settle_deliveries import Ending, LeaseLost, put_off, settle_deliveries

logger = logging.getLogger(__name__)

_DIED = "The process that read this mail died five times. Replay it, or download it."
_STATES = {Outcome.BLOCKED.value: Delivery.State.BLOCKED, Outcome.HELD.value: Delivery.State.HELD}


@dataclass(slots=True)
class Processed:
    """What one run did. `claimed` below the batch size means that nothing more was due."""

    claimed: int = 0
    settled: int = 0
    put_off: int = 0


def process_deliveries(workspace_id: uuid.UUID, *, most: int = BATCH) -> Processed:
    """Process up to `most` due deliveries of the workspace and say how many ended how.

    A database that does not answer ends the run with its exception; what was not settled is due
    again. Any other failure concerns one delivery only, and its neighbours go on.
    """
    claimed = claim_deliveries(workspace_id, most=most)
    done = Processed(claimed=len(claimed))
    mails = _read(workspace_id, claimed, done)
    if not mails:
        return done
    with tenancy.in_workspace(workspace_id):
        members = find_members(workspace_id, {mail.sender for mail in mails if mail.sender})
    by_owner: dict[uuid.UUID | None, list[ReadMail]] = defaultdict(list)
    for mail in mails:
        by_owner[_owner(mail, members)].append(mail)
    # Members first: an outsider's answer may stand on a mail that arrived just before it.
    for owner_id in sorted(by_owner, key=lambda one: (one is None, str(one))):
        _log_or_split(workspace_id, owner_id, by_owner[owner_id], members, done)
    logger.info(
        "deliveries processed workspace=%s claimed=%d settled=%d put_off=%d",
        workspace_id,
        done.claimed,
        done.settled,
        done.put_off,
    )
    return done


def _read(workspace_id: uuid.UUID, claimed: Sequence[Claimed], done: Processed) -> list[ReadMail]:
    for one in claimed:
        if one.worn_out:
            put_off(workspace_id, one, error=_DIED)
            done.put_off += 1
    alive = [one for one in claimed if not one.worn_out]
    mails = []
    for one, (message, body) in zip(alive, read_bytes(alive), strict=True):
        try:
            mails.append(understand(one, message, body))
        except Exception as problem:
            _give_way(workspace_id, one, problem, done)
    return mails


def _owner(mail: ReadMail, members: dict[str, KnownSender]) -> uuid.UUID | None:
    known = members.get(mail.sender)
    if known is None or mail.claimed.released:
        return None
    return judge_member(known, authenticated=mail.claimed.trusted_peer).member_id


def _log_or_split(
    workspace_id: uuid.UUID,
    owner_id: uuid.UUID | None,
    mails: Sequence[ReadMail],
    members: dict[str, KnownSender],
    done: Processed,
) -> None:
    try:
        _log(workspace_id, owner_id, mails, members)
    except (InterfaceError, OperationalError):
        raise
    except Exception as problem:
        if len(mails) > 1:
            for mail in mails:
                _log_or_split(workspace_id, owner_id, [mail], members, done)
        else:
            _give_way(workspace_id, mails[0].claimed, problem, done)
    else:
        done.settled += len(mails)


def _log(
    workspace_id: uuid.UUID,
    owner_id: uuid.UUID | None,
    mails: Sequence[ReadMail],
    members: dict[str, KnownSender],
) -> None:
    with tenancy.in_workspace(workspace_id, owner_id):
        judgements = _judge(workspace_id, mails, members)
        copies = [_copy(mail, one) for mail, one in zip(mails, judgements, strict=True)]
        results = log_messages(workspace_id, copies)
        endings = map(_ending, mails, judgements, results)
        settle_deliveries(workspace_id, list(endings))


def _judge(
    workspace_id: uuid.UUID, mails: Sequence[ReadMail], members: dict[str, KnownSender]
) -> list[Judgement]:
    asked = [
        mail for mail in mails if _judge_alone(mail, members) is None and mail.claimed.trusted_peer
    ]
    outsiders = [Outsider(mail.sender, mail.claimed.address_id, mail.message) for mail in asked]
    answers = dict(
        zip(
            [mail.claimed.id for mail in asked],
            judge_outsiders(workspace_id, outsiders),
            strict=True,
        )
    )
    unknown = Judgement(Verdict.HELD, held_because=HeldBecause.NOT_A_MEMBER)
    return [_judge_alone(mail, members) or answers.get(mail.claimed.id, unknown) for mail in mails]


def _judge_alone(mail: ReadMail, members: dict[str, KnownSender]) -> Judgement | None:
    """The verdict where no further question to the database is needed."""
    if mail.claimed.released:
        return Judgement(Verdict.RELEASED)
    if mail.no_sender is not None:
        return Judgement(Verdict.HELD, held_because=mail.no_sender)
    known = members.get(mail.sender)
    return judge_member(known, authenticated=mail.claimed.trusted_peer) if known else None


def _copy(mail: ReadMail, judgement: Judgement) -> IncomingCopy:
    return IncomingCopy(
        source=Source.BCC,
        channel_id=mail.claimed.channel_id,
        owner_id=judgement.member_id,
        provider_id=str(mail.claimed.id),
        message=mail.message,
        received_at=mail.claimed.received_at,
        outgoing=judgement.verdict is Verdict.MEMBER,
        body=mail.body,
        raw=mail.raw,
        fetch_later=False,
        verdict=judgement.verdict,
        held_because=judgement.held_because,
        forwarded_from=mail.forwarded_from,
    )


def _ending(mail: ReadMail, judgement: Judgement, result: Result) -> Ending:
    state = _STATES.get(str(result.outcome), Delivery.State.PROCESSED)
    if state == Delivery.State.BLOCKED:
        return Ending(mail.claimed.id, mail.claimed.attempt, state)
    return Ending(
        mail.claimed.id,
        mail.claimed.attempt,
        state,
        verdict=judgement.word,
        header_from=mail.sender,
        sender_id=judgement.member_id,
        message_id=result.message_id,
        error=mail.message.error,
    )


def _give_way(workspace_id: uuid.UUID, one: Claimed, problem: Exception, done: Processed) -> None:
    """Let one delivery wait so that its neighbours flow; the sentence holds nothing of the mail."""
    if isinstance(problem, LeaseLost):
        return
    kind = (
        "the database refused it" if isinstance(problem, DatabaseProblem) else "reading it failed"
    )
    error = f"This mail could not be kept: {kind} ({type(problem).__name__})."
    put_off(workspace_id, one, error=error)
    done.put_off += 1
    logger.warning(
        "delivery put off id=%s attempt=%d problem=%s", one.id, one.attempt, type(problem).__name__
    )
