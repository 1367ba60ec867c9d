"""The page that a mail is written on: its form, and what stands around the form."""

import uuid
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from accounts.middleware import WorkspaceRequest
from contacts import selectors as directory
from contacts.selectors import visible_projects
from mailsync.models import Mailbox, OutgoingMail
from mailsync.problems import NotThere
from mailsync.selectors import own_mailboxes
from mailsync.services.compose_draft import Written
from mailsync.services.compose_recipients import FIELDS
from mailsync.services.compose_senders import senders_of
from mailsync.services.vendors import vendor_of
from mailsync.views.compose_begin import files_of, original_in, preview_of
from mailsync.views.compose_form import ComposeForm

NO_SENDER = gettext_noop(
    "No mailbox of yours can send now, so nothing was saved. Connect one in another tab, keep this "
    "page open, and then press Send again."
)


def form_of(request: WorkspaceRequest, *args: Any, **kwargs: Any) -> ComposeForm | None:
    senders = senders_of(request.workspace.id, request.member)
    if not senders:
        return None
    projects = visible_projects(request.workspace.id, request.member)
    form = ComposeForm(senders, projects, *args, **kwargs)
    if not form.is_bound:
        form.initial = {"sender": senders[0].value, **form.initial}
    return form


def nothing_sends(request: WorkspaceRequest, *, status: int = 200) -> HttpResponse:
    """What to press at each of the member's mailboxes, so that mail can go out through it."""
    mine = own_mailboxes(request.workspace.id, request.member)
    mailboxes = [
        (mailbox, vendor_of(mailbox.provider))
        for mailbox in mine.exclude(provider=Mailbox.Provider.FILE)
    ]
    return render(request, "mailsync/compose_none.html", {"mailboxes": mailboxes}, status=status)


def unsendable(
    request: WorkspaceRequest, mail: OutgoingMail | None, *, status: int = 422
) -> HttpResponse:
    """What to press where no mailbox sends; what was written meanwhile stays on its page."""
    if not request.POST.get("text", "").strip():
        return nothing_sends(request, status=status)
    projects = visible_projects(request.workspace.id, request.member)
    form = ComposeForm([], projects, request.POST)
    form.errors.pop("sender", None)
    form.add_error("sender", _(NO_SENDER))
    return page_with(request, form, mail, status=status)


def page_with(
    request: WorkspaceRequest, form: ComposeForm, mail: OutgoingMail | None, *, status: int = 200
) -> HttpResponse:
    context: dict[str, Any] = {"form": form, "mail": mail, "files": [], "preview": None}
    facts = {name: form[name].value() for name in form.fields}
    contacts = directory.contacts(request.workspace.id, request.member)
    contact_id = _id(facts["contact"])
    person = contacts.filter(id=contact_id).first() if contact_id else None
    context |= {"person": person, "copied": bool(facts["cc"] or facts["bcc"])}
    context["people_fields"] = FIELDS
    context["brought"] = _offered(request, facts) if mail is None else []
    if mail is not None:
        context["files"] = mail.files.defer("content").order_by("id")
    if facts["to"]:
        written = _as_written(facts)
        context |= preview_of(request, written, _root_in(request, mail, facts))
    return render(request, "mailsync/compose.html", context, status=status)


def _offered(request: WorkspaceRequest, facts: dict[str, Any]) -> list[Any]:
    """The files of the mail that is forwarded, to be taken along or not."""
    if facts["kind"] != "forward" or not facts["original"]:
        return []
    try:
        return files_of(request, original_in(request, facts), None)
    except NotThere:
        return []


def as_initial(mail: OutgoingMail) -> dict[str, Any]:
    return {
        "sender": f"{mail.mailbox_id}:{mail.from_address}",
        "to": mail.to,
        "cc": mail.cc,
        "bcc": mail.bcc,
        "subject": mail.subject,
        "text": mail.text,
        "project": mail.project_id,
        "contact": mail.contact_id,
    }


def without_files(form: ComposeForm) -> Written:
    facts = form.cleaned_data
    return _as_written(facts | {"project": facts["project"].id if facts["project"] else None})


def _as_written(facts: dict[str, Any]) -> Written:
    return Written(
        sender=str(facts["sender"] or ""),
        to=facts["to"] or "",
        cc=facts["cc"] or "",
        bcc=facts["bcc"] or "",
        subject=facts["subject"] or "",
        project_id=_id(facts["project"]),
        contact_id=_id(facts["contact"]),
    )


def _id(value: Any) -> uuid.UUID | None:
    try:
        return uuid.UUID(str(value)) if value else None
    except ValueError:
        return None


def root_of(request: WorkspaceRequest, form: ComposeForm) -> str:
    return _root_in(request, None, form.cleaned_data)


def _root_in(request: WorkspaceRequest, mail: OutgoingMail | None, facts: dict[str, Any]) -> str:
    """The thread that the mail answers."""
    if mail is not None:
        return str(mail.answers.get("root_id", ""))
    if not facts.get("kind") or not facts.get("original"):
        return ""
    try:
        return str(original_in(request, facts).thread_id or "")
    except NotThere:
        return ""
