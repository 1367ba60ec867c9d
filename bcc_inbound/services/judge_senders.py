"""Who sent a mail that came to an inbound address, and whether that may be believed (B2)."""

import re
import uuid
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from accounts.models import MemberAddress
from accounts.policies import may
from activities.mail.address_list import split_addresses
from activities.mail.header_block import read_header
from activities.mail.message import ParsedMessage
from activities.matching.words import HeldBecause, Verdict
from activities.models import Participant
from bcc_inbound.models import TrustedSender
from contacts.addresses import normalise_address, without_tag

_QUOTED = re.compile(r'"(?:[^"\\]|\\.)*+"|<[^<>]*+>', re.DOTALL)
_ORIGINS = [
    MemberAddress.Origin.SIGN_IN,
    MemberAddress.Origin.EXTRA,
    MemberAddress.Origin.MAILBOX,
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


def find_members(workspace_id: uuid.UUID, addresses: Collection[str]) -> dict[str, KnownSender]:
    """The members among these sender addresses, each also asked for without its +tag. One query.

    An address counts once it was verified and until it is released. Of two members with the same
    address (a mailbox that both connected) the one who signs in with it is the sender.
    """
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


def judge_member(known: KnownSender, *, authenticated: bool) -> Judgement:
    """The verdict on a mail whose sender is a member."""
    if not known.may_write:
        return Judgement(Verdict.HELD, held_because=HeldBecause.MAY_NOT_WRITE)
    if not authenticated:
        return Judgement(Verdict.HELD, held_because=HeldBecause.NOT_AUTHENTICATED)
    return Judgement(Verdict.MEMBER, member_id=known.member_id)


@dataclass(frozen=True, slots=True)
class Outsider:
    """An authenticated mail of nobody's here: its sender, the address it came to, its header."""

    address: str
    address_id: uuid.UUID
    message: ParsedMessage

    @property
    def answers(self) -> set[str]:
        return {*self.message.in_reply_to, *self.message.references}


def judge_outsiders(workspace_id: uuid.UUID, mails: Collection[Outsider]) -> list[Judgement]:
    """The verdicts on authenticated mail whose senders are no members, in order. Two queries."""
    if not mails:
        return []
    trusted = _trusted(workspace_id, mails)
    kept = _kept(workspace_id, mails)
    return [_judge_outsider(mail, trusted, kept) for mail in mails]


def _judge_outsider(
    mail: Outsider, trusted: set[tuple[uuid.UUID, str]], kept: set[tuple[str, str]]
) -> Judgement:
    if (mail.address_id, mail.address) in trusted:
        return Judgement(Verdict.TRUSTED)
    if any((name, answered) in kept for name in _names(mail.address) for answered in mail.answers):
        return Judgement(Verdict.REPLY)
    return Judgement(Verdict.HELD, held_because=HeldBecause.NOT_A_MEMBER)


def _trusted(workspace_id: uuid.UUID, mails: Iterable[Outsider]) -> set[tuple[uuid.UUID, str]]:
    rows = TrustedSender.objects.filter(
        workspace_id=workspace_id, address__in={mail.address for mail in mails}
    )
    return set(rows.values_list("inbound_address_id", "address"))


def _kept(workspace_id: uuid.UUID, mails: Iterable[Outsider]) -> set[tuple[str, str]]:
    """Who of the senders takes part in which kept message that one of the mails answers."""
    senders = {name for mail in mails if mail.answers for name in _names(mail.address)}
    answered = {message_id for mail in mails for message_id in mail.answers}
    if not senders:
        return set()
    rows = Participant.objects.filter(
        workspace_id=workspace_id,
        address__in=senders,
        message__headers__message_id__in=answered,
        message__sightings__counts=True,
    )
    return set(rows.values_list("address", "message__headers__message_id"))


def _names(address: str) -> tuple[str, str]:
    return address, without_tag(address)
