"""Opens the mail service behind a mailbox. The one place that knows which providers there are."""

from accounts import sealing
from mailsync.models import Mailbox
from mailsync.providers.base import Provider
from mailsync.providers.errors import AuthorizationLost, Permanent
from mailsync.providers.imap import ImapProvider
from mailsync.providers.imap_connection import ImapAccount
from mailsync.providers.smtp import SmtpAccount
from mailsync.services.budget import budget_of
from mailsync.services.grants import StoredTokens, row_name
from mailsync.services.vendors import vendor_of


def open_provider(mailbox: Mailbox) -> Provider:
    """The provider of this mailbox, to be used as a context manager outside any transaction."""
    vendor = vendor_of(mailbox.provider)
    if vendor is not None:
        return vendor.open(StoredTokens(mailbox.workspace_id, mailbox.id), budget_of(mailbox))
    account = imap_account(mailbox)
    provider = ImapProvider(account, mailbox.address)
    provider.outgoing = outgoing_account(mailbox, account)
    return provider


def imap_account(mailbox: Mailbox) -> ImapAccount:
    """Where and as whom to sign in, with the password unsealed; raises a ProviderError."""
    if mailbox.provider != Mailbox.Provider.IMAP:
        raise Permanent("This mailbox holds imported files; there is no server to ask.")
    if mailbox.sealed_password is None:
        raise AuthorizationLost
    try:
        password = sealing.unseal(bytes(mailbox.sealed_password), row=row_name(mailbox.id))
    except sealing.CannotUnseal as error:
        raise AuthorizationLost(
            "The stored password can no longer be opened. Reconnect with a current one."
        ) from error
    return ImapAccount(
        host=mailbox.host,
        port=mailbox.port or 993,
        security=mailbox.security,
        username=mailbox.username,
        password=password.decode(),
    )


def outgoing_account(mailbox: Mailbox, account: ImapAccount) -> SmtpAccount | None:
    """The server that takes mail to send; its sign-in is that of the mailbox."""
    if not mailbox.smtp_host:
        return None
    return SmtpAccount(
        host=mailbox.smtp_host,
        port=mailbox.smtp_port or 465,
        security=mailbox.smtp_security,
        username=account.username,
        password=account.password,
    )
