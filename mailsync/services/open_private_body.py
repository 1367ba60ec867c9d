"""Reads the body of an unlogged mail for its owner, and keeps nothing of it (V1)."""

import uuid

from django.utils.translation import gettext as _

from accounts import tenancy
from accounts.models import Member
from activities.mail.message import MAX_RAW_BYTES, ParsedBody
from activities.mail.mime import parse_headers
from activities.models import PrivateMessage
from activities.parsing import parse_raw
from mailsync.models import Mailbox
from mailsync.problems import MailboxProblem, NotThere
from mailsync.providers.base import Provider
from mailsync.providers.errors import MessageGone, ProviderError
from mailsync.services.open_provider import open_provider
from mailsync.services.resync import original_id


def open_private_body(workspace_id: uuid.UUID, *, by: Member, private_id: uuid.UUID) -> ParsedBody:
    """Fetch the mail from its provider, read it in the child process and return its body.

    To be called outside a transaction. Raises NotThere where it is not this member's private
    mail, and MailboxProblem with a sentence where the provider does not give it.
    """
    with tenancy.in_workspace(workspace_id, by.id):
        rows = PrivateMessage.objects.filter(workspace_id=workspace_id, owner=by, id=private_id)
        message = rows.first()
        if message is None:
            raise NotThere(_("This mail is no longer here. Reload the page to see what is."))
        mailbox = Mailbox.objects.select_related("channel").get(channel_id=message.channel_id)
    if mailbox.provider == Mailbox.Provider.FILE:
        raise MailboxProblem(
            _("Only the header of an imported mail is kept. Its text stands in your file.")
        )
    try:
        with open_provider(mailbox) as provider:
            raw = _read(provider, message)
    except MessageGone as error:
        raise MailboxProblem(_("This mail is no longer at the mail server.")) from error
    except ProviderError as error:
        raise MailboxProblem(error.sentence) from error
    return parse_raw(raw)[1]


def _read(provider: Provider, message: PrivateMessage) -> bytes:
    refs = [original_id(message.provider_id)]
    # While the folder is read again, its ids may already mean something else.
    certain = refs == [message.provider_id]
    for _attempt in range(2):
        for ref in refs:
            try:
                raw = provider.fetch_raw(ref, MAX_RAW_BYTES).raw
            except MessageGone:
                continue
            if raw is None:
                raise MailboxProblem(_("This mail is larger than 25 MB and cannot be shown here."))
            if certain or _is_same(raw, message):
                return raw
        header_id = message.headers.get("message_id", "")
        refs, certain = provider.find(header_id) if header_id else [], False
    raise MessageGone


def _is_same(raw: bytes, message: PrivateMessage) -> bool:
    found = parse_headers(raw).fingerprint
    return found is not None and found == bytes(message.fingerprint or b"")
