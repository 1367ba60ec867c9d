"""Connects a mailbox: the server is asked first, and only then anything is written."""

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace

from django.db.models import QuerySet
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from accounts import audit, sealing, tenancy
from accounts.models import Member, MemberAddress
from activities.models import Channel
from contacts.addresses import normalise_address
from contacts.services.note_changes import note_changes
from mailsync.models import Mailbox
from mailsync.problems import MailboxProblem
from mailsync.providers.base import Scope
from mailsync.providers.errors import AuthorizationLost, ProviderError, Transient
from mailsync.providers.imap import ImapProvider
from mailsync.providers.imap_connection import ImapAccount
from mailsync.services.choose_folders import keep_folders
from mailsync.services.choose_projects import set_projects
from mailsync.services.grants import row_name
from mailsync.services.others_addresses import Whose, whose_else

MOST_MAILBOXES = 50
SECURITIES = ("tls", "starttls", "none")


@dataclass(frozen=True, slots=True)
class Connection:
    """What a person types to connect an IMAP mailbox. `security` is tls, starttls or none."""

    address: str
    host: str
    port: int
    security: str
    username: str
    password: str = field(repr=False)


def connect_mailbox(
    workspace_id: uuid.UUID,
    *,
    by: Member,
    connection: Connection,
    project_ids: Collection[uuid.UUID],
) -> Mailbox:
    """Sign in to the server, then connect the mailbox and return it.

    To be called outside a transaction. Raises MailboxProblem with a sentence for the form; then
    nothing was written. The password is sealed for its row. Without projects the mailbox is being
    set up, and reading waits until its owner has chosen them.
    """
    connection = _checked(connection)
    with tenancy.in_workspace(workspace_id, by.id):
        refuse_others_address(workspace_id, by, connection.address)
        _refuse_twice(workspace_id, by, connection)
    scopes = sign_in(connection)
    with tenancy.in_workspace(workspace_id, by.id):
        refuse_others_address(workspace_id, by, connection.address)
        _refuse_twice(workspace_id, by, connection)
        mailbox = make_mailbox(
            workspace_id,
            by,
            connection.address,
            provider=Mailbox.Provider.IMAP,
            state=Mailbox.State.CONNECTING if project_ids else Mailbox.State.SETTING_UP,
            host=connection.host,
            port=connection.port,
            security=connection.security,
            username=connection.username,
        )
        mailbox.sealed_password = sealing.seal(
            connection.password.encode(), row=row_name(mailbox.id)
        )
        mailbox.save(update_fields=["sealed_password"])
        keep_folders(mailbox, scopes)
        if project_ids:
            set_projects(workspace_id, by, mailbox, project_ids)
        keep_own_address(workspace_id, by, mailbox, proven=True)
    return mailbox


def connect_files(
    workspace_id: uuid.UUID, *, by: Member, address: str, project_ids: Collection[uuid.UUID]
) -> Mailbox:
    """Make a mailbox that imported files belong to, and return it.

    Files prove nothing, so the address counts as the member's only if it was verified before.
    """
    checked = own_form(address)
    with tenancy.in_workspace(workspace_id, by.id):
        refuse_others_address(workspace_id, by, checked)
        mailbox = make_mailbox(
            workspace_id, by, checked, provider=Mailbox.Provider.FILE, state=Mailbox.State.LIVE
        )
        mine = MemberAddress.objects.filter(
            workspace_id=workspace_id, member=by, address=checked, verified_at__isnull=False
        )
        set_projects(workspace_id, by, mailbox, project_ids)
        keep_own_address(workspace_id, by, mailbox, proven=mine.exists())
    return mailbox


