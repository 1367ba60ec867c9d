"""Writing a mail: new, as an answer, from a profile, and again from its draft."""

import uuid
from dataclasses import replace
from math import ceil

from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.middleware import WorkspaceRequest
from accounts.toast import tell, warn
from accounts.views.answers import demand, outside_transaction, page_of, see_other
from mailsync.models import OutgoingMail
from mailsync.problems import MailboxProblem, NotThere
from mailsync.selectors import outgoing_of, suggested_people
from mailsync.services.compose_draft import save_draft
from mailsync.services.compose_recipients import FIELDS
from mailsync.services.outbox import HOLD, hold_mail
from mailsync.views.acting import entered
from mailsync.views.compose_begin import (
    answers_of,
    begin_of,
    files_of,
    is_there,
    original_in,
    preview_of,
)
from mailsync.views.compose_form import ComposeForm
from mailsync.views.compose_kept import as_another, became_of, says_the_same, why_another
from mailsync.views.compose_page import (
    as_initial,
    form_of,
    nothing_sends,
    page_with,
    root_of,
    unsendable,
    without_files,
)

SEND = "log"
_GONE = gettext_noop(
    "The mail that you answer is no longer here, so nothing was sent. What you wrote is kept as a "
    "draft: press Send again to send it as a new mail."
)


@never_cache
@outside_transaction
@require_http_methods(["GET", "HEAD", "POST"])
def compose(request: WorkspaceRequest, slug: str) -> HttpResponse:
    """An empty form, or one that answers a mail or is written from a profile; and what it sends."""
    demand(request, SEND)
    if request.method == "POST":
        with entered(request):
            return _posted(request, None)
    try:
        initial = begin_of(request) | {"form_id": uuid.uuid4()}
    except NotThere as absent:
        raise Http404 from absent
    with entered(request):
        form = form_of(request, initial=initial)
        if form is None:
            return nothing_sends(request)
        return page_with(request, form, None)


@never_cache
@outside_transaction
@require_http_methods(["GET", "HEAD", "POST"])
def draft(request: WorkspaceRequest, slug: str, mail_id: uuid.UUID) -> HttpResponse:
    """A draft again; one that is on its way stands in the outbox."""
    demand(request, SEND)
    with entered(request):
        mail = outgoing_of(request.workspace.id, request.member, mail_id)
        if request.method == "POST":
            editable = mail is not None and mail.is_editable
            return _posted(request, mail) if editable else _too_late(request, mail)
        if mail is None:
            raise Http404
        if not mail.is_editable:
            warn(request, became_of(mail))
            return see_other(page_of(request, "mailsync:outbox"))
        form = form_of(request, initial=as_initial(mail))
        if form is None:
            return nothing_sends(request)
        return page_with(request, form, mail)


@require_POST
def compose_preview(request: WorkspaceRequest, slug: str) -> HttpResponse:
    """Where the mail would be logged, as the form stands."""
    demand(request, SEND)
    form = form_of(request, request.POST)
    context = {"preview": None, "problem": ""}
    if form is not None and form.is_valid():
        context = preview_of(request, without_files(form), root_of(request, form))
    return render(request, "mailsync/_logged_to.html", context)


@require_safe
def compose_people(request: WorkspaceRequest, slug: str) -> HttpResponse:
    """Contacts that fit the last name or address of what is being typed."""
    demand(request, SEND)
    typed = next((request.GET[one] for one in FIELDS if one in request.GET), "")
    pairs = suggested_people(request.workspace.id, request.member, typed)
    return render(request, "contacts/_suggestions.html", {"id": "people", "pairs": pairs})


def _posted(request: WorkspaceRequest, mail: OutgoingMail | None) -> HttpResponse:
    """Save the form, and send it where that was pressed. Whatever stops it, no text is dropped."""
    form = form_of(request, request.POST)
    if form is None:
        return unsendable(request, mail)
    if not form.is_valid():
        return page_with(request, form, mail, status=422)
    try:
        mail = _saved(request, form, mail)
        return _carried_on(request, form, mail)
    except NotThere:
        # The draft was sent or deleted at this very moment.
        now = mail and outgoing_of(request.workspace.id, request.member, mail.id)
        return _too_late(request, now)
    except MailboxProblem as problem:
        form.refuse(problem)
        return page_with(request, form, mail, status=422)


def _carried_on(request: WorkspaceRequest, form: ComposeForm, mail: OutgoingMail) -> HttpResponse:
    """What was pressed, now that the mail is saved. Raises MailboxProblem."""
    if not mail.is_editable:
        return _on_its_way(request, mail)
    if form.errors:
        return page_with(request, form, mail, status=422)
    if request.POST.get("do") == "send":
        with transaction.atomic():
            held = hold_mail(request.workspace.id, by=request.member, mail_id=mail.id)
        return _on_its_way(request, held)
    if request.POST.get("do") != "check":
        tell(request, _("The draft is saved."))
    return see_other(page_of(request, "mailsync:draft", mail.id))


def _saved(request: WorkspaceRequest, form: ComposeForm, mail: OutgoingMail | None) -> OutgoingMail:
    """The draft. Where the mail that it answers is gone the form says so, and it answers none."""
    written = form.written(request)
    facts = form.cleaned_data
    answers = {}
    if mail is None and facts["kind"] and facts["original"]:
        try:
            original = original_in(request, facts)
        except NotThere:
            form.refuse(MailboxProblem(_(_GONE)))
        else:
            answers = answers_of(request, original)
            brought = files_of(request, original, request.POST.getlist("bring"))
            written = replace(written, new_files=[*written.new_files, *brought])
    return save_draft(
        request.workspace.id,
        by=request.member,
        written=written,
        mail_id=mail.id if mail else None,
        answers=answers,
        form_id=facts["form_id"],
    )


def _too_late(request: WorkspaceRequest, mail: OutgoingMail | None) -> HttpResponse:
    """What was written to a draft that is none any more: for the writer to make a new mail of."""
    if mail is None and not request.POST.get("text", "").strip():
        raise Http404
    if mail is not None and says_the_same(request, mail):
        return _on_its_way(request, mail)
    form = form_of(request, as_another(request, mail))
    if form is None:
        return unsendable(request, None, status=422 if mail else 404)
    form.is_valid()
    form.refuse(MailboxProblem(why_another(mail)))
    # A draft that is absent answers 404 like one of somebody else's, and the text stands there.
    return page_with(request, form, None, status=422 if mail else 404)


def _on_its_way(request: WorkspaceRequest, mail: OutgoingMail) -> HttpResponse:
    """Back to where the writer came from; also when the form is sent once more."""
    if mail.state == OutgoingMail.State.HELD and mail.send_at and mail.offered_at is None:
        left = (mail.send_at - timezone.now()).total_seconds()
        seconds = min(max(ceil(left), 1), int(HOLD.total_seconds()))
        # The page counts down what stands behind the mark.
        undo = f"{page_of(request, 'mailsync:unsend', mail.id)}#in-{seconds}"
        tell(request, _("Sending in %(seconds)s s.") % {"seconds": seconds}, undo=undo)
    else:
        tell(request, became_of(mail))
    return see_other(_back(request, mail))


def _back(request: WorkspaceRequest, mail: OutgoingMail) -> str:
    """Where the writer came from: the mail that is answered, the profile, or else the outbox."""
    page, row_id = is_there(request, mail.answers)
    if row_id:
        return page_of(request, page, row_id)
    if mail.contact_id:
        return page_of(request, "activities:contact", mail.contact_id)
    return page_of(request, "mailsync:outbox")
