"""Who sent a mail that came to an inbound address, and whether that may be believed (B2)."""

import re
import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from accounts.mail import LOOP_HEADER
from accounts.models import MemberAddress
from accounts.policies import may
from activities.mail.address_list import split_addresses
from activities.mail.header_block import read_header
from activities.matching.words import HeldBecause, Verdict
from activities.models import Participant
from bcc_inbound.models import TrustedSender
from bcc_inbound.services.read_deliveries import ReadMail
from contacts.addresses import normalise_address, without_tag

MOST_HOPS = 50

Kept = tuple[str, str, uuid.UUID | None]
"""A participant, the Message-ID, and a project; None stands for the whole workspace."""

_QUOTED = re.compile(r'"(?:[^"\\]|\\.)*+"|<[^<>]*+>', re.DOTALL)
_ORIGINS = [
    MemberAddress.Origin.SIGN_IN,
    MemberAddress.Origin.EXTRA,
    MemberAddress.Origin.MAILBOX,
    MemberAddress.Origin.ALIAS,
]


@dataclass(frozen=True, slots=True)
class Judgement:
    """The verdict on a sender; `member_id` is whose copy it is, `held_because` why it is held."""

    verdict: Verdict
    member_id: uuid.UUID | None = None
    held_because: HeldBecause | None = None

    @property
    def word(self) -> str:
        return (self.held_because or self.verdict).value


@dataclass(frozen=True, slots=True)
class KnownSender:
    """A member, past or present, whose verified address a mail names as its sender."""

    member_id: uuid.UUID
    may_write: bool


def read_sender(raw: bytes) -> str | HeldBecause:
    """The one address in From, normalised, or why there is not exactly one.

    Stricter than what a page shows: a second From line, a second address in it, a group (RFC 5322,
    3.4) or an address that cannot be read leaves open whom a mail program shows as the author.
    """
    values = read_header(raw).every("from")
    entries = [address for value in values for _name, address in split_addresses(value)]
    if not entries:
        return HeldBecause.NO_SENDER
    if len(values) > 1 or len(entries) > 1 or ":" in _QUOTED.sub("", values[0]):
        return HeldBecause.SEVERAL_SENDERS
    return normalise_address(entries[0]) or HeldBecause.NO_SENDER


def read_circle(raw: bytes) -> bool:
    """Whether a mail goes in a circle: it is one of our own automatic mails, or was passed on by
    more machines than any way has (RFC 5321, 6.3 advises a hundred; real ones have ten).
    """
    header = read_header(raw)
    return bool(header.every(LOOP_HEADER.lower())) or len(header.every("received")) > MOST_HOPS


def find_members(workspace_id: uuid.UUID, addresses: Collection[str]) -> dict[str, KnownSender]:
    """The members among these sender addresses, each also asked for without its +tag. One query.

    An address counts once it was verified and until it is released. Of two members with the same
    address (a mailbox that both connected) the one who signs in with it is the sender.
    """
    if not addresses:
        return {}
    asked = {*addresses, *(without_tag(address) for address in addresses)}
    rows = MemberAddress.objects.filter(
        workspace_id=workspace_id, address__in=asked, verified_at__isnull=False, released_at=None
    ).select_related("member")
    found: dict[str, KnownSender] = {}
    for row in sorted(rows, key=_preference, reverse=True):
        found[row.address] = KnownSender(row.member_id, may(row.member, "log"))
    return {
        address: found.get(address) or found[without_tag(address)]
        for address in addresses
        if address in found or without_tag(address) in found
    }


def _preference(row: MemberAddress) -> tuple[bool, int, uuid.UUID]:
    origin = MemberAddress.Origin(row.origin)
    return not row.member.is_present, _ORIGINS.index(origin), row.member_id


