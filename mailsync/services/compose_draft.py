"""Keeps what a member writes as a draft, with its files."""

import hashlib
import json
import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Sum
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from accounts.models import Member
from accounts.sealing import keyed_hash
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
    form_id: uuid.UUID | None = None,
) -> OutgoingMail:
    """Write the draft and return it; a new one answers what `answers` says.

    The form `form_id`, sent again as it was, returns what it made before, whatever became of that.
    Raises NotThere where it is no draft of theirs (any more), and MailboxProblem.
    """
    key = _form_key(form_id, written, answers or {}) if form_id and mail_id is None else None
    earlier = _made_by(workspace_id, by, key)
    if earlier is not None:
        return earlier
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
    mail.saved_at, mail.form_key = Now(), key
    try:
        with transaction.atomic():
            mail.save()
    except IntegrityError:
        # The same form, sent twice at once: this one has waited for the other's end.
        earlier = _made_by(workspace_id, by, key)
        if earlier is None:
            raise
        return earlier
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


def _form_key(form_id: uuid.UUID, written: Written, answers: dict[str, Any]) -> bytes:
    """The form and all that it says: changed and sent once more, it is another mail."""
    # Logged meanwhile, the mail that is answered has another id and is the same.
    answers = {name: one for name, one in answers.items() if name not in _PLACES}
    said = [
        *(written.sender, written.to, written.cc, written.bcc, written.subject, written.text),
        *(str(written.project_id), str(written.contact_id), json.dumps(answers, sort_keys=True)),
        *(f"{one.name}:{hashlib.sha256(one.content).hexdigest()}" for one in written.new_files),
    ]
    return keyed_hash("compose form", str(form_id), json.dumps(said))


_PLACES = ("activity", "private", "root_id")


def _made_by(workspace_id: uuid.UUID, by: Member, key: bytes | None) -> OutgoingMail | None:
    if key is None:
        return None
    rows = OutgoingMail.objects.filter(workspace_id=workspace_id, owner=by, form_key=key)
    return rows.first()


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
