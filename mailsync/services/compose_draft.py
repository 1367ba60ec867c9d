"""Keeps what a member writes as a draft, with its files."""

import hashlib
import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.db.models import Sum
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from accounts.models import Member
from activities.mail.files import safe_name
from activities.mail.message import storable
from contacts.models import Profile
from contacts.selectors import visible_projects
from mailsync.models import OutgoingFile, OutgoingMail
from mailsync.problems import MailboxProblem, NotThere
from mailsync.services.compose_mime import LetterFile, safe_type
from mailsync.services.compose_recipients import clean_line
from mailsync.services.compose_senders import sender_named

MOST_DRAFTS = 500
MOST_FILES = 50
MOST_FILE_BYTES = 18 * 1024 * 1024
"""On its way a file grows by a third, and a whole mail may have 25 MB."""


@dataclass(frozen=True, slots=True)
class Written:
    """What the form says. `sender` is a value of `compose_senders.Sender`."""

    sender: str
    to: str = ""
    cc: str = ""
    bcc: str = ""
    subject: str = ""
    text: str = ""
    project_id: uuid.UUID | None = None
    contact_id: uuid.UUID | None = None
    new_files: Sequence[LetterFile] = ()
    dropped_files: Collection[uuid.UUID] = field(default_factory=tuple)


@transaction.atomic
def save_draft(
    workspace_id: uuid.UUID,
    *,
    by: Member,
    written: Written,
    mail_id: uuid.UUID | None = None,
    answers: dict[str, Any] | None = None,
) -> OutgoingMail:
    """Write the draft and return it; a new one answers what `answers` says.

    Raises NotThere where it is no draft of theirs (any more), and MailboxProblem.
    """
    sender = sender_named(workspace_id, by, written.sender)
    _check_place(workspace_id, by, written)
    if mail_id is None:
        mail = _new(workspace_id, by, answers or {})
    else:
        mail = editable(workspace_id, by, mail_id)
    mail.mailbox, mail.from_address = sender.mailbox, sender.address
    mail.to, mail.cc, mail.bcc = (storable(one) for one in (written.to, written.cc, written.bcc))
    mail.subject = clean_line(written.subject)[:400]
    mail.text = storable(written.text.replace("\r\n", "\n"))
    mail.project_id, mail.contact_id = written.project_id, written.contact_id
    mail.state, mail.error = OutgoingMail.State.DRAFT, ""
    mail.saved_at = Now()
    mail.save()
    mail.refresh_from_db(fields=["saved_at"])
    _change_files(mail, written)
    return mail


def editable(workspace_id: uuid.UUID, by: Member, mail_id: uuid.UUID) -> OutgoingMail:
    """The member's draft, locked until the transaction ends; raises NotThere."""
    rows = OutgoingMail.objects.select_for_update(of=("self",)).select_related("mailbox")
    mail = rows.filter(workspace_id=workspace_id, owner=by, id=mail_id).first()
    if mail is None or not mail.is_editable:
        raise NotThere(_("This mail is no draft any more. The outbox says what became of it."))
    return mail


def discard_draft(workspace_id: uuid.UUID, *, by: Member, mail_id: uuid.UUID) -> None:
    """Delete the draft with its files. Raises NotThere."""
    with transaction.atomic():
        editable(workspace_id, by, mail_id).delete()


def _new(workspace_id: uuid.UUID, by: Member, answers: dict[str, Any]) -> OutgoingMail:
    drafts = OutgoingMail.objects.filter(
        workspace_id=workspace_id, owner=by, state=OutgoingMail.State.DRAFT
    )
    if drafts.count() >= MOST_DRAFTS:
        raise MailboxProblem(
            _("You have %(count)s drafts, which is the most. Discard some first.")
            % {"count": MOST_DRAFTS}
        )
    return OutgoingMail(workspace_id=workspace_id, owner=by, answers=answers)


def _check_place(workspace_id: uuid.UUID, by: Member, written: Written) -> None:
    if written.project_id is not None:
        seen = visible_projects(workspace_id, by).filter(id=written.project_id)
        if not seen.exists():
            raise MailboxProblem(_("Choose a project that you see."), field="project")
    if written.contact_id is None:
        return
    profiles = Profile.objects.filter(workspace_id=workspace_id, contact_id=written.contact_id)
    if not any(profile.project_id == written.project_id for profile in profiles):
        raise MailboxProblem(
            _("This contact no longer has a profile in the project. Write a new mail instead."),
            field="project",
        )


def _change_files(mail: OutgoingMail, written: Written) -> None:
    here = {"workspace_id": mail.workspace_id, "mail": mail}
    OutgoingFile.objects.filter(**here, id__in=list(written.dropped_files)).delete()
    kept = OutgoingFile.objects.filter(**here)
    size = int(kept.aggregate(all=Sum("size"))["all"] or 0)
    size += sum(len(file.content) for file in written.new_files)
    if size > MOST_FILE_BYTES or kept.count() + len(written.new_files) > MOST_FILES:
        raise MailboxProblem(
            _("All files of a mail together may have %(most)s MB, and be %(count)s at most.")
            % {"most": MOST_FILE_BYTES // 1024 // 1024, "count": MOST_FILES},
            field="files",
        )
    OutgoingFile.objects.bulk_create(
        [_file(mail, one) for one in written.new_files], ignore_conflicts=True
    )


def _file(mail: OutgoingMail, file: LetterFile) -> OutgoingFile:
    return OutgoingFile(
        workspace_id=mail.workspace_id,
        owner_id=mail.owner_id,
        mail=mail,
        name=safe_name(file.name) or "attachment",
        content_type=safe_type(file.content_type),
        size=len(file.content),
        sha256=hashlib.sha256(file.content).hexdigest(),
        content=file.content,
    )