def find_expected(
    workspace_id: uuid.UUID, mails: Sequence[ReadMail], members: Mapping[str, KnownSender]
) -> set[uuid.UUID]:
    """Which of these deliveries are accepted if their senders can be proven: those of members who
    may write, of trusted senders, and answers to kept mail. At most two queries."""
    writers = {name for name, known in members.items() if known.may_write}
    others = [mail for mail in mails if mail.sender and mail.sender not in members]
    trusted = _trusted(workspace_id, others) if others else set()
    kept = _kept(workspace_id, others) if others else set()
    welcome = [mail for mail in others if not _judge_outsider(mail, trusted, kept).held_because]
    return {mail.claimed.id for mail in mails if mail.sender in writers} | {
        mail.claimed.id for mail in welcome
    }


def judge(
    workspace_id: uuid.UUID, mails: Sequence[ReadMail], members: Mapping[str, KnownSender]
) -> list[Judgement]:
    """The verdicts on these mails, in order. Two queries where an outsider is among them."""
    alone = [judge_alone(mail, members) for mail in mails]
    outsiders = [mail for mail, known in zip(mails, alone, strict=True) if known is None]
    trusted = _trusted(workspace_id, outsiders) if outsiders else set()
    kept = _kept(workspace_id, outsiders) if outsiders else set()
    return [
        known or _judge_outsider(mail, trusted, kept)
        for mail, known in zip(mails, alone, strict=True)
    ]


def judge_alone(mail: ReadMail, members: Mapping[str, KnownSender]) -> Judgement | None:
    """The verdict that needs no further question; None for authenticated mail of an outsider."""
    if mail.claimed.released:
        return Judgement(Verdict.RELEASED)
    because = mail.unwelcome or mail.no_sender
    if because is not None:
        return _held(because)
    known = members.get(mail.sender)
    if known is not None and not known.may_write:
        return _held(HeldBecause.MAY_NOT_WRITE)
    if not mail.proof.passed:
        return _held(HeldBecause.NOT_AUTHENTICATED if known else HeldBecause.NOT_A_MEMBER)
    return Judgement(Verdict.MEMBER, member_id=known.member_id) if known else None


def _held(because: HeldBecause) -> Judgement:
    return Judgement(Verdict.HELD, held_because=because)


def _judge_outsider(
    mail: ReadMail, trusted: set[tuple[uuid.UUID, str]], kept: set[Kept]
) -> Judgement:
    if (mail.claimed.address_id, mail.sender) in trusted:
        return Judgement(Verdict.TRUSTED)
    place = mail.claimed.project_id
    answers = ((name, answered, place) for name in _names(mail) for answered in _answered(mail))
    if any(answer in kept for answer in answers):
        return Judgement(Verdict.REPLY)
    return _held(HeldBecause.NOT_A_MEMBER)


def _trusted(workspace_id: uuid.UUID, mails: Sequence[ReadMail]) -> set[tuple[uuid.UUID, str]]:
    senders = {mail.sender for mail in mails}
    rows = TrustedSender.objects.filter(workspace_id=workspace_id, address__in=senders)
    return set(rows.values_list("inbound_address_id", "address"))


def _kept(workspace_id: uuid.UUID, mails: Sequence[ReadMail]) -> set[Kept]:
    """Who of the senders takes part in which kept message that one of the mails answers, and where.

    A message is kept in the projects in which it is recorded and in those whose addresses it came
    to. The workspace's address leads to all projects (R7), so there it may be kept in any.
    """
    answers = [mail for mail in mails if _answered(mail)]
    if not answers:
        return set()
    rows = Participant.objects.filter(
        workspace_id=workspace_id,
        base__in={without_tag(mail.sender) for mail in answers},
        address__in={name for mail in answers for name in _names(mail)},
        message__headers__message_id__in={one for mail in answers for one in _answered(mail)},
        message__sightings__counts=True,
    ).values_list(
        "address",
        "message__headers__message_id",
        "message__activity__assignments__project",
        "message__sightings__channel__inbound_address__project",
    )
    return {(name, answered, place) for name, answered, *found in rows for place in (None, *found)}


def _names(mail: ReadMail) -> tuple[str, str]:
    return mail.sender, without_tag(mail.sender)


def _answered(mail: ReadMail) -> set[str]:
    return {*mail.message.in_reply_to, *mail.message.references}
