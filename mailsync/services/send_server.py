"""The server that takes an IMAP mailbox's outgoing mail: guessed, asked, and only then kept."""

import uuid
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _

from accounts import audit, tenancy
from accounts.models import Member
from mailsync.models import Mailbox
from mailsync.problems import MailboxProblem
from mailsync.providers import smtp
from mailsync.providers.errors import ProviderError
from mailsync.selectors import own_mailbox
from mailsync.services.connect_mailbox import SECURITIES
from mailsync.services.open_provider import imap_account, outgoing_account

PORTS = {"tls": 465, "starttls": 587, "none": 587}


@dataclass(frozen=True, slots=True)
class OutgoingServer:
    """Where to hand mail over. `security` is tls, starttls or none."""

    host: str
    port: int
    security: str


def guessed_server(mailbox: Mailbox) -> OutgoingServer:
    """What is there, or else what the name of the IMAP server suggests."""
    if mailbox.smtp_host:
        return OutgoingServer(mailbox.smtp_host, mailbox.smtp_port or 465, mailbox.smtp_security)
    first, dot, rest = mailbox.host.partition(".")
    host = f"smtp.{rest}" if dot and first in {"imap", "imap4", "imaps"} else mailbox.host
    return OutgoingServer(host, PORTS["tls"], "tls")


def set_outgoing_server(
    workspace_id: uuid.UUID, *, by: Member, mailbox_id: uuid.UUID, server: OutgoingServer
) -> Mailbox:
    """Sign in to the server for outgoing mail, then keep it, and return the mailbox.

    To be called outside a transaction. Raises MailboxProblem, and then nothing is changed.
    """
    server = replace(server, host=server.host.strip().lower().rstrip("."))
    if not server.host or server.security not in SECURITIES:
        raise MailboxProblem(_("Enter the name of the server for outgoing mail."), field="host")
    with tenancy.in_workspace(workspace_id, by.id):
        mailbox = own_mailbox(workspace_id, by, mailbox_id)
    _name_server(mailbox, server)
    _sign_in(mailbox)
    with tenancy.in_workspace(workspace_id, by.id):
        mailbox = own_mailbox(workspace_id, by, mailbox_id, lock=True)
        before = {"host": mailbox.smtp_host, "port": mailbox.smtp_port}
        _name_server(mailbox, server)
        mailbox.can_send = True
        mailbox.save(update_fields=["smtp_host", "smtp_port", "smtp_security", "can_send"])
        audit.record(
            workspace_id,
            by,
            "server for outgoing mail set",
            mailbox,
            before=before,
            after={"host": server.host, "port": server.port},
        )
    return mailbox


def _name_server(mailbox: Mailbox, server: OutgoingServer) -> None:
    mailbox.smtp_host, mailbox.smtp_port = server.host, server.port
    mailbox.smtp_security = server.security


def _sign_in(mailbox: Mailbox) -> None:
    try:
        account = outgoing_account(mailbox, imap_account(mailbox))
        if account is not None:
            smtp.check(account)
    except ProviderError as error:
        raise MailboxProblem(error.sentence, field="host") from error
