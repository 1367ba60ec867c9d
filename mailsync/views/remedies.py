"""The page on which the change can be made that would let an unlogged mail be logged (W1)."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.middleware import WorkspaceRequest
from accounts.policies import may
from accounts.views.answers import page_of
from activities.matching.words import State
from activities.models import PrivateMessage
from activities.selectors.visible import Sight
from mailsync.inbox.opened import OpenThread
from mailsync.models import Mailbox


@dataclass(frozen=True, slots=True)
class Remedy:
    """A button: what it says, its picture, and the page that it leads to."""

    label: str
    icon: str
    url: str


def remedy_of(request: WorkspaceRequest, found: OpenThread, sight: Sight) -> Remedy | None:
    """What the open mail's reader could change, where one page is the place for it."""
    opened = found.opened
    steps = [step for why in found.why for step in why.steps if step.state is not State.PASSED]
    code = next((step.remedy for step in steps if step.remedy), "")
    if opened.private_id is None or code not in _BUTTONS:
        return None
    capability, label, picture, place = _BUTTONS[code]
    url = place(request, opened.private_id, found) if may(request.member, capability) else ""
    return Remedy(str(label), picture, url) if url else None


def _mailbox(request: WorkspaceRequest, private_id: uuid.UUID, found: OpenThread) -> str:
    row = PrivateMessage.objects.filter(
        workspace_id=request.workspace.id, owner=request.member, id=private_id
    )
    mailbox = Mailbox.objects.filter(
        workspace_id=request.workspace.id, channel__in=row.values("channel")
    ).first()
    return page_of(request, "mailsync:mailbox", mailbox.id) if mailbox else ""


def _entries(request: WorkspaceRequest, private_id: uuid.UUID, found: OpenThread) -> str:
    return page_of(request, "activities:entries")


def _by_hand(request: WorkspaceRequest, private_id: uuid.UUID, found: OpenThread) -> str:
    return page_of(request, "activities:private", private_id)


def _contact(request: WorkspaceRequest, private_id: uuid.UUID, found: OpenThread) -> str:
    return page_of(request, "contacts:contact_new")


def _contacts(request: WorkspaceRequest, private_id: uuid.UUID, found: OpenThread) -> str:
    return page_of(request, "contacts:contacts")


def _projects(request: WorkspaceRequest, private_id: uuid.UUID, found: OpenThread) -> str:
    return page_of(request, "contacts:projects")


_Place = Callable[[WorkspaceRequest, uuid.UUID, OpenThread], str]

# By the code of the remedy: who may do it, what the button says, and where it leads. The projects
# of a thread are chosen on the very page.
_BUTTONS: dict[str, tuple[str, Any, str, _Place]] = {
    "select_folder": ("connect mailbox", _("Choose its folders"), "folder", _mailbox),
    "change_start_date": ("connect mailbox", _("Change the start date"), "settings", _mailbox),
    "look_back": ("connect mailbox", _("Let the mailbox look back"), "settings", _mailbox),
    "sync_project": ("connect mailbox", _("Change its projects"), "layers", _mailbox),
    "change_entry": ("set own entries", _("See the entry"), "shield", _entries),
    "let_class_through": ("edit rules", _("Let such mail through"), "shield", _entries),
    "log_by_hand": ("log", _("Log it by hand"), "pen-line", _by_hand),
    "assign": ("log", _("Log it by hand"), "pen-line", _by_hand),
    "add_contact": ("edit directory", _("Add a contact"), "user-round-plus", _contact),
    "create_again": ("edit directory", _("Add the contact again"), "user-round-plus", _contact),
    "add_profile": ("edit directory", _("Find the contact"), "user-round", _contacts),
    "create_contacts": ("edit projects", _("Change the project"), "layers", _projects),
}
