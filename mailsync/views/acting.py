"""How a page of mailboxes carries out what a person asked for, and says why it was refused."""

import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render

from accounts import tenancy
from accounts.middleware import WorkspaceRequest
from accounts.toast import tell, warn
from mailsync.forms import MailboxForm
from mailsync.models import Mailbox
from mailsync.problems import MailboxProblem, NotThere
from mailsync.selectors import own_mailbox
from mailsync.tasks import kick, sync_mailbox


def posted(request: HttpRequest) -> QueryDict | None:
    """What a form was sent with, or None while it is only being shown."""
    return request.POST if request.method == "POST" else None


def carried_out(form: MailboxForm, act: Callable[[], object]) -> bool:
    """Do it and return True; put a refusal into the form. What is absent answers 404."""
    try:
        act()
    except NotThere as absent:
        raise Http404 from absent
    except MailboxProblem as problem:
        form.refuse(problem)
        return False
    return True


def told(request: HttpRequest, act: Callable[[], object], sentence: str) -> None:
    """Do it and say so in a toast, or say there why it was refused."""
    try:
        act()
    except NotThere as absent:
        raise Http404 from absent
    except MailboxProblem as problem:
        warn(request, problem.sentence)
    else:
        tell(request, sentence)


def mine(request: WorkspaceRequest, mailbox_id: uuid.UUID) -> Mailbox:
    """The member's own mailbox with this id, or 404."""
    try:
        return own_mailbox(request.workspace.id, request.member, mailbox_id)
    except NotThere as absent:
        raise Http404 from absent


@contextmanager
def entered(request: WorkspaceRequest) -> Iterator[None]:
    """The workspace's transaction, for a view that runs outside it."""
    with tenancy.in_workspace(request.workspace.id, request.member.id):
        yield


def shown(
    request: WorkspaceRequest, template: str, context: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    """A page of a view that runs outside the transaction: the shell has questions of its own."""
    with entered(request):
        return render(request, template, context, status=status)


def read_soon(request: WorkspaceRequest, mailbox: Mailbox) -> None:
    """Wake a worker up for this mailbox once what was done is committed."""
    if mailbox.is_read:
        ids = [str(request.workspace.id), str(mailbox.id), str(request.member.id)]
        transaction.on_commit(lambda: kick(sync_mailbox, *ids))
