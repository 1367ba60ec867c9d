"""Writing a mail: new, as an answer, from a profile, and again from its draft."""

import uuid
from dataclasses import replace
from math import ceil
from typing import Any

from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.middleware import WorkspaceRequest
from accounts.toast import tell
from accounts.views.answers import demand, outside_transaction, page_of, see_other
from contacts import selectors as directory
from contacts.selectors import visible_projects
from mailsync.models import Mailbox, OutgoingMail
from mailsync.problems import MailboxProblem, NotThere
from mailsync.selectors import outgoing_of, own_mailboxes, suggested_people
from mailsync.services.compose_draft import Written, save_draft
from mailsync.services.compose_recipients import FIELDS
from mailsync.services.compose_senders import senders_of
from mailsync.services.outbox import HOLD, hold_mail
from mailsync.services.vendors import vendor_of
from mailsync.views.acting import entered
from mailsync.views.compose_begin import answers_of, begin_of, files_of, preview_of
from mailsync.views.compose_form import ComposeForm

SEND = "log"


@outside_transaction
@require_http_methods(["GET", "HEAD", "POST"])
def compose(request: WorkspaceRequest, slug: str) -> HttpResponse:
    """An empty form, or one that answers a mail or is written from a profile; and what it sends."""
    demand(request, SEND)
    if request.method == "POST":
        return _posted(request, None)
    try:
        initial = begin_of(request) | {"form_id": uuid.uuid4()}
    except NotThere as absent:
        raise Http404 from absent
    with entered(request):
        form = _form(request, initial=initial)
        if form is None:
            return _nothing_sends(request)
        return _page(request, form, None)


@outside_transaction
@require_http_methods(["GET", "HEAD", "POST"])
def draft(request: WorkspaceRequest, slug: str, mail_id: uuid.UUID) -> HttpResponse:
    """A draft again; one that is on its way stands in the outbox."""
    demand(request, SEND)
    with entered(request):
        mail = outgoing_of(request.workspace.id, request.member, mail_id)
        if mail is None:
            raise Http404
        if not mail.is_editable:
            return see_other(page_of(request, "mailsync:outbox"))
        if request.method != "POST":
            form = _form(request, initial=_as_initial(mail))
            if form is None:
                return _nothing_sends(request)
            return _page(request, form, mail)
    return _posted(request, mail)


@require_POST
def compose_preview(request: WorkspaceRequest, slug: str) -> HttpResponse:
    """Where the mail would be logged, as the form stands."""
    demand(request, SEND)
    form = _form(request, request.POST)
    context = {"preview": None, "problem": ""}
    if form is not None and form.is_valid():
        context = preview_of(request, _without_files(form), _root(request, form))
    return render(request, "mailsync/_logged_to.html", context)


@require_safe
def compose_people(request: WorkspaceRequest, slug: str) -> HttpResponse:
    """Contacts that fit the last name or address of what is being typed."""
    demand(request, SEND)
    typed = next((request.GET[one] for one in FIELDS if one in request.GET), "")
    pairs = suggested_people(request.workspace.id, request.member, typed)
    return render(request, "contacts/_suggestions.html", {"id": "people", "pairs": pairs})


def _posted(request: WorkspaceRequest, mail: OutgoingMail | None) -> HttpResponse:
    with entered(request):
        form = _form(request, request.POST)
        if form is None:
            return _nothing_sends(request, status=422)
        if not form.is_valid():
            return _page(request, form, mail, status=422)
        try:
            mail = _saved(request, form, mail)
            if not mail.is_editable:
                return _on_its_way(request, mail)
            if request.POST.get("do") == "send":
                return _sent(request, mail)
        except NotThere:
            return see_other(page_of(request, "mailsync:outbox"))
        except MailboxProblem as problem:
            form.refuse(problem)
            return _page(request, form, mail, status=422)
        if request.POST.get("do") != "check":
            tell(request, _("The draft is saved."))
        return see_other(page_of(request, "mailsync:draft", mail.id))