def sign_in(connection: Connection) -> Sequence[Scope]:
    """Ask the server whether this opens a mailbox; returns its folders, raises MailboxProblem."""
    account = ImapAccount(
        connection.host,
        connection.port,
        connection.security,
        connection.username,
        connection.password,
    )
    try:
        with ImapProvider(account, connection.address) as provider:
            return provider.list_scopes()
    except AuthorizationLost as error:
        sentence = _("The mail server does not accept this user name and password.")
        raise MailboxProblem(sentence, field="password") from error
    except Transient as error:
        # Nothing is kept of a mailbox that never opened, so nothing is tried again by itself.
        sentence = _("The mail server could not be reached. Check its name and port.")
        raise MailboxProblem(sentence, field="host") from error
    except ProviderError as error:
        raise MailboxProblem(error.sentence, field="host") from error


def _checked(connection: Connection) -> Connection:
    host = connection.host.strip().lower().rstrip(".")
    if not host or connection.security not in SECURITIES:
        raise MailboxProblem(_("Enter the name of the mail server."), field="host")
    if not connection.username.strip() or not connection.password:
        raise MailboxProblem(_("Enter the user name and the password."), field="password")
    return replace(connection, address=own_form(connection.address), host=host)


def own_form(text: str) -> str:
    address = normalise_address(text)
    if address is None:
        raise MailboxProblem(
            _("This is not an email address. Write it like jane@acme.example."), field="address"
        )
    return address


def refuse_others_address(workspace_id: uuid.UUID, by: Member, address: str) -> None:
    """A mailbox's address makes its mail internal (R2), so it must not be a customer's."""
    whose = whose_else(by, [address]).get(address)
    if whose == Whose.MEMBERS:
        raise MailboxProblem(_("This address belongs to another member."), field="address")
    if whose == Whose.CUSTOMERS:
        raise MailboxProblem(
            _("This address is a customer's. Remove it from the directory first."),
            field="address",
        )


def connected_of(workspace_id: uuid.UUID, by: Member) -> QuerySet[Mailbox]:
    """The member's mailboxes; raises MailboxProblem where there are too many for one more."""
    mine = Mailbox.objects.filter(workspace_id=workspace_id, channel__owner=by).exclude(
        state=Mailbox.State.DISCONNECTED
    )
    if mine.count() >= MOST_MAILBOXES:
        raise MailboxProblem(
            _("You have %(count)s mailboxes, which is the most. Disconnect one first.")
            % {"count": MOST_MAILBOXES}
        )
    return mine


def _refuse_twice(workspace_id: uuid.UUID, by: Member, connection: Connection) -> None:
    mine = connected_of(workspace_id, by)
    if mine.filter(host=connection.host, username=connection.username).exists():
        raise MailboxProblem(_("This mailbox is connected already."), field="address")


def make_mailbox(workspace_id: uuid.UUID, by: Member, address: str, **facts: object) -> Mailbox:
    channel = Channel.objects.create(
        workspace_id=workspace_id, owner=by, source=Channel.Source.SYNC, name=address
    )
    return Mailbox.objects.create(
        workspace_id=workspace_id, channel=channel, address=address, **facts
    )


def keep_own_address(
    workspace_id: uuid.UUID, by: Member, mailbox: Mailbox, *, proven: bool
) -> None:
    """Write down that a new mailbox's address is its owner's, and that they connected it.

    Mail that was judged while the address was a stranger's is decided again (C1).
    """
    verified = MemberAddress.objects.filter(
        workspace_id=workspace_id,
        address=mailbox.address,
        verified_at__isnull=False,
        released_at=None,
    )
    if proven and not verified.exists():
        note_changes(workspace_id, by=by, addresses=[mailbox.address])
    MemberAddress.objects.update_or_create(
        workspace_id=workspace_id,
        member=by,
        address=mailbox.address,
        origin=MemberAddress.Origin.MAILBOX,
        defaults={"verified_at": Now() if proven else None, "released_at": None},
    )
    audit.record(
        workspace_id,
        by,
        "mailbox connected",
        mailbox,
        after={"address": mailbox.address, "provider": mailbox.provider, "host": mailbox.host},
    )
