"""Makes the letter of a row of outgoing mail, and checks that it can be sent."""

import uuid

from django.utils.translation import gettext as _

from accounts.models import Member
from mailsync.models import OutgoingFile, OutgoingMail
from mailsync.problems import MailboxProblem
from mailsync.services.compose_mime import Letter, LetterFile, too_large, usable_ids, write
from mailsync.services.compose_recipients import Recipient, clean_line, read_all


def letter_of(mail: OutgoingMail, by: Member) -> Letter:
    """The letter; raises MailboxProblem where an address is none that a header can carry. The mail
    has its id and date."""
    if not mail.from_address.isascii():
        raise MailboxProblem(
            _("No mail can be sent from %(address)s, because of its letters. Choose another one.")
            % {"address": mail.from_address},
            field="sender",
        )
    people = read_all({"to": mail.to, "cc": mail.cc, "bcc": mail.bcc})
    files = OutgoingFile.objects.filter(workspace_id=mail.workspace_id, mail=mail).order_by("id")
    answers = mail.answers
    is_reply = answers.get("kind") in {"reply", "all"}
    ids = usable_ids([answers.get("message_id", "")]) if is_reply else ()
    return Letter(
        sender=Recipient(mail.from_address, clean_line(by.name)),
        to=people["to"],
        cc=people["cc"],
        bcc=people["bcc"],
        subject=mail.subject,
        text=mail.text,
        message_id=mail.message_id,
        dated_at=mail.dated_at or mail.created_at,
        in_reply_to=ids[0] if ids else "",
        references=usable_ids(answers.get("references", ())) if is_reply else (),
        files=tuple(LetterFile(one.name, one.content_type, bytes(one.content)) for one in files),
    )


def check_letter(mail: OutgoingMail, by: Member) -> None:
    """Raise MailboxProblem where the mail cannot be sent as it is."""
    raw = write(letter_of(mail, by), with_bcc=True)
    if too_large(raw):
        raise MailboxProblem(
            _("With its files the mail is larger than 25 MB. Take a file away."), field="files"
        )


def new_message_id(address: str) -> str:
    """An id of our own, under the sender's domain."""
    return f"{uuid.uuid4().hex}@{address.rpartition('@')[2]}"