def _saved(request: WorkspaceRequest, form: ComposeForm, mail: OutgoingMail | None) -> OutgoingMail:
    written = form.written(request)
    facts = form.cleaned_data
    if mail is None and facts["kind"] and facts["original"]:
        answers = answers_of(request, facts["kind"], facts["original"])
        brought = files_of(request, facts["original"], request.POST.getlist("bring"))
        written = replace(written, new_files=[*written.new_files, *brought])
    else:
        answers = {}
    return save_draft(
        request.workspace.id,
        by=request.member,
        written=written,
        mail_id=mail.id if mail else None,
        answers=answers,
        form_id=facts["form_id"],
    )


def _sent(request: WorkspaceRequest, mail: OutgoingMail) -> HttpResponse:
    with transaction.atomic():
        held = hold_mail(request.workspace.id, by=request.member, mail_id=mail.id)
    return _on_its_way(request, held)


def _on_its_way(request: WorkspaceRequest, mail: OutgoingMail) -> HttpResponse:
    """Back to where the writer came from; also when the form is sent once more."""
    if mail.state == OutgoingMail.State.HELD and mail.send_at and mail.offered_at is None:
        left = (mail.send_at - timezone.now()).total_seconds()
        seconds = min(max(ceil(left), 1), int(HOLD.total_seconds()))
        # The page counts down what stands behind the mark.
        undo = f"{page_of(request, 'mailsync:unsend', mail.id)}#in-{seconds}"
        tell(request, _("Sending in %(seconds)s s.") % {"seconds": seconds}, undo=undo)
    return see_other(_back(request, mail))


def _back(request: WorkspaceRequest, mail: OutgoingMail) -> str:
    """Where the writer came from: the mail that is answered, the profile, or else the outbox."""
    if mail.answers.get("activity"):
        return page_of(request, "activities:activity", mail.answers["activity"])
    if mail.answers.get("private"):
        return page_of(request, "mailsync:private_message", mail.answers["private"])
    if mail.contact_id:
        return page_of(request, "activities:contact", mail.contact_id)
    return page_of(request, "mailsync:outbox")


def _form(request: WorkspaceRequest, *args: Any, **kwargs: Any) -> ComposeForm | None:
    senders = senders_of(request.workspace.id, request.member)
    if not senders:
        return None
    projects = visible_projects(request.workspace.id, request.member)
    form = ComposeForm(senders, projects, *args, **kwargs)
    if not form.is_bound:
        form.initial = {"sender": senders[0].value, **form.initial}
    return form


def _nothing_sends(request: WorkspaceRequest, *, status: int = 200) -> HttpResponse:
    """What to press at each of the member's mailboxes, so that mail can go out through it."""
    mine = own_mailboxes(request.workspace.id, request.member)
    mailboxes = [
        (mailbox, vendor_of(mailbox.provider))
        for mailbox in mine.exclude(provider=Mailbox.Provider.FILE)
    ]
    return render(request, "mailsync/compose_none.html", {"mailboxes": mailboxes}, status=status)


def _page(
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
        context |= preview_of(request, written, _root_of(request, mail, facts))
    return render(request, "mailsync/compose.html", context, status=status)


def _offered(request: WorkspaceRequest, facts: dict[str, Any]) -> list[Any]:
    """The files of the mail that is forwarded, to be taken along or not."""
    if facts["kind"] != "forward" or not facts["original"]:
        return []
    return files_of(request, facts["original"], None)


def _as_initial(mail: OutgoingMail) -> dict[str, Any]:
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


def _without_files(form: ComposeForm) -> Written:
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


def _root(request: WorkspaceRequest, form: ComposeForm) -> str:
    return _root_of(request, None, form.cleaned_data)


def _root_of(request: WorkspaceRequest, mail: OutgoingMail | None, facts: dict[str, Any]) -> str:
    """The thread that the mail answers."""
    if mail is not None:
        return str(mail.answers.get("root_id", ""))
    original = _id(facts.get("original"))
    if not facts.get("kind") or original is None:
        return ""
    try:
        return str(answers_of(request, facts["kind"], original).get("root_id", ""))
    except NotThere:
        return ""
