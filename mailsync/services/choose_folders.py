"""Which folders of a mailbox are read, and how the list of them follows the provider."""

import uuid
from collections.abc import Collection, Sequence

from django.db import transaction
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from accounts import audit
from accounts.models import Member
from activities.models import Sighting
from activities.services import rows
from mailsync.models import Folder, Mailbox
from mailsync.problems import MailboxProblem
from mailsync.providers.base import Scope, ScopeRole
from mailsync.scope import BY_DEFAULT, NEVER
from mailsync.selectors import own_mailbox
from mailsync.services.copies import forget_private, lose
from mailsync.services.interrupt import interrupt


@transaction.atomic
def choose_folders(
    workspace_id: uuid.UUID,
    *,
    by: Member,
    mailbox_id: uuid.UUID,
    folder_ids: Collection[uuid.UUID],
) -> Mailbox:
    """Read exactly these folders from now on, and return the mailbox.

    A newly chosen one is read from its newest mail back; one that is no longer chosen keeps what
    is logged, and its private rows vanish. Drafts, junk and trash cannot be chosen (R1).
    """
    mailbox = own_mailbox(workspace_id, by, mailbox_id, lock=True)
    folders = list(Folder.objects.filter(workspace_id=workspace_id, mailbox=mailbox, gone_at=None))
    chosen = {folder.id for folder in folders if folder.id in set(folder_ids)}
    if not chosen or len(chosen) != len(set(folder_ids)):
        raise MailboxProblem(_("Choose at least one folder."), field="folders")
    if any(folder.id in chosen and ScopeRole(folder.role) in NEVER for folder in folders):
        raise MailboxProblem(_("Drafts, junk and trash are never read."), field="folders")
    before = [folder.name for folder in folders if folder.selected]
    left = [folder for folder in folders if folder.selected and folder.id not in chosen]
    for folder in folders:
        folder.selected = folder.id in chosen
    Folder.objects.bulk_update(folders, ["selected"])
    for folder in left:
        forget_folder(mailbox, folder.provider_id, gone=False)
    after = [folder.name for folder in folders if folder.selected]
    if before != after:
        audit.record(
            workspace_id,
            by,
            "mailbox folders chosen",
            mailbox,
            before={"folders": before},
            after={"folders": after},
        )
        interrupt(mailbox, read_anew=True)
    return mailbox


def keep_folders(mailbox: Mailbox, scopes: Sequence[Scope]) -> tuple[list[str], bool]:
    """Write the provider's folders down, in the caller's transaction.

    Returns the ids of the selected ones that exist, and whether that set changed. The first time,
    inbox, sent mail and archive are selected.
    """
    known = {
        folder.provider_id: folder
        for folder in Folder.objects.filter(workspace_id=mailbox.workspace_id, mailbox=mailbox)
    }
    first = not known
    before = {key for key, folder in known.items() if folder.selected and folder.gone_at is None}
    Folder.objects.bulk_create(
        [
            Folder(
                workspace_id=mailbox.workspace_id,
                mailbox=mailbox,
                provider_id=scope.id,
                name=scope.name,
                role=scope.role.value,
                parent=scope.parent,
                selected=first and scope.role in BY_DEFAULT,
            )
            for scope in scopes
        ],
        update_conflicts=True,
        unique_fields=["workspace", "mailbox", "provider_id"],
        update_fields=["name", "role", "parent"],
    )
    here = {scope.id for scope in scopes}
    rows_of = Folder.objects.filter(workspace_id=mailbox.workspace_id, mailbox=mailbox)
    rows_of.filter(provider_id__in=here, gone_at__isnull=False).update(gone_at=None)
    for vanished in before - here:
        forget_folder(mailbox, vanished, gone=True)
    rows_of.exclude(provider_id__in=here).filter(gone_at=None).update(gone_at=Now())
    selected = rows_of.filter(selected=True, gone_at=None).order_by("provider_id")
    after = list(selected.values_list("provider_id", flat=True))
    return after, not first and set(after) != before


def forget_folder(mailbox: Mailbox, scope: str, *, gone: bool) -> None:
    """Delete the private rows that stand in this folder alone; `gone` marks what is logged."""
    only = rows.to_json([scope])
    way = [str(mailbox.workspace_id), str(mailbox.channel_id)]
    forget_private("workspace_id = %s and channel_id = %s and scopes = %s::jsonb", [*way, only])
    if gone:
        alone = {"channel_id": mailbox.channel_id, "scopes": [scope], "gone_at": None}
        lose(mailbox, Sighting.objects.filter(workspace_id=mailbox.workspace_id, **alone))
