"""What a form of a new mail is filled with, and what of the page is worked out from the form."""

import uuid
from collections.abc import Mapping
from typing import Any

from django.http import Http404
from django.utils.translation import gettext as _

from accounts.middleware import WorkspaceRequest
from activities.blob_storage import blobs
from activities.selectors.threads import own_private
from activities.selectors.visible import seen, sight_of
from activities.services.bodies import blob_path
from contacts.models import Profile
from contacts.selectors import contacts, visible_projects
from mailsync.problems import MailboxProblem, NotThere
from mailsync.services.compose_answer import (
    KINDS,
    Original,
    begin,
    mark_of,
    original_marked,
    original_of,
)
from mailsync.services.compose_draft import MOST_FILE_BYTES, Written
from mailsync.services.compose_mime import LetterFile
from mailsync.services.compose_preview import preview
from mailsync.services.compose_senders import senders_of
from mailsync.services.open_private_body import open_private_body
from mailsync.views.acting import entered


def begin_of(request: WorkspaceRequest) -> dict[str, Any]:
    """The fields of a new mail, by the query: reply, all or forward with the id of a mail, contact
    and project, or to. Asks the provider for the text of a private mail, outside a transaction.

    Raises NotThere.
    """
    kind = next((one for one in KINDS if request.GET.get(one)), "")
    if kind:
        return _answer(request, kind, _id(request.GET[kind]))
    with entered(request):
        initial = _profile(request)
        text = f"\n\n{_signature(request)}" if _signature(request) else ""
        return {"to": request.GET.get("to", "")[:500], "text": text} | initial


def original_in(request: WorkspaceRequest, facts: Mapping[str, Any]) -> Original:
    """The mail that the form answers, also where it was logged or taken back since the form was
    opened and has another id; raises NotThere."""
    sight = sight_of(request.workspace.id, request.member)
    try:
        return original_of(sight, facts["kind"], _id(str(facts["original"])))
    except NotThere:
        return original_marked(sight, facts["kind"], str(facts.get("mark") or ""))


def answers_of(request: WorkspaceRequest, original: Original) -> dict[str, Any]:
    """What the header of an answer needs of the mail that it answers."""
    return begin(request.member, original, "").answers


def is_there(request: WorkspaceRequest, answers: Mapping[str, Any]) -> tuple[str, str]:
    """The page of the mail that is answered and its id, as far as the member still sees it."""
    sight = sight_of(request.workspace.id, request.member)
    activity, private = answers.get("activity", ""), answers.get("private", "")
    if activity and seen(sight).filter(id=activity).exists():
        return "activities:activity", activity
    if private and own_private(sight, private) is not None:
        return "mailsync:private_message", private
    return "", ""


def files_of(request: WorkspaceRequest, original: Original, chosen: list[str] | None) -> list[Any]:
    """The files of a mail that is forwarded: the rows, or those `chosen` by position, read."""
    files = original.files
    if chosen is None:
        return [one for one in files if not one.content_id]
    taken = [one for one in files if str(one.position) in chosen]
    if sum(one.size for one in taken) > MOST_FILE_BYTES:
        raise MailboxProblem(
            _("All files of a mail together may have %(most)s MB.")
            % {"most": MOST_FILE_BYTES // 1024 // 1024},
        )
    read = []
    for one in taken:
        path = blob_path(request.workspace.id, one.sha256)
        if blobs.exists(path):
            with blobs.open(path) as file:
                read.append(LetterFile(one.name, one.content_type, file.read()))
    return read


def preview_of(request: WorkspaceRequest, written: Written, root_id: str) -> dict[str, Any]:
    """Where the mail would be logged, for the page; or why that cannot be told."""
    sight = sight_of(request.workspace.id, request.member)
    try:
        found = preview(
            request.workspace.id, by=request.member, sight=sight, written=written, root_id=root_id
        )
    except MailboxProblem as problem:
        return {"preview": None, "problem": problem.sentence}
    return {"preview": found, "problem": ""}


def _answer(request: WorkspaceRequest, kind: str, row_id: uuid.UUID) -> dict[str, Any]:
    with entered(request):
        sight = sight_of(request.workspace.id, request.member)
        original = original_of(sight, kind, row_id)
    text, note = original.text, ""
    if text is None:
        text, note = _fetched(request, original)
    with entered(request):
        found = begin(request.member, original, text)
        senders = senders_of(request.workspace.id, request.member)
        here = [one for one in senders if one.mailbox.channel_id in original.channel_ids]
        signature = _signature(request)
    above = f"\n\n{signature}\n\n" if signature else "\n\n"
    return {
        "sender": (here or senders)[0].value if senders else "",
        "to": found.to,
        "cc": found.cc,
        "subject": found.subject,
        "text": f"{above}{found.quote}" + (f"\n[{note}]" if note else ""),
        "kind": kind,
        "original": row_id,
        "mark": mark_of(original),
    }


def _fetched(request: WorkspaceRequest, original: Original) -> tuple[str, str]:
    """The text of the member's private mail, or why its provider does not give it."""
    if original.private_id is None:
        return "", ""
    try:
        body = open_private_body(
            request.workspace.id, by=request.member, private_id=original.private_id
        )
    except NotThere:
        raise
    except MailboxProblem as problem:
        return "", problem.sentence
    return body.text, ""


def _profile(request: WorkspaceRequest) -> dict[str, Any]:
    """The contact and the project that the mail is written from, each only where it is seen."""
    project_id, contact_id = request.GET.get("project", ""), request.GET.get("contact", "")
    found: dict[str, Any] = {}
    if project_id:
        projects = visible_projects(request.workspace.id, request.member)
        project = projects.filter(id=_id(project_id)).first()
        if project is None:
            raise Http404
        found["project"] = project.id
    if contact_id:
        people = contacts(request.workspace.id, request.member)
        person = people.filter(id=_id(contact_id)).first()
        if person is None:
            raise Http404
        addresses = [one.address for one in person.addresses.all()]
        found["to"] = f"{person.name} <{addresses[0]}>" if addresses else ""
        profiles = Profile.objects.filter(workspace_id=request.workspace.id, contact=person)
        if any(profile.project_id == found.get("project") for profile in profiles):
            found["contact"] = person.id
    return found


def _signature(request: WorkspaceRequest) -> str:
    signature: str = request.member.signature.strip()
    return f"-- \n{signature}" if signature else ""


def _id(text: str) -> uuid.UUID:
    try:
        return uuid.UUID(text)
    except ValueError as error:
        raise NotThere(_("The mail that you want to answer is not here.")) from error
