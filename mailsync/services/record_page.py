"""One page of a mailbox: provider calls first, then everything in one transaction.

The transaction moves the cursor only if the mailbox is still this worker's and the cursor is the
one it read, so a page is written once, whole, or not at all.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from accounts import tenancy
from accounts.models import MemberAddress
from activities.mail.mime import parse_headers
from activities.matching.words import Source
from activities.services.incoming import IncomingCopy
from mailsync.models import Folder, Mailbox
from mailsync.providers.base import Change, ChangeKind, Header, Page, Provider, ScopeRole
from mailsync.scope import Selection
from mailsync.services import copies, log_copies, resync
from mailsync.services.lease import Lease, advance, moved_to
from mailsync.services.send_copies import with_sent

# So many processes have died at the same place that the message itself is to blame.
CRASHES_OF_A_KILLER = 6


@dataclass(frozen=True, slots=True)
class Reading:
    """What a run keeps at hand: the open mailbox, the owner's choices and own addresses."""

    provider: Provider
    lease: Lease
    selection: Selection
    own_addresses: frozenset[str]

    @property
    def mailbox(self) -> Mailbox:
        return self.lease.mailbox


def start_reading(provider: Provider, lease: Lease) -> Reading:
    """Load what every page of a run needs."""
    mailbox = lease.mailbox
    with tenancy.in_workspace(lease.workspace_id, lease.owner_id):
        folders = list(Folder.objects.filter(mailbox=mailbox, gone_at=None))
        mine = MemberAddress.objects.filter(
            workspace_id=lease.workspace_id, member_id=lease.owner_id, verified_at__isnull=False
        )
        own = {mailbox.address, *mine.values_list("address", flat=True)}
    selection = Selection(
        roles={folder.provider_id: ScopeRole(folder.role) for folder in folders},
        selected={folder.provider_id for folder in folders if folder.selected},
        starts_at=mailbox.channel.starts_at,
    )
    return Reading(provider, lease, selection, frozenset(own))


def record_page(reading: Reading, page: Page, *, past: bool) -> bool:
    """Write one page; `past` says that it belongs to the backfill. True when bodies became due.

    Raises a ProviderError before, or LeaseLost in, the transaction; either way nothing is written.
    """
    lease, mailbox = reading.lease, reading.mailbox
    for scope, many in page.lost.items():
        _forget_missing(reading, scope, many)
    arriving, following = _split(reading, page.changes)
    with tenancy.in_workspace(lease.workspace_id, lease.owner_id):
        known, back = _known(mailbox, [change.ref for change in arriving])
    anew = _judged_anew(reading, following, known)
    anew |= {ref for ref in back if known[ref].out_of_scope}
    new = [change.ref for change in arriving if change.ref not in known or change.ref in anew]
    killer = _is_killer(lease, new)
    headers = [] if killer else reading.provider.fetch_headers(new)
    incoming = [copy_of(reading, header) for header in headers if header.raw is not None]
    with tenancy.in_workspace(lease.workspace_id, lease.owner_id):
        # First, because it locks the mailbox's row for this transaction.
        advance(lease, page.cursor)
        incoming = with_sent(mailbox, incoming)
        resync.give_ids_back(mailbox, back)
        copies.forget_private_ids(mailbox, anew)
        matched = _match_again(mailbox, incoming)
        logged = log_copies.log_copies(
            mailbox, [copy for copy in incoming if copy.provider_id not in matched]
        )
        for header in headers:
            if header.raw is None:
                log_copies.quarantine(mailbox, header.ref, "The server's answer is unreadable")
        if killer:
            log_copies.quarantine(mailbox, new[0], "Reading it ended the process")
        # A mail that was moved comes under a new id, and may have been given up under the old.
        copies.found_again(mailbox, [*known, *new])
        _follow(reading, following)
        done = {"done": len(page.changes)} if past else {}
        counts = log_copies.count(mailbox, logged.counts() | done)
    moved_to(lease, page.cursor, counts=counts)
    return logged.bodies_due


def record_refused(reading: Reading) -> bool:
    """Try quarantined messages once more, a few a run. True when bodies became due."""
    lease, mailbox = reading.lease, reading.mailbox
    with tenancy.in_workspace(lease.workspace_id, lease.owner_id):
        refs = log_copies.claim_refused(mailbox, 10)
    if not refs:
        return False
    found = reading.provider.fetch_headers(refs)
    headers = [one for one in found if one.raw is not None]
    # One that is still unreadable is there, and goes on waiting for somebody.
    gone = set(refs) - {header.ref for header in found}
    with tenancy.in_workspace(lease.workspace_id, lease.owner_id):
        advance(lease, lease.cursor)
        logged = log_copies.log_copies(mailbox, [copy_of(reading, one) for one in headers])
        taken = {header.ref for header in headers} - set(logged.refused)
        log_copies.resolve(mailbox, [*taken, *gone])
    return logged.bodies_due


