"""Brings stored deliveries into the record: read, judge the sender, log, settle.

Each step may be the last one that a worker lives to take. What was claimed is due again when its
lease ends, and everything that a delivery becomes is written in one transaction, so doing it over
gives the same result.
"""

import logging
import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from django.db import Error as DatabaseProblem
from django.db import InterfaceError, OperationalError

from accounts import tenancy
from activities.matching.words import HeldBecause, Outcome, Source, Verdict
from activities.services.incoming import IncomingCopy, Result
from activities.services.log_messages import log_messages
from bcc_inbound.models import Delivery
from bcc_inbound.services.claim_deliveries import BATCH, Claimed, claim_deliveries
from bcc_inbound.services.count_mail import find_busy_senders, find_excess
from bcc_inbound.services.judge_senders import (
    Judgement,
    KnownSender,
    find_expected,
    find_members,
    judge,
    judge_alone,
    read_circle,
    read_sender,
)
from bcc_inbound.services.prove_senders import prove_senders
from bcc_inbound.services.read_deliveries import ReadMail, read_bytes, understand
from bcc_inbound.services.settle_deliveries import (
    Ending,
    LeaseLost,
    put_off,
    settle_deliveries,
    wait_for_the_dns,
)

logger = logging.getLogger(__name__)

MOST_WAITS = 77
"""Waiting up to an hour at a time, this is three days. Then a person sees the mail, held."""

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
    with tenancy.in_workspace(workspace_id):
        claimed = claim_deliveries(workspace_id, most=most)
        # Reading a header is linear and bounded, so it may happen inside the transaction.
        senders = {one.id: read_sender(one.head) for one in claimed}
        members = find_members(workspace_id, _named(senders.values()))
    done = Processed(claimed=len(claimed))
    if not claimed:
        return done
    read = _read(workspace_id, claimed, senders, done)
    with tenancy.in_workspace(workspace_id):
        expected = find_expected(workspace_id, read, members)
        welcome = _hold_floods(workspace_id, read, expected)
    proven = _prove(workspace_id, welcome, done)
    with tenancy.in_workspace(workspace_id):
        mails = _slow_down(workspace_id, proven, expected)
    by_owner: dict[uuid.UUID | None, list[ReadMail]] = defaultdict(list)
    for mail in mails:
        by_owner[_owner(mail, members)].append(mail)
    # Members first: an outsider's answer may stand on a mail that arrived just before it.
    for owner_id in sorted(by_owner, key=lambda one: (one is None, str(one))):
        _log_or_split(workspace_id, owner_id, by_owner[owner_id], members, done)
    _say(workspace_id, done)
    return done


def _hold_floods(
    workspace_id: uuid.UUID, mails: Sequence[ReadMail], expected: set[uuid.UUID]
) -> list[ReadMail]:
    """The same mails; what is held whoever sent it is unwelcome, and nobody is asked about it."""
    strange = [mail.claimed for mail in mails if mail.claimed.id not in expected]
    found = dict.fromkeys(
        find_excess(workspace_id, strange, accepted=False), HeldBecause.TOO_MANY
    ) | {mail.claimed.id: HeldBecause.LOOP for mail in mails if read_circle(mail.claimed.head)}
    return [replace(mail, unwelcome=found.get(mail.claimed.id)) for mail in mails]


def _say(workspace_id: uuid.UUID, done: Processed) -> None:
    logger.info(
        "deliveries processed workspace=%s claimed=%d settled=%d put_off=%d",
        workspace_id,
        done.claimed,
        done.settled,
        done.put_off,
    )


def _named(senders: Iterable[str | HeldBecause]) -> set[str]:
    return {sender for sender in senders if not isinstance(sender, HeldBecause)}


def _read(
    workspace_id: uuid.UUID,
    claimed: Sequence[Claimed],
    senders: Mapping[uuid.UUID, str | HeldBecause],
    done: Processed,
) -> list[ReadMail]:
    for one in claimed:
        if one.worn_out:
            put_off(workspace_id, one, error=_DIED)
            done.put_off += 1
    alive = [one for one in claimed if not one.worn_out]
    mails = []
    for one, parsed in zip(alive, read_bytes(workspace_id, alive), strict=True):
        try:
            mails.append(understand(one, *parsed, sender=senders[one.id]))
        except Exception as problem:
            _give_way(workspace_id, one, problem, done)
    return mails


def _prove(workspace_id: uuid.UUID, mails: Sequence[ReadMail], done: Processed) -> list[ReadMail]:
    """The mails whose senders could be looked at; the others wait for the DNS."""
    proofs = prove_senders(mails)
    proven = []
    for mail in mails:
        proof = proofs[mail.claimed.id]
        if proof.waits and mail.claimed.waits < MOST_WAITS:
            wait_for_the_dns(workspace_id, mail.claimed)
            done.put_off += 1
        else:
            proven.append(replace(mail, proof=proof))
    return proven


def _slow_down(
    workspace_id: uuid.UUID, mails: Sequence[ReadMail], expected: set[uuid.UUID]
) -> list[ReadMail]:
    """The same mails; what is proven and still beyond what is taken in an hour is unwelcome."""
    accepted = [
        mail.claimed
        for mail in mails
        if mail.claimed.id in expected and mail.proof.passed and not mail.unwelcome
    ]
    excess = find_excess(workspace_id, accepted, accepted=True)
    excess |= find_busy_senders(workspace_id, mails)
    return [
        replace(mail, unwelcome=HeldBecause.TOO_MANY) if mail.claimed.id in excess else mail
        for mail in mails
    ]


def _owner(mail: ReadMail, members: Mapping[str, KnownSender]) -> uuid.UUID | None:
    judgement = judge_alone(mail, members)
    return judgement.member_id if judgement else None


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
        judgements = judge(workspace_id, mails, members)
        copies = [_copy(mail, one) for mail, one in zip(mails, judgements, strict=True)]
        results = log_messages(workspace_id, copies)
        endings = map(_ending, mails, judgements, results)
        settle_deliveries(workspace_id, list(endings))


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
        forwarded_from=mail.forward.sender if mail.forward else "",
        forward=mail.forward,
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
        proof=mail.proof.as_json(),
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
