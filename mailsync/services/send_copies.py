"""Recognises the copies that sync brings of mail that was sent from here."""

from collections.abc import Sequence
from dataclasses import replace

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
