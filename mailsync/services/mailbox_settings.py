"""From which day a mailbox is read, whether it looks back, and how openly it shares (V2)."""

import uuid
from dataclasses import asdict, dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts import audit
from accounts.models import Member
from activities.matching.words import OutOfScope
from activities.models import Channel, PrivateMessage
from activities.services import rows
from mailsync.models import Mailbox
from mailsync.problems import MailboxProblem
from mailsync.selectors import own_mailbox
from mailsync.services.choose_projects import note_channel_change
from mailsync.services.interrupt import interrupt


@dataclass(frozen=True, slots=True)
class MailboxSettings:
    """What the owner chooses. `starts_at` compares with the provider's received date (R1)."""

    starts_at: datetime | None
    looks_back: bool
    sharing: str


@transaction.atomic
def change_settings(
    workspace_id: uuid.UUID, *, by: Member, mailbox_id: uuid.UUID, settings: MailboxSettings
) -> Mailbox:
    """Apply the settings and return the mailbox. What is logged stays logged."""
    mailbox = own_mailbox(workspace_id, by, mailbox_id, lock=True)
    channel = mailbox.channel
    if settings.sharing not in Channel.Sharing.values:
        raise MailboxProblem(_("Choose how much of your mail others see."), field="sharing")
    before = MailboxSettings(channel.starts_at, channel.looks_back, channel.sharing)
    if before == settings:
        return mailbox
    channel.starts_at, channel.looks_back = settings.starts_at, settings.looks_back
    channel.sharing = settings.sharing
    channel.save(update_fields=["starts_at", "looks_back", "sharing"])
    audit.record(
        workspace_id,
        by,
        "mailbox settings changed",
        mailbox,
        before=_plain(before),
        after=_plain(settings),
    )
    if before.sharing != settings.sharing:
        _share_anew(mailbox)
    if before.starts_at != settings.starts_at:
        _scope_anew(mailbox)
        interrupt(mailbox, read_anew=True)
    if (before.starts_at, before.looks_back) != (settings.starts_at, settings.looks_back):
        note_channel_change(workspace_id, by, mailbox)
    return mailbox


def begin_at(
    workspace_id: uuid.UUID, *, by: Member, mailbox_id: uuid.UUID, starts_at: datetime | None
) -> Mailbox:
    """Read mail received since `starts_at` (None: all of it); the other settings stay."""
    channel = own_mailbox(workspace_id, by, mailbox_id).channel
    settings = MailboxSettings(starts_at, channel.looks_back, channel.sharing)
    return change_settings(workspace_id, by=by, mailbox_id=mailbox_id, settings=settings)


def _plain(settings: MailboxSettings) -> dict[str, str]:
    return {name: str(value or "") for name, value in asdict(settings).items()}


def _scope_anew(mailbox: Mailbox) -> None:
    """Private rows before the first day leave the scope, those after it come into it."""
    starts_at = mailbox.channel.starts_at
    private = PrivateMessage.objects.filter(
        workspace_id=mailbox.workspace_id, channel_id=mailbox.channel_id
    )
    earlier = private.filter(out_of_scope=OutOfScope.BEFORE_START)
    if starts_at is None:
        earlier.update(out_of_scope="")
        return
    earlier.filter(received_at__gte=starts_at).update(out_of_scope="")
    private.filter(received_at__lt=starts_at, out_of_scope="").update(
        out_of_scope=OutOfScope.BEFORE_START
    )


def _share_anew(mailbox: Mailbox) -> None:
    """Of several logged copies of a mail the most open level holds."""
    way = [str(mailbox.workspace_id), str(mailbox.channel_id)]
    rows.run([(_SHARE, [way[0], *way])])


_SHARE = """
update activities_activity a set sharing = level.sharing from (
  select s.message_id, case min(case when c.source <> 'sync' or c.sharing = 'everything' then 1
      when c.sharing = 'subject' then 2 else 3 end)
    when 1 then 'everything' when 2 then 'subject' else 'metadata' end as sharing
  from activities_sighting s
  join activities_channel c on c.workspace_id = s.workspace_id and c.id = s.channel_id
  where s.workspace_id = %s and s.counts and s.outcome = 'logged' and s.message_id in (
    select message_id from activities_sighting where workspace_id = %s and channel_id = %s)
  group by s.message_id) level
where a.message_id = level.message_id and a.sharing <> level.sharing
"""
