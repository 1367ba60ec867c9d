"""Which projects the mail of a mailbox may be logged in (R7)."""

import uuid
from collections.abc import Collection

from django.db import transaction
from django.utils.translation import gettext as _

from accounts import audit
from accounts.models import Member
from activities.models import ChannelProject
from contacts.models import DirectoryChange
from contacts.selectors import visible_projects
from mailsync.models import Mailbox
from mailsync.problems import MailboxProblem
from mailsync.selectors import own_mailbox


@transaction.atomic
def choose_projects(
    workspace_id: uuid.UUID,
    *,
    by: Member,
    mailbox_id: uuid.UUID,
    project_ids: Collection[uuid.UUID],
) -> Mailbox:
    """Log this mailbox's mail in exactly these projects from now on, and return the mailbox.

    What is recorded stays; what waits is decided again in the background (C1).
    """
    mailbox = own_mailbox(workspace_id, by, mailbox_id, lock=True)
    rows = ChannelProject.objects.filter(workspace_id=workspace_id, channel=mailbox.channel)
    before = sorted(str(one) for one in rows.values_list("project_id", flat=True))
    set_projects(workspace_id, by, mailbox, project_ids)
    after = sorted(str(one) for one in project_ids)
    if before != after:
        audit.record(
            workspace_id,
            by,
            "mailbox projects chosen",
            mailbox,
            before={"projects": before},
            after={"projects": after},
        )
        note_channel_change(workspace_id, by, mailbox)
    return mailbox


def set_projects(
    workspace_id: uuid.UUID, by: Member, mailbox: Mailbox, project_ids: Collection[uuid.UUID]
) -> None:
    """Write the links, in the caller's transaction. A project that `by` cannot see is refused.

    A link to a project that the owner can no longer see is not theirs to remove and stays.
    """
    seen = set(visible_projects(workspace_id, by).values_list("id", flat=True))
    wanted = set(project_ids)
    if not wanted or not wanted <= seen:
        raise MailboxProblem(_("Choose at least one project."), field="projects")
    channels = _channels(mailbox)
    rows = ChannelProject.objects.filter(workspace_id=workspace_id, channel_id__in=channels)
    rows.filter(project_id__in=seen - wanted).delete()
    ChannelProject.objects.bulk_create(
        [
            ChannelProject(workspace_id=workspace_id, channel_id=channel_id, project_id=project_id)
            for channel_id in channels
            for project_id in sorted(wanted)
        ],
        ignore_conflicts=True,
    )


def note_channel_change(workspace_id: uuid.UUID, by: Member, mailbox: Mailbox) -> None:
    """Ask for the mail of this mailbox to be decided again (C1)."""
    for channel_id in _channels(mailbox):
        DirectoryChange.objects.create(
            workspace_id=workspace_id,
            kind=DirectoryChange.Kind.CHANNEL,
            value=str(channel_id),
            made_by=by,
        )


def _channels(mailbox: Mailbox) -> list[uuid.UUID]:
    """What comes from the mailbox, and what was written here and sent from it."""
    both = (mailbox.channel_id, mailbox.sent_channel_id)
    return [one for one in both if one is not None]
