"""What a reply or a forward begins with: whom it goes to, its subject, and the mail it quotes."""

import uuid
from collections.abc import Collection, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.models import Member, MemberAddress
from activities.mail.message import ParsedMessage, Role
from activities.mail.message import Participant as Person
from activities.models import Attachment, Message, PrivateMessage
from activities.selectors.one_activity import Shown, shown
from activities.selectors.threads import own_private
from activities.selectors.visible import Sight, seen
from contacts.addresses import without_tag
from mailsync.problems import NotThere
from mailsync.services.compose_recipients import Recipient, as_typed, clean_line

REPLY, REPLY_ALL, FORWARD = "reply", "all", "forward"
KINDS = (REPLY, REPLY_ALL, FORWARD)
MOST_QUOTED = 60_000


@dataclass(frozen=True, slots=True)
class Original:
    """The mail that is answered. `text` is None where it has to be fetched from its provider."""

    kind: str
    header: ParsedMessage
    at: datetime
    thread_id: uuid.UUID | None
    text: str | None
    activity_id: uuid.UUID | None = None
    private_id: uuid.UUID | None = None
    channel_ids: tuple[uuid.UUID, ...] = ()
    files: tuple[Attachment, ...] = ()


@dataclass(frozen=True, slots=True)
class Beginning:
    """What the form is filled with."""

    to: str = ""
    cc: str = ""
    subject: str = ""
    quote: str = ""
    answers: dict[str, Any] = field(default_factory=dict)


def original_of(sight: Sight, kind: str, row_id: uuid.UUID) -> Original:
    """The activity, or the member's own private mail, with this id; raises NotThere.

    Of an activity that is not shared whole nothing can be quoted, so it cannot be answered here.
    """
    activity = shown(sight, row_id)
    message = activity.activity.message if activity is not None else None
    if activity is not None and message is not None and activity.shares_text:
        return _of_activity(kind, activity, message)
    private = own_private(sight, row_id)
    if private is None:
        raise NotThere(_("The mail that you want to answer is not here."))
    return _of_private(kind, private)


def mark_of(original: Original) -> str:
    """By which its copies find each other (R12), for a form; nothing where it has none."""
    return original.header.fingerprint.hex() if original.header.fingerprint else ""


def original_marked(sight: Sight, kind: str, mark: str) -> Original:
    """The same mail under the id that the member sees it by now; raises NotThere.

    A mail that is logged leaves the private rows, and one that is taken back returns to them.
    """
    try:
        fingerprint = bytes.fromhex(mark)
    except ValueError:
        fingerprint = b""
    if fingerprint:
        shared = seen(sight).filter(message__fingerprint=fingerprint)
        own = PrivateMessage.objects.filter(
            workspace_id=sight.workspace_id, owner_id=sight.member_id, fingerprint=fingerprint
        )
        for rows in (shared, own):
            for row_id in rows.order_by("id").values_list("id", flat=True)[:1]:
                with suppress(NotThere):
                    return original_of(sight, kind, row_id)
    raise NotThere(_("The mail that you want to answer is not here."))


def begin(by: Member, original: Original, text: str) -> Beginning:
    """The fields of a reply or forward; `text` is what the original says."""
    header = original.header
    ids = [*header.references, *header.in_reply_to[:1], header.message_id]
    answers = {
        "kind": original.kind,
        "message_id": header.message_id,
        "references": [one for one in dict.fromkeys(ids) if one],
        "root_id": str(original.thread_id or ""),
        "activity": str(original.activity_id or ""),
        "private": str(original.private_id or ""),
    }
    if original.kind == FORWARD:
        subject = _prefixed(header.subject, "Fwd: ", ("fwd:", "fw:"))
        return Beginning(subject=subject, quote=_forwarded(original, text), answers=answers)
    mine = own_addresses(by)
    to, cc = _addressees(header, mine, everybody=original.kind == REPLY_ALL)
    subject = _prefixed(header.subject, "Re: ", ("re:",))
    return Beginning(as_typed(to), as_typed(cc), subject, _quoted(original, text), answers)


def own_addresses(by: Member) -> frozenset[str]:
    """The addresses that are the member's own."""
    rows = MemberAddress.objects.filter(
        workspace_id=by.workspace_id, member=by, verified_at__isnull=False
    )
    return frozenset(rows.values_list("address", flat=True))


def _of_activity(kind: str, mail: Shown, message: Message) -> Original:
    return Original(
        kind=kind,
        header=ParsedMessage.from_json(message.headers),
        at=mail.activity.occurred_at,
        thread_id=mail.line.thread_id,
        text=mail.body.text if mail.body else "",
        activity_id=mail.activity.id,
        channel_ids=tuple(copy.channel_id for copy in mail.copies),
        files=mail.files,
    )


def _of_private(kind: str, row: PrivateMessage) -> Original:
    return Original(
        kind=kind,
        header=ParsedMessage.from_json(row.headers),
        at=row.received_at,
        thread_id=row.thread.root_id,
        text=None,
        private_id=row.id,
        channel_ids=(row.channel_id,),
    )


def _addressees(
    header: ParsedMessage, mine: Collection[str], *, everybody: bool
) -> tuple[list[Recipient], list[Recipient]]:
    """To and Cc of an answer. An answer to mail of one's own goes to those it went to."""
    writers = _people(header.with_role(Role.FROM), ())
    others = _people(header.with_role(Role.TO), mine)
    is_own = bool(writers) and all(_is_mine(one.address, mine) for one in writers)
    if is_own:
        to = others or writers
    elif header.reply_to:
        names = {one.address: one.name for one in writers}
        to = [Recipient(one, names.get(one, "")) for one in header.reply_to]
    else:
        to = writers
    if not everybody:
        return to, []
    if not is_own:
        to = to + [one for one in others if one.address not in {each.address for each in to}]
    return to, _people(header.with_role(Role.CC), mine)


def _people(people: Sequence[Person], mine: Collection[str]) -> list[Recipient]:
    found = {one.address: clean_line(one.name) for one in people}
    return [Recipient(a, name) for a, name in found.items() if not _is_mine(a, mine)]


def _is_mine(address: str, mine: Collection[str]) -> bool:
    return address in mine or without_tag(address) in mine


def _prefixed(subject: str, prefix: str, known: tuple[str, ...]) -> str:
    plain = clean_line(subject)
    return plain[:400] if plain.lower().startswith(known) else (prefix + plain)[:400]


def _quoted(original: Original, text: str) -> str:
    writer = _writer(original.header)
    head = _("On %(when)s, %(who)s wrote:") % {"when": _when(original), "who": writer}
    lines = text[:MOST_QUOTED].rstrip().splitlines()
    return "\n".join([head, *(f">{line}" if line[:1] == ">" else f"> {line}" for line in lines)])


def _forwarded(original: Original, text: str) -> str:
    header = original.header
    to = _people(header.with_role(Role.TO), ())[:30]
    cc = _people(header.with_role(Role.CC), ())[:30]
    lines = [
        "---------- Forwarded message ---------",
        f"From: {_writer(header)}",
        f"Date: {_when(original)}",
        f"Subject: {clean_line(header.subject)}",
        f"To: {as_typed(to)}",
        *([f"Cc: {as_typed(cc)}"] if cc else []),
    ]
    return "\n".join([*lines, "", text[:MOST_QUOTED].rstrip()])


def _writer(header: ParsedMessage) -> str:
    people = _people(header.with_role(Role.FROM), ())
    return str(people[0]) if people else _("somebody")


def _when(original: Original) -> str:
    at = original.header.date or original.at
    return date_format(timezone.localtime(at), "D, j M Y H:i")
