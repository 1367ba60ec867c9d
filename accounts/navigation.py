"""What stands in the sidebar and in the rail of Settings, and which of it a member may see.

The entries name pages of apps above this one by their URL names only, so nothing is imported
upwards. A page whose name does not exist yet is left out.
"""

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts import policies
from accounts.models import Member


@dataclass(frozen=True)
class Entry:
    """One link: the URL name it leads to, its words, and the capability that it takes to see it."""

    name: str
    label: str | Promise
    icon: str = ""
    capability: str = ""
    nested: bool = False
    phone: bool = False
    count: str = ""
    tone: str = ""


@dataclass(frozen=True)
class Group:
    label: str | Promise
    entries: tuple[Entry, ...]


MAIN = (
    Entry("activities:list", _("Activities"), "activity"),
    Entry("activities:unassigned", _("Unassigned"), nested=True, count="unassigned", tone="warn"),
    Entry(
        "activities:needs_project",
        _("Needs project"),
        nested=True,
        count="needs_project",
        tone="warn",
    ),
    Entry(
        "bcc_inbound:held",
        _("Held"),
        capability="manage inbound",
        nested=True,
        count="held",
        tone="warn",
    ),
    Entry("activities:changes", _("Recent changes"), nested=True),
    Entry("mailsync:folders", _("Inbox"), "inbox"),
    Entry("contacts:contacts", _("Contacts"), "users-round"),
    Entry("contacts:companies", _("Companies"), "building"),
    Entry("contacts:projects", _("Projects"), "layers"),
    Entry("accounts:settings", _("Settings"), "settings", phone=True),
)

END = (
    Entry("mailsync:outbox", _("Drafts and outbox"), "send", capability="log"),
    Entry("mailsync:mailboxes", _("My mailboxes"), "mail", capability="connect mailbox"),
    Entry("accounts:settings", _("Settings"), "settings"),
)

SETTINGS = (
    Group(
        _("You"),
        (
            Entry("accounts:profile", _("Profile"), "user-round"),
            Entry("mailsync:mailboxes", _("My mailboxes"), "mail", capability="connect mailbox"),
            Entry("bcc_inbound:addresses", _("Inbound addresses"), "at-sign"),
            Entry("accounts:api_keys", _("API keys"), "key-round", capability="use api keys"),
            Entry("accounts:workspaces", _("Workspaces"), "chevrons-up-down", phone=True),
        ),
    ),
    Group(
        _("Workspace"),
        (
            Entry("accounts:people", _("People and roles"), "users-round"),
            Entry("contacts:internal_domains", _("Internal domains"), "globe"),
            Entry("activities:entries", _("Ignored and blocked"), "shield"),
            Entry(
                "bcc_inbound:trusted",
                _("Trusted senders"),
                "user-round-check",
                capability="manage inbound",
            ),
            Entry("contacts:import", _("Import"), "upload", capability="import directory"),
        ),
    ),
    Group(
        _("Records"),
        (
            Entry(
                "bcc_inbound:attention",
                _("Needs attention"),
                "triangle-alert",
                capability="manage inbound",
            ),
            Entry(
                "mailsync:sync_health",
                _("Sync health"),
                "heart-pulse",
                capability="see sync health",
            ),
            Entry("accounts:audit", _("Audit log"), "scroll-text", capability="read audit"),
            # A phone has no room for these in its row of tabs, so they are reached from here.
            Entry(
                "bcc_inbound:held", _("Held"), "eye-off", capability="manage inbound", phone=True
            ),
            Entry("activities:changes", _("Recent changes"), "history", phone=True),
        ),
    ),
)


def nav_url(request: HttpRequest, name: str) -> str | None:
    """The address of a page of the request's workspace, or of one that belongs to no workspace;
    None while no such page exists."""
    workspace = getattr(request, "workspace", None)
    if workspace is None:
        return None
    for args in ([workspace.slug], []):
        with suppress(NoReverseMatch):
            return reverse(name, args=args)
    return None


def links(
    request: HttpRequest, entries: Iterable[Entry], counts: dict[str, int] | None = None
) -> list[dict[str, Any]]:
    """The entries that this member may open, each with its address; the nearest one is current."""
    member = getattr(request, "member", None)
    found = []
    for entry in entries:
        url = nav_url(request, entry.name)
        if url is None or not _may_see(member, entry):
            continue
        found.append(_link(entry, url, counts or {}))
    _mark_current(request, found)
    return found


def _may_see(member: Member | None, entry: Entry) -> bool:
    if not entry.capability:
        return True
    return member is not None and policies.may(member, entry.capability)


def _link(entry: Entry, url: str, counts: dict[str, int]) -> dict[str, Any]:
    return {
        "url": url,
        "label": entry.label,
        "icon": entry.icon,
        "nested": entry.nested,
        "phone": entry.phone,
        "count": counts.get(entry.count),
        "counts": entry.count,
        "tone": entry.tone,
        "current": "",
    }


def _mark_current(request: HttpRequest, found: list[dict[str, Any]]) -> None:
    # The longest address that the page's own address starts with wins: a company's page lights up
    # Companies, and Unassigned does not light up Activities above it.
    path = request.path
    under = [link for link in found if path.startswith(link["url"])]
    if not under:
        under = _settings_link(request, found)
    longest = max((len(link["url"]) for link in under), default=0)
    for link in under:
        if len(link["url"]) == longest:
            link["current"] = "page" if link["url"] == path else "true"


def _settings_link(request: HttpRequest, found: list[dict[str, Any]]) -> list[dict[str, Any]]:
    # Pages under Settings have addresses all over the workspace, so the link asks for each.
    entries = (entry for group in SETTINGS for entry in group.entries if not entry.phone)
    urls = [nav_url(request, entry.name) for entry in entries]
    if not any(url and request.path.startswith(url) for url in urls):
        return []
    settings = nav_url(request, "accounts:settings")
    return [link for link in found if link["url"] == settings]
