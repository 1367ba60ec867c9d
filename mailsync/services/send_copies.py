"""Recognises the copies that sync brings of mail that was sent from here, whichever is first.

Whoever records one of the two holds the mailbox's row, so that it sees the other.
"""

from collections.abc import Sequence
from dataclasses import replace

from activities.mail.message import ParsedMessage
from activities.models import PrivateMessage, Sighting
from activities.services.incoming import IncomingCopy
from mailsync.models import Mailbox, OutgoingMail


def with_sent(mailbox: Mailbox, copies: Sequence[IncomingCopy]) -> list[IncomingCopy]:
    """The copies, where those with an id that sending returned carry our mail's fingerprint.

    Most copies are recognised by their own header (R12). A mail service that rewrites Message-ID
    is why the id counts as well. One query.
    """
    refs = [copy.provider_id for copy in copies if copy.outgoing]
    if not refs:
        return list(copies)
    sent = OutgoingMail.objects.filter(
        workspace_id=mailbox.workspace_id,
        mailbox=mailbox,
        provider_ref__in=refs,
        fingerprint__isnull=False,
    )
    prints = {ref: mark for ref, mark in sent.values_list("provider_ref", "fingerprint") if mark}
    return [
        replace(copy, message=replace(copy.message, fingerprint=bytes(prints[copy.provider_id])))
        if copy.provider_id in prints
        else copy
        for copy in copies
    ]


def as_synced(mailbox: Mailbox, message: ParsedMessage, ref: str) -> ParsedMessage:
    """Our mail with the fingerprint under which sync has logged its sent copy, if it has.

    The mail service may have rewritten Message-ID, and sync may have been faster.
    """
    if not ref:
        return message
    here = {"workspace_id": mailbox.workspace_id, "channel_id": mailbox.channel_id}
    logged = Sighting.objects.filter(**here, provider_id=ref)
    private = PrivateMessage.objects.filter(**here, provider_id=ref)
    marks = logged.values_list("message__fingerprint").union(private.values_list("fingerprint"))
    known = next((bytes(mark) for (mark,) in marks if mark), None)
    return replace(message, fingerprint=known) if known else message
