"""What becomes of a text whose draft is none any more: it was sent, is on its way, or deleted."""

import hashlib
import uuid

from django.http import QueryDict
from django.utils.translation import gettext as _

from accounts.middleware import WorkspaceRequest
from activities.mail.message import storable
from mailsync.models import OutgoingMail
from mailsync.problems import MailboxProblem
from mailsync.services.compose_recipients import clean_line
from mailsync.views.compose_form import files_in

State = OutgoingMail.State


def became_of(mail: OutgoingMail) -> str:
    """What became of a mail that is no draft any more, in a sentence."""
    if mail.state == State.SENT:
        return _("This mail was sent already.")
    if mail.state == State.UNKNOWN:
        return _("This mail was perhaps sent already. The outbox asks you what became of it.")
    if mail.state == State.HELD and mail.offered_at is None:
        return _("This mail waits to be sent. Take it back in the outbox to change it.")
    return _("This mail is on its way already.")


def why_another(mail: OutgoingMail | None) -> str:
    """Why the draft was not changed, and what pressing Send does now."""
    happened = became_of(mail) if mail else _("This draft was deleted meanwhile.")
    return _(
        "%(happened)s What you wrote stands below: press Send to send it as another mail, for "
        "which files have to be added again."
    ) % {"happened": happened}


def as_another(request: WorkspaceRequest, mail: OutgoingMail | None) -> QueryDict:
    """The form as it was posted, for a mail of its own that answers what the draft answered."""
    answers = mail.answers if mail else {}
    form = request.POST.copy()
    form["form_id"] = str(uuid.uuid4())
    form["kind"] = answers.get("kind", "")
    form["original"] = answers.get("activity") or answers.get("private") or ""
    return form


def says_the_same(request: WorkspaceRequest, mail: OutgoingMail) -> bool:
    """Whether the form is the one that was sent, pressed once more. A sent mail keeps no text."""
    post = request.POST
    typed = tuple(storable(post.get(name, "").strip()) for name in ("to", "cc", "bcc"))
    text = storable(post.get("text", "").replace("\r\n", "\n"))
    written = (*typed, clean_line(post.get("subject", ""))[:400], text)
    if written != (mail.to, mail.cc, mail.bcc, mail.subject, mail.text):
        return False
    try:
        added = {hashlib.sha256(one.content).hexdigest() for one in files_in(request)}
    except MailboxProblem:
        return False
    return added <= set(mail.files.values_list("sha256", flat=True))