def copy_of(reading: Reading, header: Header) -> IncomingCopy:
    """A fetched header as the record takes it."""
    message = parse_headers(header.raw or b"")
    if header.calendar_reply and not message.automated.calendar_reply:
        message = message.with_calendar_reply()
    sender = {one.address for one in message.participants if one.role.value == "from"}
    verdict = reading.selection.verdict(header.scopes, header.flags, header.received_at)
    return IncomingCopy(
        source=Source.SYNC,
        channel_id=reading.mailbox.channel_id,
        owner_id=reading.lease.owner_id,
        provider_id=header.ref,
        provider_thread_id=header.thread_id,
        message=message,
        received_at=header.received_at,
        outgoing=reading.selection.is_sent(header.scopes) or bool(sender & reading.own_addresses),
        scopes=header.scopes,
        flags=header.flags,
        out_of_scope=verdict,
    )


def _known(mailbox: Mailbox, refs: Sequence[str]) -> tuple[dict[str, copies.Known], list[str]]:
    """The copies that are here, and the ids of those among them that a resync had set aside.

    A provider whose ids stay the same only has to list them again: nothing is fetched twice.
    """
    known = copies.known_ids(mailbox, refs)
    aside = resync.ids_set_aside(mailbox, refs) if mailbox.resyncing else {}
    return aside | known, [ref for ref in aside if ref not in known]


def _is_killer(lease: Lease, new: Sequence[str]) -> bool:
    """Whether the first message of this run is the one at which earlier runs died.

    By then pages hold one message each, and every page before it was committed. Only the first
    page of the run is suspected.
    """
    suspected = lease.mailbox.attempts > CRASHES_OF_A_KILLER and len(new) == 1
    if new:
        lease.mailbox.attempts = min(lease.mailbox.attempts, CRASHES_OF_A_KILLER)
    return suspected


def _match_again(mailbox: Mailbox, incoming: Sequence[IncomingCopy]) -> set[str]:
    if not mailbox.resyncing or not incoming:
        return set()
    return resync.match_again(mailbox, incoming)


def _split(
    reading: Reading, changes: Sequence[Change]
) -> tuple[list[Change], dict[ChangeKind, list[Change]]]:
    """What may be new, and what follows rows that exist. A message counts once, its last word."""
    arriving: dict[str, Change] = {}
    following: dict[ChangeKind, list[Change]] = {kind: [] for kind in ChangeKind}
    for change in changes:
        if change.kind is ChangeKind.REMOVED:
            arriving.pop(change.ref, None)
        elif change.kind in {ChangeKind.UPSERT, ChangeKind.SCOPE_CHANGED}:
            arriving[change.ref] = replace(change, kind=ChangeKind.UPSERT)
        following[change.kind].append(change)
    return list(arriving.values()), following


def _judged_anew(
    reading: Reading, following: dict[ChangeKind, list[Change]], known: dict[str, copies.Known]
) -> set[str]:
    """Copies in selected folders that came into scope or left it, such as sent mail that now lies
    in the trash as well: they are judged now (R1). What is logged stays."""
    selected, verdict = set(reading.selection.selected), reading.selection.verdict
    found = set()
    for change in following[ChangeKind.SCOPE_CHANGED]:
        row = known.get(change.ref)
        if row is None or row.logged or not selected & set(change.scopes):
            continue
        within = verdict(change.scopes, change.flags, row.received_at) is None
        if within == bool(row.out_of_scope):
            found.add(change.ref)
    return found


def _follow(reading: Reading, following: dict[ChangeKind, list[Change]]) -> None:
    """Flags, labels and removals of copies that are here."""
    mailbox = reading.mailbox
    copies.set_flags(mailbox, following[ChangeKind.FLAGS_CHANGED])
    moved = following[ChangeKind.SCOPE_CHANGED]
    copies.set_scopes(mailbox, moved)
    # What left the scope keeps what is logged; as a private row it vanishes (R1).
    left = [one.ref for one in moved if not set(one.scopes) & set(reading.selection.selected)]
    copies.forget_private_ids(mailbox, left)
    copies.forget(mailbox, [change.ref for change in following[ChangeKind.REMOVED]])
    log_copies.resolve(mailbox, [change.ref for change in following[ChangeKind.REMOVED]])


def _forget_missing(reading: Reading, scope: str, many: int) -> None:
    """Find out which messages vanished from a folder: newest first, until all are found."""
    lease, mailbox = reading.lease, reading.mailbox
    place: Any = None
    while many > 0:
        with tenancy.in_workspace(lease.workspace_id, lease.owner_id):
            # A long search keeps its lease alive.
            advance(lease, lease.cursor)
            here = copies.newest_in_scope(mailbox, scope, before=place, size=500)
        if not here:
            return
        gone = reading.provider.missing(scope, [one.provider_id for one in here])
        if gone:
            with tenancy.in_workspace(lease.workspace_id, lease.owner_id):
                advance(lease, lease.cursor)
                copies.forget(mailbox, gone)
        many -= len(gone)
        place = (here[-1].received_at, here[-1].id)
