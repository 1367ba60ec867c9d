"""Imports mail files into a mailbox by the same rules as sync: repeatable, resumable, in batches.

A mail's provider id is the SHA-256 of its bytes with its ordinal among equals, so a second import
finds every mail known. What was logged without its body, or lost it, is filled in by that.
"""

import sqlite3
import uuid
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from accounts import tenancy
from accounts.models import MemberAddress
from activities.mail.message import ParsedBody, ParsedMessage, Problem
from activities.mail.mime import parse_headers
from activities.matching.words import OutOfScope, Source
from activities.models import Message
from activities.parsing import parse_many
from activities.services.incoming import IncomingCopy
from activities.services.store_body import store_body
from mailsync.mail_files import FileMail, MailFile, read_mails
from mailsync.models import Mailbox
from mailsync.problems import NotThere
from mailsync.services import copies, log_copies

BATCH_MAILS = 200
BATCH_BYTES = 16 * 1024 * 1024

Item = tuple[str, FileMail]
"""A mail with its provider id."""


@dataclass(slots=True)
class Tally:
    """How far an import came: mails read, those known before, bodies filled in, new outcomes."""

    read: int = 0
    known: int = 0
    filled: int = 0
    position: int = 0
    outcomes: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Target:
    mailbox: Mailbox
    owner_id: uuid.UUID
    own_addresses: frozenset[str]


def import_files(
    workspace_id: uuid.UUID,
    *,
    mailbox_id: uuid.UUID,
    owner_id: uuid.UUID,
    files: Sequence[MailFile],
    report: Callable[[Tally], None],
) -> Tally:
    """Import every mail of the files; `report` is told after each batch. Memory stays flat.

    Each batch is one transaction. Stopped anywhere and started again, the result is the same.
    """
    tally = Tally()
    target = _target(workspace_id, mailbox_id, owner_id)
    for batch in _batches(_with_ids(read_mails(list(files)))):
        _import_batch(target, batch, tally)
        tally.read += len(batch)
        tally.position = batch[-1][1].position
        report(tally)
    return tally


def _target(workspace_id: uuid.UUID, mailbox_id: uuid.UUID, owner_id: uuid.UUID) -> _Target:
    with tenancy.in_workspace(workspace_id, owner_id):
        rows = Mailbox.objects.filter(workspace_id=workspace_id, channel__owner_id=owner_id)
        mailbox = rows.select_related("channel").filter(id=mailbox_id).first()
        mine = MemberAddress.objects.filter(
            workspace_id=workspace_id, member_id=owner_id, verified_at__isnull=False
        )
        own = frozenset(mine.values_list("address", flat=True))
    if mailbox is None or mailbox.state == Mailbox.State.DISCONNECTED:
        raise NotThere("There is no such mailbox, or it was disconnected.")
    return _Target(mailbox, owner_id, own | {mailbox.address})


def _with_ids(mails: Iterable[FileMail]) -> Iterator[Item]:
    """Number equal mails in order. The numbers live in a temporary file, not in memory."""
    seen = sqlite3.connect("")
    seen.execute("create table seen (hash blob primary key, many integer) without rowid")
    try:
        for mail in mails:
            (many,) = seen.execute(
                "insert into seen values (?, 0) on conflict (hash) do update set many = many + 1"
                " returning many",
                (bytes.fromhex(mail.sha256),),
            ).fetchone()
            yield f"{mail.sha256}:{many}", mail
    finally:
        seen.close()


def _batches(items: Iterable[Item]) -> Iterator[list[Item]]:
    batch: list[Item] = []
    size = 0
    for item in items:
        if batch and (len(batch) >= BATCH_MAILS or size + len(item[1].raw) > BATCH_BYTES):
            yield batch
            batch, size = [], 0
        batch.append(item)
        size += len(item[1].raw)
    if batch:
        yield batch


def _import_batch(target: _Target, batch: list[Item], tally: Tally) -> None:
    mailbox = target.mailbox
    with tenancy.in_workspace(mailbox.workspace_id, target.owner_id):
        known = copies.known_ids(mailbox, [key for key, _ in batch])
        bodiless = _bodiless(mailbox, list(known))
    new = [(key, mail) for key, mail in batch if key not in known]
    incoming = _copies(target, new)
    with tenancy.in_workspace(mailbox.workspace_id, target.owner_id):
        # Two imports into one mailbox take turns, so that the second finds what the first wrote.
        locked = Mailbox.objects.select_for_update().get(id=mailbox.id)
        if locked.state == Mailbox.State.DISCONNECTED:
            raise NotThere("The mailbox was disconnected during the import.")
        logged = log_copies.log_copies(mailbox, incoming)
        log_copies.count(mailbox, logged.counts())
        tally.filled += sum(
            store_body(mailbox.workspace_id, message_id=bodiless[key], raw=mail.raw)
            for key, mail in batch
            if key in bodiless and not mail.oversize
        )
    for outcome, many in logged.counts().items():
        tally.outcomes[outcome] = tally.outcomes.get(outcome, 0) + many
    tally.known += len(known) + sum(result.known for result in logged.results)


def _bodiless(mailbox: Mailbox, provider_ids: list[str]) -> dict[str, uuid.UUID]:
    """Logged messages among these whose body is not here, by provider id."""
    missing = Message.objects.filter(
        workspace_id=mailbox.workspace_id,
        sightings__channel_id=mailbox.channel_id,
        sightings__provider_id__in=provider_ids,
    ).exclude(body_state__in=(Message.Body.PRESENT, Message.Body.UNREADABLE))
    return dict(missing.values_list("sightings__provider_id", "id"))


def _copies(target: _Target, items: list[Item]) -> list[IncomingCopy]:
    whole = [item for item in items if not item[1].oversize]
    parsed = parse_many([mail.raw for _, mail in whole])
    made = [_copy(target, item, *one) for item, one in zip(whole, parsed, strict=True)]
    for item in items:
        if item[1].oversize:
            message = replace(parse_headers(item[1].raw), problem=Problem.TOO_LARGE)
            made.append(_copy(target, item, message, ParsedBody(problem=Problem.TOO_LARGE)))
    return made


def _copy(target: _Target, item: Item, message: ParsedMessage, body: ParsedBody) -> IncomingCopy:
    key, mail = item
    received_at = mail.received_at or min(message.date or mail.written_at, mail.written_at)
    starts_at = target.mailbox.channel.starts_at
    verdict = OutOfScope.DRAFT if "draft" in mail.flags else None
    if starts_at is not None and received_at < starts_at:
        verdict = OutOfScope.BEFORE_START
    senders = {one.address for one in message.participants if one.role.value == "from"}
    return IncomingCopy(
        source=Source.SYNC,
        channel_id=target.mailbox.channel_id,
        owner_id=target.owner_id,
        provider_id=key,
        message=message,
        received_at=received_at,
        outgoing=bool(senders & target.own_addresses),
        flags=mail.flags,
        out_of_scope=verdict,
        body=body,
        raw=None if mail.oversize else mail.raw,
        fetch_later=target.mailbox.provider != Mailbox.Provider.FILE,
    )
