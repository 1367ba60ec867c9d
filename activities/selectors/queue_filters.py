"""What the filters of Unassigned ask for, read from the query string and put to the database."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from activities.models import Activity, ChannelProject, ForwardedMail, Sighting
from activities.selectors.searching import found_in
from activities.selectors.visible import Sight
from contacts.selectors import search_text

ARRIVED = (("bcc", _("BCC or forward")), ("sent", _("Sent from here")))
KINDS = (
    ("suggested", _("With a suggestion")),
    ("forward", _("Forwards")),
    ("kept-out", _("Kept out by an entry")),
)


@dataclass(frozen=True, slots=True)
class Filters:
    """The filters of one page; what names nothing that is there narrows nothing.

    `domain` is None for all groups and "" for mail with nobody outside. `kind` "suggested" is not
    asked of the database: the page itself leaves out its rows without a suggestion.
    """

    text: str = ""
    domain: str | None = None
    arrived: str = ""
    project_id: uuid.UUID | None = None
    kind: str = ""

    @property
    def any(self) -> bool:
        return self != Filters()


def read_filters(asked: Mapping[str, str], sight: Sight) -> Filters:
    """The filters of a query string; a project that the member may not see is none."""
    projects = {str(one): one for one in sight.project_ids}
    arrived, kind = asked.get("arrived", ""), asked.get("kind", "")
    return Filters(
        text=asked.get("q", "").strip(),
        domain=asked.get("domain"),
        arrived=arrived if arrived in dict(ARRIVED) else "",
        project_id=projects.get(asked.get("project", "")),
        kind=kind if kind in dict(KINDS) else "",
    )


def narrowed(rows: QuerySet[Activity], sight: Sight, filters: Filters) -> QuerySet[Activity]:
    """The rows of the queue that the filters let through."""
    if filters.domain is not None:
        rows = rows.filter(group_domain=search_text(filters.domain))
    if filters.project_id is not None:
        rows = rows.filter(Exists(_through(sight, filters.project_id)))
    if filters.kind == "forward":
        rows = rows.filter(_is_forward(sight))
    if filters.kind == "kept-out":
        rows = rows.filter(banner__in=["ignored", "blocked"])
    return found_in(rows, sight.workspace_id, text=filters.text, arrived=filters.arrived)


def _copies(sight: Sight) -> QuerySet[Sighting]:
    return Sighting.objects.filter(
        workspace_id=sight.workspace_id, message=OuterRef("message"), counts=True
    )


def _through(sight: Sight, project_id: uuid.UUID) -> QuerySet[Sighting]:
    """Copies that came by an address or a mailbox of the project."""
    ways = ChannelProject.objects.filter(workspace_id=sight.workspace_id, project_id=project_id)
    return _copies(sight).filter(channel_id__in=ways.values("channel_id"))


def _is_forward(sight: Sight) -> Q:
    told = ForwardedMail.objects.filter(
        workspace_id=sight.workspace_id, message=OuterRef("message")
    )
    named = _copies(sight).filter(copy_facts__forwarded_from__gt="")
    return Q(Exists(told)) | Q(Exists(named))
