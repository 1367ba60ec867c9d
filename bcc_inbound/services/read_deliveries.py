"""Reads the bytes of a delivery, in the child process that may be killed."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace

from activities.mail.forward import Forward
from activities.mail.message import ParsedBody, ParsedMessage, Problem
from activities.mail.mime import parse_headers
from activities.matching.words import HeldBecause
from activities.parsing import parse_many, parse_raw
from bcc_inbound.forwarded import read_forward
from bcc_inbound.senders.proof import NOTHING, Proof
from bcc_inbound.services.claim_deliveries import Claimed
from bcc_inbound.services.load_raw import load_raw


@dataclass(frozen=True, slots=True)
class ReadMail:
    """A delivery with what its bytes say.

    `sender` is the one address in From; where there is not exactly one it is "" and `no_sender`
    says why. `raw` is None for a mail too large to be read: its bytes stay with the delivery.
    `proof` is what was found about the sender, once that was asked. `unwelcome` says why it is held
    whoever sent it.
    """

    claimed: Claimed
    message: ParsedMessage
    body: ParsedBody
    sender: str
    no_sender: HeldBecause | None
    forward: Forward | None
    raw: bytes | None
    proof: Proof = NOTHING
    unwelcome: HeldBecause | None = None


Read = tuple[ParsedMessage, ParsedBody, bytes | None]


def read_bytes(workspace_id: uuid.UUID, claimed: Sequence[Claimed]) -> list[Read]:
    """Read claimed deliveries, in order; whatever is in them, each is answered.

    The third value is the whole mail, None for one that is too large to be read.
    """
    raws = [_whole(workspace_id, one) for one in claimed]
    parsed = iter(parse_many([raw for raw in raws if raw is not None]))
    return [
        _head_only(one) if raw is None else (*next(parsed), raw)
        for one, raw in zip(claimed, raws, strict=True)
    ]


def _whole(workspace_id: uuid.UUID, one: Claimed) -> bytes | None:
    if one.too_large:
        return None
    return load_raw(workspace_id, one.id, size=one.size) if one.large else one.head


def _head_only(one: Claimed) -> Read:
    message = replace(parse_headers(one.head), problem=Problem.TOO_LARGE)
    return message, ParsedBody(problem=Problem.TOO_LARGE), None


def understand(
    one: Claimed,
    message: ParsedMessage,
    body: ParsedBody,
    raw: bytes | None,
    *,
    sender: str | HeldBecause,
) -> ReadMail:
    """Add to what was read what the envelope says, and whose mail it forwards.

    `sender` is what judge_senders.read_sender found.
    """
    if one.envelope_sender == "<>":
        # A null return path marks a report (R11); only the envelope knows it for sure.
        message = replace(message, automated=replace(message.automated, report=True))
    forwarder = "" if isinstance(sender, HeldBecause) else sender
    return ReadMail(
        claimed=one,
        message=message,
        body=body,
        sender=forwarder,
        no_sender=sender if isinstance(sender, HeldBecause) else None,
        forward=_forward(message, body, forwarder),
        raw=raw,
    )


def _forward(message: ParsedMessage, body: ParsedBody, forwarder: str) -> Forward | None:
    """What the mail forwards. A report brings the mail that it is about, which is no forward."""
    return read_forward(
        body.text,
        html=body.html,
        subject=message.subject,
        forwarder=forwarder,
        attachments=() if message.automated else body.attachments,
    )


def read_for_a_person(raw: bytes) -> tuple[ParsedMessage, ParsedBody]:
    """One mail for an admin who looks into it; nothing of it is kept."""
    return parse_raw(raw)
