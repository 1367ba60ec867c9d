"""One activity as one row of a list, at the level that the reader may see."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Prefetch, QuerySet
from django.utils.translation import gettext as _

from activities.models import Activity, Assignment, Participant, Sighting
from activities.selectors.visible import Sight, shows_everything, shows_subject
from activities.selectors.whom import OneClick
from contacts.models import Project

ICONS = {"email": "mail", "note": "sticky-note", "call": "phone", "meeting": "calendar"}
SOURCES = {"sync": "mail", "bcc": "at-sign", "sent": "send"}
FIRST_PEOPLE = 8


@dataclass(frozen=True, slots=True)
class Line:
    """What a row shows. `who` wrote it, `places` are the projects it stands in for this reader;
    `about` is whom a member's own mail is about: its first reader from outside, or who wrote
    what was forwarded. `quick` is what one click assigns it to (`suggestions.one_click`)."""

    id: uuid.UUID
    kind: str
    icon: str
    at: datetime
    who: str
    address: str
    did: str
    title: str
    snippet: str
    places: tuple[Project, ...]
    recorded_on: tuple[str, ...]
    state: str
    banner: str
    group_domain: str
    arrived: str
    arrived_icon: str
    forwarded: bool
    is_note: bool
    about: str
    thread_id: uuid.UUID | None
    waits: bool
    quick: OneClick | None = None


def with_rows(rows: QuerySet[Activity], sight: Sight) -> QuerySet[Activity]:
    """Fetch with a page of activities what `line_of` needs: five queries, whatever the rows."""
    return rows.select_related("message", "author", "thread").prefetch_related(
        Prefetch(
            "assignments",
            Assignment.objects.filter(
                workspace_id=sight.workspace_id, project_id__in=sight.project_ids
            )
            .select_related("project", "contact", "company")
            .order_by("project__name", "id"),
        ),
        Prefetch(
            "message__participants",
            Participant.objects.filter(
                workspace_id=sight.workspace_id, position__lt=FIRST_PEOPLE
            ).order_by("position"),
        ),
        Prefetch(
            "message__sightings",
            Sighting.objects.filter(workspace_id=sight.workspace_id, counts=True)
            .select_related("channel", "owner")
            .order_by("seen_at", "id"),
        ),
        "pending",
    )


def lines_of(activities: Iterable[Activity]) -> list[Line]:
    return [line_of(activity) for activity in activities]


def line_of(activity: Activity) -> Line:
    """The row of one activity that `with_rows` fetched."""
    copies = list(activity.message.sightings.all()) if activity.message else []
    who, address = writer_of(activity)
    assignments = list(activity.assignments.all())
    names = [str(one.contact or one.company or "") for one in assignments]
    first = copies[0] if copies else None
    return Line(
        id=activity.id,
        kind=activity.kind,
        icon=_icon(activity, copies),
        at=activity.occurred_at,
        who=who,
        address=address,
        did=_did(activity, copies),
        title=title_of(activity),
        snippet=snippet_of(activity),
        places=tuple({one.project_id: one.project for one in assignments}.values()),
        recorded_on=tuple(dict.fromkeys(names)),
        state=activity.state,
        banner=activity.banner,
        group_domain=activity.group_domain,
        arrived=source_name(first) if first else _("Logged by hand"),
        arrived_icon=SOURCES.get(first.channel.source, "mail") if first else "pen-line",
        forwarded=any(copy.copy_facts.get("forwarded_from") for copy in copies),
        is_note=any(copy.copy_facts.get("note") for copy in copies),
        about=_about(activity, copies),
        thread_id=activity.thread.root_id if activity.thread else None,
        waits=bool(activity.pending.all()),
    )


def title_of(activity: Activity) -> str:
    """The subject, or the words that stand for one that is missing or not shared."""
    if not shows_subject(activity):
        return _("Subject not shared")
    subject = activity.message.subject if activity.message else activity.title
    return subject or (_("No subject") if activity.message else "")


def snippet_of(activity: Activity) -> str:
    if not shows_everything(activity):
        return ""
    return activity.message.snippet if activity.message else activity.text[:200]


def writer_of(activity: Activity) -> tuple[str, str]:
    """Name and address of who stands in From; for a note its author."""
    if activity.message is None:
        return (activity.author.name if activity.author else _("Somebody")), ""
    first = from_of(activity)
    if first is None:
        return _("Nobody named"), ""
    return first.name or first.address, first.address if first.name else ""


def from_of(activity: Activity) -> Participant | None:
    """The participant who stands in From, or the first one; None where nobody is named."""
    people = list(activity.message.participants.all()) if activity.message else []
    return next((one for one in people if one.role == "from"), people[0] if people else None)


def source_name(copy: Sighting) -> str:
    """How one copy came, in two words."""
    if copy.channel.source == "bcc":
        return _("Forwarded") if copy.copy_facts.get("forwarded_from") else _("BCC")
    return _("Sent") if copy.channel.source == "sent" else _("Mailbox")


def _icon(activity: Activity, copies: list[Sighting]) -> str:
    if any(copy.direction == Sighting.Direction.OUT for copy in copies):
        return "send"
    return ICONS.get(activity.kind, "mail")


def _about(activity: Activity, copies: list[Sighting]) -> str:
    first = from_of(activity)
    if first is None or activity.message is None:
        return ""
    for copy in copies:
        # The original sender was read from the text, so it is shown to whom the text is.
        if copy.copy_facts.get("forwarded_from") and shows_everything(activity):
            return str(copy.copy_facts["forwarded_from"])
    people = [one for copy in copies for one in copy.decision.get("participants", ())]
    internal = {one["address"] for one in people if one.get("kind") == "internal"}
    if first.address not in internal:
        return ""
    everybody = activity.message.participants.all()
    outside = (one for one in everybody if one.address not in internal)
    return next((one.name or one.address for one in outside), "")


def _did(activity: Activity, copies: list[Sighting]) -> str:
    words = {"note": _("left a note"), "call": _("logged a call"), "meeting": _("logged a meeting")}
    if activity.kind in words:
        return words[activity.kind]
    if any(copy.direction == Sighting.Direction.OUT for copy in copies):
        return _("sent")
    return _("wrote")
