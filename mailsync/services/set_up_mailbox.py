"""The steps between connecting a mailbox and reading it: from when, and then the start."""

import uuid
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import audit
from accounts.models import Member
from activities.models import ChannelProject
from contacts.addresses import domain_of
from contacts.problems import DirectoryProblem
from contacts.selectors import internal_domains
from contacts.services.claim_domain import claim_as_internal
from mailsync.models import Folder, Mailbox
from mailsync.problems import MailboxProblem
from mailsync.selectors import own_mailbox
from mailsync.services.interrupt import interrupt
from mailsync.services.pause_mailbox import going_on


@transaction.atomic
def start_reading(workspace_id: uuid.UUID, *, by: Member, mailbox_id: uuid.UUID) -> Mailbox:
    """Let a mailbox that was set up be read, and return it; one that is read already stays so.

    Raises MailboxProblem while folders or projects are missing.
    """
    mailbox = own_mailbox(workspace_id, by, mailbox_id, lock=True)
    if mailbox.state != Mailbox.State.SETTING_UP:
        return mailbox
    here = {"workspace_id": workspace_id, "mailbox": mailbox}
    if not Folder.objects.filter(**here, selected=True, gone_at=None).exists():
        raise MailboxProblem(_("Choose at least one folder."), field="folders")
    links = ChannelProject.objects.filter(workspace_id=workspace_id, channel=mailbox.channel)
    if not links.exists():
        raise MailboxProblem(_("Choose at least one project."), field="projects")
    interrupt(mailbox, **going_on(mailbox))
    audit.record(workspace_id, by, "mailbox set up", mailbox)
    return mailbox


def days_ago(days: int) -> datetime | None:
    """The beginning of the day that many days ago; 0 stands for all mail."""
    if not days:
        return None
    midnight = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    return midnight - timedelta(days=days)


def suggested_domain(mailbox: Mailbox) -> str:
    """The mailbox's domain where it could be made internal and is not; otherwise "".

    Public mail domains and those of customers are not offered.
    """
    domain = domain_of(mailbox.address)
    ours = internal_domains(mailbox.workspace_id).values_list("domain", flat=True)
    if any(domain == one or domain.endswith(f".{one}") for one in ours):
        return ""
    try:
        return claim_as_internal(mailbox.workspace_id, domain)
    except DirectoryProblem:
        return ""
